import { StatusBarAlignment, window, type Disposable } from "vscode";

import { statusBarView, type Status } from "./status";

/** The one status bar item. */
export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem("leakline.status", StatusBarAlignment.Left);
  #status: Status = { state: "starting" };
  #cancellable = false;

  constructor() {
    this.#item.name = "Leakline";
    this.#render();
    this.#item.show();
  }

  set(status: Status): void {
    this.#status = status;
    this.#render();
  }

  setCancellable(cancellable: boolean): void {
    this.#cancellable = cancellable;
    this.#render();
  }

  dispose(): void {
    this.#item.dispose();
  }

  #render(): void {
    const view = statusBarView(this.#status, this.#cancellable);
    this.#item.text = view.text;
    this.#item.tooltip = view.tooltip;
    this.#item.command = view.command;
    this.#item.accessibilityInformation = { label: view.tooltip, role: "button" };
  }
}
