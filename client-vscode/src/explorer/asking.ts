/** Asks the server, with progress and cancel. */

import { CancellationTokenSource } from "vscode";
import {
  RequestType,
  WorkDoneProgress,
  type LanguageClient,
} from "vscode-languageclient/node";

import type { Session } from "../session";
import type { Ask, OnProgress, Pending } from "./bridge";
import type { ScriptPlace, SourcePlace, View } from "./messages";

const METHOD = "leakline/heap/";

/** Views that may have to load a snapshot or analyse a recording first. */
const LONG: readonly View[] = ["load", "compare", "growth"];

let tokens = 0;

/** There is no server to ask. */
export class NoServer extends Error {
  constructor() {
    super("Leakline's server does not run. The heap is shown here as soon as it does");
  }
}

export function asker(session: Session): Ask {
  return (view, params, onProgress): Pending => {
    const source = new CancellationTokenSource();
    return {
      cancel: () => {
        source.cancel();
      },
      answer: answer(session, view, params, onProgress, source),
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
  session: Session,
  view: View,
  params: Readonly<Record<string, unknown>>,
  onProgress: OnProgress,
  source: CancellationTokenSource,
): Promise<unknown> {
  if (session.runningClient === null) {
    onProgress("starting Leakline", null);
  }
  const running = await Promise.race([session.client(), cancelled(source)]);
  if (running === null) {
    throw new NoServer();
  }
  const request = new RequestType<object, unknown, unknown>(METHOD + view);
  // Only what takes long is worth the process that answers it.
  if (!LONG.includes(view)) {
    return running.sendRequest(request, params);
  }
  tokens += 1;
  const workDoneToken = `leakline-heap-${tokens}`;
  const progress = running.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind === "report") {
      onProgress(value.message ?? "", value.percentage ?? null);
    }
  });
  try {
    return await running.sendRequest(request, { ...params, workDoneToken }, source.token);
  } finally {
    progress.dispose();
    source.dispose();
  }
}

function cancelled({ token }: CancellationTokenSource): Promise<never> {
  return new Promise((_resolve, reject) => {
    token.onCancellationRequested(() => {
      reject(new Error("cancelled"));
    });
  });
}
