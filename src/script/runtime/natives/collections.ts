import type { AnyFunction, Protocol } from '../protocol.ts';
import type { Spec } from './spec.ts';

/** Twins for Map, Set and the group-by functions (ECMA-262 §24, §20.1.2.13); evaluated in the realm (self-contained). */
export function installCollectionNatives(p: Protocol): void {
  const spec = p['spec'] as Spec;
  const { apply } = p;

  const defineForEach = (prototype: object, entriesOf: AnyFunction, isOne: (value: unknown) => boolean): void =>
    spec.define(prototype, 'forEach', function* (self, args, native) {
      if (typeof args[0] !== 'function' || !isOne(self)) return apply(native, self, args);
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
  for (const [prototype, has, get, set] of [
    [Map.prototype, mapHas, mapGet, mapSet],
    [
      WeakMap.prototype,
      WeakMap.prototype.has as AnyFunction,
      WeakMap.prototype.get as AnyFunction,
      WeakMap.prototype.set as AnyFunction,
    ],
  ] as const) {
    spec.define(prototype, 'getOrInsertComputed', function* (self, args, native) {
      if (typeof args[1] !== 'function') return apply(native, self, args);
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
    toKey: (key: unknown) => unknown,
  ): Generator<unknown, Map<unknown, unknown[]>, unknown> {
    const groups = new Map<unknown, unknown[]>();
    const open = yield* spec.open(items);
    let k = 0;
    for (let step = yield* spec.next(open); step !== undefined; step = yield* spec.next(open)) {
      try {
        const key = toKey(yield* p.call(callback, undefined, [step.value, k++]));
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
      if (isLeft(args)) return apply(native, self, args);
      const groups = yield* group(args[0], args[1], (key) => (typeof key === 'symbol' ? key : String(key)));
      const result = Object.create(null) as object;
      for (const [key, list] of groups) spec.put(result, key as PropertyKey, list);
      return result;
    },
    blocks,
  );
  spec.define(
    Map,
    'groupBy',
    function* (self, args, native) {
      if (isLeft(args)) return apply(native, self, args);
      return yield* group(args[0], args[1], (key) => (key === 0 ? 0 : key));
    },
    blocks,
  );
  // What only takes an iterable: drain it first where that may block.
  for (const [holder, key] of [
    [Object, 'fromEntries'],
    [Promise, 'all'],
    [Promise, 'allSettled'],
    [Promise, 'any'],
    [Promise, 'race'],
  ] as const) {
    spec.define(
      holder,
      key,
      function* (self, args, native) {
        const items = spec.iteratesBlocking(args[0]) ? yield* p.call(Array.from, Array, [args[0]]) : args[0];
        return apply(native, self, [items]);
      },
      blocks,
    );
  }
}
