/** Cells that several tables have. */

import { element } from "./dom";
import { percent, placeName, whole } from "./format";
import type { NodeRow, Place } from "./rows";
import type { Column } from "./treeGrid";

export type OpenPlace = (place: Place) => void;

interface Sized {
  readonly shallowSize: number;
  readonly retainedSize: number;
  readonly distance: number | null;
}

export const DISTANCE: Column<Sized> = {
  key: "distance",
  title: "Distance",
  width: "104px",
  show: (cell, { distance }) => {
    cell.append(distance === null ? "–" : whole(distance));
    if (distance === null) {
      cell.title = "Only V8's own roots lead here";
    }
  },
};

/** Sizes with their share of the heap. */
export function sizeColumns(total: () => number): [Column<Sized>, Column<Sized>] {
  return [
    {
      key: "shallowSize",
      title: "Shallow size",
      width: "168px",
      show: (cell, { shallowSize }) => {
        showSize(cell, shallowSize, total());
      },
    },
    {
      key: "retainedSize",
      title: "Retained size",
      width: "168px",
      show: (cell, { retainedSize }) => {
        showSize(cell, retainedSize, total());
      },
    },
  ];
}

function showSize(cell: HTMLElement, size: number, total: number): void {
  cell.append(
    element("span", { class: "figure" }, whole(size)),
    element("span", { class: "share" }, percent(size, total)),
  );
}

/** An object, after the edge that leads to it. */
export function showNode(cell: HTMLElement, row: NodeRow, between: string, open: OpenPlace): void {
  if (row.edgeName !== undefined) {
    cell.append(
      element("span", { class: `edge ${row.edgeType ?? ""}` }, edgeText(row)),
      element("span", { class: "between" }, between),
    );
  }
  const kind = row.type.replaceAll(" ", "-");
  cell.append(
    element("span", { class: `object ${kind}`, title: row.label }, shortened(row.label)),
    element("span", { class: "id" }, `@${row.id}`),
  );
  showPlace(cell, row.location, open);
}

/** A name with the place where its function or constructor was written. */
export function showPlace(cell: HTMLElement, place: Place | null, open: OpenPlace): void {
  if (place === null) {
    return;
  }
  const link = element(
    "span",
    { class: "link", title: `Open ${place.url ?? `script ${place.scriptId}`} (Enter)` },
    placeName(place.url, place.scriptId, place.line),
  );
  link.addEventListener("click", () => {
    open(place);
  });
  cell.append(link);
}

function edgeText({ edgeName, edgeType }: NodeRow): string {
  if (typeof edgeName === "number") {
    return `[${edgeName}]`;
  }
  const name = shortened(edgeName ?? "");
  return edgeType === "internal" || edgeType === "hidden" ? `(${name})` : name;
}

/** Line ends and tabs would make a row unreadable; a long text makes it slow. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
