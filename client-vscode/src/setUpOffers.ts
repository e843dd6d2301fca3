import type { Memento } from "vscode";

const KEY = "leakline.setUpDeclined";

/** Whether the user wants to be asked, at the start, to set the server up. */
export class SetUpOffers {
  constructor(private readonly state: Memento) {}

  get isDeclined(): boolean {
    return this.state.get(KEY, false);
  }

  decline(): void {
    void this.state.update(KEY, true);
  }
}
