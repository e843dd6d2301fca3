/** Asks the user which heap is meant. */

import { window } from "vscode";
import { RequestType } from "vscode-languageclient/node";

import type { Session } from "../session";

const SNAPSHOTS = { "Heap snapshots": ["heapsnapshot", "gz"] };
const recordingsRequest = new RequestType<object, Listed, unknown>("leakline/recordings");

interface Listed {
  readonly recordings: readonly {
    readonly path: string;
    readonly time: string | null;
    readonly snapshots: number | null;
    readonly target: { readonly title: string } | null;
  }[];
}

/** The path of a recording of the open folders, or of a snapshot file. */
export async function chooseHeap(session: Session): Promise<string | null> {
  const client = await session.client();
  const listed = await client?.sendRequest(recordingsRequest, {});
  const whole = (listed?.recordings ?? []).filter(({ snapshots }) => snapshots !== null);
  if (whole.length === 0) {
    return chooseSnapshot();
  }
  const chosen = await window.showQuickPick(
    [
      ...whole.map(({ path, time, snapshots, target }) => ({
        label: time === null ? path : new Date(time).toLocaleString(),
        description: `${target?.title ?? ""}, ${snapshots ?? 0} snapshots`,
        path,
      })),
      { label: "$(folder-opened) A heap snapshot…", description: "", path: null },
    ],
    { placeHolder: "Which heap?" },
  );
  return chosen === undefined ? null : (chosen.path ?? chooseSnapshot());
}

export async function chooseSnapshot(title?: string): Promise<string | null> {
  const chosen = await window.showOpenDialog({
    filters: SNAPSHOTS,
    ...(title === undefined ? {} : { title }),
  });
  return chosen?.[0]?.fsPath ?? null;
}
