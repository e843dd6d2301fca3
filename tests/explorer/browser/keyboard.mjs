// The explorer with nothing but a keyboard.

export async function useKeyboardOnly({ page, view }, host) {
  await view.ready();
  const { keyboard } = page;
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const row = document.getElementById(at.getAttribute("aria-activedescendant") ?? "");
      return {
        role: at.getAttribute("role") ?? at.tagName.toLowerCase(),
        name: at.getAttribute("aria-label") ?? at.textContent,
        row: row === null ? null : row.textContent,
        level: row === null ? null : Number(row.getAttribute("aria-level")),
      };
    });
  /** Tabs on until something is focused, as a user does. */
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 30; presses++) {
      await keyboard.press("Tab");
      const at = await focused();
      if (wanted(at)) {
        return at;
      }
    }
    throw new Error(`The keyboard does not get there: ${JSON.stringify(await focused())}`);
  };
  const steps = {};
  await tabTo(({ role }) => role === "tab");
  await keyboard.press("ArrowRight");
  steps.tab = await focused();
  await tabTo(({ role, name }) => role === "input" && name.startsWith("Filter"));
  await keyboard.type("string");
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll("[role=tabpanel]:not([hidden]) .body > .row .class")];
    return rows.length > 0 && rows.every((row) => row.textContent.toLowerCase().includes("string"));
  });
  await tabTo(({ name }) => name === "Count");
  await keyboard.press("Enter");
  await page.waitForFunction(
    () =>
      document.querySelector("[role=tabpanel]:not([hidden]) [aria-sort=descending]")?.textContent ===
      "Count",
  );
  await tabTo(({ role }) => role === "treegrid");
  const grid = view.grid("Objects by constructor");
  await view.settled(grid);
  await keyboard.press("Home");
  await keyboard.press("ArrowRight");
  await view.settled(grid);
  await keyboard.press("ArrowDown");
  steps.object = await focused();
  await page.getByRole("heading", { name: /^Retainers of/ }).waitFor();
  await keyboard.press("ArrowLeft");
  steps.parent = await focused();
  await tabTo(({ role }) => role === "separator");
  await keyboard.press("ArrowUp");
  steps.splitter = await page.getByRole("separator").getAttribute("aria-valuenow");
  await tabTo(({ role, name }) => role === "treegrid" && name === "Retainers");
  await view.settled(view.grid("Retainers"));
  await keyboard.press("End");
  steps.retainer = await focused();

  // The treemap: into the largest, and back.
  await view.show("Dominators");
  await page.locator(".treemap .cell").first().waitFor();
  await tabTo(({ role, name }) => role === "button" && name.includes("retained"));
  steps.largest = await focused();
  await keyboard.press("Enter");
  const path = page.getByRole("navigation", { name: "Path to what is shown" });
  await path.getByRole("button").first().waitFor();
  steps.path = await path.locator("> *").count();
  await page.locator(".treemap .cell:focus").waitFor();
  steps.inside = await focused();
  await keyboard.press("ArrowRight");
  steps.beside = await focused();
  await keyboard.press("Backspace");
  await path.getByRole("button").first().waitFor({ state: "detached" });
  steps.opened = await openASource(page, view, keyboard, host);
  return steps;
}

/** Enter on a row with a place opens its source. */
async function openASource(page, view, keyboard, host) {
  await view.show("Summary");
  await page.getByLabel("Filter by constructor").first().fill("Function");
  const grid = view.grid("Objects by constructor");
  await page.waitForFunction(
    () =>
      document.querySelector("[role=tabpanel]:not([hidden]) .body > .row .class")?.textContent ===
      "Function",
  );
  await grid.focus();
  await keyboard.press("Home");
  await keyboard.press("ArrowRight");
  await view.settled(grid);
  const placed = await grid
    .locator('.body > .row[aria-level="2"]')
    .evaluateAll((rows) =>
      rows.findIndex((row) => row.querySelector(".link")?.textContent.startsWith("index.js:")),
    );
  for (let down = 0; down <= placed; down++) {
    await keyboard.press("ArrowDown");
  }
  await keyboard.press("Enter");
  for (const deadline = Date.now() + 180_000; host.opened.length === 0; ) {
    if (Date.now() > deadline) {
      throw new Error("Enter opened nothing.");
    }
    await page.waitForTimeout(50);
  }
  return { placed, source: host.opened[0] };
}
