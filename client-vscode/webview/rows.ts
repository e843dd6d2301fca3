/** What the server answers; see `leakline heap --format json` in docs/json.md. */

export interface Place {
  readonly scriptId: number;
  readonly url: string | null;
  readonly line: number;
  readonly column: number;
}

export interface SnapshotInfo {
  readonly path: string;
  readonly name: string;
  readonly target: string;
  readonly requests: number | null;
  /** What is counted as requests, such as `click`. */
  readonly unit: string;
  readonly time: string | null;
  readonly size: number;
  readonly isolate: number;
}

export interface Loaded {
  readonly nodes: number;
  readonly edges: number;
  readonly size: number;
}

export interface Statistics {
  readonly nodes: number;
  readonly edges: number;
  readonly total: number;
  readonly native: number;
  readonly typedArrays: number;
  readonly v8Heap: number;
  readonly code: number;
  readonly strings: number;
  readonly jsArrays: number;
  readonly system: number;
}

/** A constructor. */
export interface ClassRow {
  readonly number: number;
  readonly className: string;
  readonly location: Place | null;
  readonly count: number;
  readonly shallowSize: number;
  readonly retainedSize: number;
  readonly distance: number | null;
}

/** An object; in a tree with the edge that leads to it. */
export interface NodeRow {
  readonly id: number;
  readonly type: string;
  readonly className: string;
  readonly label: string;
  readonly shallowSize: number;
  readonly retainedSize: number;
  readonly distance: number | null;
  readonly location: Place | null;
  readonly children: number;
  readonly edgeName?: string | number;
  readonly edgeType?: string;
}

export interface Branch extends NodeRow {
  readonly depth: number;
}

/** A constructor in two snapshots. */
export interface ChangeRow {
  readonly number: number;
  readonly className: string;
  readonly location: Place | null;
  readonly new: number;
  readonly deleted: number;
  readonly delta: number;
  readonly newSize: number;
  readonly deletedSize: number;
  readonly sizeDelta: number;
}

export interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export interface LeakRoot {
  readonly fingerprint: string;
  readonly code: string;
  readonly severity: "warning" | "information";
  readonly message: string;
  readonly root: string;
  readonly kind: string;
  readonly growthBytesPerRequest: number | null;
  readonly growthBytesPerSnapshot: number | null;
  readonly unit: string;
  readonly series: readonly { readonly requests: number | null; readonly retainedSize: number }[];
  readonly source: { readonly uri: string; readonly line: number; readonly column: number } | null;
}

export interface Growth {
  readonly heapSizes: readonly number[];
  readonly notes: readonly string[];
  readonly unit: string;
  readonly roots: readonly LeakRoot[];
}
