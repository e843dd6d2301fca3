/** Where VS Code enters and leaves. */

import * as path from "node:path";

import { commands, Uri, window, workspace, type ExtensionContext } from "vscode";

import { openExample, showExample } from "./example";
import { adoptEarlyTabs } from "./explorer/earlyTabs";
import { EDITOR, HeapExplorer } from "./explorer/heapExplorer";
import { DebugSessions } from "./measuring/debugSessions";
import { Measurements } from "./measuring/measurements";
import { SERVER_COMMANDS } from "./protocol";
import { Session } from "./session";
import { SetUpOffers } from "./setUpOffers";
import { OwnEnvironment } from "./server/environment";
import { pythonExtension } from "./server/surroundings";
import { shippedWheels } from "./server/wheels";
import { CANCEL_COMMAND, SET_UP_COMMAND } from "./status";
import { StatusBar } from "./statusBar";
import { WalkthroughSteps } from "./walkthrough";
import { Views } from "./views/views";
import { onceWanted } from "./wanted";

let session: Session | null = null;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("Leakline", { log: true });
  const steps = new WalkthroughSteps();
  const statusBar = new StatusBar((status) => {
    steps.note(status);
    const isThere = status.state !== "stopped" && status.state !== "absent";
    void commands.executeCommand("setContext", "leakline.serverMissing", !isThere);
    views.refresh();
  });
  const wheels = await shippedWheels(context.asAbsolutePath("dist/wheels"));
  const own = new OwnEnvironment(path.join(context.globalStorageUri.fsPath, "server"), wheels);
  const debugSessions = new DebugSessions();
  const measurements = new Measurements(debugSessions, output);
  const current = new Session(
    output,
    statusBar,
    own,
    new SetUpOffers(context.globalState),
    (client, command, args) => measurements.run(client, command, args),
  );
  const views = new Views(current, measurements, debugSessions);
  session = current;
  const explorer = new HeapExplorer(
    current,
    Uri.joinPath(context.extensionUri, "dist", "explorer"),
  );

  const onServer = (serverCommand: string) => async () => {
    const client = await current.client();
    if (client !== null) {
      await measurements.run(client, serverCommand, activeFile());
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
    debugSessions,
    views,
    explorer,
    current.onDidStart(() => {
      views.serverStarted();
    }),
    commands.registerCommand("leakline.measureGrowth", onServer(SERVER_COMMANDS.measure)),
    commands.registerCommand("leakline.captureHeapSnapshot", onServer(SERVER_COMMANDS.capture)),
    commands.registerCommand("leakline.restartServer", () => current.restart()),
    commands.registerCommand("leakline.openExample", () =>
      openExample(context.asAbsolutePath("dist/example"), context.globalState),
    ),
    commands.registerCommand(SET_UP_COMMAND, () => current.setUp()),
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
  const start = () => {
    void current.startUnasked();
    if (workspace.isTrusted) {
      void followInterpreter();
    }
  };
  context.subscriptions.push(
    onceWanted(start, [views.onDidShow, current.onDidTry]),
    adoptEarlyTabs(EDITOR, context.workspaceState),
  );
  void showExample(context.globalState);
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

/** The server takes the settings of the folder that this file lies in. */
function activeFile(): { uri: string }[] {
  const uri = window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" ? [{ uri: uri.toString() }] : [];
}
