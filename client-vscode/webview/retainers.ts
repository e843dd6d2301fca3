/** Retainers: who holds the selected object, up to the roots. */

import { DISTANCE, showNode, shortened, sizeColumns } from "./cells";
import { element } from "./dom";
import type { Heap, Selected } from "./heap";
import type { NodeRow, Page } from "./rows";
import { TreeGrid } from "./treeGrid";
import type { BranchOf, Line } from "./treeModel";

/** Someone who walks a list with the arrow keys does not want each row's retainers. */
const PAUSE_MS = 150;
const LONGEST_PATH = 50;
const HINT = "Select an object above to see what holds it.";

export class Retainers {
  readonly element: HTMLElement;
  readonly #title: HTMLElement;
  readonly #grid: TreeGrid<NodeRow>;
  #selected: Selected | null = null;
  #timer = 0;

  constructor(heap: Heap) {
    this.#title = element("h2", { id: "retainers-title" }, "Retainers");
    const open = (row: NodeRow) => {
      if (row.location !== null && this.#selected !== null) {
        heap.open(row.location, this.#selected.snapshot);
      }
    };
    this.#grid = new TreeGrid<NodeRow>({
      label: "Retainers",
      empty: "Nothing holds it: it is garbage that was not collected yet, or the root.",
      columns: [
        {
          key: "object",
          title: "Held by",
          show: (cell, row) => {
            showNode(cell, row, "in", () => {
              open(row);
            });
          },
        },
        DISTANCE,
        ...sizeColumns(() => heap.size),
      ],
      source: {
        children: (row) => row.children,
        load: (parent, offset, limit): Promise<Page<NodeRow>> => {
          const { snapshot, row } = this.#selected ?? { snapshot: "", row: null };
          const id = (parent ?? row)?.id;
          return id === undefined
            ? Promise.resolve({ total: 0, rows: [] })
            : heap.page<NodeRow>("retainers", { snapshot, id, offset, limit });
        },
      },
      onEnter: open,
    });
    this.#grid.element.hidden = true;
    this.element = element(
      "section",
      { class: "retainers", "aria-labelledby": "retainers-title" },
      this.#title,
      element("p", { class: "grid-message hint" }, HINT),
      this.#grid.element,
    );
  }

  /** Forgets the selected object. */
  clear(): void {
    window.clearTimeout(this.#timer);
    this.#selected = null;
    this.#title.textContent = "Retainers";
    this.element.classList.remove("filled");
    this.#grid.element.hidden = true;
  }

  show(selected: Selected): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      void this.#show(selected);
    }, PAUSE_MS);
  }

  async #show(selected: Selected): Promise<void> {
    const before = this.#selected;
    if (before?.row.id === selected.row.id && before.snapshot === selected.snapshot) {
      return;
    }
    this.#selected = selected;
    const { row } = selected;
    this.#title.textContent = `Retainers of ${shortened(row.label)} @${row.id}`;
    this.element.classList.add("filled");
    this.#grid.element.hidden = false;
    this.element.ariaBusy = "true";
    await this.#grid.refresh();
    await this.#unfold(selected);
    if (this.#selected === selected) {
      this.element.ariaBusy = null;
    }
  }

  /** Unfolds the shortest path to the root: its steps come first on each level. */
  async #unfold(selected: Selected): Promise<void> {
    const seen = new Set([selected.row.id]);
    let line: Line<NodeRow> = { branch: this.#grid.model.root, place: 0 };
    for (let steps = 0; steps < LONGEST_PATH && this.#selected === selected; steps++) {
      const row = line.branch.get(0);
      if (row === undefined || seen.has(row.id)) {
        return;
      }
      seen.add(row.id);
      const below: BranchOf<NodeRow> | null = await this.#grid.model.open(line);
      if (below === null) {
        return;
      }
      line = { branch: below, place: 0 };
    }
  }
}
