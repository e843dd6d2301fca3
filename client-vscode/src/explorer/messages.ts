/** What the heap explorer's page and the extension say to each other. */

/** A view of the server: `leakline/heap/<view>`. */
export const VIEWS = [
  "open",
  "load",
  "statistics",
  "summary",
  "objects",
  "containment",
  "dominators",
  "treemap",
  "retainers",
  "compare",
  "newObjects",
  "deletedObjects",
  "growth",
] as const;

export type View = (typeof VIEWS)[number];

/** A place in a script of a snapshot, lines and columns from 0. */
export interface ScriptPlace {
  readonly snapshot: string;
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

/** A place in a document, lines and columns from 0. */
export interface SourcePlace {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

/** What the explorer shows: snapshot files and recordings, oldest first. */
export interface Subject {
  readonly paths: readonly string[];
  /** The recording whose growth is shown; null for bare files. */
  readonly recording: string | null;
  /** Whether to begin with the comparison. */
  readonly compare: boolean;
}

export type FromPage =
  | { readonly type: "ready" }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly view: View;
      readonly params: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "openScript"; readonly place: ScriptPlace }
  | { readonly type: "openSource"; readonly place: SourcePlace }
  | { readonly type: "chooseSnapshot" };

export type ToPage =
  | { readonly type: "show"; readonly subject: Subject }
  | { readonly type: "answer"; readonly id: number; readonly data: unknown }
  | { readonly type: "failure"; readonly id: number; readonly text: string }
  | {
      readonly type: "progress";
      readonly id: number;
      readonly text: string;
      readonly percentage: number | null;
    };
