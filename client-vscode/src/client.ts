/** The language client: which documents it serves and what it does differently from the default. */

import {
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
import { runServerCommand } from "./serverCommand";
import type { ServerCommand } from "./server/command";
import type { StatusBar } from "./statusBar";

const LANGUAGES = ["javascript", "javascriptreact", "typescript", "typescriptreact"];

export interface Connection {
  readonly client: LanguageClient;
  readonly progress: ProgressNotices;
}

export function createConnection(
  server: ServerCommand,
  output: LogOutputChannel,
  statusBar: StatusBar,
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
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ language, scheme: "file" })),
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      handleWorkDoneProgress: (token, value, next) => {
        progress.handle(token, value, () => {
          next(token, value);
        });
      },
      // The code actions come through here. The client's own handler would say only that a
      // request failed, not why.
      executeCommand: (command, args: unknown[]) => runServerCommand(client, command, args),
    },
  };
  const client = new LanguageClient(
    "leakline",
    "Leakline",
    { command: server.command, args: [...server.args], transport: TransportKind.stdio },
    options,
  );
  client.onNotification(statusNotification, (status) => {
    statusBar.set(status);
  });
  return { client, progress };
}
