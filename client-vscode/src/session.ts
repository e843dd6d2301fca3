/** One server at a time: found, started, restarted, stopped. */

import { commands, EventEmitter, window, type LogOutputChannel } from "vscode";
import { State, type LanguageClient } from "vscode-languageclient/node";

import { createConnection, type Connection, type ExecuteCommand } from "./client";
import { sameCommand, type ServerCommand } from "./server/command";
import { RestartBudget } from "./restarts";
import { describeRejected, discover, notFoundMessage } from "./server/discover";
import { probe } from "./server/probe";
import type { OwnEnvironment } from "./server/environment";
import { findPython, noPythonMessage } from "./server/python";
import { run } from "./server/run";
import { pythonsForEnvironment, surroundings } from "./server/surroundings";
import { setUpServer } from "./setUp";
import type { SetUpOffers } from "./setUpOffers";
import { SET_UP_COMMAND } from "./status";
import type { StatusBar } from "./statusBar";

const SHOW_OUTPUT = "Show output";
const DO_NOT_ASK = "Don't ask again";

/** A button that helps with a server that is not there. */
interface Remedy {
  readonly title: string;
  readonly command: string;
  readonly argument?: string;
}

const SET_UP: Remedy = { title: "Set up", command: SET_UP_COMMAND };
const GET_PYTHON: Remedy = {
  title: "Get Python",
  command: "vscode.open",
  argument: "https://www.python.org/downloads/",
};
const OPEN_SETTINGS: Remedy = {
  title: "Open settings",
  command: "workbench.action.openSettings",
  argument: "leakline.server.path",
};

interface Running extends Connection {
  readonly server: ServerCommand;
}

export class Session {
  #running: Running | null = null;
  readonly #restarts = new RestartBudget();
  /** Nobody is told of a server that is not set up; the status bar shows it. */
  #quiet = false;
  /** Starts that have come to an end, with a server or without. */
  #attempts = 0;
  /** Set-ups that the user has asked for and that wait for their turn. */
  #setUpsWaiting = 0;
  /** Starts and stops wait for the one before them. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #started = new EventEmitter<void>();
  /** A server runs now. */
  readonly onDidStart = this.#started.event;
  readonly #tried = new EventEmitter<void>();
  /** A start has come to its end, with a server or without. */
  readonly onDidTry = this.#tried.event;

  constructor(
    private readonly output: LogOutputChannel,
    private readonly statusBar: StatusBar,
    private readonly own: OwnEnvironment,
    private readonly offers: SetUpOffers,
    private readonly execute: ExecuteCommand,
  ) {}

  /** The running client, as it is now. */
  get runningClient(): LanguageClient | null {
    return this.#running?.client ?? null;
  }

