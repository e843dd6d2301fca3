/** Dominators: what alone keeps how much alive, as a treemap or as a table. */

import { objectTree } from "./containment";
import { button, element } from "./dom";
import type { Heap } from "./heap";
import type { TabView } from "./tabs";
import { Treemap } from "./treemap";

export function dominatorsView(heap: Heap): TabView {
  let shownMap = "";
  let shownTable = "";
  let asTable = false;
  const treemap = new Treemap(heap);
  const table = objectTree(heap, "dominators", "What keeps how much alive", "");
  const choices = [
    { title: "Treemap", table: false },
    { title: "Table", table: true },
  ].map((choice) => ({
    ...choice,
    button: button(choice.title, () => {
      asTable = choice.table;
      show();
    }),
  }));

  function show(): void {
    for (const choice of choices) {
      choice.button.setAttribute("aria-pressed", String(choice.table === asTable));
    }
    treemap.element.hidden = asTable;
    table.element.hidden = !asTable;
    if (asTable && shownTable !== heap.snapshot) {
      shownTable = heap.snapshot;
      void table.refresh();
    }
    if (!asTable && shownMap !== heap.snapshot) {
      shownMap = heap.snapshot;
      void treemap.show(null);
    }
  }

  return {
    id: "dominators",
    title: "Dominators",
    element: element(
      "div",
      { class: "stack" },
      element(
        "div",
        { class: "toolbar switch", role: "group", "aria-label": "Shown as" },
        ...choices.map((choice) => choice.button),
      ),
      treemap.element,
      table.element,
    ),
    onShow: show,
  };
}
