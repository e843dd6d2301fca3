/** Ticks the steps of the walkthrough off, by the context keys that its manifest names. */

import { commands } from "vscode";

import type { Status } from "./status";

export class WalkthroughSteps {
  #leaked = false;

  /** Takes what the server says while nothing runs. */
  note(status: Status): void {
    if (status.state === "findings") {
      this.#leaked = true;
      set("leakline.leaksFound");
    } else if (status.state === "idle" && status.text !== "" && this.#leaked) {
      set("leakline.leakMended");
    }
    if (status.state === "findings" || status.state === "idle") {
      set("leakline.serverRuns");
    }
  }
}

function set(key: string): void {
  void commands.executeCommand("setContext", key, true);
}
