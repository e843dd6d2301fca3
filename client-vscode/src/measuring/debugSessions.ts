/** Programs that VS Code's own debugger is attached to: it shares its connection with us. */

import { commands, debug, Disposable, EventEmitter, type DebugSession } from "vscode";

import { fields } from "../json";

const REQUEST_PROXY = "extension.js-debug.requestCDPProxy";

/** One that can be measured through the debugger. */
export interface DebuggedProgram {
  readonly id: string;
  readonly name: string;
  /** The port of the inspector that the debugger was told to attach to; null where it started it. */
  readonly port: number | null;
  readonly kind: "node" | "page";
}

export class DebugSessions implements Disposable {
  readonly #sessions = new Map<string, DebugSession>();
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChange = this.#changed.event;
  readonly #disposable: Disposable;

  constructor() {
    const active = debug.activeDebugSession;
    for (let session = active; session !== undefined; session = session.parentSession) {
      this.#sessions.set(session.id, session);
    }
    this.#disposable = Disposable.from(
      this.#changed,
      debug.onDidStartDebugSession((session) => {
        this.#sessions.set(session.id, session);
        this.#changed.fire(undefined);
      }),
      debug.onDidTerminateDebugSession((session) => {
        this.#sessions.delete(session.id);
        this.#changed.fire(undefined);
      }),
    );
  }

  /** The debugged programs. js-debug has a session without a program above each of them. */
  get programs(): DebuggedProgram[] {
    return [...this.#sessions.values()]
      .filter(({ type, parentSession }) => type.startsWith("pwa-") && parentSession !== undefined)
      .map((session) => ({
        id: session.id,
        name: session.name,
        port: portOf(session),
        kind: session.type === "pwa-node" ? "node" : "page",
      }));
  }

  /**
   * Where the debugger passes its connection on.
   *
   * @returns A `ws://` address; null when the session has ended.
   */
  async share(program: DebuggedProgram): Promise<string | null> {
    const answer: unknown = await commands.executeCommand(REQUEST_PROXY, program.id);
    const { host, port, path } = fields(answer);
    if (typeof host !== "string" || !/^\d+$/.test(String(port))) {
      return null;
    }
    const shownHost = host.includes(":") ? `[${host}]` : host;
    return `ws://${shownHost}:${String(port)}${typeof path === "string" ? path : "/"}`;
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** The port of the nearest session that was told one. */
function portOf(session: DebugSession): number | null {
  for (let each: DebugSession | undefined = session; each; each = each.parentSession) {
    const port: unknown = each.configuration.port ?? each.configuration.attachSimplePort;
    if (each.configuration.request === "attach" && typeof port === "number") {
      return port;
    }
  }
  return null;
}
