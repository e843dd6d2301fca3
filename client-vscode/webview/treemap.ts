/** The treemap on the screen: click or Enter goes into an object, the path above leads back. */

import { shortened } from "./cells";
import { button, element } from "./dom";
import { bytes, percent, whole } from "./format";
import type { Heap } from "./heap";
import type { Branch } from "./rows";
import { cellsOf, neighbour, type Cell } from "./treemapCells";

const LEVELS = 2;
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export class Treemap {
  readonly element: HTMLElement;
  readonly #path: HTMLElement;
  readonly #map: HTMLElement;
  readonly #help: HTMLElement;
  #way: Branch[] = [];
  #branches: readonly Branch[] = [];
  #cells: readonly Cell[] = [];

  constructor(private readonly heap: Heap) {
    this.#path = element("nav", { class: "path", "aria-label": "Path to what is shown" });
    this.#map = element("div", {
      class: "treemap",
      role: "group",
      "aria-label": "Treemap by retained size; the table has the same figures",
    });
    this.#help = element(
      "p",
      { class: "dim help" },
      "Arrow keys move, Enter or a double click goes in, Backspace goes back.",
    );
    this.element = element("div", { class: "treemap-frame" }, this.#path, this.#map, this.#help);
    this.#map.addEventListener("keydown", (event) => {
      this.#key(event);
    });
    new ResizeObserver(() => {
      this.#draw();
    }).observe(this.#map);
  }

  /** Shows what an object keeps alive; null stands for the root. */
  async show(branch: Branch | null): Promise<void> {
    const at = branch === null ? -1 : this.#way.findIndex(({ id }) => id === branch.id);
    try {
      const { tree } = await this.heap.ask<{ tree: readonly Branch[] }>(
        "treemap",
        branch === null ? {} : { id: branch.id },
      );
      const [first] = tree;
      if (first !== undefined) {
        const before = branch === null ? [] : at < 0 ? this.#way : this.#way.slice(0, at);
        this.#way = [...before, first];
        this.#branches = tree;
        this.#drawPath();
        this.#draw();
      }
    } catch (error) {
      this.#map.replaceChildren(element("p", { role: "alert" }, String(error)));
    }
  }

  #drawPath(): void {
    const last = this.#way.length - 1;
    const parts = this.#way.map((branch, number) =>
      number === last
        ? element(
            "span",
            { "aria-current": "location" },
            `${shortened(branch.label)}, ${bytes(branch.retainedSize)}`,
          )
        : button(shortened(branch.label), () => {
            void this.show(number === 0 ? null : branch).then(() => {
              this.#focusFirst();
            });
          }),
    );
    this.#path.replaceChildren(...parts);
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#map;
    if (width === 0 || this.#branches.length === 0) {
      return;
    }
    this.#cells = cellsOf(this.#branches, { x: 0, y: 0, width, height }, LEVELS);
    this.#map.replaceChildren(
      ...this.#cells.map((cell, number) => this.#cell(cell, number === 0)),
    );
    if (this.#cells.length === 0) {
      this.#map.append(element("p", { class: "dim" }, "It keeps nothing else alive."));
    }
  }

  #cell(cell: Cell, first: boolean): HTMLElement {
    const { row, level } = cell;
    const share = percent(row.retainedSize, this.#way.at(-1)?.retainedSize ?? 0);
    const label = shortened(row.label);
    const size = bytes(row.retainedSize);
    const shows = cell.width > 44 && cell.height > 16;
    const made = element(
      "button",
      {
        type: "button",
        class: `cell level${level}`,
        "aria-label": `${label} ${size} retained, ${share}, @${row.id}`,
        title: `${label} @${row.id}\n${whole(row.retainedSize)} bytes retained, ${share}`,
        tabindex: first ? 0 : -1,
        "data-id": row.id,
      },
      shows ? element("span", { class: "what" }, label) : null,
      shows ? " " : null,
      shows && cell.width > 130 ? element("span", { class: "size" }, size) : null,
    );
    made.style.left = `${cell.x}px`;
    made.style.top = `${cell.y}px`;
    made.style.width = `${Math.max(2, cell.width - 1)}px`;
    made.style.height = `${Math.max(2, cell.height - 1)}px`;
    made.addEventListener("focus", () => {
      this.heap.select(row);
      for (const other of this.#map.children) {
        (other as HTMLElement).tabIndex = other === made ? 0 : -1;
      }
    });
    made.addEventListener("dblclick", () => {
      this.#goInto(row);
    });
    return made;
  }

  #key(event: KeyboardEvent): void {
    const number = [...this.#map.children].indexOf(event.target as Element);
    const cell = this.#cells[number];
    if (cell === undefined || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (ARROWS.includes(event.key)) {
      const next = neighbour(this.#cells, cell, event.key);
      if (next !== null) {
        (this.#map.children[this.#cells.indexOf(next)] as HTMLElement).focus();
      }
    } else if (event.key === "Enter") {
      this.#goInto(cell.row);
    } else if (event.key === "Backspace" && this.#way.length > 1) {
      const before = this.#way.at(-2) ?? null;
      void this.show(this.#way.length === 2 ? null : before).then(() => {
        this.#focusFirst();
      });
    } else {
      return;
    }
    event.preventDefault();
  }

  #goInto(row: Branch): void {
    if (row.children > 0) {
      void this.show(row).then(() => {
        this.#focusFirst();
      });
    }
  }

  #focusFirst(): void {
    const first = this.#map.firstElementChild;
    if (first instanceof HTMLElement) {
      first.focus();
    }
  }
}
