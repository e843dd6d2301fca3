/** Containment: what the roots point to, and what that points to. */

import { DISTANCE, showNode, sizeColumns } from "./cells";
import { element } from "./dom";
import type { Heap } from "./heap";
import type { NodeRow } from "./rows";
import type { TabView } from "./tabs";
import { TreeGrid } from "./treeGrid";

export function containmentView(heap: Heap): TabView {
  let shown = "";
  const grid = objectTree(heap, "containment", "What contains what", "::");
  return {
    id: "containment",
    title: "Containment",
    element: element("div", { class: "stack" }, grid.element),
    onShow: () => {
      if (shown !== heap.snapshot) {
        shown = heap.snapshot;
        void grid.refresh();
      }
    },
  };
}

/** A tree of objects below the root. */
export function objectTree(
  heap: Heap,
  view: "containment" | "dominators",
  label: string,
  between: string,
): TreeGrid<NodeRow> {
  const open = (row: NodeRow) => {
    if (row.location !== null) {
      heap.open(row.location);
    }
  };
  return new TreeGrid<NodeRow>({
    label,
    empty: "The heap is empty",
    columns: [
      {
        key: "object",
        title: "Object",
        show: (cell, row) => {
          showNode(cell, row, between, (place) => {
            heap.open(place);
          });
        },
      },
      DISTANCE,
      ...sizeColumns(() => heap.size),
    ],
    source: {
      children: (row) => row.children,
      load: (parent, offset, limit) =>
        heap.page<NodeRow>(view, {
          offset,
          limit,
          ...(parent === null ? {} : { id: parent.id }),
        }),
    },
    onActive: (row) => {
      heap.select(row);
    },
    onEnter: open,
  });
}
