/** Summary: objects by constructor, each unfolds to its objects and what they hold. */

import { DISTANCE, showNode, showPlace, sizeColumns } from "./cells";
import { element } from "./dom";
import { Filter } from "./filter";
import { whole } from "./format";
import type { Heap } from "./heap";
import type { ClassRow, NodeRow, Page } from "./rows";
import type { TabView } from "./tabs";
import { TreeGrid, type Sort } from "./treeGrid";

type Row = ClassRow | NodeRow;

/** Objects have no columns of their own for these. */
const ONLY_OF_CLASSES = ["className", "count"];

export function summaryView(heap: Heap): TabView {
  let sort: Sort = { key: "retainedSize", ascending: false };
  let shown = "";
  const filter = new Filter("Filter by constructor", () => {
    void grid.refresh();
  });
  const [shallow, retained] = sizeColumns(() => heap.size);
  const open = (row: Row) => {
    if (row.location !== null) {
      heap.open(row.location);
    }
  };
  const grid = new TreeGrid<Row>({
    label: "Objects by constructor",
    empty: "No constructor of that name",
    sort,
    columns: [
      {
        key: "className",
        title: "Constructor",
        sortable: true,
        ascendingFirst: true,
        show: (cell, row) => {
          if (isClass(row)) {
            cell.append(element("span", { class: "class", title: row.className }, row.className));
            showPlace(cell, row.location, (place) => {
              heap.open(place);
            });
          } else {
            showNode(cell, row, ":", (place) => {
              heap.open(place);
            });
          }
        },
      },
      { ...DISTANCE, sortable: true, ascendingFirst: true },
      {
        key: "count",
        title: "Count",
        width: "96px",
        sortable: true,
        show: (cell, row) => {
          if (isClass(row)) {
            cell.append(whole(row.count));
          }
        },
      },
      { ...shallow, sortable: true },
      { ...retained, sortable: true },
    ],
    source: {
      children: (row) => (isClass(row) ? row.count : row.children),
      load: (parent, offset, limit): Promise<Page<Row>> => {
        const page = { offset, limit };
        if (parent === null) {
          const order = { sort: sort.key, ascending: sort.ascending };
          return heap.page<Row>("summary", { ...page, ...order, filter: filter.value });
        }
        if (isClass(parent)) {
          const order = ONLY_OF_CLASSES.includes(sort.key)
            ? {}
            : { sort: sort.key, ascending: sort.ascending };
          return heap.page<Row>("objects", { ...page, ...order, number: parent.number });
        }
        return heap.page<Row>("containment", { ...page, id: parent.id });
      },
    },
    onSort: (chosen) => {
      sort = chosen;
    },
    onActive: (row) => {
      if (!isClass(row)) {
        heap.select(row);
      }
    },
    onEnter: open,
  });
  return {
    id: "summary",
    title: "Summary",
    element: element("div", { class: "stack" }, filter.element, grid.element),
    onShow: () => {
      if (shown !== heap.snapshot) {
        shown = heap.snapshot;
        void grid.refresh();
      }
    },
  };
}

function isClass(row: Row): row is ClassRow {
  return "count" in row;
}
