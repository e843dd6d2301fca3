/** One server at a time: found, started, restarted, stopped. */

import { commands, window, type LogOutputChannel } from "vscode";
import { State, type LanguageClient } from "vscode-languageclient/node";

import { createConnection, type Connection } from "./client";
import { sameCommand, type ServerCommand } from "./server/command";
import { describeRejected, discover, notFoundMessage } from "./server/discover";
import { probe } from "./server/probe";
import { surroundings } from "./server/surroundings";
import type { StatusBar } from "./statusBar";

const SHOW_OUTPUT = "Show output";

/** A button that helps with a server that is not there. */
interface Remedy {
  readonly title: string;
  readonly command: string;
  readonly argument: string;
}

const HOW_TO_INSTALL: Remedy = {
  title: "How to install",
  command: "extension.open",
  argument: "leakline.leakline",
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
  /** Starts and stops wait for the one before them. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly output: LogOutputChannel,
    private readonly statusBar: StatusBar,
  ) {}

  /** The running client, started if need be; null when there is no server to start. */
  client(): Promise<LanguageClient | null> {
    return this.#inTurn(async () => {
      if (this.#running?.client.needsStart() === true) {
        await this.#stop();
      }
      if (this.#running === null) {
        await this.#start();
      }
      return this.#running?.client ?? null;
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
    const server = await this.#find();
    if (server !== null) {
      await this.#run(server);
    }
  }

  /** Looks for a server; tells the user when there is none. */
  async #find(): Promise<ServerCommand | null> {
    try {
      const around = await surroundings();
      const discovery = await discover(around, probe);
      for (const rejected of discovery.rejected) {
        this.output.info(`Passed over ${describeRejected(rejected)}`);
      }
      if (discovery.server === null) {
        const configured = around.configured !== null;
        this.#unavailable(
          notFoundMessage(discovery, configured),
          configured ? OPEN_SETTINGS : HOW_TO_INSTALL,
        );
      }
      return discovery.server;
    } catch (error) {
      this.#unavailable(messageOf(error), OPEN_SETTINGS);
      return null;
    }
  }

  async #run(server: ServerCommand): Promise<void> {
    this.output.info(
      `Starting ${[server.command, ...server.args].join(" ")} (from ${server.origin})`,
    );
    const connection = createConnection(server, this.output, this.statusBar);
    connection.client.onDidChangeState(({ newState }) => {
      this.#follow(connection, newState);
    });
    try {
      await connection.client.start();
      this.#running = { ...connection, server };
    } catch (error) {
      this.#unavailable(`Leakline's server did not start: ${messageOf(error)}`, OPEN_SETTINGS);
    }
  }

  #follow(connection: Connection, state: State): void {
    if (state === State.Running) {
      this.statusBar.set({ state: "idle", findings: 0, text: "" });
      return;
    }
    connection.progress.closeAll();
    if (state === State.Starting) {
      this.statusBar.set({ state: "starting" });
    } else if (this.#running?.client === connection.client) {
      // It has ended by itself: one that is stopped from here is let go of before.
      this.statusBar.set({ state: "stopped", text: "Leakline: the server has stopped" });
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running !== null) {
      await running.client.dispose();
    }
  }

  #unavailable(message: string, remedy: Remedy): void {
    this.output.error(message);
    this.statusBar.set({ state: "stopped", text: message });
    void window.showErrorMessage(message, remedy.title, SHOW_OUTPUT).then((choice) => {
      if (choice === SHOW_OUTPUT) {
        this.output.show();
      } else if (choice === remedy.title) {
        void commands.executeCommand(remedy.command, remedy.argument);
      }
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
