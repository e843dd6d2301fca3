// What the explorer says of a recording: the comparison and the growth of its leak roots.

/** The charts: that of the whole heap is the last. */
export async function readGrowth({ page, view }) {
  await view.show("Growth");
  await page.locator(".card").first().waitFor();
  return page.locator(".card").evaluateAll((cards) =>
    cards.map((card) => ({
      title: card.querySelector("h3").textContent,
      rate: card.querySelector(".rate")?.firstChild.textContent ?? null,
      source: card.querySelector("button.link")?.textContent ?? null,
      sizes: [...card.querySelectorAll(".point")].map((point) => Number(point.dataset.size)),
      places: [...card.querySelectorAll(".point")].map((point) =>
        ["cx", "cy"].map((name) => Number(point.getAttribute(name))),
      ),
      line: card.querySelector(".line").getAttribute("points"),
      titles: [...card.querySelectorAll(".point title")].map((title) => title.textContent),
      label: card.querySelector("svg").getAttribute("aria-label"),
      ends: [...card.querySelectorAll("figcaption span")].map((span) => span.textContent),
    })),
  );
}

export async function readRecording(explorer, host) {
  const { page, view } = explorer;
  const comparison = await explorer.comparison();
  const grid = view.grid("What came and what went, by constructor");
  await grid.locator('[data-index="0"]').click();
  await grid.press("ArrowRight");
  const unfolded = await view.rows("What came and what went, by constructor", 12);
  const growth = await readGrowth(explorer);
  await view.show("Statistics");
  const choice = page.getByLabel("Snapshot", { exact: true });
  await choice.selectOption({ index: 0 });
  // While it is loaded there is nothing else to see.
  await page.locator("body > .loading").waitFor({ state: "hidden" });
  const first = await explorer.statistics();
  await choice.selectOption({ index: 3 });
  await page.locator("body > .loading").waitFor({ state: "hidden" });
  host.opened.length = 0;
  return { comparison, unfolded, growth, first };
}
