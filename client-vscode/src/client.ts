/** The language client: what it does differently from the default. */

import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  WorkDoneProgressCancelNotification,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import type { LogOutputChannel } from "vscode";

import { openNotice } from "./notice";
import { ProgressNotices } from "./progress";
import { statusNotification } from "./protocol";
import { SERVED } from "./served";
import type { ServerCommand } from "./server/command";
import type { StatusBar } from "./statusBar";

/** Errors that a connection survives before it is given up. */
const MOST_ERRORS = 3;

/** Has the server carry out a command. */
export type ExecuteCommand = (
  client: LanguageClient,
  command: string,
  args: readonly unknown[],
) => Promise<unknown>;

export interface Connection {
  readonly client: LanguageClient;
  readonly progress: ProgressNotices;
  /** Settles when the server has ended without having been asked to. */
  readonly ended: Promise<void>;
}

/** Leaves it to this extension to say what the user needs to hear; the rest goes to the output. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export function createConnection(
  server: ServerCommand,
  output: LogOutputChannel,
  statusBar: StatusBar,
  execute: ExecuteCommand,
): Connection {
  const progress = new ProgressNotices(
    openNotice,
    (token) => {
      void client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
    },
    (cancellable) => {
      statusBar.setCancellable(cancellable);
    },
  );
  let noteEnd: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    noteEnd = resolve;
  });
  const options: LanguageClientOptions = {
    documentSelector: SERVED,
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // The client's own restarts would leave a start that fails pending for ever.
    errorHandler: {
      error: (_error, _message, count) => ({
        action: (count ?? 0) <= MOST_ERRORS ? ErrorAction.Continue : ErrorAction.Shutdown,
        handled: true,
      }),
      closed: () => {
        noteEnd();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    initializationFailedHandler: () => false,
    middleware: {
      handleWorkDoneProgress: (token, value, next) => {
        progress.handle(token, value, () => {
          next(token, value);
        });
      },
      // The code actions come through here. The client's own handler would say only that a
      // request failed, not why.
      executeCommand: (command, args: unknown[]) => execute(client, command, args),
    },
  };
  const client = new QuietClient(
    "leakline",
    "Leakline",
    { command: server.command, args: [...server.args], transport: TransportKind.stdio },
    options,
  );
  client.onNotification(statusNotification, (status) => {
    statusBar.set(status);
  });
  return { client, progress, ended };
}
