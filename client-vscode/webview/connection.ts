/** The page's end of the line to the extension. */

import type { FromPage, ToPage, View } from "../src/explorer/messages";

export type OnProgress = (text: string, percentage: number | null) => void;

interface Waiting {
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnProgress | undefined;
}

export class Connection {
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(private readonly post: (message: FromPage) => void) {}

  /** Asks the server; the type of the answer is the caller's to know. */
  ask<Answer>(
    view: View,
    params: Readonly<Record<string, unknown>>,
    { onProgress, signal }: { onProgress?: OnProgress; signal?: AbortSignal } = {},
  ): Promise<Answer> {
    this.#last += 1;
    const id = this.#last;
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: resolve as (data: unknown) => void,
        reject,
        onProgress,
      });
      signal?.addEventListener("abort", () => {
        this.post({ type: "cancel", id });
      });
      this.post({ type: "ask", id, view, params });
    });
  }

  tell(message: FromPage): void {
    this.post(message);
  }

  take(message: ToPage): void {
    if (message.type === "show") {
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (message.type === "progress") {
      waiting?.onProgress?.(message.text, message.percentage);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.type === "answer") {
      waiting?.resolve(message.data);
    } else {
      waiting?.reject(new Error(message.text));
    }
  }
}
