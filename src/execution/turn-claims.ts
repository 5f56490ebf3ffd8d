// Whom a load thread has to serve, told before code of the script runs in memory that the main thread reads when the thread hears nothing:
// code that computes for long keeps nobody waiting where there is nobody else.

const CELLS = 3;
const USERS = 0;
const NEXT = 1;
const END = 2;

/** What one scenario says of its part in one thread. Written on the way to each iteration: a store, and nothing else. */
export class TurnClaims {
  readonly #cells: Float64Array;

  /** @param index position of the scenario among all of the test */
  constructor(buffer: SharedArrayBuffer, index: number) {
    this.#cells = new Float64Array(buffer, index * CELLS * Float64Array.BYTES_PER_ELEMENT, CELLS);
  }

  /** Virtual users that have an iteration in progress, or are to begin one as soon as the thread has time. */
  set users(users: number) {
    this.#cells[USERS] = users;
  }

  /** When another one is to begin by the plan, in ms since the epoch by the time of the run; Infinity: none is. */
  set nextMs(ms: number) {
    this.#cells[NEXT] = ms;
  }

  /** When the last of those that are in progress is cut off, if it does not end by itself. */
  set endMs(ms: number) {
    this.#cells[END] = ms;
  }
}

/** @returns memory for the claims of `scenarios` of one thread: nobody needs it yet */
export function createTurnClaims(scenarios: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(scenarios * CELLS * Float64Array.BYTES_PER_ELEMENT);
  new Float64Array(buffer).fill(Number.POSITIVE_INFINITY);
  for (let index = 0; index < scenarios; index++) new TurnClaims(buffer, index).users = 0;
  return buffer;
}

/** What all scenarios of a thread say. */
export interface SummedClaims {
  readonly users: number;
  readonly nextMs: number;
  /** When the last of those that have users cuts them off. */
  readonly endMs: number;
}

export function sumClaims(buffer: SharedArrayBuffer): SummedClaims {
  const cells = new Float64Array(buffer);
  let users = 0;
  let nextMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < cells.length; at += CELLS) {
    users += cells[at + USERS]!;
    nextMs = Math.min(nextMs, cells[at + NEXT]!);
    if (cells[at + USERS]! > 0) endMs = Math.max(endMs, cells[at + END]!);
  }
  return { users, nextMs, endMs: users > 0 ? endMs : Number.POSITIVE_INFINITY };
}
