// Programs that are started for a test, each as the leader of a process group that is ended whole.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export class ProcessGroup {
  /**
   * @param {string} name What messages call it.
   * @param {string[]} command
   * @param {{cwd?: string, env: NodeJS.ProcessEnv, log: string}} options
   */
  constructor(name, command, { cwd, env, log }) {
    this.name = name;
    this.output = "";
    this.child = spawn(command[0], command.slice(1), {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const file = createWriteStream(log);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on("data", (chunk) => {
        this.output += chunk;
        file.write(chunk);
      });
    }
    this.child.once("error", (error) => {
      this.output += error.message;
    });
  }

  get running() {
    const { pid, exitCode, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** Waits until `ready` answers true. */
  async until(ready, timeoutMs) {
    const deadline = Date.now() + timeoutMs;
    while (!(await ready())) {
      if (!this.running) {
        throw new Error(`${this.name} ended early:\n${this.output.slice(-2000)}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready in time:\n${this.output.slice(-2000)}`);
      }
      await sleep(100);
    }
  }

  /** Asks the whole group to end, and ends what is left of it after five seconds. */
  async stop() {
    this.#signal("SIGTERM");
    const deadline = Date.now() + 5000;
    while (this.#signal(0)) {
      if (Date.now() > deadline) {
        this.#signal("SIGKILL");
      }
      await sleep(50);
    }
  }

  /** Whether the group still had a process to signal. */
  #signal(signal) {
    if (this.child.pid === undefined) {
      return false; // it could not be started
    }
    try {
      return process.kill(-this.child.pid, signal);
    } catch (error) {
      if (error.code === "ESRCH") {
        return false;
      }
      throw error;
    }
  }
}
