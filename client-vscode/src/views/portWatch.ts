/**
 * Notices that a program's inspector appears or goes.
 *
 * Only whether something listens is looked at: wrangler's inspector takes one client at a time, and
 * is not to be asked again and again.
 */

import { connect } from "node:net";

/** An inspector may listen for a while before it knows its program. */
const PATIENCE = 15;

const TIMEOUT_MS = 1000;

export class PortWatch {
  #searched: readonly number[] = [];
  #known = new Set<number>();
  #last: string | null = null;
  #patience = 0;

  /** @param onChange Called when it is worth to look for programs again. */
  constructor(
    private readonly listening: (ports: readonly number[]) => Promise<number[]>,
    private readonly onChange: () => void,
  ) {}

  /** Takes where programs may be, and where there are some. */
  know(searched: readonly number[], known: readonly number[]): void {
    this.#searched = [...new Set([...searched, ...known])];
    this.#known = new Set(known);
  }

  async look(): Promise<void> {
    const open = await this.listening(this.#searched);
    const now = open.join();
    const changed = this.#last !== null && this.#last !== now;
    this.#last = now;
    if (changed) {
      this.#patience = PATIENCE;
    }
    const isUnknown = open.some((port) => !this.#known.has(port));
    if (changed || (isUnknown && this.#patience > 0)) {
      this.#patience -= 1;
      this.onChange();
    }
  }
}

/** Those of some ports of this machine at which something listens. */
export async function listening(ports: readonly number[]): Promise<number[]> {
  const answers = await Promise.all(ports.map((port) => listens(port)));
  return ports.filter((_port, number) => answers[number]);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "localhost", port, timeout: TIMEOUT_MS });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
