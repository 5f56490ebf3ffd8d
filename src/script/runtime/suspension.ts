import type { JobEnd } from './protocol-host.ts';
import { resumeInTurn } from './resume-in-turn.ts';

/**
 * What a blocking host function returns when its caller has to wait: the calling virtual user alone is suspended until
 * `promise` (the host's own, of the main realm) settles. A value that may be a thenable of the script's must be resolved
 * boxed (`box(value)`), else the promise would swallow it.
 */
export class Suspension {
  readonly #promise: Promise<unknown> | null;

  constructor(promise: Promise<unknown> | null) {
    this.#promise = promise;
  }

  /** @internal Called once, by the protocol: the waiter is told what it waits for. */
  attach(waiter: JobEnd): void {
    this.#promise?.then(
      (value) => waiter.done(unbox(value)),
      (error: unknown) => waiter.fail(error),
    );
  }
}

/**
 * A suspension without a promise, for what happens many thousand times a second: whoever holds it resumes the virtual user
 * itself, once, and not before the host function has returned it. Values need no box.
 */
export class DirectSuspension extends Suspension {
  #waiter: JobEnd | null = null;

  constructor() {
    super(null);
  }

  override attach(waiter: JobEnd): void {
    this.#waiter = waiter;
  }

  resume(value: unknown): void {
    this.#waiter?.done(value);
  }

  /** As `resume`, together with the others whose wait ends in this turn of the event loop. */
  resumeInTurn(value: unknown): void {
    if (this.#waiter !== null) resumeInTurn(this.#waiter, value);
  }

  /** Makes the blocking call throw. */
  fail(error: unknown): void {
    this.#waiter?.fail(error);
  }
}

/** Carries a value of the script through a promise of the host without its being taken for a thenable. */
export class Box {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Boxes a value; see {@link Suspension}. */
export function box(value: unknown): Box {
  return new Box(value);
}

/** The value in the box; anything else as it is. */
export function unbox(value: unknown): unknown {
  return value instanceof Box ? value.value : value;
}
