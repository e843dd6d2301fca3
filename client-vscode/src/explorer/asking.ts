/** Asks the server, with progress and cancel. */

import { CancellationTokenSource } from "vscode";
import {
  RequestType,
  WorkDoneProgress,
  type LanguageClient,
} from "vscode-languageclient/node";

import type { Ask, Pending } from "./bridge";
import type { ScriptPlace, SourcePlace, View } from "./messages";

const METHOD = "leakline/heap/";

/** Views that may have to load a snapshot or analyse a recording first. */
const LONG: readonly View[] = ["load", "compare", "growth"];

let tokens = 0;

export function asker(client: () => Promise<LanguageClient | null>): Ask {
  return (view, params, onProgress): Pending => {
    const source = new CancellationTokenSource();
    return {
      cancel: () => {
        // Only what takes long is worth the process that answers it.
        if (LONG.includes(view)) {
          source.cancel();
        }
      },
      answer: answer(client, view, params, onProgress, source),
    };
  };
}

/** Where in the user's files a place of a script was written. */
export async function sourceOf(client: LanguageClient, place: ScriptPlace): Promise<SourcePlace> {
  const request = new RequestType<ScriptPlace, SourcePlace, unknown>(`${METHOD}source`);
  return client.sendRequest(request, place);
}

/** Lets the server forget all snapshots. */
export async function closeHeaps(client: LanguageClient): Promise<void> {
  await client.sendRequest(new RequestType<object, unknown, unknown>(`${METHOD}close`), {});
}

async function answer(
  client: () => Promise<LanguageClient | null>,
  view: View,
  params: Readonly<Record<string, unknown>>,
  onProgress: (text: string, percentage: number) => void,
  source: CancellationTokenSource,
): Promise<unknown> {
  const running = await client();
  if (running === null) {
    throw new Error("Leakline's server does not run: set it up, then open the explorer again");
  }
  const request = new RequestType<object, unknown, unknown>(METHOD + view);
  if (!LONG.includes(view)) {
    return running.sendRequest(request, params);
  }
  tokens += 1;
  const workDoneToken = `leakline-heap-${tokens}`;
  const progress = running.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind === "report") {
      onProgress(value.message ?? "", value.percentage ?? 0);
    }
  });
  try {
    return await running.sendRequest(request, { ...params, workDoneToken }, source.token);
  } finally {
    progress.dispose();
    source.dispose();
  }
}
