// Decisions as an agent hears them: in order, each once, what was missed asked for.
import type { Recorded } from '../messages.ts';

export class DecisionReader {
  readonly #take: (recorded: Recorded) => void;
  readonly #ask: (after: number) => Promise<readonly Recorded[]>;
  #last = 0;
  #isAsking = false;

  /** @param ask who leads for the decisions after a place */
  constructor(take: (recorded: Recorded) => void, ask: (after: number) => Promise<readonly Recorded[]>) {
    this.#take = take;
    this.#ask = ask;
  }

  /** Takes what was told. */
  hear(recorded: Recorded): void {
    if (recorded.seq <= this.#last) return;
    if (recorded.prev > this.#last) void this.catchUp(recorded.seq);
    else this.#follow(recorded);
  }

  #follow(recorded: Recorded): void {
    this.#last = recorded.seq;
    this.#take(recorded);
  }

  /** @param to the place of the last decision there is */
  async catchUp(to: number): Promise<void> {
    if (to <= this.#last || this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (this.#last < to) {
        const missed = await this.#ask(this.#last);
        if (missed.length === 0) return;
        for (const recorded of missed) if (recorded.seq > this.#last) this.#follow(recorded);
      }
    } catch {
      // Nobody answers: the next sign of life of who leads says again what there is.
    } finally {
      this.#isAsking = false;
    }
  }
}
