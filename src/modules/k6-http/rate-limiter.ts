/** The `rps` option: requests leave at least 1/rps seconds apart, in the order they came. */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #reserve: (intervalMs: number) => number;
  #next = 0;

  /**
   * @param perSecond the limit
   * @param reserve gives turns that other threads count too; left out, the limit is this object's own
   */
  constructor(perSecond: number, reserve?: (intervalMs: number) => number) {
    this.#intervalMs = 1000 / perSecond;
    this.#reserve = reserve ?? ((intervalMs) => this.#reserveOwn(intervalMs));
  }

  /** Calls back when the caller's turn has come; at once if that is now. */
  wait(ready: () => void): void {
    const waitMs = this.#reserve(this.#intervalMs);
    if (waitMs <= 0) ready();
    else setTimeout(ready, waitMs);
  }

  #reserveOwn(intervalMs: number): number {
    const now = performance.now();
    const turn = Math.max(now, this.#next);
    this.#next = turn + intervalMs;
    return turn - now;
  }
}
