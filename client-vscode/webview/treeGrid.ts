/** A table whose rows unfold; only the rows in view are in the document. */

import { button, element } from "./dom";
import { scaleOf, scrollTo } from "./scrolling";
import { TreeModel, type Line, type TreeSource } from "./treeModel";

const ROW_HEIGHT = 22;
const ROWS_BEYOND = 8;

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** CSS width; the first column takes what is left. */
  readonly width?: string;
  /** Whether the table can be sorted by it. */
  readonly sortable?: boolean;
  /** Whether sorting by it begins with the smallest. */
  readonly ascendingFirst?: boolean;
  /** Fills a cell. */
  readonly show: (cell: HTMLElement, row: Row) => void;
}

export interface Sort {
  readonly key: string;
  readonly ascending: boolean;
}

export interface TreeGridOptions<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly source: TreeSource<Row>;
  readonly sort?: Sort;
  readonly empty: string;
  readonly onSort?: (sort: Sort) => void;
  /** The row that the user is on. */
  readonly onActive?: (row: Row, line: Line<Row>) => void;
  /** Enter on a row, or a double click. */
  readonly onEnter?: (row: Row) => void;
}

let grids = 0;

export class TreeGrid<Row> {
  readonly element: HTMLElement;
  readonly model: TreeModel<Row>;
  readonly #grid: HTMLElement;
  readonly #header: HTMLElement;
  readonly #body: HTMLElement;
  readonly #message: HTMLElement;
  readonly #prefix: string;
  #sort: Sort | null;
  #active = 0;
  #drawn = false;

  constructor(private readonly options: TreeGridOptions<Row>) {
    grids += 1;
    this.#prefix = `grid${grids}`;
    this.#sort = options.sort ?? null;
    this.model = new TreeModel(
      options.source,
      () => {
        this.#drawSoon();
      },
      (error) => {
        this.#say(error instanceof Error ? error.message : String(error));
      },
    );
    this.#header = element("div", { role: "row", class: "row header", "aria-rowindex": 1 });
    this.#body = element("div", { role: "rowgroup", class: "body" });
    this.#grid = element(
      "div",
      { role: "treegrid", class: "grid", tabindex: 0, "aria-label": options.label },
      element("div", { role: "rowgroup", class: "head" }, this.#header),
      this.#body,
    );
    this.#message = element("p", { class: "grid-message", role: "status" });
    this.element = element("div", { class: "grid-frame" }, this.#grid, this.#message);
    this.#grid.style.setProperty(
      "--columns",
      options.columns.map(({ width }) => width ?? "minmax(160px, 1fr)").join(" "),
    );
    this.#drawHeader();
    this.#listen();
  }

  /** Forgets what was shown and asks anew. */
  async refresh(): Promise<void> {
    this.#active = 0;
    this.#grid.scrollTop = 0;
    this.#say("Loading…");
    await this.model.reset();
    if (this.model.loaded) {
      this.#say(this.model.count === 0 ? this.options.empty : "");
    }
    this.#draw();
  }

  focus(): void {
    this.#grid.focus();
  }

  /** Makes a line the active one and brings it into view. */
  activate(line: Line<Row>): void {
    this.#activate(this.model.indexOf(line));
  }

  // ------------------------------------------------------------------ what the user does

