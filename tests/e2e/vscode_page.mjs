// VS Code's window, as a user sees and handles it.

/** How long anything may take on a machine that has more to do. */
export const PATIENCE_MS = 300_000;

export class VSCodePage {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    this.files = page.locator(".explorer-folders-view .monaco-list-row");
    this.squiggles = page.locator(".monaco-editor .squiggly-warning");
    this.hints = page.locator(".monaco-editor .squiggly-hint");
    this.problems = page.locator(".markers-panel .monaco-list-row");
    this.hover = page.locator(".monaco-hover:not(.hidden) .hover-contents");
    this.codeActions = page.locator(".action-widget .monaco-list-row");
    this.lightBulb = page.locator(".monaco-editor").locator(
      ".lightBulbWidget, .cgmr[class*='gutter-lightbulb']",
    );
    this.notification = page.locator(".notification-toast");
    this.notificationMessage = this.notification.locator(".notification-list-item-message");
    this.cancel = this.notification.getByRole("button", { name: "Cancel" });
    this.notificationButtons = this.notification.locator(".monaco-text-button");
    this.dialog = page.locator(".monaco-dialog-box");
    this.codeLens = page.locator(".codelens-decoration a");
    this.tabs = page.locator(".tabs-container .tab");
    this.quickInput = page.locator(".quick-input-widget input[type=text]").first();
    this.quickPicks = page.locator(".quick-input-widget .monaco-list-row");
    this.walkthroughSteps = page.locator(".getting-started-step");
  }

  async open(address) {
    await this.page.addInitScript(keepNotifications);
    await this.page.goto(address);
    await this.page.locator(".part.statusbar .statusbar-item").first().waitFor();
  }

  /** Opens a file from the explorer, for good. */
  async openFile(name) {
    await this.files.filter({ hasText: name }).dblclick();
    await this.page.locator(".monaco-editor .view-line").first().waitFor();
  }

  tab(name) {
    return this.tabs.filter({ hasText: name });
  }

  async closeTab(name) {
    await this.tab(name).hover();
    await this.tab(name).locator(".tab-actions .action-label").click();
    await this.tab(name).waitFor({ state: "hidden" });
  }

  /** A button in a step of the walkthrough. */
  stepButton(name) {
    return this.walkthroughSteps.locator(".monaco-button", { hasText: name });
  }

  /** Clicks a button in a step of the walkthrough, which is unfolded if need be. */
  async pressInStep(step, name) {
    if (!(await this.stepButton(name).isVisible())) {
      await this.walkthroughSteps.filter({ hasText: step }).click();
    }
    await this.stepButton(name).click();
  }

  /** Answers VS Code's own dialog for a file or folder, once it has written its own proposal. */
  async choosePath(file, button) {
    await this.quickInput.waitFor();
    await this.until(async () => (await this.quickInput.inputValue()).startsWith("/"));
    // The dialog may still be writing when the first answer comes.
    await this.until(async () => {
      if ((await this.quickInput.inputValue()) === file) {
        return true;
      }
      await this.quickInput.fill(file);
      return false;
    });
    await this.page
      .locator(".quick-input-widget")
      .getByRole("button", { name: button, exact: true })
      .click();
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** Picks an entry of the menu that the right mouse button opens. */
  async fromContextMenu(place, entry) {
    const item = this.page.getByRole("menuitem", { name: entry });
    // A row that is drawn anew meanwhile opens no menu, and a menu that has just opened takes no click.
    await this.until(async () => {
      await place.click({ button: "right", timeout: 10_000 }).catch(() => undefined);
      const isThere = await this.#appears(item);
      if (!isThere && (await this.page.locator(".monaco-menu").first().isVisible())) {
        await this.page.keyboard.press("Escape");
      }
      return isThere;
    });
    await this.until(async () => {
      await item.click({ timeout: 2000 }).catch(() => undefined);
      return !(await item.isVisible());
    });
  }

  /** Takes the last edits back, one after the other, until an element is there. */
  async undoUntil(element) {
    for (let edits = 0; edits < 20 && !(await element.isVisible()); edits += 1) {
      await this.page.keyboard.press("Control+Z");
      await element.waitFor({ timeout: 1500 }).catch(() => undefined);
    }
    await element.waitFor();
  }

  /** Gives room to the editor, or to the side bar. */
  async setSideBarWidth(width) {
    const box = await this.page.locator(".part.sidebar").boundingBox();
    const middle = box.y + box.height / 2;
    await this.#drag([box.x + box.width + 2, middle], [box.x + width, middle]);
  }

  /** Gives room to the editor, downwards. */
  async lowerPanel(height) {
    const box = await this.page.locator(".part.panel").boundingBox();
    const middle = box.x + box.width / 2;
    await this.#drag([middle, box.y - 2], [middle, box.y + box.height - height]);
  }

  /**
   * Hovers over a word, and pulls the lower edge of the hover down as far as needed to read it, or
   * as the editor goes. Gives what it says.
   */
  async readHover(lineNumber, word, expected) {
    let said = "";
    await this.until(async () => {
      await this.hoverOver(lineNumber, word, expected);
      // The row of links at its foot comes last. It may have closed meanwhile.
      const foot = this.page.locator(".monaco-hover .hover-row.status-bar .action").last();
      if (!(await this.#appears(foot))) {
        return false;
      }
      await this.#unfoldHover().catch(() => undefined);
      said = (await this.hover.allInnerTexts()).join("\n");
      return said.includes(expected);
    });
    return said;
  }

  async #unfoldHover() {
    const hidden = await this.page
      .locator(".monaco-resizable-hover .monaco-scrollable-element")
      .first()
      .evaluate((outer) => outer.firstElementChild.scrollHeight - outer.clientHeight);
    const edge = await this.page
      .locator(".monaco-resizable-hover .monaco-sash.orthogonal-edge-south")
      .first()
      .boundingBox();
    const [middle, bottom] = [edge.x + edge.width / 2, edge.y + edge.height / 2];
    const editor = await this.page.locator(".monaco-editor").first().boundingBox();
    const lowest = editor.y + editor.height - 8;
    await this.#drag([middle, bottom], [middle, Math.min(bottom + hidden, lowest)]);
    await this.page.mouse.move(middle, bottom);
  }

  /** Puts the cursor at the beginning of a line's text. */
  async goToLine(number) {
    await this.page.keyboard.press("Control+G");
    await this.quickInput.fill(`:${number}`);
    await this.page.keyboard.press("Enter");
    await this.quickInput.waitFor({ state: "hidden" });
    await this.page.keyboard.press("End");
    await this.page.keyboard.press("Home");
    await this.statusBarItem(new RegExp(`^Ln ${number}, `)).waitFor();
  }

  /** Where a line of the open file is: its box and its text, read in one go; null when nowhere. */
  async line(number) {
    return this.page.evaluate((wanted) => {
      const all = (selector) => [...document.querySelectorAll(`.monaco-editor ${selector}`)];
      const box = (element) => element.getBoundingClientRect();
      const label = all(".line-numbers").find((each) => Number(each.textContent) === wanted);
      // The editor keeps its lines in no order, so the height decides.
      const line =
        label && all(".view-line").find((each) => Math.abs(box(each).top - box(label).top) < 2);
      if (line === undefined) {
        return null;
      }
      const { left, top, height } = box(line.querySelector("span"));
      const text = line.textContent.replaceAll("\u00a0", " ");
      const width = box(line.querySelector("span")).width / text.length;
      return { left, middle: top + height / 2, text, width };
    }, number);
  }

  /** The line number and text of all that is underlined as a warning, read in one go. */
  async warnings() {
    return this.page.evaluate(() => {
      const all = (selector) => [...document.querySelectorAll(`.monaco-editor ${selector}`)];
      const box = (element) => element.getBoundingClientRect();
      const around = (elements, y) =>
        elements.find((element) => box(element).top <= y && y < box(element).bottom);
      return all(".squiggly-warning").map((squiggle) => {
        const under = box(squiggle);
        const middle = (under.top + under.bottom) / 2;
        const line = around(all(".view-line"), middle);
        // All characters are equally wide: the line's text tells how wide.
        const text = line.textContent.replaceAll("\u00a0", " ");
        const outer = box(line.querySelector("span"));
        const width = outer.width / text.length;
        const start = Math.round((under.left - outer.left) / width);
        return {
          line: Number(around(all(".line-numbers"), middle).textContent),
          text: text.slice(start, start + Math.round(under.width / width)),
        };
      });
    });
  }

  async runCommand(name) {
    await this.#openPalette();
    await this.quickInput.fill(`>${name}`);
    await this.quickPicks.filter({ hasText: name }).first().click();
  }

  /** The same with keys alone; says whether there is such a command now. */
  async typeCommand(name) {
    await this.#openPalette();
    await this.page.keyboard.type(name);
    const best = this.page.locator(".quick-input-widget .monaco-list-row.focused");
    const isThere = await this.#appears(best.filter({ hasText: name }));
    await this.page.keyboard.press(isThere ? "Enter" : "Escape");
    await this.quickInput.waitFor({ state: "hidden" });
    return isThere;
  }

  /** A window that is still on its way up does not hear each key. */
  async #openPalette() {
    await this.until(async () => {
      await this.page.keyboard.press("F1");
      return this.#appears(this.quickInput);
    });
  }

  async #appears(element) {
    return element.waitFor({ timeout: 10_000 }).then(() => true, () => false);
  }

  /** Opens a view container from the activity bar. */
  async openView(name) {
    const tab = this.page.locator(".part.activitybar").getByRole("tab", { name });
    if ((await tab.getAttribute("aria-selected")) !== "true") {
      await tab.click();
    }
  }

  /** The rows of a view in the side bar, by the view's title. */
  viewRows(title) {
    return this.page
      .locator(".part.sidebar .pane")
      .filter({ has: this.page.locator(".pane-header .title", { hasText: new RegExp(`^${title}$`) }) })
      .locator(".monaco-list-row");
  }

  /**
   * Clicks a button that appears in a row under the mouse, until that has led to something: a row
   * that is drawn anew takes no click.
   */
  async clickInRow(row, label, shown) {
    await this.until(async () => {
      await row.hover();
      await row
        .locator(`.action-label[aria-label^="${label}"]`)
        .click({ timeout: 10_000 })
        .catch(() => undefined);
      return this.#appears(shown);
    });
  }

  /** Replaces the text of a line, but not what it is indented by. */
  async replaceLine(number, text) {
    await this.goToLine(number);
    await this.page.keyboard.press("Shift+End");
    await this.page.keyboard.insertText(text);
  }

  /** Waits until `ready` answers true. */
  async until(ready) {
    for (const deadline = Date.now() + PATIENCE_MS; !(await ready()); ) {
      if (Date.now() > deadline) {
        throw new Error(`What was waited for did not happen: ${ready}`);
      }
      await this.page.waitForTimeout(200);
    }
  }

  /** Waits for a notification that says something, and gives it; it may have gone again. */
  async heard(expected) {
    const found = await this.page.waitForFunction(
      ([source]) => window.saidInNotifications.findLast((text) => new RegExp(source).test(text)),
      [expected.source],
      { polling: 200 },
    );
    return found.jsonValue();
  }

  async clearNotifications() {
    await this.runCommand("Notifications: Clear All Notifications");
    await this.notification.first().waitFor({ state: "hidden" });
  }

  /**
   * Puts the cursor into a line and clicks the light bulb that appears beside it, again while it
   * still has what belongs to the place before.
   */
  async openLightBulb(lineNumber, wanted) {
    await this.goToLine(lineNumber);
    const action = this.codeAction(wanted).first();
    await this.until(async () => {
      await this.page.keyboard.press("Escape");
      await this.lightBulb.first().click({ timeout: 10_000 }).catch(() => undefined);
      return this.#appears(action);
    });
  }

  codeAction(title) {
    return this.codeActions.filter({ hasText: title });
  }

  /**
   * Rests the mouse on the beginning of a word until the hover says something; languages answer
   * when they can.
   */
  async hoverOver(lineNumber, word, expected) {
    const answer = this.hover.filter({ hasText: expected }).first();
    await this.until(async () => {
      await this.page.mouse.move(5, 5);
      const line = await this.line(lineNumber);
      if (line !== null && line.text.includes(word)) {
        const x = line.left + (line.text.indexOf(word) + 0.5) * line.width;
        await this.page.mouse.move(x, line.middle, { steps: 3 });
      }
      return this.#appears(answer);
    });
  }

  statusBarItem(text) {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ hasText: text });
  }

  async #drag([fromX, fromY], [toX, toY]) {
    await this.page.mouse.move(fromX, fromY, { steps: 5 });
    await this.page.mouse.down();
    await this.page.mouse.move(toX, toY, { steps: 5 });
    await this.page.mouse.up();
  }
}

/** In the page: keeps what each notification says, as it hides by itself after some seconds. */
function keepNotifications() {
  const said = [];
  window.saidInNotifications = said;
  new MutationObserver(() => {
    for (const { innerText } of document.querySelectorAll(".notification-list-item-message")) {
      if (innerText && said.at(-1) !== innerText) {
        said.push(innerText);
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
