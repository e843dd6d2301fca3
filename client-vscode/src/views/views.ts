/** The Leakline view container: its trees, what fills them, and the buttons on targets. */

import { commands, Disposable, window, workspace } from "vscode";

import type { DebugSessions } from "../measuring/debugSessions";
import type { Measurements } from "../measuring/measurements";
import type { Program } from "../measuring/picking";
import { recordingsRequest, SERVER_COMMANDS, summaryRequest } from "../protocol";
import type { Session } from "../session";
import { leaksOf, type Leak } from "./leaks";
import { LeaksView } from "./leaksView";
import { registerRecordingCommands } from "./recordingCommands";
import { recordingsOf, type Recording } from "./recordings";
import { RecordingsView } from "./recordingsView";
import { TargetsView } from "./targetsView";

export class Views implements Disposable {
  readonly #leaks: LeaksView;
  readonly #recordings: RecordingsView;
  readonly #targets: TargetsView;
  readonly #disposable: Disposable;

  constructor(
    private readonly session: Session,
    private readonly measurements: Measurements,
    debugSessions: DebugSessions,
  ) {
    this.#leaks = new LeaksView(() => this.#readLeaks());
    this.#recordings = new RecordingsView(() => this.#readRecordings());
    this.#targets = new TargetsView(() => this.#readTargets());
    const targets = window.createTreeView("leakline.targets", { treeDataProvider: this.#targets });
    const leaks = window.createTreeView("leakline.leaks", { treeDataProvider: this.#leaks });
    const recordings = window.createTreeView("leakline.recordings", {
      treeDataProvider: this.#recordings,
      canSelectMany: true,
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
      debugSessions.onDidChange(() => {
        if (targets.visible) {
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
      commands.registerCommand("leakline.measureTarget", (target: Program) =>
        this.#onTarget(SERVER_COMMANDS.measure, target),
      ),
      commands.registerCommand("leakline.captureTarget", (target: Program) =>
        this.#onTarget(SERVER_COMMANDS.capture, target),
      ),
      registerRecordingCommands(session, () => {
        this.#recordings.refresh();
      }),
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

  async #readRecordings(): Promise<Recording[]> {
    const client = this.session.runningClient;
    return client === null ? [] : recordingsOf(await client.sendRequest(recordingsRequest, {}));
  }

  async #readTargets(): Promise<Program[]> {
    const client = this.session.runningClient;
    return client === null ? [] : this.measurements.list(client);
  }

  async #onTarget(command: string, target: Program): Promise<void> {
    const client = await this.session.client();
    if (client !== null) {
      const uri = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
      const where = uri?.scheme === "file" ? { uri: uri.toString() } : {};
      const which = "inspector" in target ? { inspect: target.inspector } : { debugged: target.id };
      await this.measurements.run(client, command, [{ ...where, ...which }]);
    }
  }
}
