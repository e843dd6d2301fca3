/** Tabs as the ARIA practices have them: arrows move, the tab that is left is hidden. */

import { element } from "./dom";

export interface TabView {
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Called whenever the tab is shown. */
  readonly onShow: () => void;
}

export class Tabs {
  readonly element: HTMLElement;
  readonly panels: HTMLElement;
  readonly #tabs: HTMLElement[];
  #current = -1;

  constructor(private readonly views: readonly TabView[]) {
    this.#tabs = views.map(({ id, title }, number) => {
      const tab = element(
        "button",
        { role: "tab", type: "button", id: `tab-${id}`, "aria-controls": `panel-${id}` },
        title,
      );
      tab.addEventListener("click", () => {
        this.show(number);
      });
      return tab;
    });
    this.element = element("div", { role: "tablist", "aria-label": "Views of the heap" });
    this.element.append(...this.#tabs);
    this.element.addEventListener("keydown", (event) => {
      const last = views.length - 1;
      const next = {
        ArrowRight: this.#current === last ? 0 : this.#current + 1,
        ArrowLeft: this.#current === 0 ? last : this.#current - 1,
        Home: 0,
        End: last,
      }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        this.show(next);
        this.#tabs[next]?.focus();
      }
    });
    this.panels = element("div", { class: "panels" });
    for (const { id, element: content } of views) {
      const panel = element("div", {
        role: "tabpanel",
        id: `panel-${id}`,
        class: "panel",
        "aria-labelledby": `tab-${id}`,
      });
      panel.append(content);
      this.panels.append(panel);
    }
  }

  get current(): TabView | undefined {
    return this.views[this.#current];
  }

  show(number: number): void {
    this.#current = number;
    this.#tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === number));
      tab.tabIndex = at === number ? 0 : -1;
    });
    [...this.panels.children].forEach((panel, at) => {
      (panel as HTMLElement).hidden = at !== number;
    });
    this.views[number]?.onShow();
  }

  showById(id: string): void {
    this.show(this.views.findIndex((view) => view.id === id));
  }
}
