import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Iteration, Steps } from '../twin-call.ts';

/** Twins of the methods of Array that call back (ECMA-262 §23.1); evaluated in the realm (self-contained). */
export function installArrayNatives(p: Protocol): void {
  const spec = p.spec;
  const sortSteps = p.sortSteps;
  const { apply } = p;
  const { isArray } = Array;
  const { toObject, lengthOf, createLike, put, get, set, has, remove } = spec;

  type Body = (o: Record<PropertyKey, unknown>, length: number, fn: AnyFunction, args: ArrayLike<unknown>) => Steps;

  /** Methods that begin with ToObject(this), LengthOfArrayLike and a check of their callback. */
  const define = (key: string, body: Body): void => {
    spec.define(Array.prototype, key, function* (self, args, native) {
      if (self === undefined || self === null || typeof args[0] !== 'function')
        return yield* p.invoke(native, self, args);
      const o = toObject(self);
      return yield* body(o, yield* lengthOf(o), args[0] as AnyFunction, args);
    });
  };

  define('forEach', function* (o, length, fn, args) {
    for (let k = 0; k < length; k++) if (yield* has(o, k)) yield* p.call(fn, args[1], [yield* get(o, k), k, o]);
    return undefined;
  });
  define('map', function* (o, length, fn, args) {
    const result = yield* createLike(o, length);
    for (let k = 0; k < length; k++)
      if (yield* has(o, k)) yield* put(result, k, yield* p.call(fn, args[1], [yield* get(o, k), k, o]));
    return result;
  });
  define('filter', function* (o, length, fn, args) {
    const result = yield* createLike(o, 0);
    let to = 0;
    for (let k = 0; k < length; k++) {
      if (!(yield* has(o, k))) continue;
      const value = yield* get(o, k);
      if (yield* p.call(fn, args[1], [value, k, o])) yield* put(result, to++, value);
    }
    return result;
  });
  define('some', function* (o, length, fn, args) {
    for (let k = 0; k < length; k++)
      if ((yield* has(o, k)) && (yield* p.call(fn, args[1], [yield* get(o, k), k, o]))) return true;
    return false;
  });
  define('every', function* (o, length, fn, args) {
    for (let k = 0; k < length; k++)
      if ((yield* has(o, k)) && !(yield* p.call(fn, args[1], [yield* get(o, k), k, o]))) return false;
    return true;
  });
  /** find and its kin look at holes, too. */
  const defineFind = (key: string, fromEnd: boolean, wantsIndex: boolean): void =>
    define(key, function* (o, length, fn, args) {
      for (let i = 0; i < length; i++) {
        const k = fromEnd ? length - 1 - i : i;
        const value = yield* get(o, k);
        if (yield* p.call(fn, args[1], [value, k, o])) return wantsIndex ? k : value;
      }
      return wantsIndex ? -1 : undefined;
    });
  defineFind('find', false, false);
  defineFind('findIndex', false, true);
  defineFind('findLast', true, false);
  defineFind('findLastIndex', true, true);
  const defineReduce = (key: string, fromEnd: boolean): void =>
    define(key, function* (o, length, fn, args) {
      let i = 0;
      const at = (): number => (fromEnd ? length - 1 - i : i);
      let value: unknown;
      if (args.length > 1) value = args[1];
      else {
        while (i < length && !(yield* has(o, at()))) i++;
        if (i >= length) throw new TypeError('Reduce of empty array with no initial value');
        value = yield* get(o, at());
        i++;
      }
      for (; i < length; i++)
        if (yield* has(o, at())) value = yield* p.call(fn, undefined, [value, yield* get(o, at()), at(), o]);
      return value;
    });
  defineReduce('reduce', false);
  defineReduce('reduceRight', true);
  define('flatMap', function* (o, length, fn, args) {
    const result = yield* createLike(o, 0);
    let to = 0;
    for (let k = 0; k < length; k++) {
      if (!(yield* has(o, k))) continue;
      const mapped = yield* p.call(fn, args[1], [yield* get(o, k), k, o]);
      if (isArray(mapped)) {
        const count = yield* lengthOf(mapped);
        for (let j = 0; j < count; j++) if (yield* has(mapped, j)) yield* put(result, to++, yield* get(mapped, j));
      } else yield* put(result, to++, mapped);
    }
    return result;
  });
  define('sort', function* (o, length, fn) {
    const values: unknown[] = [];
    let undefineds = 0;
    for (let k = 0; k < length; k++) {
      if (!(yield* has(o, k))) continue;
      const value = yield* get(o, k);
      if (value === undefined) undefineds++;
      else values[values.length] = value;
    }
    yield* sortSteps(values, fn, false);
    const present = values.length + undefineds;
    for (let k = 0; k < present; k++) yield* set(o, k, k < values.length ? values[k] : undefined);
    // What holes there were have moved to the end.
    for (let k = present; k < length; k++) if (yield* has(o, k)) yield* remove(o, k);
    return o;
  });
  define('toSorted', function* (o, length, fn) {
    const values: unknown[] = [];
    const result = spec.toArray(length);
    for (let k = 0; k < length; k++) {
      const value = yield* get(o, k);
      if (value !== undefined) values[values.length] = value;
    }
    yield* sortSteps(values, fn, true);
    for (let k = 0; k < length; k++) result[k] = k < values.length ? values[k] : undefined;
    return result;
  });

  spec.define(
    Array,
    'from',
    function* (self, args, native) {
      const [items, map, thisArg] = [args[0], args[1], args[2]];
      if ((map !== undefined && typeof map !== 'function') || items === undefined || items === null)
        return yield* p.invoke(native, self, args);
      const isOwn = self !== Array && spec.isConstructor(self);
      const create = (list: unknown[]): Steps =>
        isOwn ? p.construct(self, list) : answer(list.length > 0 ? spec.toArray(list[0] as number) : []);
      const usesIterator = yield* get(items as object, Symbol.iterator);
      if (usesIterator !== undefined && usesIterator !== null) {
        const result = (yield* create([])) as unknown[];
        const open = yield* spec.open(items, usesIterator);
        let k = 0;
        for (let step = yield* spec.next(open); step !== undefined; step = yield* spec.next(open)) {
          try {
            yield* put(result, k, map === undefined ? step.value : yield* p.call(map, thisArg, [step.value, k]));
          } catch (error) {
            yield* spec.closeQuietly(open);
            throw error;
          }
          k++;
        }
        yield* set(result, 'length', k);
        return result;
      }
      const source = toObject(items);
      const length = yield* lengthOf(source);
      const result = (yield* create([length])) as unknown[];
      for (let k = 0; k < length; k++) {
        const value = yield* get(source, k);
        yield* put(result, k, map === undefined ? value : yield* p.call(map, thisArg, [value, k]));
      }
      yield* set(result, 'length', length);
      return result;
    },
    (_self, args) => spec.iteratesBlocking(args[0]),
  );

  // biome-ignore lint/correctness/useYield: for where steps are asked for
  function* answer(value: unknown): Steps {
    return value;
  }

  // Array.fromAsync gives a promise at once and calls back between ticks: a chain of reactions, one for each element.
  const resolve = Promise.resolve as unknown as AnyFunction;
  const nativeReject = Promise.reject as unknown as AnyFunction;
  const { then } = Promise.prototype as unknown as { then: AnyFunction };
  const { asyncIterator, iterator } = Symbol;
  const continued = (steps: (value: unknown) => Steps): AnyFunction =>
    spec.make('', 1, (_self, args) => steps(args[0]));
  /** Awaits a value, then goes on with it, or with what it is rejected with. */
  function* whenSettled(value: unknown, steps: (value: unknown) => Steps, failed?: (error: unknown) => Steps): Steps {
    const awaited = yield* p.awaitable(value);
    return apply(then, apply(resolve, Promise, [awaited]), [continued(steps), failed && continued(failed)]);
  }
  /** Throws an error, once the iterator is closed as far as that can be done. */
  function* leave(open: Iteration, isAsync: boolean, error: unknown): Steps {
    if (!isAsync) {
      yield* spec.closeQuietly(open);
      throw error;
    }
    // biome-ignore lint/correctness/useYield: for where steps are asked for
    const fail = function* (): Steps {
      throw error;
    };
    let closed: unknown;
    try {
      const method = yield* get(open.iterator as object, 'return');
      if (method !== undefined && method !== null) closed = yield* p.call(method, open.iterator, []);
    } catch {
      throw error;
    }
    return yield* whenSettled(closed, fail, fail);
  }
  spec.define(
    Array,
    'fromAsync',
    function* (self, args, native) {
      const [items, map, thisArg] = [args[0], args[1], args[2]];
      if ((map !== undefined && typeof map !== 'function') || items === undefined || items === null)
        return yield* p.invoke(native, self, args);
      const isOwn = self !== Array && spec.isConstructor(self);
      let list: unknown[] = [];
      let k = 0;
      /** Takes a value that has been awaited, and goes on with the next; if that fails, so does all. */
      function* take(value: unknown, goOn: () => Steps, fail: (error: unknown) => Steps): Steps {
        let mapped = value;
        const keep = function* (element: unknown): Steps {
          try {
            yield* put(list, k++, element);
          } catch (error) {
            return yield* fail(error);
          }
          return yield* goOn();
        };
        if (map === undefined) return yield* keep(value);
        try {
          mapped = yield* p.call(map, thisArg, [value, k]);
        } catch (error) {
          return yield* fail(error);
        }
        return yield* whenSettled(mapped, keep, fail);
      }
      function* end(): Steps {
        yield* set(list, 'length', k);
        return list;
      }
      try {
        const asynchronous = yield* get(items as object, asyncIterator);
        const isAsync = asynchronous !== undefined && asynchronous !== null;
        const method = isAsync ? asynchronous : yield* get(items as object, iterator);
        if (method !== undefined && method !== null) {
          if (isOwn) list = (yield* p.construct(self, [])) as unknown[];
          const open = yield* spec.open(items, method);
          const fail = (error: unknown): Steps => leave(open, isAsync, error);
          function* step(): Steps {
            if (!isAsync) {
              const next = yield* spec.next(open);
              if (next === undefined) return yield* end();
              return yield* whenSettled(next.value, (value) => take(value, step, fail), fail);
            }
            return yield* whenSettled(yield* p.call(open.next, open.iterator, []), function* (result) {
              if (!spec.isObject(result)) throw new TypeError(`Iterator result ${String(result)} is not an object`);
              if (yield* get(result, 'done')) return yield* end();
              return yield* take(yield* get(result, 'value'), step, fail);
            });
          }
          return apply(resolve, Promise, [yield* step()]);
        }
        const source = toObject(items);
        const length = yield* lengthOf(source);
        if (isOwn) list = (yield* p.construct(self, [length])) as unknown[];
        // biome-ignore lint/correctness/useYield: for where steps are asked for
        const fail = function* (error: unknown): Steps {
          throw error;
        };
        function* element(): Steps {
          return k >= length
            ? yield* end()
            : yield* whenSettled(yield* get(source, k), (value) => take(value, element, fail));
        }
        return apply(resolve, Promise, [yield* element()]);
      } catch (error) {
        return apply(nativeReject, Promise, [error]);
      }
    },
    () => p.armed,
  );
}
