// Events for whoever iterates over them, as they come or afterwards.

/** Events that wait for a reader; later ones are left out while so many do. */
const MOST_WAITING = 10_000;

export class EventQueue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #ended = false;
  /** Of everybody who waits. */
  #wakes: (() => void)[] = [];

  push(event: T): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(event);
    this.#wake();
  }

  /** @param last an event that is never left out */
  end(last?: T): void {
    if (last !== undefined) this.#waiting.push(last);
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    const wakes = this.#wakes;
    this.#wakes = [];
    for (const wake of wakes) wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) yield event;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wakes.push(resolve);
        });
      }
    }
  }
}
