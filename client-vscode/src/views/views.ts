/** The Leakline view container: its trees, what fills them, and the buttons on targets. */

import { commands, Disposable, EventEmitter, window, workspace } from "vscode";

import type { DebugSessions } from "../measuring/debugSessions";
import type { Measurements } from "../measuring/measurements";
import type { Program } from "../measuring/picking";
import { portOf, portsIn } from "../measuring/target";
import { recordingsRequest, SERVER_COMMANDS, summaryRequest } from "../protocol";
import type { Session } from "../session";
import { leaksOf, type Leak } from "./leaks";
import { LeaksView } from "./leaksView";
import { listening, PortWatch } from "./portWatch";
import { registerRecordingCommands } from "./recordingCommands";
import { recordingsOf, type Recording } from "./recordings";
import { RecordingsView } from "./recordingsView";
import { RecordingWatch } from "./recordingWatch";
import { TargetsView } from "./targetsView";

const LOOK_MS = 2000;

export class Views implements Disposable {
  readonly #leaks: LeaksView;
  readonly #recordings: RecordingsView;
  readonly #targets: TargetsView;
  readonly #disposable: Disposable;
  readonly #shown = new EventEmitter<void>();
  /** The user looks at one of the views. */
  readonly onDidShow = this.#shown.event;
  readonly #watch = new PortWatch(listening, () => {
    this.#targets.refresh();
  });

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
    const watch = new RecordingWatch(openFolders, () => {
      this.#recordings.refresh();
    });
    this.#disposable = Disposable.from(
      targets,
      leaks,
      recordings,
      this.#shown,
      ...[targets, leaks, recordings].map((view) =>
        view.onDidChangeVisibility(({ visible }) => {
          if (visible) {
            this.#shown.fire();
          }
        }),
      ),
      // Programs come and go without a word: look again whenever the user does, and meanwhile.
      targets.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          this.#targets.refresh();
        }
      }),
      every(LOOK_MS, async () => {
        if (targets.visible && window.state.focused) {
          await this.#watch.look();
        }
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("leakline.inspect")) {
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
      every(LOOK_MS, async () => {
        if (recordings.visible && window.state.focused) {
          await watch.look();
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

  async #readTargets(): Promise<readonly Program[]> {
    const client = this.session.runningClient;
    if (client === null) {
      return [];
    }
    const { programs, searchedPorts } = await this.measurements.list(client);
    const inspectors = programs.filter((program) => "inspector" in program);
    // A setting that was changed just now may not have come to the server yet.
    this.#watch.know([...searchedPorts, ...configuredPorts()], inspectors.map(portOf));
    return programs;
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

function openFolders(): string[] {
  return (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

/** The ports in `leakline.inspect`, of the window and of each folder. */
function configuredPorts(): number[] {
  const places = [undefined, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  return places.flatMap((place) =>
    portsIn(workspace.getConfiguration("leakline", place).get("inspect")),
  );
}

/** Does something again and again, each time after the time before has come to its end. */
function every(milliseconds: number, action: () => Promise<void>): Disposable {
  let timer: NodeJS.Timeout | null = null;
  const next = () => {
    timer = setTimeout(() => {
      void action().finally(() => {
        if (timer !== null) {
          next();
        }
      });
    }, milliseconds);
  };
  next();
  return new Disposable(() => {
    if (timer !== null) {
      clearTimeout(timer);
    }
    timer = null;
  });
}
