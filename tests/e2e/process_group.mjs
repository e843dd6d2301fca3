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
    this.ended = new Promise((resolve, reject) => {
      this.child.once("exit", resolve);
      this.child.once("error", reject);
    });
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
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

  /** Asks the whole group to end, and ends it after five seconds. */
  async stop() {
    if (!this.running) {
      return;
    }
    process.kill(-this.child.pid, "SIGTERM");
    const impatient = setTimeout(() => process.kill(-this.child.pid, "SIGKILL"), 5000);
    await this.ended;
    clearTimeout(impatient);
  }
}
