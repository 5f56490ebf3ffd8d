// Keeps iterations that never wait for anything from holding up the event loop of a worker.
import type { Clock } from '../clock.ts';

/** Ms that iterations may follow one another before sockets and timers get their turn. */
const BUDGET_MS = 5;

/** Knows how long the current turn of the event loop has gone on. Promises alone never end a turn. */
export class TurnBudget {
  readonly #clock: Clock;
  #began = 0;
  #open = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether the next iteration has to wait for a later turn */
  isSpent(now: number): boolean {
    if (this.#open) return now - this.#began > BUDGET_MS;
    this.#open = true;
    this.#began = now;
    this.#clock.defer(this.#close);
    return false;
  }

  readonly #close = (): void => {
    this.#open = false;
  };
}
