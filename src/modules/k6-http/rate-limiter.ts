/** The `rps` option: requests leave at least 1/rps seconds apart, in the order they came. */
export class RateLimiter {
  readonly #intervalMs: number;
  #next = 0;

  /** @param perSecond the limit of this worker */
  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond;
  }

  /** Calls back when the caller's turn has come; at once if that is now. */
  wait(ready: () => void): void {
    const now = performance.now();
    const turn = Math.max(now, this.#next);
    this.#next = turn + this.#intervalMs;
    if (turn <= now) ready();
    else setTimeout(ready, turn - now);
  }
}
