/** Carries the page's questions to the server and the answers back. */

import { VIEWS, type FromPage, type ToPage, type View } from "./messages";

/** One question that can be given up. */
export interface Pending {
  readonly answer: Promise<unknown>;
  cancel(): void;
}

/** The percentage is null where nobody knows how long it takes. */
export type OnProgress = (text: string, percentage: number | null) => void;

export type Ask = (
  view: View,
  params: Readonly<Record<string, unknown>>,
  onProgress: OnProgress,
) => Pending;

export class Bridge {
  readonly #pending = new Map<number, Pending>();

  /**
   * @param failureText The error in words; null when it was cancelled.
   */
  constructor(
    private readonly ask: Ask,
    private readonly post: (message: ToPage) => void,
    private readonly failureText: (error: unknown) => string | null,
  ) {}

  /** Takes a question or a cancellation; says whether it was one. */
  take(message: FromPage): boolean {
    if (message.type === "ask") {
      void this.#answer(message.id, message.view, message.params);
      return true;
    }
    if (message.type === "cancel") {
      this.#pending.get(message.id)?.cancel();
      return true;
    }
    return false;
  }

  /** Gives up what is under way: the page is gone. */
  dispose(): void {
    for (const pending of this.#pending.values()) {
      pending.cancel();
    }
    this.#pending.clear();
  }

  async #answer(id: number, view: View, params: Readonly<Record<string, unknown>>): Promise<void> {
    if (!VIEWS.includes(view)) {
      this.post({ type: "failure", id, text: `there is no view ${view}` });
      return;
    }
    const pending = this.ask(view, params, (text, percentage) => {
      this.post({ type: "progress", id, text, percentage });
    });
    this.#pending.set(id, pending);
    try {
      this.post({ type: "answer", id, data: await pending.answer });
    } catch (error) {
      this.post({ type: "failure", id, text: this.failureText(error) ?? "cancelled" });
    } finally {
      this.#pending.delete(id);
    }
  }
}
