import type { Protocol } from './protocol.ts';
import type { AnyFunction, AsyncIteration, Iteration, Steps } from './twin-call.ts';

/** Generators, iteration and destructuring under the twin protocol; evaluated in the realm (self-contained). */
export function installIteration(p: Protocol): void {
  const { apply } = p;
  const { create, defineProperty, setPrototypeOf } = Object;
  const { ownKeys } = Reflect;
  const toObject = Object as (value: unknown) => object;
  const nativeResolve = p.NativePromise.resolve as AnyFunction;
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
      blocked = undefined;
      step = apply(native['next'] as AnyFunction, generator, [yield promise]) as IteratorResult<unknown>;
    }
    return step;
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
  const start = (twin: AnyFunction, f: { prototype: unknown }, self: unknown, args: ArrayLike<unknown>): object => {
    const { prototype } = f;
    const object = create(
      typeof prototype === 'object' && prototype !== null ? prototype : generatorPrototype,
    ) as object;
    inner.set(object, apply(twin, self, args) as Generator<unknown, unknown, unknown>);
    return object;
  };

  const isPlainArray = (v: unknown): v is unknown[] =>
    isArray(v) &&
    !(p.armed && p.host.isProxy(v)) &&
    v[Symbol.iterator] === arrayIterate &&
    arrayIteratorPrototype.next === arrayNext;

  const describe = (v: unknown): string => (v === null ? 'null' : typeof v === 'object' ? 'object' : String(v));

  /** @param known the iterable's method, if it has been read */
  function* open(iterable: unknown, known?: unknown): Steps<Iteration> {
    if ((known === undefined || known === arrayIterate) && isPlainArray(iterable))
      return {
        value: undefined,
        done: false,
        err: false,
        list: iterable,
        index: 0,
        iterator: undefined,
        next: undefined,
        up: undefined,
      };
    if (iterable === undefined || iterable === null) throw new TypeError(`${iterable} is not iterable`);
    const method = known ?? (yield* p.read(iterable, Symbol.iterator));
    if (typeof method !== 'function') throw new TypeError(`${describe(iterable)} is not iterable`);
    // The engine's iterator of arrays has gone on when an element suspends: it could not be asked again.
    if (method === arrayIterate && p.exotic === true && arrayIteratorPrototype.next === arrayNext) {
      const list = iterable as unknown[];
      return {
        value: undefined,
        done: false,
        err: false,
        list,
        index: 0,
        iterator: undefined,
        next: undefined,
        up: undefined,
      };
    }
    const iterator = yield* p.call(method, iterable, []);
    if (typeof iterator !== 'object' && typeof iterator !== 'function')
      throw new TypeError('Result of the Symbol.iterator method is not an object');
    const next = yield* p.read(iterator, 'next');
    return { value: undefined, done: false, err: false, list: null, index: 0, iterator, next, up: undefined };
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
  p.iteration = { open, step, close };

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

  p.deleg = function* (iterable) {
    const wait = function* (steps: Steps): Steps {
      let r = steps.next();
      while (!r.done) {
        blocked = r.value;
        r = steps.next(yield BLOCK);
      }
      return r.value;
    };
    const i = (yield* wait(open(iterable) as Steps)) as Iteration;
    const iterator = i.list !== null ? apply(arrayIterate as AnyFunction, i.list, []) : i.iterator;
    const next = i.list !== null ? arrayNext : i.next;
    let received: unknown;
    let mode: 'next' | 'throw' = 'next';
    for (;;) {
      let result: unknown;
      if (mode === 'next') result = yield* wait(p.call(next, iterator, [received]));
      else {
        const method = yield* wait(p.read(iterator, mode));
        if (method === undefined || method === null) {
          throw new TypeError('The iterator does not provide a throw method');
        }
        result = yield* wait(p.call(method, iterator, [received]));
      }
      const step = result as IteratorResult<unknown>;
      if (step.done) {
        return step.value;
      }
      let resumed = false;
      try {
        received = yield step.value;
        resumed = true;
        mode = 'next';
      } catch (error) {
        resumed = true;
        received = error;
        mode = 'throw';
      } finally {
        // Closed from outside: `return` goes to the inner iterator too.
        if (!resumed) {
          const method = yield* wait(p.read(iterator, 'return'));
          if (typeof method === 'function') yield* wait(p.call(method, iterator, []));
        }
      }
    }
  };

  // for await: the loop is compiled, the protocol's calls are here.
  function* openAsync(iterable: unknown): Steps {
    const method = yield* p.read(iterable, Symbol.asyncIterator);
    if (method === undefined || method === null) {
      const i = yield* open(iterable);
      return { ...i, sync: true };
    }
    const iterator = yield* p.call(method, iterable, []);
    return {
      value: undefined,
      done: false,
      err: false,
      list: null,
      index: 0,
      iterator,
      next: yield* p.read(iterator, 'next'),
      up: undefined,
      sync: false,
    };
  }
  /** The next result of an iterator that is not asynchronous: its value is awaited. */
  function* nextOfSync(i: Iteration): Steps {
    if (!(yield* step(i))) return { done: true, value: undefined };
    const value = yield* p.awaitable(i.value);
    const awaited = apply(nativeResolve, p.NativePromise, [value]);
    return apply(p.nativeThen, awaited, [(settled: unknown) => ({ done: false, value: settled })]);
  }
  p.aiter = (iterable) => p.drive(openAsync(iterable));
  p.anext = (i) => {
    if (!i.sync) {
      i.done = true;
      return p.drive(p.call(i.next, i.iterator, []));
    }
    return p.drive(nextOfSync(i));
  };
  /** `yield* iterable` in an async generator: what may block is asked by way of `p.relay`. */
  p.adeleg = (activation, iterable) => {
    if (isPlainArray(iterable) || typeof iterable === 'string') {
      activation.a(undefined);
      return p.ret(iterable);
    }
    return p.drive(
      (function* (): Steps {
        const i = (yield* openAsync(iterable)) as AsyncIteration;
        const next = (value: unknown): Steps => (i.sync ? nextOfSync(i) : p.call(i.next, i.iterator, [value]));
        return p.relay(activation, i.iterator as Record<string, unknown>, next);
      })(),
    );
  };
  p.astep = (i, result) => {
    i.done = Boolean(result.done);
    i.value = i.done ? undefined : result.value;
    return !i.done;
  };
  p.aclose = (i) => {
    i.done = true;
    return p.drive(
      (function* (): Steps {
        const iterator = i.iterator as { return?: unknown } | undefined;
        if (iterator === undefined || typeof iterator.return !== 'function') return undefined;
        try {
          return yield* p.call(iterator.return, iterator, []);
        } catch (error) {
          if (!i.err) throw error;
          return undefined;
        }
      })(),
    );
  };
}
