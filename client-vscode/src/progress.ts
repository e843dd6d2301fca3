/** Turns the server's work-done progress into notifications with a Cancel button. */

import type {
  ProgressToken,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from "vscode-languageserver-protocol";

export type ProgressValue = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** A notification on the screen. */
export interface Notice {
  /** @param increment Percentage points since the last report. */
  report(message: string | undefined, increment: number | undefined): void;
  close(): void;
}

export type OpenNotice = (title: string, onCancel: () => void) => Notice;

interface Running {
  readonly notice: Notice;
  percentage: number;
}

/**
 * Follows every operation of the server that can be cancelled. The others stay where the language
 * client shows them, in the status bar.
 */
export class ProgressNotices {
  readonly #running = new Map<ProgressToken, Running>();

  constructor(
    private readonly open: OpenNotice,
    private readonly sendCancel: (token: ProgressToken) => void,
    private readonly onChange: (cancellable: boolean) => void,
  ) {}

  /** @param next The language client's own handler; it must hear of each end. */
  handle(token: ProgressToken, value: ProgressValue, next: () => void): void {
    if (value.kind === "begin" && value.cancellable === true) {
      this.#begin(token, value);
      return;
    }
    const running = this.#running.get(token);
    if (running === undefined || value.kind === "begin") {
      next();
    } else if (value.kind === "report") {
      report(running, value);
    } else {
      this.#end(token, running);
      next();
    }
  }

  /** Asks the server to cancel everything that runs. */
  cancelAll(): void {
    for (const token of this.#running.keys()) {
      this.sendCancel(token);
    }
  }

  /** Closes every notification: the server that would have ended them is gone. */
  closeAll(): void {
    for (const [token, running] of this.#running) {
      this.#end(token, running);
    }
  }

  #begin(token: ProgressToken, value: WorkDoneProgressBegin): void {
    const notice = this.open(value.title, () => {
      if (this.#running.has(token)) {
        this.sendCancel(token);
      }
    });
    const running = { notice, percentage: 0 };
    this.#running.set(token, running);
    this.onChange(true);
    report(running, value);
  }

  #end(token: ProgressToken, running: Running): void {
    this.#running.delete(token);
    running.notice.close();
    this.onChange(this.#running.size > 0);
  }
}

function report(running: Running, value: WorkDoneProgressBegin | WorkDoneProgressReport): void {
  const percentage = Math.min(100, Math.max(running.percentage, value.percentage ?? 0));
  const increment = percentage - running.percentage;
  running.percentage = percentage;
  if (value.message !== undefined || increment > 0) {
    running.notice.report(value.message, value.percentage === undefined ? undefined : increment);
  }
}
