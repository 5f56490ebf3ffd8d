/**
 * What a blocking host function returns when its caller has to wait: the calling virtual user alone is suspended until
 * `promise` (the host's own, of the main realm) settles. A value that may be a thenable of the script's must be resolved
 * boxed (`box(value)`), else the promise would swallow it.
 */
export class Suspension {
  readonly promise: Promise<unknown>;

  constructor(promise: Promise<unknown>) {
    this.promise = promise;
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
