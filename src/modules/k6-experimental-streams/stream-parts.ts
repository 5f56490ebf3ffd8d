// What readable and writable streams are both built on. Runs as a part of the script (see stream-classes.ts), so it is self-contained.

/** A promise with what settles it; it is settled once. */
export interface Deferred<T = unknown> {
  readonly promise: Promise<T>;
  resolve(value?: T): void;
  reject(reason: unknown): void;
  readonly isPending: boolean;
}

/** Chunks that wait, each with its size. */
export interface SizedQueue {
  readonly isEmpty: boolean;
  readonly totalSize: number;
  /** @throws RangeError for a size that is no finite number from 0 on */
  push(value: unknown, size: number): void;
  peek(): unknown;
  shift(): unknown;
  clear(): void;
}

export type Method = (...args: unknown[]) => unknown;

export interface StreamParts {
  readonly Queue: new () => SizedQueue;
  readonly CountQueuingStrategy: unknown;
  readonly ByteLengthQueuingStrategy: unknown;
  defer<T>(): Deferred<T>;
  /** One that is rejected already, and that nobody has to handle. */
  deferRejected<T>(reason: unknown): Deferred<T>;
  /** What gives a promise does not throw, not even where it is called on another object (WebIDL section 3.7.7). */
  refuseOther(owner: string): Promise<never>;
  /** Says that nobody has to handle it. */
  ignore(promise: Promise<unknown>): void;
  /** What a call promises: its throwing is a rejection. */
  promiseCall(fn: Method | undefined, self: unknown, args: unknown[]): Promise<unknown>;
  /** The method of an object of the script's; undefined if there is none. @throws TypeError */
  methodOf(object: unknown, name: string, owner: string): Method | undefined;
  /** @throws TypeError unless it is an object or missing */
  objectOr(value: unknown, owner: string): Record<string, unknown>;
  /** @throws RangeError */
  highWaterMarkOf(strategy: Record<string, unknown>, otherwise: number): number;
  /** @throws TypeError */
  sizeOf(strategy: Record<string, unknown>): (chunk: unknown) => number;
}

/** Makes them; the algorithms are those of https://streams.spec.whatwg.org/. */
export function makeStreamParts(): StreamParts {
  const ignore = (promise: Promise<unknown>): void => {
    promise.then(undefined, () => {});
  };

  class Settler<T> implements Deferred<T> {
    readonly promise: Promise<T>;
    isPending = true;
    #resolve!: (value: T) => void;
    #reject!: (reason: unknown) => void;
    constructor() {
      this.promise = new Promise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      });
    }
    resolve(value?: T): void {
      this.isPending = false;
      this.#resolve(value as T);
    }
    reject(reason: unknown): void {
      this.isPending = false;
      this.#reject(reason);
    }
  }

  interface Entry {
    readonly value: unknown;
    readonly size: number;
    next: Entry | undefined;
  }

  class Queue implements SizedQueue {
    #first: Entry | undefined = undefined;
    #last: Entry | undefined = undefined;
    totalSize = 0;
    get isEmpty(): boolean {
      return this.#first === undefined;
    }
    push(value: unknown, size: number): void {
      if (typeof size !== 'number' || !(size >= 0) || size === Number.POSITIVE_INFINITY)
        throw new RangeError('the size of a chunk must be a finite number from 0 on');
      const entry: Entry = { value, size, next: undefined };
      if (this.#last === undefined) this.#first = entry;
      else this.#last.next = entry;
      this.#last = entry;
      this.totalSize += size;
    }
    peek(): unknown {
      return this.#first?.value;
    }
    shift(): unknown {
      const entry = this.#first as Entry;
      this.#first = entry.next;
      if (entry.next === undefined) this.#last = undefined;
      // Sums of fractions may end below nothing.
      this.totalSize = Math.max(0, this.totalSize - entry.size);
      return entry.value;
    }
    clear(): void {
      this.#first = undefined;
      this.#last = undefined;
      this.totalSize = 0;
    }
  }

  const objectOr = (value: unknown, owner: string): Record<string, unknown> => {
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' && typeof value !== 'function') throw new TypeError(`${owner} must be an object`);
    return value as Record<string, unknown>;
  };

  const strategyClass = (name: string, measure: (chunk: never) => unknown): unknown => {
    const size = { size: (chunk: never) => measure(chunk) }.size;
    const made = class {
      readonly #highWaterMark: number;
      constructor(init: unknown) {
        if (init === null || typeof init !== 'object' || !('highWaterMark' in init))
          throw new TypeError(`${name} takes an object with a highWaterMark`);
        this.#highWaterMark = Number(init.highWaterMark);
      }
      get highWaterMark(): number {
        return this.#highWaterMark;
      }
      get size(): unknown {
        return size;
      }
    };
    Object.defineProperty(made, 'name', { value: name, configurable: true });
    return made;
  };

  return {
    Queue,
    CountQueuingStrategy: strategyClass('CountQueuingStrategy', () => 1),
    ByteLengthQueuingStrategy: strategyClass(
      'ByteLengthQueuingStrategy',
      (chunk: { byteLength: unknown }) => chunk.byteLength,
    ),
    defer: <T>() => new Settler<T>(),
    deferRejected: <T>(reason: unknown) => {
      const settler = new Settler<T>();
      ignore(settler.promise);
      settler.reject(reason);
      return settler;
    },
    refuseOther: (owner) => Promise.reject(new TypeError(`this is not ${owner}`)),
    ignore,
    promiseCall(fn, self, args) {
      if (fn === undefined) return Promise.resolve();
      try {
        return Promise.resolve(fn.call(self, ...args));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    methodOf(object, name, owner) {
      const method = (object as Record<string, unknown>)[name];
      if (method === undefined) return undefined;
      if (typeof method !== 'function') throw new TypeError(`${name} of ${owner} must be a function`);
      return method as Method;
    },
    objectOr,
    highWaterMarkOf(strategy, otherwise) {
      const { highWaterMark } = strategy;
      if (highWaterMark === undefined) return otherwise;
      const mark = Number(highWaterMark);
      if (!(mark >= 0)) throw new RangeError('highWaterMark must be a number from 0 on');
      return mark;
    },
    sizeOf(strategy) {
      const { size } = strategy;
      if (size === undefined) return () => 1;
      if (typeof size !== 'function') throw new TypeError('size of a queuing strategy must be a function');
      return (chunk) => Number((size as Method).call(undefined, chunk));
    },
  };
}
