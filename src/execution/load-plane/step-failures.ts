// How a step or the init code ends other than by returning.

/** A step was cut short by a stop: nobody waits for its outcome any more. */
export class Stopped extends Error {}

/** A step ended itself with `test.abort()`. */
export class Aborted extends Error {}

/** A promise of a step or of the init code was rejected and nobody handled it. */
export class UnhandledRejection extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('a promise was rejected and nobody handled it');
    this.reason = reason;
  }
}

/** Code of the script ran without end, and was broken off. */
export class BrokenOff extends Error {}

/** Node tells of unhandled rejections once the microtasks are done: they are known by the next turn of the event loop. */
export function rejectionsKnown(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
