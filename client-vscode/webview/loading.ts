/** What is shown while something takes long, or when it came to nothing. */

import type { OnProgress } from "./connection";
import { button, element } from "./dom";

/** What such a thing is called. */
export interface Words {
  readonly doing: string;
  readonly failed: string;
  readonly begin: string;
}

/** What a question that takes long is asked with. */
export interface Long {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

const OF_HEAP: Words = {
  doing: "Loading the heap",
  failed: "This heap cannot be shown",
  begin: "Load it",
};

export class Loading {
  readonly element = element("div", { class: "loading", hidden: true });
  #running: AbortController | null = null;

  constructor(private readonly words: Words = OF_HEAP) {}

  /**
   * Does something long, which the user may give up and begin again. What is still under way is
   * given up for it.
   */
  async run(work: (long: Long) => Promise<void>): Promise<void> {
    this.#running?.abort(new Error("cancelled"));
    const abort = new AbortController();
    this.#running = abort;
    const onProgress = this.#begin(() => {
      abort.abort(new Error("cancelled"));
    });
    try {
      await work({ onProgress, signal: abort.signal });
      if (this.#running === abort) {
        this.element.hidden = true;
        this.element.replaceChildren();
      }
    } catch (error) {
      if (this.#running === abort) {
        this.#fail(error instanceof Error ? error.message : String(error), () => {
          void this.run(work);
        });
      }
    }
  }

  #begin(onCancel: () => void): OnProgress {
    const text = element("p", { role: "status" }, `${this.words.doing}…`);
    const bar = element("progress", { max: 100, "aria-label": this.words.doing });
    this.element.replaceChildren(text, bar, button("Cancel", onCancel));
    this.element.hidden = false;
    return (said, percentage) => {
      text.textContent = `${said.charAt(0).toUpperCase()}${said.slice(1)}…`;
      if (percentage === null) {
        bar.removeAttribute("value");
      } else {
        bar.value = percentage;
      }
    };
  }

  #fail(text: string, onRetry: () => void): void {
    const cancelled = text === "cancelled";
    this.element.replaceChildren(
      element("h2", {}, cancelled ? "Cancelled" : this.words.failed),
      cancelled ? "" : element("p", { role: "alert" }, sentence(text)),
      button(cancelled ? this.words.begin : "Try again", onRetry),
    );
    this.element.hidden = false;
  }
}

/** A sentence; a file's name at its beginning stays as it is. */
function sentence(text: string): string {
  const begins = /^\p{Ll}+ /u.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return `${begins}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
