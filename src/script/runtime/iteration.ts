import type { Protocol } from './protocol.ts';
import type { AnyFunction, Iteration, Steps } from './twin-call.ts';

/** Generators, iteration and destructuring under the twin protocol; evaluated in the realm (self-contained). */
export function installIteration(p: Protocol): void {
  const { apply } = p;
  const { create, defineProperty, setPrototypeOf } = Object;
  const { ownKeys } = Reflect;
  const toObject = Object as (value: unknown) => object;
  const generatorPrototype = Object.getPrototypeOf(function* () {}).prototype as Record<string, unknown>;
  const generatorFunctionPrototype = Object.getPrototypeOf(function* () {}) as object;
  const arrayIterate = Array.prototype[Symbol.iterator];
  const arrayIteratorPrototype = Object.getPrototypeOf([][Symbol.iterator]()) as { next: unknown };
  const arrayNext = arrayIteratorPrototype.next;
  const isArray = Array.isArray;
  const enumerable = Object.prototype.propertyIsEnumerable;
  const includes = Array.prototype.includes as AnyFunction;

  /** What a generator's body yields in place of a value when it is blocked: the promise is in `blocked`. */
  const BLOCK = create(null) as object;
  let blocked: unknown;
  /** How the body is resumed then: a `return` that `yield*` has handed on goes on as one. */
  let resumption: 'next' | 'return' = 'next';
  /** What `yield*` yields in place of a result that its iterator has made, which is in `passed`: nobody looks into it. */
  const PASS = create(null) as object;
  let passed: unknown;
  const inner = new p.WeakMap<object, Generator<unknown, unknown, unknown>>();

  p.blk = (promise) => {
    blocked = promise;
    return BLOCK;
  };
  const native = {
    next: generatorPrototype['next'],
    return: generatorPrototype['return'],
    throw: generatorPrototype['throw'],
  } as Record<string, AnyFunction>;

  function* advance(generator: object, method: string, args: ArrayLike<unknown>): Steps {
    let step = apply(native[method] as AnyFunction, generator, args) as IteratorResult<unknown>;
    while (step.value === BLOCK) {
      const promise = blocked;
      const resume = native[resumption] as AnyFunction;
      blocked = undefined;
      resumption = 'next';
      step = apply(resume, generator, [yield promise]) as IteratorResult<unknown>;
    }
    if (step.value !== PASS) return step;
    const result = passed;
    passed = undefined;
    return result;
  }

  for (const method of ['next', 'return', 'throw']) {
    const nativeMethod = native[method] as AnyFunction;
    const twin = function (this: unknown, ...args: unknown[]): unknown {
      const generator = inner.get(this as object);
      if (generator !== undefined) return p.drive(advance(generator, method, args));
      try {
        return p.ret(apply(nativeMethod, this, args));
      } catch (error) {
        return p.thr(error);
      }
    };
    const wrapper = {
      [method](this: unknown, value: unknown): unknown {
        // biome-ignore lint/complexity/noArguments: next() and next(undefined) differ for native generators
        if (!inner.has(this as object)) return apply(nativeMethod, this, arguments);
        return p.sync(twin, this, [value]);
      },
    }[method] as AnyFunction;
    defineProperty(generatorPrototype, method, {
      value: p.native(p.st(wrapper, twin)),
      writable: true,
      configurable: true,
    });
  }

  /** Finishes the wrapper of a generator function: it looks like one. */
  p.genw = (f, body) => {
    p.bodyOf(f, body);
    setPrototypeOf(f, generatorFunctionPrototype);
    return defineProperty(f, 'prototype', { value: create(generatorPrototype), writable: true });
  };
  p.gst = (twin, f, self, args) => {
    if (p.r !== undefined) return p.sync(() => p.ret(start(twin, f, self, args)), undefined, args) as object;
    return start(twin, f, self, args);
  };
  const start = (twin: AnyFunction, f: { prototype: unknown }, self: unknown, args: ArrayLike<unknown>): object =>
    born(f, apply(twin, self, args) as Generator<unknown, unknown, unknown>);
  const born = ({ prototype }: { prototype: unknown }, generator: Generator<unknown, unknown, unknown>): object => {
    const object = create(
      typeof prototype === 'object' && prototype !== null ? prototype : generatorPrototype,
    ) as object;
    inner.set(object, generator);
    return object;
  };
  p.gbeg = (body, f) =>
    function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
      return p.drive(beginGenerator(body, f, this, arguments));
    };
  function* beginGenerator(
    body: AnyFunction,
    f: { prototype: unknown },
    self: unknown,
    args: ArrayLike<unknown>,
  ): Steps<object> {
    const generator = apply(body, self, args) as Generator<unknown, unknown, unknown>;
    yield* advance(generator, 'next', []);
    return born(f, generator);
  }

  const isPlainArray = (v: unknown): v is unknown[] =>
    isArray(v) &&
    !(p.armed && p.host.isProxy(v)) &&
    v[Symbol.iterator] === arrayIterate &&
    arrayIteratorPrototype.next === arrayNext;

  const describe = (v: unknown): string => (v === null ? 'null' : typeof v === 'object' ? 'object' : String(v));

  /** At its start. @param list walked by its index; null: `next` of the iterator is asked */
  const begin = (list: unknown[] | null, iterator: unknown, next: unknown, sync = true): Iteration => ({
    value: undefined,
    done: false,
    err: false,
    list,
    index: 0,
    iterator,
    next,
    up: undefined,
    sync,
  });
  /** @param known the iterable's method, if it has been read */
  function* open(iterable: unknown, known?: unknown): Steps<Iteration> {
    if ((known === undefined || known === arrayIterate) && isPlainArray(iterable))
      return begin(iterable, undefined, undefined);
    if (iterable === undefined || iterable === null) throw new TypeError(`${iterable} is not iterable`);
    const method = known ?? (yield* p.read(iterable, Symbol.iterator));
    if (typeof method !== 'function') throw new TypeError(`${describe(iterable)} is not iterable`);
    // The engine's iterator of arrays has gone on when an element suspends: it could not be asked again.
    if (method === arrayIterate && p.exotic === true && arrayIteratorPrototype.next === arrayNext)
      return begin(iterable as unknown[], undefined, undefined);
    const iterator = yield* p.call(method, iterable, []);
    if (typeof iterator !== 'object' && typeof iterator !== 'function')
      throw new TypeError('Result of the Symbol.iterator method is not an object');
    const next = yield* p.read(iterator, 'next');
    return begin(null, iterator, next);
  }

  /** True if there was another value, which is then in `value`. */
  function* step(i: Iteration): Steps<boolean> {
    if (i.list !== null) {
      if (p.exotic !== true) return stepList(i);
      i.done = true;
      i.value = undefined;
      if (i.index >= ((yield* p.read(i.list, 'length')) as number)) return false;
      i.value = yield* p.read(i.list, i.index++);
      i.done = false;
      return true;
    }
    i.done = true;
    const result = yield* p.call(i.next, i.iterator, []);
    if ((typeof result !== 'object' && typeof result !== 'function') || result === null)
      throw new TypeError(`Iterator result ${String(result)} is not an object`);
    if (yield* p.read(result, 'done')) {
      i.value = undefined;
      return false;
    }
    i.value = yield* p.read(result, 'value');
    i.done = false;
    return true;
  }
  const stepList = (i: Iteration): boolean => {
    const list = i.list as unknown[];
    if (i.index >= list.length) {
      i.done = true;
      i.value = undefined;
      return false;
    }
    i.value = list[i.index++];
    return true;
  };
  function* close(i: Iteration): Steps {
    i.done = true;
    if (i.list !== null) return undefined;
    try {
      const method = yield* p.read(i.iterator, 'return');
      if (method === undefined || method === null) return undefined;
      const result = yield* p.call(method, i.iterator, []);
      if (!i.err && ((typeof result !== 'object' && typeof result !== 'function') || result === null))
        throw new TypeError(`${String(result)} is not an object`);
    } catch (error) {
      if (!i.err) throw error;
    }
    return undefined;
  }
  p.iter = (iterable) => p.drive(open(iterable));
  p.step = (i) => (i.list !== null && p.exotic !== true ? p.ret(stepList(i)) : p.drive(step(i)));
  p.close = (i) => p.drive(close(i));
  /** For natives' twins: the steps themselves. */
  p.iteration = { begin, open, step, close, isPlainArray };

  function* drain(iterable: unknown, limit: number): Steps<unknown[]> {
    const values: unknown[] = [];
    const i = yield* open(iterable);
    while (limit < 0 || values.length < limit) {
      if (!(yield* step(i))) return values;
      values[values.length] = i.value;
    }
    yield* close(i);
    return values;
  }
  p.drainSteps = drain;
  p.drain = (iterable) => {
    if ((isPlainArray(iterable) && p.exotic !== true) || typeof iterable === 'string') return p.ret(iterable);
    return p.drive(drain(iterable, -1));
  };

  // Patterns that are spelled out: `next` and `rests` bring an element each, `unwind` closes what a throw has left open.
  function* next(i: Iteration): Steps {
    return !i.done && (yield* step(i)) ? i.value : undefined;
  }
  function* rests(i: Iteration): Steps {
    const values: unknown[] = [];
    while (!i.done && (yield* step(i))) values[values.length] = i.value;
    return values;
  }
  function* unwind(innermost: Iteration): Steps {
    for (let i: Iteration | undefined = innermost; i !== undefined; i = i.up) {
      if (i.done) continue;
      i.err = true;
      yield* close(i);
    }
    return undefined;
  }
  p.next = (i) => p.drive(next(i));
  p.rests = (i) => p.drive(rests(i));
  p.unwind = (i) => p.drive(unwind(i));
  p.dst = (value) => {
    if (value === undefined || value === null) throw new TypeError(`Cannot destructure '${value}' as it is ${value}.`);
    return value;
  };
  p.names = (value) =>
    p.replay(() => {
      const names: string[] = [];
      for (const name in value as object) names[names.length] = name;
      return names;
    });

  /** The own enumerable properties, each read as one that may block. */
  function* copyOf(source: unknown, without: readonly PropertyKey[] = []): Steps<object> {
    const copy = {} as Record<PropertyKey, unknown>;
    if (source === undefined || source === null) return copy;
    const object = toObject(source) as object;
    const keys = (yield* p.invoke(ownKeys, undefined, [object])) as PropertyKey[];
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as PropertyKey;
      if (without.length > 0 && apply(includes, without, [key])) continue;
      if (!(yield* p.invoke(enumerable, object, [key]))) continue;
      defineProperty(copy, key, {
        value: yield* p.read(object, key),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return copy;
  }
  p.copy = (source, without) => p.drive(copyOf(source, without));

  type Request = 'next' | 'throw' | 'return';
  const isObject = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  /**
   * What `yield*` in a generator that may block walks through (ECMA-262 §15.5.5): an iterator of ours for the engine's own `yield*`,
   * which hands on what the generator is asked, each time in steps. No generator: one that is closed could not go on.
   */
  class Delegation {
    readonly #iterable: unknown;
    #open: Iteration | undefined;
    #steps: Steps<IteratorResult<unknown>> | undefined;
    constructor(iterable: unknown) {
      this.#iterable = iterable;
    }
    [Symbol.iterator](): this {
      return this;
    }
    next(value: unknown): IteratorResult<unknown> {
      return this.#goOn('next', value);
    }
    throw(error: unknown): IteratorResult<unknown> {
      return this.#goOn('throw', error);
    }
    return(value: unknown): IteratorResult<unknown> {
      return this.#goOn('return', value);
    }
    /** Begins with a request, or goes on with what its steps have waited for. */
    #goOn(request: Request, received: unknown): IteratorResult<unknown> {
      const before = this.#steps;
      const steps = before ?? this.#ask(request, received);
      this.#steps = undefined;
      const step = apply(native['next'] as AnyFunction, steps, [before && received]) as IteratorResult<
        unknown,
        IteratorResult<unknown>
      >;
      if (step.done) return step.value;
      this.#steps = steps;
      blocked = step.value;
      if (request === 'return') resumption = 'return';
      return { value: BLOCK, done: false };
    }
    *#ask(request: Request, received: unknown): Steps<IteratorResult<unknown>> {
      this.#open ??= yield* open(this.#iterable);
      const i = this.#open;
      let result: unknown;
      if (request === 'next') {
        if (i.list !== null) {
          if (!(yield* step(i))) return { value: undefined, done: true };
          return pass({ value: i.value, done: false });
        }
        result = yield* p.call(i.next, i.iterator, [received]);
      } else {
        const method = i.list === null ? yield* p.read(i.iterator, request) : undefined;
        if (method === undefined || method === null) {
          if (request === 'return') return { value: received, done: true };
          yield* close(i);
          throw new TypeError("The iterator does not provide a 'throw' method");
        }
        result = yield* p.call(method, i.iterator, [received]);
      }
      if (!isObject(result)) throw new TypeError(`Iterator result ${String(result)} is not an object`);
      if (yield* p.read(result, 'done')) return { value: yield* p.read(result, 'value'), done: true };
      return pass(result);
    }
  }
  const pass = (result: unknown): IteratorResult<unknown> => {
    passed = result;
    return { value: PASS, done: false };
  };
  p.deleg = (iterable) => new Delegation(iterable);
}
