/** Statistics: what the heap consists of, as a ring and as a table. */

import { slices } from "./donut";
import { element, svg } from "./dom";
import { bytes, percent, whole } from "./format";
import type { Heap } from "./heap";
import { kindsOf, type Kind } from "./kinds";
import type { Statistics } from "./rows";
import type { TabView } from "./tabs";

const RADIUS = 100;
const HOLE = 62;

export function statisticsView(heap: Heap): TabView {
  const content = element("div", { class: "statistics" });
  let shown = "";
  return {
    id: "statistics",
    title: "Statistics",
    element: content,
    onShow: () => {
      if (shown === heap.snapshot) {
        return;
      }
      shown = heap.snapshot;
      content.replaceChildren(element("p", { class: "dim", role: "status" }, "Loading…"));
      heap.ask<Statistics>("statistics").then(
        (found) => {
          content.replaceChildren(ring(found), legend(found));
        },
        (error: unknown) => {
          content.replaceChildren(element("p", { role: "alert" }, String(error)));
        },
      );
    },
  };
}

function ring(found: Statistics): HTMLElement {
  const kinds = kindsOf(found);
  const chart = svg("svg", {
    viewBox: `${-RADIUS - 4} ${-RADIUS - 4} ${2 * RADIUS + 8} ${2 * RADIUS + 8}`,
    role: "img",
    "aria-label": `The heap by kind of memory: ${described(kinds, found.total)}`,
  });
  for (const { item, path } of slices(kinds, RADIUS, HOLE)) {
    chart.append(
      svg(
        "path",
        { d: path, class: `slice ${item.color}`, "data-kind": item.name },
        svg("title", {}, `${item.name}: ${bytes(item.size)}, ${percent(item.size, found.total)}`),
      ),
    );
  }
  chart.append(
    svg("text", { class: "total", y: -2, "text-anchor": "middle" }, bytes(found.total)),
    svg("text", { class: "total-label", y: 18, "text-anchor": "middle" }, "in all"),
  );
  return element("div", { class: "ring" }, chart);
}

function described(kinds: readonly Kind[], total: number): string {
  return kinds
    .filter(({ size }) => size > 0)
    .map(({ name, size }) => `${name} ${percent(size, total)}`)
    .join(", ");
}

function legend(found: Statistics): HTMLElement {
  const rows = kindsOf(found).map(({ name, size, color }) =>
    element(
      "tr",
      { "data-kind": name },
      element(
        "th",
        { scope: "row" },
        element("span", { class: `swatch ${color}`, "aria-hidden": "true" }),
        name,
      ),
      element("td", {}, whole(size)),
      element("td", { class: "share" }, percent(size, found.total)),
    ),
  );
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, "Kind"),
    element("th", { scope: "col" }, "Bytes"),
    element("th", { scope: "col" }, "Share"),
  );
  const total = element(
    "tr",
    { class: "sum", "data-kind": "Total" },
    element("th", { scope: "row" }, "Total"),
    element("td", {}, whole(found.total)),
    element("td", { class: "share" }, "100 %"),
  );
  return element(
    "div",
    { class: "legend" },
    element(
      "table",
      { "aria-label": "The heap by kind of memory" },
      element("thead", {}, head),
      element("tbody", {}, ...rows, total),
    ),
    element("p", { class: "dim" }, `${whole(found.nodes)} objects, ${whole(found.edges)} references`),
  );
}
