/** Where VS Code enters and leaves. */

import { commands, window, workspace, type ExtensionContext } from "vscode";

import { SERVER_COMMANDS, sourceContentRequest } from "./protocol";
import { runServerCommand } from "./serverCommand";
import { Session } from "./session";
import { SOURCE_SCHEME, sourceText } from "./sourceContent";
import { pythonExtension } from "./server/surroundings";
import { CANCEL_COMMAND } from "./status";
import { StatusBar } from "./statusBar";

let session: Session | null = null;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("Leakline", { log: true });
  const statusBar = new StatusBar();
  const current = new Session(output, statusBar);
  session = current;

  const onServer = (serverCommand: string) => async () => {
    const client = await current.client();
    if (client !== null) {
      await runServerCommand(client, serverCommand, activeFile());
    }
  };
  const reconsider = () => void current.reconsider();
  const followInterpreter = async () => {
    const python = await pythonExtension();
    if (python !== null) {
      context.subscriptions.push(python.environments.onDidChangeActiveEnvironmentPath(reconsider));
    }
  };
  context.subscriptions.push(
    output,
    statusBar,
    workspace.registerTextDocumentContentProvider(SOURCE_SCHEME, {
      // VS Code never lets a document of a content provider be edited.
      provideTextDocumentContent: (uri, cancellation) =>
        sourceText(uri.toString(), async (name) => {
          const client = await current.client();
          return client?.sendRequest(sourceContentRequest, { uri: name }, cancellation);
        }),
    }),
    commands.registerCommand("leakline.measureGrowth", onServer(SERVER_COMMANDS.measure)),
    commands.registerCommand("leakline.captureHeapSnapshot", onServer(SERVER_COMMANDS.capture)),
    commands.registerCommand("leakline.restartServer", () => current.restart()),
    commands.registerCommand("leakline.showOutput", () => {
      output.show();
    }),
    commands.registerCommand(CANCEL_COMMAND, () => {
      current.cancelAll();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      reconsider();
      void followInterpreter();
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (
        change.affectsConfiguration("leakline.server.path") ||
        change.affectsConfiguration("python.defaultInterpreterPath")
      ) {
        reconsider();
      }
    }),
  );
  await current.client();
  if (workspace.isTrusted) {
    await followInterpreter();
  }
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

/** The server takes the settings of the folder that this file lies in. */
function activeFile(): { uri: string }[] {
  const uri = window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" ? [{ uri: uri.toString() }] : [];
}
