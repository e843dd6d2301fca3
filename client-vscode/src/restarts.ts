/** How often a server that ends by itself is started again. */

const MOST = 3;
const WINDOW_MS = 3 * 60 * 1000;

export class RestartBudget {
  #taken: number[] = [];

  /** Whether one more start is due; after three in three minutes it is not. */
  take(now: number = Date.now()): boolean {
    this.#taken = this.#taken.filter((time) => now - time < WINDOW_MS);
    if (this.#taken.length >= MOST) {
      return false;
    }
    this.#taken.push(now);
    return true;
  }
}
