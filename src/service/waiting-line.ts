// A line for what is too dear to be done without bounds: a few at a time, some wait, and the rest are sent away.

/** The line is full: whoever comes now is to come again later. */
export class LineFull extends Error {
  override readonly name = 'LineFull';
  /** As HTTP has it. */
  readonly statusCode = 503;
}

export class WaitingLine {
  readonly #mostAtOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  /** @param mostAtOnce works that are done at the same time @param mostWaiting works that wait for these */
  constructor(mostAtOnce: number, mostWaiting: number) {
    this.#mostAtOnce = mostAtOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** Neither works nor waits. */
  get isEmpty(): boolean {
    return this.#running === 0 && this.#waiting.size === 0;
  }

  /**
   * Does a work when it is its turn.
   * @param signal whoever wanted it has gone: it leaves the line; what runs already ends by itself
   * @throws LineFull at once, where too many wait
   * @throws what the signal was aborted with, or what the work throws
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#running < this.#mostAtOnce) this.#running++;
    else {
      if (this.#waiting.size >= this.#mostWaiting) throw new LineFull('too many wait for this: try again in a while');
      await this.#wait(signal);
    }
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Resolves with a place among those that run, which whoever leaves has handed over. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(begin);
        reject(signal!.reason);
      };
      const begin = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#waiting.add(begin);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
