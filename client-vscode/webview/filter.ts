/** A box that narrows a table down while one types. */

import { element } from "./dom";

const PAUSE_MS = 200;

export class Filter {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  #timer = 0;

  constructor(label: string, onChange: () => void) {
    this.#input = element("input", { type: "search", placeholder: label, "aria-label": label });
    this.#input.addEventListener("input", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(onChange, PAUSE_MS);
    });
    this.element = element("div", { class: "toolbar" }, this.#input);
  }

  get value(): string {
    return this.#input.value.trim();
  }
}
