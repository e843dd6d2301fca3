/** What is shown while a snapshot is loaded, or when it could not be. */

import type { OnProgress } from "./connection";
import { button, element } from "./dom";

export class Loading {
  readonly element = element("div", { class: "loading" });

  /** @param onCancel Called when the user has enough of waiting. */
  begin(onCancel: () => void): OnProgress {
    const text = element("p", { role: "status" }, "Loading the heap…");
    const bar = element("progress", { max: 100, "aria-label": "Loading the heap" });
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

  fail(text: string, onRetry: () => void): void {
    const cancelled = text === "cancelled";
    this.element.replaceChildren(
      element("h2", {}, cancelled ? "Cancelled" : "This heap cannot be shown"),
      cancelled ? "" : element("p", { role: "alert" }, sentence(text)),
      button(cancelled ? "Load it" : "Try again", onRetry),
    );
    this.element.hidden = false;
  }

  end(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}

/** A sentence; a file's name at its beginning stays as it is. */
function sentence(text: string): string {
  const begins = /^\p{Ll}+ /u.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return `${begins}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
