import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/**
 * Twins of the methods of Array that change their receiver (ECMA-262 §23.1.3); evaluated in the realm (self-contained). The
 * engine's own convert their arguments before they change anything, so they can run again; but once an element may be an
 * accessor, or the receiver a proxy, what they do to it must happen once.
 */
export function installArrayChanges(p: Protocol): void {
  const spec = p.spec;
  const { toObject, lengthOf, toInteger, toIndex, createLike, put, get, set, has, remove } = spec;
  const { min, max } = Math;
  const MAX_LENGTH = Number.MAX_SAFE_INTEGER;

  type Values = Record<PropertyKey, unknown>;
  type Body = (o: Values, length: number, args: ArrayLike<unknown>) => Steps;

  /** Methods that begin with ToObject(this) and LengthOfArrayLike. */
  const define = (key: string, body: Body): void =>
    spec.define(
      Array.prototype,
      key,
      function* (self, args, native: AnyFunction) {
        if (self === undefined || self === null) return yield* p.invoke(native, self, args);
        const o = toObject(self);
        return yield* body(o, yield* lengthOf(o), args);
      },
      () => p.exotic === true,
    );

  function* move(o: Values, from: number, to: number): Steps {
    if (yield* has(o, from)) yield* set(o, to, yield* get(o, from));
    else yield* remove(o, to);
    return undefined;
  }
  const check = (length: number): void => {
    if (length > MAX_LENGTH) throw new TypeError('Pushing elements past the largest length of an array');
  };

  define('push', function* (o, length, args) {
    check(length + args.length);
    for (let i = 0; i < args.length; i++) yield* set(o, length + i, args[i]);
    yield* set(o, 'length', length + args.length);
    return length + args.length;
  });
  define('pop', function* (o, length) {
    if (length === 0) {
      yield* set(o, 'length', 0);
      return undefined;
    }
    const value = yield* get(o, length - 1);
    yield* remove(o, length - 1);
    yield* set(o, 'length', length - 1);
    return value;
  });
  define('shift', function* (o, length) {
    if (length === 0) {
      yield* set(o, 'length', 0);
      return undefined;
    }
    const first = yield* get(o, 0);
    for (let k = 1; k < length; k++) yield* move(o, k, k - 1);
    yield* remove(o, length - 1);
    yield* set(o, 'length', length - 1);
    return first;
  });
  define('unshift', function* (o, length, args) {
    const count = args.length;
    if (count > 0) {
      check(length + count);
      for (let k = length - 1; k >= 0; k--) yield* move(o, k, k + count);
      for (let i = 0; i < count; i++) yield* set(o, i, args[i]);
    }
    yield* set(o, 'length', length + count);
    return length + count;
  });
  define('splice', function* (o, length, args) {
    const start = args.length === 0 ? 0 : yield* toIndex(args[0], length, 0);
    const added = max(args.length - 2, 0);
    let removed = args.length === 0 ? 0 : length - start;
    if (args.length > 1) removed = min(max(yield* toInteger(args[1]), 0), length - start);
    check(length + added - removed);
    const result = yield* createLike(o, removed);
    for (let k = 0; k < removed; k++) if (yield* has(o, start + k)) yield* put(result, k, yield* get(o, start + k));
    yield* set(result, 'length', removed);
    if (added < removed) {
      for (let k = start; k < length - removed; k++) yield* move(o, k + removed, k + added);
      for (let k = length - 1; k >= length - removed + added; k--) yield* remove(o, k);
    } else if (added > removed) {
      for (let k = length - removed - 1; k >= start; k--) yield* move(o, k + removed, k + added);
    }
    for (let i = 0; i < added; i++) yield* set(o, start + i, args[i + 2]);
    yield* set(o, 'length', length - removed + added);
    return result;
  });
  define('reverse', function* (o, length) {
    for (let low = 0, high = length - 1; low < high; low++, high--) {
      const hasLow = yield* has(o, low);
      const lowest = hasLow ? yield* get(o, low) : undefined;
      const hasHigh = yield* has(o, high);
      const highest = hasHigh ? yield* get(o, high) : undefined;
      if (hasHigh) yield* set(o, low, highest);
      else if (hasLow) yield* remove(o, low);
      if (hasLow) yield* set(o, high, lowest);
      else if (hasHigh) yield* remove(o, high);
    }
    return o;
  });
  define('fill', function* (o, length, args) {
    const from = yield* toIndex(args[1], length, 0);
    const to = yield* toIndex(args[2], length, length);
    for (let k = from; k < to; k++) yield* set(o, k, args[0]);
    return o;
  });
  define('copyWithin', function* (o, length, args) {
    const to = yield* toIndex(args[0], length, 0);
    const from = yield* toIndex(args[1], length, 0);
    const end = yield* toIndex(args[2], length, length);
    const count = min(end - from, length - to);
    const backwards = from < to && to < from + count;
    for (let i = 0; i < count; i++) {
      const k = backwards ? count - 1 - i : i;
      yield* move(o, from + k, to + k);
    }
    return o;
  });
}
