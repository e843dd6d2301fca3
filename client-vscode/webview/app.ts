/** The explorer: which snapshot, its views, and the retainers of what is selected. */

import type { Subject } from "../src/explorer/messages";
import { comparisonView } from "./comparison";
import type { Connection } from "./connection";
import { containmentView } from "./containment";
import { dominatorsView } from "./dominators";
import { element } from "./dom";
import { bytes, whole } from "./format";
import { growthView } from "./growth";
import { Heap } from "./heap";
import { Loading } from "./loading";
import { Retainers } from "./retainers";
import type { Loaded, SnapshotInfo } from "./rows";
import { SnapshotChoice } from "./snapshotChoice";
import { splitter } from "./splitter";
import { statisticsView } from "./statistics";
import { summaryView } from "./summary";
import { Tabs } from "./tabs";

/** Their rows can be selected. */
const WITH_RETAINERS = ["summary", "comparison", "containment", "dominators"];
/** They choose their snapshots themselves. */
const OF_ALL = ["comparison", "growth"];

export class App {
  readonly #loading = new Loading();
  readonly #content = element("main", { class: "content", "aria-label": "Heap explorer" });

  constructor(private readonly connection: Connection) {
    document.body.append(this.#loading.element, this.#content);
  }

  async show(subject: Subject): Promise<void> {
    this.#content.hidden = true;
    await this.#loading.run(async (long) => {
      const { snapshots } = await this.connection.ask<{ snapshots: SnapshotInfo[] }>(
        "open",
        { paths: subject.paths },
        long,
      );
      long.signal.throwIfAborted();
      const newest = snapshots.at(-1);
      if (newest === undefined) {
        throw new Error("there is no snapshot in it");
      }
      const loaded = await this.connection.ask<Loaded>("load", { snapshot: newest.path }, long);
      this.#fill(subject, snapshots, newest.path, loaded);
    });
  }

  #fill(
    subject: Subject,
    snapshots: readonly SnapshotInfo[],
    snapshot: string,
    loaded: Loaded,
  ): void {
    const heap = new Heap(this.connection, (selected) => {
      retainers.show(selected);
    });
    heap.snapshot = snapshot;
    heap.size = loaded.size;
    const retainers = new Retainers(heap);
    const tabs = new Tabs(
      [
        statisticsView(heap),
        summaryView(heap),
        comparisonView(heap, snapshots),
        containmentView(heap),
        dominatorsView(heap),
        ...(subject.recording === null ? [] : [growthView(heap, subject.recording)]),
      ].map((view) => ({
        ...view,
        onShow: () => {
          split.classList.toggle("alone", !WITH_RETAINERS.includes(view.id));
          choice.element.hidden = snapshots.length < 2 || OF_ALL.includes(view.id);
          view.onShow();
        },
      })),
    );
    const size = element("span", { class: "dim" }, described(loaded));
    const choice = new SnapshotChoice("Snapshot", snapshots, snapshots.length - 1, () => {
      void this.#change(choice.path, heap, size, () => {
        retainers.clear();
        tabs.current?.onShow();
      });
    });
    const split = element("div", { class: "split" });
    const bar = splitter(split, "Height of the retainers", 62);
    split.append(tabs.panels, bar, retainers.element);
    const header = element("header", {}, tabs.element, choice.element, size);
    this.#content.replaceChildren(header, split);
    this.#content.hidden = false;
    tabs.showById(subject.compare ? "comparison" : "statistics");
  }

  /** Shows another snapshot of the recording. */
  async #change(snapshot: string, heap: Heap, size: HTMLElement, done: () => void): Promise<void> {
    await this.#loading.run(async (long) => {
      const loaded = await this.connection.ask<Loaded>("load", { snapshot }, long);
      heap.snapshot = snapshot;
      heap.size = loaded.size;
      size.textContent = described(loaded);
      done();
    });
  }
}

function described({ nodes, size }: Loaded): string {
  return `${bytes(size)} in ${whole(nodes)} objects`;
}
