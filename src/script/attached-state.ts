/** Returns what it is given instead of a new object, so that a field can be put on an object of the realm. */
class Foreign {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the point of this class
    return object;
  }
}

/** State of the host on objects of the realm, where scripts can neither see nor take it. */
export interface AttachedState<T> {
  attach(object: object, state: T): void;
  /** Null for anything that has none. */
  of(value: unknown): T | null;
}

export function createAttachedState<T>(): AttachedState<T> {
  class Slot extends Foreign {
    #state: T;

    constructor(object: object, state: T) {
      super(object);
      this.#state = state;
    }

    static read(value: unknown): T | null {
      return typeof value === 'object' && value !== null && #state in value ? (value as Slot).#state : null;
    }
  }
  return {
    attach: (object, state) => {
      new Slot(object, state);
    },
    of: (value) => Slot.read(value),
  };
}
