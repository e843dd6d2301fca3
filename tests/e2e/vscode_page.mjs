// VS Code's window, as a user sees and handles it.

export class VSCodePage {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    this.files = page.locator(".explorer-folders-view .monaco-list-row");
    this.squiggles = page.locator(".monaco-editor .squiggly-warning");
    this.problems = page.locator(".markers-panel .monaco-list-row");
    this.hover = page.locator(".monaco-hover:not(.hidden) .hover-contents");
    this.codeActions = page.locator(".action-widget .monaco-list-row");
    this.lightBulb = page.locator(".monaco-editor").locator(
      ".lightBulbWidget, .cgmr[class*='gutter-lightbulb']",
    );
    this.notification = page.locator(".notification-toast");
    this.notificationMessage = this.notification.locator(".notification-list-item-message");
    this.cancel = this.notification.getByRole("button", { name: "Cancel" });
    this.codeLens = page.locator(".codelens-decoration a");
  }

  async open(address) {
    await this.page.goto(address);
    await this.files.first().waitFor();
  }

  /** Opens a file from the explorer, for good. */
  async openFile(folder, name) {
    await this.files.filter({ hasText: folder }).click();
    await this.files.filter({ hasText: name }).dblclick();
    await this.page.locator(".monaco-editor .view-line").first().waitFor();
  }

  /** Gives the room to the editor. */
  async narrowSideBar(width) {
    const box = await this.page.locator(".part.sidebar").boundingBox();
    const [edge, middle] = [box.x + box.width + 2, box.y + box.height / 2];
    await this.page.mouse.move(edge, middle);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, middle, { steps: 5 });
    await this.page.mouse.up();
  }

  /** A line of the open file. The editor keeps its lines in no order, so the height decides. */
  async line(number) {
    const top = await this.#top(number);
    for (const line of await this.page.locator(".monaco-editor .view-line").all()) {
      if (Math.abs((await line.boundingBox()).y - top) < 2) {
        return line;
      }
    }
    throw new Error(`Line ${number} is not on the screen.`);
  }

  /** The number of the line at whose height something stands. */
  async lineNumberAt(locator) {
    const box = await locator.boundingBox();
    const middle = box.y + box.height / 2;
    for (const number of await this.#lineNumbers()) {
      const other = await number.boundingBox();
      if (other.y <= middle && middle < other.y + other.height) {
        return Number(await number.textContent());
      }
    }
    throw new Error("There is no line at that height.");
  }

  /** The text of the line that something stands under. */
  async textUnder(locator) {
    const line = await this.line(await this.lineNumberAt(locator));
    const [box, outer] = [await locator.boundingBox(), await line.boundingBox()];
    const text = (await line.innerText()).replaceAll("\u00a0", " ");
    // All characters are equally wide: the line's text tells how wide.
    const span = await line.locator("span").first().boundingBox();
    const width = span.width / text.length;
    const start = Math.round((box.x - outer.x) / width);
    return text.slice(start, start + Math.round(box.width / width));
  }

  async runCommand(name) {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").fill(`>${name}`);
    await this.page
      .locator(".quick-input-widget .monaco-list-row")
      .filter({ hasText: name })
      .first()
      .click();
  }

  /** Puts the cursor into a line and clicks the light bulb that appears beside it. */
  async openLightBulb(lineNumber) {
    const line = await this.line(lineNumber);
    await line.locator("span span").last().click();
    await this.lightBulb.first().waitFor();
    await this.lightBulb.first().click();
    await this.codeActions.first().waitFor();
  }

  codeAction(title) {
    return this.codeActions.filter({ hasText: title });
  }

  async showProblems() {
    await this.page.keyboard.press("Control+Shift+M");
    await this.problems.first().waitFor();
  }

  async hoverOver(lineNumber, word) {
    const line = await this.line(lineNumber);
    await line.locator("span span").filter({ hasText: word }).first().hover();
    await this.hover.first().waitFor();
  }

  statusBarItem(text) {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ hasText: text });
  }

  async #lineNumbers() {
    return this.page.locator(".margin-view-overlays .line-numbers").all();
  }

  async #top(lineNumber) {
    for (const number of await this.#lineNumbers()) {
      if (Number(await number.textContent()) === lineNumber) {
        return (await number.boundingBox()).y;
      }
    }
    throw new Error(`Line ${lineNumber} is not on the screen.`);
  }
}
