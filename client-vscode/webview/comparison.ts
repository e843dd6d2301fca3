/** Comparison: what came and what went between two snapshots. */

import { showNode, showPlace } from "./cells";
import { button, element } from "./dom";
import { Filter } from "./filter";
import { signed, whole } from "./format";
import type { Heap } from "./heap";
import { Loading } from "./loading";
import type { ChangeRow, NodeRow, Page, SnapshotInfo } from "./rows";
import { SnapshotChoice } from "./snapshotChoice";
import type { TabView } from "./tabs";
import { TreeGrid, type Column, type Sort } from "./treeGrid";

/** An object, with the snapshot that it is in; the newer one has the new ones. */
interface ObjectRow extends NodeRow {
  readonly snapshot: string;
  readonly change: "new" | "deleted" | null;
}

type Row = ChangeRow | ObjectRow;

export function comparisonView(heap: Heap, snapshots: readonly SnapshotInfo[]): TabView {
  return snapshots.length < 2 ? oneOnly(heap) : both(heap, snapshots);
}

function oneOnly(heap: Heap): TabView {
  return {
    id: "comparison",
    title: "Comparison",
    element: element(
      "div",
      { class: "notice" },
      element("p", {}, "There is one snapshot here. Choose an earlier one of the same program."),
      button("Compare with…", () => {
        heap.connection.tell({ type: "chooseSnapshot" });
      }),
    ),
    onShow: () => undefined,
  };
}

function both(heap: Heap, snapshots: readonly SnapshotInfo[]): TabView {
  let sort: Sort = { key: "sizeDelta", ascending: false };
  let shown = false;
  const loading = new Loading({
    doing: "Comparing the snapshots",
    failed: "They cannot be compared",
    begin: "Compare them",
  });
  const refresh = () => {
    void grid.refresh();
  };
  /** Has the server compare the two, which may take long, before any row is asked for. */
  const compare = () => {
    grid.element.hidden = true;
    void loading.run(async (long) => {
      await heap.connection.ask("compare", { ...pair(), offset: 0, limit: 1 }, long);
      grid.element.hidden = false;
      refresh();
    });
  };
  const older = new SnapshotChoice("Before", snapshots, snapshots.length - 2, compare);
  const newer = new SnapshotChoice("After", snapshots, snapshots.length - 1, compare);
  const filter = new Filter("Filter by constructor", refresh);
  const pair = () => ({ older: older.path, newer: newer.path });
  const open = (row: Row) => {
    if (row.location !== null) {
      heap.open(row.location, isChange(row) ? newer.path : row.snapshot);
    }
  };

  async function objects(change: ChangeRow, offset: number, limit: number): Promise<Page<Row>> {
    const rows: Row[] = [];
    // New ones first, then deleted ones: a page may have both.
    for (const [view, kind, snapshot, first, count] of [
      ["newObjects", "new", newer.path, 0, change.new],
      ["deletedObjects", "deleted", older.path, change.new, change.deleted],
    ] as const) {
      const from = Math.max(0, offset - first);
      const wanted = Math.min(count - from, offset + limit - first - from);
      if (wanted > 0) {
        const page = await heap.connection.ask<Page<NodeRow>>(view, {
          ...pair(),
          number: change.number,
          offset: from,
          limit: wanted,
        });
        rows.push(...page.rows.map((row) => ({ ...row, snapshot, change: kind })));
      }
    }
    return { total: change.new + change.deleted, rows };
  }

  async function below(parent: ObjectRow, offset: number, limit: number): Promise<Page<Row>> {
    const { snapshot, id } = parent;
    const page = await heap.page<NodeRow>("containment", { snapshot, id, offset, limit });
    return {
      total: page.total,
      rows: page.rows.map((row) => ({ ...row, snapshot, change: null })),
    };
  }

  const grid = new TreeGrid<Row>({
    label: "What came and what went, by constructor",
    empty: "No difference",
    sort,
    columns: [
      {
        key: "className",
        title: "Constructor",
        sortable: true,
        ascendingFirst: true,
        show: (cell, row) => {
          const onPlace = () => {
            open(row);
          };
          if (isChange(row)) {
            cell.append(element("span", { class: "class", title: row.className }, row.className));
            showPlace(cell, row.location, onPlace);
          } else {
            showNode(cell, row, ":", onPlace);
          }
        },
      },
      ...figureColumns(),
    ],
    source: {
      children: (row) => (isChange(row) ? row.new + row.deleted : row.children),
      load: (parent, offset, limit): Promise<Page<Row>> => {
        if (parent === null) {
          return heap.connection.ask<Page<Row>>("compare", {
            ...pair(),
            offset,
            limit,
            sort: sort.key,
            ascending: sort.ascending,
            filter: filter.value,
          });
        }
        return isChange(parent) ? objects(parent, offset, limit) : below(parent, offset, limit);
      },
    },
    onSort: (chosen) => {
      sort = chosen;
    },
    onActive: (row) => {
      if (!isChange(row)) {
        heap.select(row, row.snapshot);
      }
    },
    onEnter: open,
  });

  filter.element.prepend(older.element, newer.element);
  return {
    id: "comparison",
    title: "Comparison",
    element: element("div", { class: "stack" }, filter.element, loading.element, grid.element),
    onShow: () => {
      if (!shown) {
        shown = true;
        compare();
      }
    },
  };
}

function figureColumns(): Column<Row>[] {
  const figures = [
    ["new", "New", "84px", whole],
    ["deleted", "Deleted", "84px", whole],
    ["delta", "Delta", "84px", signed],
    ["newSize", "New size", "124px", whole],
    ["deletedSize", "Deleted size", "124px", whole],
    ["sizeDelta", "Size delta", "124px", signed],
  ] as const;
  return figures.map(([key, title, width, text]) => ({
    key,
    title,
    width,
    sortable: true,
    show: (cell, row) => {
      if (isChange(row)) {
        cell.append(text(row[key]));
      } else if (row.change === key) {
        cell.append(element("span", { class: "mark" }, "•"));
        cell.setAttribute("aria-label", "yes");
      } else if (row.change !== null && key === `${row.change}Size`) {
        cell.append(whole(row.shallowSize));
      }
    },
  }));
}

function isChange(row: Row): row is ChangeRow {
  return "delta" in row;
}
