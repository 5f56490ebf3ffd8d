import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/** Twins for Map, Set and the group-by functions (ECMA-262 §24, §20.1.2.13); evaluated in the realm (self-contained). */
export function installCollectionNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply } = p;
  const { create, defineProperty } = Object;
  const reflectConstruct = Reflect.construct as (C: unknown, args: unknown[], newTarget: unknown) => unknown;
  const primitive = p.primitiveSteps;
  const always = (): boolean => true;
  const plainProperty = (value: unknown): PropertyDescriptor => ({
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  function* toPropertyKey(value: unknown): Steps {
    const key = spec.isObject(value) ? yield* primitive(value, 'string') : value;
    return typeof key === 'symbol' ? key : `${key as string}`;
  }

  const defineForEach = (prototype: object, entriesOf: AnyFunction, isOne: (value: unknown) => boolean): void =>
    spec.define(prototype, 'forEach', function* (self, args, native) {
      if (typeof args[0] !== 'function' || !isOne(self)) return yield* p.invoke(native, self, args);
      // The native iterator sees what the callback adds and leaves out what it deletes, as forEach does.
      const entries = apply(entriesOf, self, []) as IterableIterator<[unknown, unknown]>;
      for (let step = entries.next(); !step.done; step = entries.next()) {
        yield* p.call(args[0], args[1], [step.value[1], step.value[0], self]);
      }
      return undefined;
    });
  const isBranded =
    (prototype: object): ((value: unknown) => boolean) =>
    (value) => {
      try {
        apply(Object.getOwnPropertyDescriptor(prototype, 'size')!.get as AnyFunction, value, []);
        return true;
      } catch {
        return false;
      }
    };
  defineForEach(Map.prototype, Map.prototype.entries as AnyFunction, isBranded(Map.prototype));
  defineForEach(Set.prototype, Set.prototype.entries as AnyFunction, isBranded(Set.prototype));

  const mapGet = Map.prototype.get as AnyFunction;
  const mapSet = Map.prototype.set as AnyFunction;
  const mapHas = Map.prototype.has as AnyFunction;
  // Newer than the library types: there only if the engine has it.
  const { keyFor } = Symbol;
  const canBeHeldWeakly = (key: unknown): boolean =>
    spec.isObject(key) || (typeof key === 'symbol' && keyFor(key) === undefined);
  for (const [prototype, has, get, set, isKey] of [
    [Map.prototype, mapHas, mapGet, mapSet, always],
    [
      WeakMap.prototype,
      WeakMap.prototype.has as AnyFunction,
      WeakMap.prototype.get as AnyFunction,
      WeakMap.prototype.set as AnyFunction,
      canBeHeldWeakly,
    ],
  ] as const) {
    spec.define(prototype, 'getOrInsertComputed', function* (self, args, native) {
      if (typeof args[1] !== 'function' || !isKey(args[0])) return yield* p.invoke(native, self, args);
      const key = args[0] === 0 ? 0 : args[0];
      if (apply(has, self, [key])) return apply(get, self, [key]);
      const value = yield* p.call(args[1], undefined, [key]);
      apply(set, self, [key, value]);
      return value;
    });
  }

  /** GroupBy: gives [key, values] in order of first appearance. */
  function* group(
    items: unknown,
    callback: unknown,
    toKey: (key: unknown) => Steps,
  ): Generator<unknown, Map<unknown, unknown[]>, unknown> {
    const groups = new Map<unknown, unknown[]>();
    const open = yield* spec.open(items);
    let k = 0;
    for (let step = yield* spec.next(open); step !== undefined; step = yield* spec.next(open)) {
      try {
        const key = yield* toKey(yield* p.call(callback, undefined, [step.value, k++]));
        const list = apply(mapGet, groups, [key]) as unknown[] | undefined;
        if (list === undefined) apply(mapSet, groups, [key, [step.value]]);
        else list[list.length] = step.value;
      } catch (error) {
        yield* spec.closeQuietly(open);
        throw error;
      }
    }
    return groups;
  }
  /** What cannot be iterated over is left to the native's own message. */
  const isLeft = (args: ArrayLike<unknown>): boolean =>
    typeof args[1] !== 'function' ||
    args[0] === undefined ||
    args[0] === null ||
    typeof (args[0] as Record<PropertyKey, unknown>)[Symbol.iterator] !== 'function';
  const blocks = (_self: unknown, args: ArrayLike<unknown>): boolean => spec.iteratesBlocking(args[0]);
  spec.define(
    Object,
    'groupBy',
    function* (self, args, native) {
      if (isLeft(args)) return yield* p.invoke(native, self, args);
      const groups = yield* group(args[0], args[1], toPropertyKey);
      const result = create(null) as object;
      for (const [key, list] of groups) defineProperty(result, key as PropertyKey, plainProperty(list));
      return result;
    },
    blocks,
  );
  spec.define(
    Map,
    'groupBy',
    function* (self, args, native) {
      if (isLeft(args)) return yield* p.invoke(native, self, args);
      // biome-ignore lint/correctness/useYield: a key of a Map is not converted
      return yield* group(args[0], args[1], function* (key) {
        return key === 0 ? 0 : key;
      });
    },
    blocks,
  );
  const { open, step, close } = p.iteration;
  spec.define(
    Object,
    'fromEntries',
    function* (self, args, native) {
      if (args[0] === undefined || args[0] === null) return yield* p.invoke(native, self, args);
      const result = {};
      yield* eachEntry(args[0], function* (key, value) {
        defineProperty(result, (yield* toPropertyKey(key)) as PropertyKey, plainProperty(value));
        return undefined;
      });
      return result;
    },
    blocks,
  );

  /** AddEntriesFromIterable: `add` gets both parts of every entry; if it throws, the iterator is closed. */
  function* eachEntry(iterable: unknown, add: (key: unknown, value: unknown) => Steps): Steps {
    return yield* each(iterable, function* (entry) {
      if (!spec.isObject(entry)) throw new TypeError(`Iterator value ${String(entry)} is not an entry object`);
      return yield* add(yield* spec.get(entry, 0), yield* spec.get(entry, 1));
    });
  }
  function* each(iterable: unknown, add: (value: unknown) => Steps): Steps {
    const i = yield* open(iterable);
    while (yield* step(i)) {
      try {
        yield* add(i.value);
      } catch (error) {
        i.err = true;
        yield* close(i);
        throw error;
      }
    }
    return undefined;
  }

  // Constructors that fill what they have made by calling its own `set` or `add`, which a subclass may have replaced.
  const fillers = new Map<unknown, (made: object, iterable: unknown) => Steps>();
  for (const [C, key] of [
    [Map, 'set'],
    [WeakMap, 'set'],
    [Set, 'add'],
    [WeakSet, 'add'],
  ] as const) {
    const fill = function* (made: object, iterable: unknown): Steps {
      if (iterable === undefined || iterable === null) return made;
      const adder = yield* spec.get(made, key);
      if (typeof adder !== 'function')
        throw new TypeError(`'${String(adder)}' returned for property '${key}' of object is not a function`);
      if (key === 'set') yield* eachEntry(iterable, (k, value) => p.call(adder, made, [k, value]));
      else yield* each(iterable, (value) => p.call(adder, made, [value]));
      return made;
    };
    apply(mapSet, fillers, [C, fill]);
    p.defineConstruct(C, function* (args, newTarget) {
      if (!p.armed) return reflectConstruct(C, args, newTarget as NewableFunction) as object;
      const made = (yield* p.again(() => reflectConstruct(C, [], newTarget as NewableFunction))) as object;
      return yield* fill(made, args[0]);
    });
  }
  p.fillerOf = (C) => apply(mapGet, fillers, [C]) as ReturnType<typeof p.fillerOf>;
}
