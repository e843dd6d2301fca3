/** The snapshot that is shown, and what its views can do with it. */

import type { View } from "../src/explorer/messages";
import type { Connection } from "./connection";
import type { NodeRow, Page, Place } from "./rows";

/** An object, and the snapshot that it is in. */
export interface Selected {
  readonly snapshot: string;
  readonly row: NodeRow;
}

export class Heap {
  /** Path of the snapshot. */
  snapshot = "";
  /** Bytes of the whole heap. */
  size = 0;

  constructor(
    readonly connection: Connection,
    private readonly onSelect: (selected: Selected) => void,
  ) {}

  ask<Answer>(view: View, params: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    return this.connection.ask<Answer>(view, { snapshot: this.snapshot, ...params });
  }

  page<Row>(view: View, params: Readonly<Record<string, unknown>>): Promise<Page<Row>> {
    return this.ask<Page<Row>>(view, params);
  }

  /** Shows what holds an object. */
  select(row: NodeRow, snapshot = this.snapshot): void {
    this.onSelect({ snapshot, row });
  }

  /** Opens the source of a place in an editor. */
  open(place: Place, snapshot = this.snapshot): void {
    const { scriptId, line, column } = place;
    this.connection.tell({
      type: "openScript",
      place: { snapshot, scriptId, line, column },
    });
  }
}
