/** Growth: every leak root of the recording over its rounds. */

import { button, element, svg } from "./dom";
import { bytes, whole } from "./format";
import type { Heap } from "./heap";
import { chartPoints } from "./lineChart";
import { Loading } from "./loading";
import type { Growth, LeakRoot } from "./rows";
import type { TabView } from "./tabs";

const WIDTH = 240;
const HEIGHT = 64;
const EDGE = 4;

interface Measured {
  readonly requests: number | null;
  readonly retainedSize: number;
}

export function growthView(heap: Heap, recording: string): TabView {
  const content = element("div", { class: "growth" });
  const loading = new Loading({
    doing: "Analysing the recording",
    failed: "Its growth cannot be shown",
    begin: "Analyse it",
  });
  let shown = false;
  return {
    id: "growth",
    title: "Growth",
    element: content,
    onShow: () => {
      if (shown) {
        return;
      }
      shown = true;
      content.replaceChildren(loading.element);
      void loading.run(async (long) => {
        const found = await heap.connection.ask<Growth>("growth", { recording }, long);
        content.replaceChildren(...cards(found, heap));
      });
    },
  };
}

function cards({ heapSizes, roots, notes, unit }: Growth, heap: Heap): HTMLElement[] {
  const rounds = roots[0]?.series.map(({ requests }) => requests) ?? [];
  const whole_ = heapSizes.map((retainedSize, number) => ({
    // A root may have come later than the first round.
    requests: rounds[rounds.length - heapSizes.length + number] ?? null,
    retainedSize,
  }));
  return [
    ...(roots.length === 0 ? [element("p", {}, "Nothing grew in every round.")] : []),
    element(
      "div",
      { class: "cards" },
      ...roots.map((root) => card(root, heap)),
      element(
        "section",
        { class: "card", "aria-label": "The whole heap" },
        element("h3", {}, "The whole heap"),
        chart("The whole heap", whole_, unit),
      ),
    ),
    ...notes.map((note) => element("p", { class: "dim" }, note)),
  ];
}

function card(root: LeakRoot, heap: Heap): HTMLElement {
  const { source } = root;
  const link =
    source === null
      ? null
      : button(
          `${decodeURIComponent(source.uri.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? "")}:${source.line + 1}`,
          () => {
            heap.connection.tell({ type: "openSource", place: source });
          },
          { class: "link" },
        );
  return element(
    "section",
    { class: `card ${root.severity}`, "aria-label": root.root, "data-root": root.root },
    element("h3", { title: root.root }, root.root),
    element("p", { class: "rate" }, rate(root), link),
    chart(root.root, root.series, root.unit),
  );
}

function rate({ kind, unit, growthBytesPerRequest, growthBytesPerSnapshot }: LeakRoot): string {
  if (growthBytesPerRequest !== null) {
    return `${kind}, +${bytes(growthBytesPerRequest)} per ${unit}`;
  }
  return growthBytesPerSnapshot === null
    ? kind
    : `${kind}, +${bytes(growthBytesPerSnapshot)} per snapshot`;
}

function chart(name: string, series: readonly Measured[], unit: string): HTMLElement {
  const points = chartPoints(
    series.map(({ retainedSize }) => retainedSize),
    WIDTH,
    HEIGHT,
  );
  const line = points.map(({ x, y }) => `${x},${y}`).join(" ");
  const picture = svg(
    "svg",
    {
      viewBox: `${-EDGE} ${-EDGE} ${WIDTH + 2 * EDGE} ${HEIGHT + 2 * EDGE}`,
      role: "img",
      "aria-label": `${name}: ${series.map((each, number) => described(each, number, unit)).join(", ")}`,
    },
    svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
    svg("polygon", { class: "area", points: `0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}` }),
    svg("polyline", { class: "line", points: line }),
  );
  points.forEach(({ x, y }, number) => {
    const measured = series[number];
    picture.append(
      svg(
        "circle",
        { class: "point", cx: x, cy: y, r: 3, "data-size": measured?.retainedSize },
        svg("title", {}, measured === undefined ? "" : described(measured, number, unit)),
      ),
    );
  });
  return element(
    "figure",
    {},
    picture,
    element(
      "figcaption",
      {},
      element("span", {}, bytes(series[0]?.retainedSize ?? 0)),
      element("span", {}, bytes(series.at(-1)?.retainedSize ?? 0)),
    ),
  );
}

function described({ requests, retainedSize }: Measured, number: number, unit: string): string {
  const when = requests === null ? `snapshot ${number + 1}` : `${whole(requests)} ${unit}s`;
  return `${when} ${bytes(retainedSize)}`;
}
