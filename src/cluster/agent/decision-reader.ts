// Decisions as an agent hears them: in order, each once, what was missed asked for.
import type { Recorded } from '../messages.ts';

export class DecisionReader {
  readonly #take: (recorded: Recorded) => void;
  readonly #ask: (after: number) => Promise<readonly Recorded[]>;
  readonly #isGenuine: (recorded: Recorded) => boolean;
  #last = 0;
  #isAsking = false;

  /**
   * @param ask who leads for the decisions after a place
   * @param isGenuine whether it comes from who may decide
   */
  constructor(
    take: (recorded: Recorded) => void,
    ask: (after: number) => Promise<readonly Recorded[]>,
    isGenuine: (recorded: Recorded) => boolean,
  ) {
    this.#take = take;
    this.#ask = ask;
    this.#isGenuine = isGenuine;
  }

  /** Takes what was told. */
  hear(recorded: Recorded): void {
    if (recorded.place <= this.#last) return;
    if (recorded.place !== this.#last + 1) void this.catchUp(recorded.place);
    else this.#follow(recorded);
  }

  /** A decision counts at its place alone, and what is not genuine takes no place. @returns whether it was followed */
  #follow(recorded: Recorded): boolean {
    if (recorded.place !== this.#last + 1 || !this.#isGenuine(recorded)) return false;
    this.#last = recorded.place;
    this.#take(recorded);
    return true;
  }

  /** @param to the place of the last decision there is */
  async catchUp(to: number): Promise<void> {
    if (to <= this.#last || this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (this.#last < to) {
        const missed = await this.#ask(this.#last);
        let isFurther = false;
        for (const recorded of missed) if (this.#follow(recorded)) isFurther = true;
        if (!isFurther) return;
      }
    } catch {
      // Nobody answers: the next sign of life of who leads says again what there is.
    } finally {
      this.#isAsking = false;
    }
  }
}