  #listen(): void {
    this.#grid.addEventListener("scroll", () => {
      this.#drawSoon();
    });
    this.#grid.addEventListener("focus", () => {
      this.#drawSoon();
    });
    this.#grid.addEventListener("keydown", (event) => {
      if (event.target === this.#grid && this.#key(event)) {
        event.preventDefault();
      }
    });
    this.#grid.addEventListener(
      "wheel",
      (event) => {
        const { factor } = this.#scale;
        if (factor > 1 && event.deltaY !== 0 && !event.ctrlKey) {
          // A notch is to move as many rows as in a short table.
          event.preventDefault();
          this.#grid.scrollTop += event.deltaY / factor;
        }
      },
      { passive: false },
    );
    this.#body.addEventListener("click", (event) => {
      const index = this.#indexAt(event);
      if (index === null) {
        return;
      }
      this.#activate(index);
      if (event.target instanceof Element && event.target.closest(".twisty") !== null) {
        this.#toggle(this.model.lineAt(index));
      }
    });
    this.#body.addEventListener("dblclick", (event) => {
      const index = this.#indexAt(event);
      if (index !== null) {
        this.#enter(this.model.lineAt(index));
      }
    });
    new ResizeObserver(() => {
      this.#drawSoon();
    }).observe(this.#grid);
  }

  #indexAt(event: Event): number | null {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    return row instanceof HTMLElement ? Number(row.dataset.index) : null;
  }

  /** @returns Whether the key means something here. */
  #key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey || this.model.count === 0) {
      return false;
    }
    const line = this.model.lineAt(this.#active);
    const page = Math.max(1, Math.floor(this.#viewport / ROW_HEIGHT) - 1);
    switch (event.key) {
      case "ArrowDown":
        this.#activate(this.#active + 1);
        return true;
      case "ArrowUp":
        this.#activate(this.#active - 1);
        return true;
      case "PageDown":
        this.#activate(this.#active + page);
        return true;
      case "PageUp":
        this.#activate(this.#active - page);
        return true;
      case "Home":
        this.#activate(0);
        return true;
      case "End":
        this.#activate(this.model.count - 1);
        return true;
      case "ArrowRight":
        if (this.model.isOpen(line)) {
          this.#activate(this.#active + 1);
        } else {
          void this.model.open(line);
        }
        return true;
      case "ArrowLeft":
        if (this.model.isOpen(line)) {
          this.model.close(line);
        } else if (line.branch.parent !== null) {
          this.activate({ branch: line.branch.parent, place: line.branch.place });
        }
        return true;
      case " ":
        this.#toggle(line);
        return true;
      case "Enter":
        this.#enter(line);
        return true;
      default:
        return false;
    }
  }

  #toggle(line: Line<Row>): void {
    if (this.model.isOpen(line)) {
      this.model.close(line);
    } else {
      void this.model.open(line);
    }
  }

  #enter({ branch, place }: Line<Row>): void {
    const row = branch.get(place);
    if (row !== undefined) {
      this.options.onEnter?.(row);
    }
  }

  #activate(index: number): void {
    const last = this.model.count - 1;
    if (last < 0) {
      return;
    }
    this.#active = Math.min(Math.max(index, 0), last);
    const top = scrollTo(
      this.#active,
      ROW_HEIGHT,
      this.#viewport,
      this.#grid.scrollTop,
      this.#scale,
    );
    if (top !== null) {
      this.#grid.scrollTop = top;
    }
    this.#draw();
    const line = this.model.lineAt(this.#active);
    const row = line.branch.get(line.place);
    if (row !== undefined) {
      this.options.onActive?.(row, line);
    }
  }

  // ------------------------------------------------------------------ what the user sees

  get #viewport(): number {
    return Math.max(ROW_HEIGHT, this.#grid.clientHeight - this.#header.offsetHeight);
  }

  get #scale() {
    return scaleOf(this.model.count, ROW_HEIGHT, this.#viewport);
  }

  #say(text: string): void {
    this.#message.textContent = text;
    this.#message.hidden = text === "";
  }

  #drawHeader(): void {
    const cells = this.options.columns.map((column, number) => {
      const sorted = this.#sort?.key === column.key ? this.#sort : null;
      const cell = element("div", {
        role: "columnheader",
        class: number === 0 ? "cell name" : "cell number",
        "aria-colindex": number + 1,
        "aria-sort":
          sorted === null ? undefined : sorted.ascending ? "ascending" : "descending",
      });
      if (column.sortable === true) {
        cell.append(
          button(column.title, () => {
            this.#sortBy(column);
          }),
        );
      } else {
        cell.append(element("span", {}, column.title));
      }
      return cell;
    });
    this.#header.replaceChildren(...cells);
    this.#grid.setAttribute("aria-colcount", String(cells.length));
  }

  #sortBy(column: Column<Row>): void {
    const before = this.#sort;
    const ascending =
      before?.key === column.key ? !before.ascending : column.ascendingFirst === true;
    this.#sort = { key: column.key, ascending };
    const focused = this.#header.querySelector(":focus") !== null;
    this.#drawHeader();
    if (focused) {
      const place = this.options.columns.indexOf(column);
      this.#header.children[place]?.querySelector("button")?.focus();
    }
    this.options.onSort?.(this.#sort);
    void this.refresh();
  }

  #drawSoon(): void {
    if (!this.#drawn) {
      this.#drawn = true;
      requestAnimationFrame(() => {
        this.#drawn = false;
        this.#draw();
      });
    }
  }

  #draw(): void {
    const count = this.model.count;
    const { height, factor } = this.#scale;
    this.#body.style.height = `${height}px`;
    this.#grid.setAttribute("aria-rowcount", String(count + 1));
    const scrolled = this.#grid.scrollTop;
    const pixels = scrolled * factor;
    const first = Math.max(0, Math.floor(pixels / ROW_HEIGHT) - ROWS_BEYOND);
    const last = Math.min(
      count,
      Math.ceil((pixels + this.#viewport) / ROW_HEIGHT) + ROWS_BEYOND,
    );
    const rows: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      const row = this.#row(index);
      row.style.transform = `translateY(${scrolled + index * ROW_HEIGHT - pixels}px)`;
      rows.push(row);
    }
    this.#body.replaceChildren(...rows);
    const active = rows.find((row) => Number(row.dataset.index) === this.#active);
    if (active === undefined) {
      this.#grid.removeAttribute("aria-activedescendant");
    } else {
      this.#grid.setAttribute("aria-activedescendant", active.id);
    }
  }

  #row(index: number): HTMLElement {
    const line = this.model.lineAt(index);
    const { branch, place } = line;
    const row = branch.get(place);
    const isOpen = this.model.isOpen(line);
    const canOpen = this.model.canOpen(line);
    const made = element("div", {
      role: "row",
      id: `${this.#prefix}-${index}`,
      class: index === this.#active ? "row active" : "row",
      "aria-rowindex": index + 2,
      "aria-level": branch.depth + 1,
      "aria-setsize": branch.total,
      "aria-posinset": place + 1,
      "aria-selected": index === this.#active ? "true" : "false",
      "aria-expanded": canOpen ? String(isOpen) : undefined,
      "data-index": index,
    });
    this.options.columns.forEach((column, number) => {
      const cell = element("div", {
        role: "gridcell",
        class: number === 0 ? "cell name" : "cell number",
        "aria-colindex": number + 1,
      });
      if (number === 0) {
        cell.style.setProperty("--depth", String(branch.depth));
        cell.append(
          element("span", {
            class: `twisty${canOpen ? (isOpen ? " open" : " closed") : ""}`,
            "aria-hidden": "true",
          }),
        );
      }
      if (row !== undefined) {
        column.show(cell, row);
      } else if (number === 0) {
        cell.append(element("span", { class: "dim" }, "Loading…"));
      }
      made.append(cell);
    });
    if (row === undefined) {
      void this.model.need(branch, place);
    }
    return made;
  }
}
