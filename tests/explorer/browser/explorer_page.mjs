// The heap explorer, as a user sees and handles it: a page or a frame of VS Code.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const extension = path.resolve(import.meta.dirname, "../../../client-vscode");
const AXE = readFileSync(
  createRequire(path.join(extension, "package.json")).resolve("axe-core/axe.min.js"),
  "utf8",
);

export class ExplorerPage {
  /** @param {import("playwright-core").Page | import("playwright-core").Frame} page */
  constructor(page) {
    this.page = page;
    this.tabs = page.getByRole("tab");
    this.retainers = page.locator(".retainers");
  }

  async ready() {
    await this.page.getByRole("tablist").waitFor();
  }

  async show(tab) {
    await this.page.getByRole("tab", { name: tab, exact: true }).click();
  }

  grid(label) {
    return this.page.getByRole("treegrid", { name: label });
  }

  /** The first rows of a table, each as the texts of its cells and its level. */
  async rows(label, most) {
    const grid = this.grid(label);
    await this.settled(grid);
    await grid.evaluate((element) => {
      element.scrollTop = 0;
    });
    const found = new Map();
    for (let count = Infinity; found.size < Math.min(most, count); ) {
      await this.settled(grid);
      count = Number(await grid.getAttribute("aria-rowcount")) - 1;
      const seen = await grid.locator(".body > .row").evaluateAll((rows) =>
        rows.map((row) => ({
          index: Number(row.dataset.index),
          level: Number(row.getAttribute("aria-level")),
          expanded: row.getAttribute("aria-expanded"),
          cells: [...row.children].map((cell) =>
            [...cell.childNodes]
              .map((part) => part.textContent)
              .filter((text) => text !== ""),
          ),
        })),
      );
      for (const row of seen) {
        found.set(row.index, row);
      }
      const next = Math.max(...seen.map(({ index }) => index)) - 2;
      await grid.evaluate((element, index) => {
        element.scrollTop = index * 22;
      }, next);
      if (seen.length === 0) {
        break;
      }
    }
    await grid.evaluate((element) => {
      element.scrollTop = 0;
    });
    return [...found.values()].sort((a, b) => a.index - b.index).slice(0, most);
  }

  /** Waits until all rows in view are there. */
  async settled(grid) {
    await grid.evaluate(
      (element) =>
        new Promise((resolve) => {
          const look = () => {
            const rows = [...element.querySelectorAll(".body > .row")];
            const message = element.nextElementSibling;
            const waits =
              (rows.length === 0 && (message.hidden || message.textContent === "Loading…")) ||
              rows.some((row) => row.children[0].textContent === "Loading…");
            if (waits) {
              requestAnimationFrame(look);
            } else {
              requestAnimationFrame(() => requestAnimationFrame(resolve));
            }
          };
          look();
        }),
    );
  }

  /** What axe-core has to say, serious and critical only. */
  async faults() {
    if (!(await this.page.evaluate(() => "axe" in window))) {
      await this.page.evaluate(AXE);
    }
    return this.page.evaluate(async () => {
      const { violations } = await window.axe.run(document, {
        resultTypes: ["violations"],
        // A webview is a part of VS Code's page: it has no landmarks and headings of its own.
        rules: { region: { enabled: false }, "page-has-heading-one": { enabled: false } },
      });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, help, nodes }) => ({
          id,
          help,
          where: nodes.slice(0, 3).map(({ html, any }) => [html.slice(0, 200), any[0]?.message]),
        }));
    });
  }
}
