// What a user reads in the explorer of one heap, in each theme.
import path from "node:path";

import { ExplorerPage } from "./explorer_page.mjs";
import { setTheme } from "./host.mjs";

const ROWS = 60;

export class Explorer {
  constructor(page, screenshots) {
    this.page = page;
    this.view = new ExplorerPage(page);
    this.screenshots = screenshots;
  }

  shoot(name) {
    return this.page.screenshot({ path: path.join(this.screenshots, `${name}.png`) });
  }

  async statistics() {
    await this.view.show("Statistics");
    const table = this.page.locator(".legend table");
    await table.waitFor();
    return {
      legend: await table.locator("tbody tr").evaluateAll((rows) =>
        rows.map((row) => [row.dataset.kind, row.children[1].textContent]),
      ),
      slices: await this.page.locator(".slice").evaluateAll((slices) =>
        slices.map((slice) => [slice.dataset.kind, slice.getTotalLength(), slice.querySelector("title").textContent]),
      ),
      note: await this.page.locator(".legend p").innerText(),
    };
  }

  async summary() {
    await this.view.show("Summary");
    return this.view.rows("Objects by constructor", ROWS);
  }

  /** The objects of the first constructor. */
  async objects() {
    const grid = this.view.grid("Objects by constructor");
    await grid.locator('[data-index="0"]').click();
    await grid.press("ArrowRight");
    const rows = await this.view.rows("Objects by constructor", ROWS);
    await grid.press("ArrowLeft");
    const until = rows.findIndex(({ level, index }) => level === 1 && index > 0);
    return rows.slice(1, until < 0 ? rows.length : until);
  }

  async comparison() {
    await this.view.show("Comparison");
    return this.view.rows("What came and what went, by constructor", ROWS);
  }

  async containment() {
    await this.view.show("Containment");
    return this.view.rows("What contains what", ROWS);
  }

  async treemap() {
    await this.view.show("Dominators");
    await this.page.getByRole("button", { name: "Treemap", exact: true }).click();
    await this.page.locator(".treemap .cell").first().waitFor();
    return this.page.locator(".treemap").evaluate((map) => ({
      area: map.clientWidth * map.clientHeight,
      cells: [...map.querySelectorAll(".cell")].map((cell) => ({
        id: Number(cell.dataset.id),
        level: cell.classList.contains("level1") ? 1 : 2,
        title: cell.title,
        area: parseFloat(cell.style.width) * parseFloat(cell.style.height),
        tooLarge: Math.max(
          cell.offsetWidth - parseFloat(cell.style.width),
          cell.offsetHeight - parseFloat(cell.style.height),
        ),
      })),
    }));
  }

  async dominators() {
    await this.page.getByRole("button", { name: "Table", exact: true }).click();
    return this.view.rows("What keeps how much alive", ROWS);
  }

  /** The retainers of an object far from the roots, unfolded to the root. */
  async retainers() {
    await this.view.show("Summary");
    const label = "Objects by constructor";
    const grid = this.view.grid(label);
    const header = grid.getByRole("columnheader", { name: "Distance" });
    while ((await header.getAttribute("aria-sort")) !== "descending") {
      await header.click();
      await this.view.settled(grid);
    }
    const classes = await this.view.rows(label, ROWS);
    const far = classes.find(({ cells }) => /^\d+$/.test(cells[1][0]));
    await grid.locator(`[data-index="${far.index}"]`).click();
    await grid.press("ArrowRight");
    await this.view.settled(grid);
    await grid.press("ArrowDown");
    const row = this.page.locator(`[id="${await grid.getAttribute("aria-activedescendant")}"]`);
    const id = Number((await row.locator(".id").innerText()).slice(1));
    await this.page.getByRole("heading", { name: new RegExp(`Retainers of .* @${id}$`) }).waitFor();
    await this.page.locator(".retainers.filled:not([aria-busy])").waitFor();
    const rows = await this.view.rows("Retainers", 200);
    const way = [];
    for (const row of rows) {
      if (row.level === way.length + 1) {
        way.push(row);
      } else {
        break;
      }
    }
    return { id, way };
  }

  /** Everything that there is to read of a bare snapshot. */
  async readAll() {
    return {
      statistics: await this.statistics(),
      summary: await this.summary(),
      objects: await this.objects(),
      containment: await this.containment(),
      treemap: await this.treemap(),
      dominators: await this.dominators(),
      retainers: await this.retainers(),
    };
  }

  /** Looks at each tab in each theme; gives what axe-core finds, by theme and tab. */
  async inspect(themes, name, tabs, { pictures }) {
    const faults = {};
    for (const tab of tabs) {
      await this.view.show(tab);
      if (tab === "Dominators") {
        await this.page.getByRole("button", { name: "Treemap", exact: true }).click();
      }
      await this.page.waitForFunction(() => {
        const panel = document.querySelector("[role=tabpanel]:not([hidden])");
        return panel.innerText.trim() !== "" && !panel.innerText.includes("Loading…");
      });
      for (const theme of themes) {
        await setTheme(this.page, theme);
        faults[`${name} ${theme} ${tab}`] = await this.view.faults();
        if (pictures) {
          await this.shoot(`${name}-${theme}-${tab.toLowerCase()}`);
        }
      }
    }
    return faults;
  }
}
