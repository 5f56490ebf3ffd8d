// What a call under the twin protocol is made of (protocol.ts).

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A computation that yields the promises for which it has to wait, and is given what they bring. */
export type Steps<Result = unknown> = Generator<unknown, Result, unknown>;

/** What a twin returns: undefined if the result is in the side channel already, else a promise of it that never rejects. */
export type Answer = Promise<unknown> | undefined;

/** A result that a promise of the protocol brings, where the value itself would be taken for another promise, or is an error. */
export interface Boxed {
  readonly value: unknown;
  readonly failed: boolean;
}

/** What the calls that a built-in makes brought so far, in order. */
export interface Replay {
  at: number;
  log: { readonly value: unknown; readonly failed: boolean }[];
  /** The promise of the call that suspended: the built-in was left by a throw, and is to run again. */
  pending: unknown;
}

/** One walk through an iterable. */
export interface Iteration {
  /** The present element. */
  value: unknown;
  done: boolean;
  /** Closing is to keep silent: something has been thrown already. */
  err: boolean;
  /** The array that is walked by index, if nothing could notice. */
  readonly list: unknown[] | null;
  index: number;
  readonly iterator: unknown;
  readonly next: unknown;
  /** The iteration of the pattern around. */
  up: Iteration | undefined;
  /** The iterator is not asynchronous: `for await` has to wait for the values itself. */
  readonly sync: boolean;
}
