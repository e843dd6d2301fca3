/** One server at a time: found, started, restarted, stopped. */

import { commands, window, type Disposable, type LogOutputChannel } from "vscode";
import { State, type LanguageClient } from "vscode-languageclient/node";

import { createConnection, type Connection } from "./client";
import { sameCommand, type ServerCommand } from "./server/command";
import { describeRejected, discover, notFoundMessage } from "./server/discover";
import { probe } from "./server/probe";
import { surroundings } from "./server/surroundings";
import type { StatusBar } from "./statusBar";

const SHOW_OUTPUT = "Show output";
const HOW_TO_INSTALL = "How to install";

interface Running extends Connection {
  readonly server: ServerCommand;
}

export class Session implements Disposable {
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

  dispose(): void {
    void this.stop();
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
        this.#unavailable(notFoundMessage(discovery, around.configured !== null));
      }
      return discovery.server;
    } catch (error) {
      this.#unavailable(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  async #run(server: ServerCommand): Promise<void> {
    this.output.info(
      `Starting ${[server.command, ...server.args].join(" ")} (from ${server.origin})`,
    );
    const connection = createConnection(server, this.output, this.statusBar);
    connection.client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        this.statusBar.set({ state: "idle", findings: 0, text: "" });
      } else {
        connection.progress.closeAll();
        this.statusBar.set(
          newState === State.Starting
            ? { state: "starting" }
            : { state: "stopped", text: "Leakline's server has stopped" },
        );
      }
    });
    try {
      await connection.client.start();
      this.#running = { ...connection, server };
    } catch (error) {
      this.#unavailable(
        `Leakline's server did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running !== null) {
      await running.client.dispose();
    }
  }

  #unavailable(message: string): void {
    this.output.error(message);
    this.statusBar.set({ state: "stopped", text: message });
    void window.showErrorMessage(message, HOW_TO_INSTALL, SHOW_OUTPUT).then((choice) => {
      if (choice === SHOW_OUTPUT) {
        this.output.show();
      } else if (choice === HOW_TO_INSTALL) {
        void commands.executeCommand("extension.open", "leakline.leakline");
      }
    });
  }
}
