/** The Leakline view container: its trees, what fills them, and the buttons on their rows. */

import { rm } from "node:fs/promises";

import { commands, Disposable, Uri, window, workspace } from "vscode";

import { failureText } from "../failure";
import { analyzeRequest, SERVER_COMMANDS, summaryRequest } from "../protocol";
import { run } from "../server/run";
import { runServerCommand } from "../serverCommand";
import type { Session } from "../session";
import { leaksOf, type Leak } from "./leaks";
import { LeaksView } from "./leaksView";
import { RecordingsView, timeOf, type RecordingNode } from "./recordingsView";
import { configuredTarget, parseTargets, type Target } from "./targets";
import { TargetsView } from "./targetsView";

const TARGETS_TIMEOUT_MS = 20_000;
const INSPECTOR_TIMEOUT_MS = 2_000;

export class Views implements Disposable {
  readonly #leaks: LeaksView;
  readonly #recordings: RecordingsView;
  readonly #targets: TargetsView;
  readonly #disposable: Disposable;

  constructor(private readonly session: Session) {
    this.#leaks = new LeaksView(() => this.#readLeaks());
    this.#recordings = new RecordingsView(folders);
    this.#targets = new TargetsView(() => this.#readTargets());
    const targets = window.createTreeView("leakline.targets", { treeDataProvider: this.#targets });
    const leaks = window.createTreeView("leakline.leaks", { treeDataProvider: this.#leaks });
    const recordings = window.createTreeView("leakline.recordings", {
      treeDataProvider: this.#recordings,
    });
    this.#disposable = Disposable.from(
      targets,
      leaks,
      recordings,
      // Programs come and go without a word: look again whenever the user does.
      targets.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          this.#targets.refresh();
        }
      }),
      recordings.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          this.#recordings.refresh();
        }
      }),
      commands.registerCommand("leakline.refreshTargets", () => {
        this.#targets.refresh();
      }),
      commands.registerCommand("leakline.refreshRecordings", () => {
        this.#recordings.refresh();
      }),
      commands.registerCommand("leakline.measureTarget", (target: Target) =>
        this.#onTarget(SERVER_COMMANDS.measure, target),
      ),
      commands.registerCommand("leakline.captureTarget", (target: Target) =>
        this.#onTarget(SERVER_COMMANDS.capture, target),
      ),
      commands.registerCommand("leakline.analyzeRecording", (node: RecordingNode) =>
        this.#analyze(node),
      ),
      commands.registerCommand("leakline.deleteRecording", (node: RecordingNode) =>
        this.#delete(node),
      ),
      commands.registerCommand("leakline.revealRecording", ({ recording }: RecordingNode) =>
        commands.executeCommand("revealFileInOS", Uri.file(recording.path)),
      ),
    );
  }

  /** Fills the trees anew, after the server has changed its state. */
  refresh(): void {
    this.#leaks.refresh();
    this.#recordings.refresh();
  }

  /** Looks for programs anew, after a server was started. */
  serverStarted(): void {
    this.refresh();
    this.#targets.refresh();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  async #readLeaks(): Promise<Leak[]> {
    const client = this.session.runningClient;
    return client === null ? [] : leaksOf(await client.sendRequest(summaryRequest, {}));
  }

  async #readTargets(): Promise<Target[]> {
    const program = this.session.program;
    if (program === null) {
      return [];
    }
    const { code, stdout, stderr } = await run(program.command, [...program.args, "targets"], {
      timeoutMs: TARGETS_TIMEOUT_MS,
    });
    if (code !== 0) {
      throw new Error(stderr.split("\n").at(-1) ?? "leakline targets did not answer");
    }
    const found = parseTargets(stdout);
    const inspect = workspace
      .getConfiguration("leakline", workspace.workspaceFolders?.[0]?.uri)
      .get("inspect", "");
    if (found.some((target) => target.address === inspect)) {
      return found;
    }
    const configured = await configuredTarget(inspect, getJson);
    return configured === null ? found : [configured, ...found];
  }

  async #onTarget(command: string, target: Target): Promise<void> {
    const client = await this.session.client();
    if (client !== null) {
      const uri = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
      const where = uri === undefined ? {} : { uri: uri.toString() };
      await runServerCommand(client, command, [{ ...where, inspect: target.address }]);
    }
  }

  async #analyze({ folder, recording }: RecordingNode): Promise<void> {
    const client = await this.session.client();
    if (client === null) {
      return;
    }
    try {
      await client.sendRequest(analyzeRequest, { paths: [recording.path], workspace: folder });
    } catch (error) {
      const text = failureText(error);
      if (text !== null) {
        void window.showErrorMessage(`Leakline: ${text}`);
      }
    }
  }

  async #delete({ recording }: RecordingNode): Promise<void> {
    const choice = await window.showWarningMessage(
      `Delete the recording of ${timeOf(recording)}?`,
      { modal: true, detail: "Its snapshots are deleted for good." },
      "Delete",
    );
    if (choice === "Delete") {
      await rm(recording.path, { recursive: true, force: true });
      this.#recordings.refresh();
    }
  }
}

function folders(): string[] {
  return (workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(INSPECTOR_TIMEOUT_MS) });
  return response.json();
}
