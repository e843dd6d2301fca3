/** Chooses one of the snapshots of a recording. */

import { element } from "./dom";
import { bytes, whole } from "./format";
import type { SnapshotInfo } from "./rows";

let choices = 0;

export class SnapshotChoice {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;

  constructor(
    label: string,
    snapshots: readonly SnapshotInfo[],
    chosen: number,
    onChange: () => void,
  ) {
    choices += 1;
    const id = `choice${choices}`;
    this.#select = element("select", { id });
    snapshots.forEach((snapshot, number) => {
      this.#select.append(
        element(
          "option",
          { value: snapshot.path, selected: number === chosen },
          snapshotTitle(snapshot, number),
        ),
      );
    });
    this.#select.addEventListener("change", onChange);
    this.element = element(
      "span",
      { class: "choice" },
      element("label", { for: id }, label),
      this.#select,
    );
  }

  get path(): string {
    return this.#select.value;
  }
}

/** `Round 2, after 200 requests` for a recording, the file's name for a bare file. */
function snapshotTitle({ name, requests, unit, size }: SnapshotInfo, number: number): string {
  if (requests === null) {
    return `${name}, ${bytes(size)}`;
  }
  return `${number === 0 ? "Warm-up" : `Round ${number}`}, after ${whole(requests)} ${unit}s`;
}