  /** The running client, started if need be; null when there is no server to start. */
  client(): Promise<LanguageClient | null> {
    this.#quiet = false;
    const before = this.#attempts;
    return this.#inTurn(async () => {
      // What has failed while this waited for its turn has been told already.
      if (this.#running === null && this.#attempts === before) {
        await this.#start();
      }
      return this.#running?.client ?? null;
    });
  }

  /** Starts the server for what is in the window: nobody has asked for anything yet. */
  startUnasked(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#attempts > 0) {
        return;
      }
      this.#quiet = this.offers.isDeclined;
      try {
        await this.#start();
      } finally {
        this.#quiet = false;
      }
    });
  }

  restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** Looks again, and changes servers when another is to be used now. */
  reconsider(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#attempts === 0) {
        return; // nobody has needed one yet
      }
      const server = await this.#find();
      const running = this.#running;
      if (running !== null && server !== null && sameCommand(running.server, server)) {
        return;
      }
      await this.#stop();
      if (server !== null) {
        await this.#run(server);
      }
    });
  }

  /** Makes the environment for the server, and starts the server from it. */
  setUp(): Promise<void> {
    this.#setUpsWaiting += 1;
    return this.#inTurn(async () => {
      this.#setUpsWaiting -= 1;
      await this.#stop();
      if (await this.#makeEnvironment()) {
        await this.#start();
      }
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  cancelAll(): void {
    this.#running?.progress.cancelAll();
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(action);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #start(): Promise<void> {
    this.statusBar.set({ state: "starting" });
    try {
      const server = await this.#find();
      if (server !== null) {
        await this.#run(server);
      }
    } finally {
      this.#attempts += 1;
      this.#tried.fire();
    }
  }

  /** Looks for a server; tells the user when there is none. */
  async #find(): Promise<ServerCommand | null> {
    try {
      const around = await surroundings(this.own);
      const discovery = await discover(around, probe);
      for (const rejected of discovery.rejected) {
        this.output.info(`Passed over ${describeRejected(rejected)}`);
      }
      if (discovery.server === null) {
        if (around.configured !== null) {
          this.#unavailable(notFoundMessage(discovery, true), OPEN_SETTINGS);
        } else if ((await this.own.state()) === "outdated") {
          // A user who has accepted an environment once need not be asked at each update.
          return (await this.#makeEnvironment()) ? await this.#find() : null;
        } else {
          await this.#offerSetUp(notFoundMessage(discovery, false));
        }
      }
      return discovery.server;
    } catch (error) {
      this.#unavailable(messageOf(error), OPEN_SETTINGS);
      return null;
    }
  }

  async #offerSetUp(message: string): Promise<void> {
    const search = await findPython(await pythonsForEnvironment(), run);
    if (search.python === null) {
      this.#absent(noPythonMessage(search), GET_PYTHON);
    } else {
      this.#absent(message, SET_UP);
    }
  }

  /** @returns Whether there is an environment now. */
  async #makeEnvironment(): Promise<boolean> {
    const search = await findPython(await pythonsForEnvironment(), run);
    if (search.python === null) {
      this.#absent(noPythonMessage(search), GET_PYTHON);
      return false;
    }
    try {
      await setUpServer(this.own, search.python, this.output, this.statusBar);
      return true;
    } catch (error) {
      if (isAbort(error)) {
        this.output.info("The set-up was cancelled");
        this.statusBar.set({ state: "absent", text: "Leakline's server is not set up." });
      } else {
        this.#absent(`Leakline's server could not be set up: ${messageOf(error)}.`, {
          ...SET_UP,
          title: "Try again",
        });
      }
      return false;
    }
  }

  async #run(server: ServerCommand): Promise<void> {
    this.output.info(
      `Starting ${[server.command, ...server.args].join(" ")} (from ${server.origin})`,
    );
    const connection = createConnection(server, this.output, this.statusBar, this.execute);
    this.statusBar.set({ state: "starting" });
    connection.client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        // What the server itself says comes after this.
        this.statusBar.set({ state: "idle", findings: 0, text: "" });
      }
    });
    try {
      await Promise.race([connection.client.start(), failWhen(connection.ended)]);
    } catch (error) {
      this.output.error(messageOf(error));
      this.#unavailable(
        `Leakline's server did not start. The output says what ${server.command} said.`,
        OPEN_SETTINGS,
      );
      return;
    }
    this.#running = { ...connection, server };
    this.#started.fire();
    void connection.ended.then(() => this.#startAgain(connection));
  }

  /** Starts a server again that has ended by itself. */
  #startAgain(connection: Connection): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#running?.client !== connection.client) {
        return; // another runs already
      }
      await this.#stop();
      if (this.#restarts.take()) {
        this.output.warn("The server has ended by itself and is started again");
        await this.#start();
      } else {
        this.#unavailable("Leakline's server ends again and again by itself", OPEN_SETTINGS);
      }
    });
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.progress.closeAll();
    try {
      await running?.client.dispose();
    } catch (error) {
      // It was on its way up or down by itself; another is started in any case.
      this.output.warn(`The server did not stop in order: ${messageOf(error)}`);
    }
  }

  /** Says that the server is there but does not run, or is not where the user says. */
  #unavailable(message: string, remedy: Remedy): void {
    this.statusBar.set({ state: "stopped", text: message });
    this.#tell(message, remedy, SHOW_OUTPUT);
  }

  /** Says that there is no server yet. */
  #absent(message: string, remedy: Remedy): void {
    this.statusBar.set({ state: "absent", text: message });
    if (this.#quiet || this.#setUpsWaiting > 0) {
      this.output.info(message);
    } else {
      this.#tell(message, remedy, DO_NOT_ASK);
    }
  }

  #tell(message: string, remedy: Remedy, alternative: string): void {
    this.output.warn(message);
    void window.showWarningMessage(message, remedy.title, alternative).then((choice) => {
      if (choice === SHOW_OUTPUT) {
        this.output.show();
      } else if (choice === DO_NOT_ASK) {
        this.offers.decline();
      } else if (choice === remedy.title) {
        const argument = remedy.argument === undefined ? [] : [remedy.argument];
        void commands.executeCommand(remedy.command, ...argument);
      }
    });
  }
}

async function failWhen(ended: Promise<void>): Promise<never> {
  await ended;
  throw new Error("The server has ended at once");
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
