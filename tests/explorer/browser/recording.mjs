// What the explorer says of a recording: the comparison and the growth of its leak roots.

export async function readRecording(explorer, host) {
  const { page, view } = explorer;
  const comparison = await explorer.comparison();
  const grid = view.grid("What came and what went, by constructor");
  await grid.locator('[data-index="0"]').click();
  await grid.press("ArrowRight");
  const unfolded = await view.rows("What came and what went, by constructor", 12);
  await view.show("Growth");
  await page.locator(".card").first().waitFor();
  const roots = await page.locator(".card[data-root]").evaluateAll((cards) =>
    cards.map((card) => ({
      root: card.dataset.root,
      sizes: [...card.querySelectorAll(".point")].map((point) => Number(point.dataset.size)),
      label: card.querySelector("svg").getAttribute("aria-label"),
      source: card.querySelector("button.link")?.textContent ?? null,
    })),
  );
  const growthTab = await page.locator(".card").count();
  await view.show("Statistics");
  const choice = page.getByLabel("Snapshot", { exact: true });
  await choice.selectOption({ index: 0 });
  // While it is loaded there is nothing else to see.
  await page.locator(".loading").waitFor({ state: "hidden" });
  const first = await explorer.statistics();
  await choice.selectOption({ index: 3 });
  await page.locator(".loading").waitFor({ state: "hidden" });
  host.opened.length = 0;
  return { comparison, unfolded, roots, cards: growthTab, first };
}
