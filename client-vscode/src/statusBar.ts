import { StatusBarAlignment, window, type Disposable } from "vscode";

import { statusBarView, type Status } from "./status";

const BUSY = new Set<Status["state"]>(["starting", "settingUp", "measuring", "analyzing"]);

/** The one status bar item. It is not there before somebody needs the server. */
export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem("leakline.status", StatusBarAlignment.Left);
  #status: Status = { state: "starting" };
  #cancellable = false;

  /** @param onSettled Told each time that nothing runs any more. */
  constructor(private readonly onSettled: (status: Status) => void) {
    this.#item.name = "Leakline";
  }

  set(status: Status): void {
    this.#status = status;
    this.#render();
    this.#item.show();
    if (!BUSY.has(status.state)) {
      this.onSettled(status);
    }
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
    this.#item.accessibilityInformation = { label: view.spoken, role: "button" };
  }
}
