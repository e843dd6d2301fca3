/** A tree of which only the rows on the screen are known: any branch may have millions. */

import type { Page } from "./rows";

/** Rows that are asked for at once. */
export const PAGE_ROWS = 100;

export interface TreeSource<Row> {
  /** The rows below a row, or the first level. */
  load(parent: Row | null, offset: number, limit: number): Promise<Page<Row>>;
  /** How many rows are below a row, as far as is known before they are loaded. */
  children(row: Row): number;
}

/** The rows below one row. */
export class BranchOf<Row> {
  total: number;
  readonly pages = new Map<number, readonly Row[]>();
  readonly asked = new Set<number>();
  /** The open ones of these rows, by place, in order. */
  open: readonly (readonly [place: number, below: BranchOf<Row>])[] = [];

  constructor(
    readonly row: Row | null,
    readonly parent: BranchOf<Row> | null,
    readonly place: number,
    total: number,
  ) {
    this.total = total;
  }

  get depth(): number {
    return this.parent === null ? 0 : this.parent.depth + 1;
  }

  /** Rows on all levels that are unfolded. */
  get visible(): number {
    return this.open.reduce((sum, [, below]) => sum + below.visible, this.total);
  }

  get(place: number): Row | undefined {
    return this.pages.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS];
  }

  opened(place: number): BranchOf<Row> | undefined {
    return this.open.find(([at]) => at === place)?.[1];
  }
}

/** One line of the unfolded tree. */
export interface Line<Row> {
  readonly branch: BranchOf<Row>;
  readonly place: number;
}

export class TreeModel<Row> {
  root = new BranchOf<Row>(null, null, 0, 0);
  /** Set once the first level has come. */
  loaded = false;
  #generation = 0;

  constructor(
    private readonly source: TreeSource<Row>,
    private readonly onChange: () => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Forgets all rows and asks for the first ones. */
  async reset(): Promise<void> {
    this.#generation += 1;
    this.root = new BranchOf<Row>(null, null, 0, 0);
    this.loaded = false;
    await this.need(this.root, 0);
  }

  get count(): number {
    return this.root.visible;
  }

  /** The line at an index of the unfolded tree. */
  lineAt(index: number): Line<Row> {
    let branch = this.root;
    let rest = index;
    descent: for (;;) {
      let before = 0;
      for (const [place, below] of branch.open) {
        const at = place + before;
        if (rest <= at) {
          break;
        }
        const visible = below.visible;
        if (rest <= at + visible) {
          rest -= at + 1;
          branch = below;
          continue descent;
        }
        before += visible;
      }
      return { branch, place: rest - before };
    }
  }

  /** The index of a line in the unfolded tree. */
  indexOf({ branch, place }: Line<Row>): number {
    let index = 0;
    let at = place;
    for (let level: BranchOf<Row> | null = branch; level !== null; level = level.parent) {
      index += at;
      for (const [open, below] of level.open) {
        if (open < at) {
          index += below.visible;
        }
      }
      if (level.parent !== null) {
        index += 1;
      }
      at = level.place;
    }
    return index;
  }

  /** Asks for the page that a row is on, unless it is known or asked for. */
  async need(branch: BranchOf<Row>, place: number): Promise<void> {
    const page = Math.floor(place / PAGE_ROWS);
    if (branch.asked.has(page)) {
      return;
    }
    branch.asked.add(page);
    const generation = this.#generation;
    try {
      const { total, rows } = await this.source.load(branch.row, page * PAGE_ROWS, PAGE_ROWS);
      if (generation !== this.#generation) {
        return;
      }
      branch.total = total;
      branch.pages.set(page, rows);
      if (branch === this.root) {
        this.loaded = true;
      }
      this.onChange();
    } catch (error) {
      branch.asked.delete(page);
      if (generation === this.#generation) {
        this.onFailure(error);
      }
    }
  }

  isOpen({ branch, place }: Line<Row>): boolean {
    return branch.opened(place) !== undefined;
  }

  canOpen({ branch, place }: Line<Row>): boolean {
    const row = branch.get(place);
    return row !== undefined && this.source.children(row) > 0;
  }

  /** Unfolds a row; gives the rows below it once the first of them have come. */
  async open(line: Line<Row>): Promise<BranchOf<Row> | null> {
    const { branch, place } = line;
    const row = branch.get(place);
    if (row === undefined || !this.canOpen(line)) {
      return null;
    }
    const known = branch.opened(place);
    if (known !== undefined) {
      return known;
    }
    const below = new BranchOf<Row>(row, branch, place, this.source.children(row));
    branch.open = [...branch.open, [place, below] as const].sort(([a], [b]) => a - b);
    this.onChange();
    await this.need(below, 0);
    return below;
  }

  close({ branch, place }: Line<Row>): void {
    branch.open = branch.open.filter(([at]) => at !== place);
    this.onChange();
  }
}
