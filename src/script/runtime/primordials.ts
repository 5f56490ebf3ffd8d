/**
 * What the runtime builds on, out of a script's reach: a script may replace every method of the realm's built-ins, and put setters on
 * their prototypes. Evaluated in the realm (self-contained), before anything of a script.
 */
export interface Primordials {
  /** Collections whose methods no script can replace: for what the runtime keeps. */
  readonly WeakMap: WeakMapConstructor;
  readonly WeakSet: WeakSetConstructor;
  readonly Map: MapConstructor;
  readonly Set: SetConstructor;
  readonly Queue: new () => RunQueue;
  /** A new list of the items of both. */
  concat(a: readonly unknown[], b: readonly unknown[]): unknown[];
  /** CreateDataProperty on an object that was just made. */
  put(target: object, key: PropertyKey, value: unknown): void;
}

/** What waits to be run, first in, first out; no array, whose methods and setters a script may replace. */
export interface RunQueue {
  readonly isEmpty: boolean;
  push(run: () => void): void;
  shift(): (() => void) | undefined;
  clear(): void;
}

/** Makes them; see {@link Primordials}. */
export function installPrimordials(): Primordials {
  const { defineProperty } = Object;

  /** A subclass with the natives' methods as its own, and nothing to inherit that a script could change. */
  const safe = <T extends abstract new (...args: never[]) => object>(Native: T): T => {
    const Safe = class extends (Native as unknown as new () => object) {};
    for (const key of Reflect.ownKeys(Native.prototype)) {
      if (key === 'constructor') continue;
      const descriptor = Reflect.getOwnPropertyDescriptor(Native.prototype, key) as PropertyDescriptor;
      Reflect.defineProperty(Safe.prototype, key, descriptor);
    }
    Object.setPrototypeOf(Safe.prototype, null);
    Object.freeze(Safe.prototype);
    return Object.freeze(Safe) as unknown as T;
  };

  interface Waiting {
    readonly run: () => void;
    next: Waiting | undefined;
  }
  class Queue implements RunQueue {
    #first: Waiting | undefined = undefined;
    #last: Waiting | undefined = undefined;
    get isEmpty(): boolean {
      return this.#first === undefined;
    }
    push(run: () => void): void {
      const waiting: Waiting = { run, next: undefined };
      if (this.#last === undefined) this.#first = waiting;
      else this.#last.next = waiting;
      this.#last = waiting;
    }
    shift(): (() => void) | undefined {
      const waiting = this.#first;
      if (waiting === undefined) return undefined;
      this.#first = waiting.next;
      if (waiting.next === undefined) this.#last = undefined;
      return waiting.run;
    }
    clear(): void {
      this.#first = undefined;
      this.#last = undefined;
    }
  }

  const put = (target: object, key: PropertyKey, value: unknown): void => {
    // A plain assignment is much faster, where no setter can be in its way.
    if (key in target) {
      const descriptor = { __proto__: null, value, writable: true, configurable: true, enumerable: true };
      defineProperty(target, key, descriptor as PropertyDescriptor);
    } else (target as Record<PropertyKey, unknown>)[key] = value;
  };
  return {
    WeakMap: safe(WeakMap),
    WeakSet: safe(WeakSet),
    Map: safe(Map),
    Set: safe(Set),
    Queue,
    put,
    concat(a, b) {
      const list: unknown[] = [];
      for (let i = 0; i < a.length; i++) put(list, i, a[i]);
      for (let i = 0; i < b.length; i++) put(list, a.length + i, b[i]);
      return list;
    },
  };
}
