// Values on their way between a script and a page: a copy each time, in which nothing of the other side is left.
import { types } from 'node:util';
import type { Realm } from '../../script/realm-interface.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';

const DEEPEST = 200;
const MOST = 1_000_000;

/** The kinds of arrays of numbers that Playwright carries to a page and back. */
const NUMBER_ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

type NumberArrayKind = keyof typeof NUMBER_ARRAYS;

const readKind = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;

const readSource = accessor('source');
const readFlags = accessor('flags');

function accessor(name: 'source' | 'flags'): (pattern: RegExp) => string {
  const { get } = Object.getOwnPropertyDescriptor(RegExp.prototype, name) as PropertyDescriptor;
  return (pattern) => Reflect.apply(get as () => string, pattern, []) as string;
}

/** A regular expression of this realm that does what the script's does. */
export function copyPattern(pattern: RegExp): RegExp {
  return new RegExp(readSource(pattern), readFlags(pattern));
}

/** @returns what kind of array of numbers a value is, of whichever realm; null for others, and for the kinds that cannot be carried */
function numberArrayKind(value: object): NumberArrayKind | null {
  const kind = Reflect.apply(readKind, value, []);
  return kind !== undefined && Object.hasOwn(NUMBER_ARRAYS, kind) ? (kind as NumberArrayKind) : null;
}

function tooMuch(what: string, where: string): TypeError {
  return new TypeError(`${what} is too large or too deep for ${where}`);
}

/**
 * A copy of what a script gives. Its getters run here and now, and never again.
 * @param what for messages: `the argument of evaluate()`
 * @param handleOf what stands for an object of the module's, null for others
 * @throws TypeError for what cannot be copied
 */
export function copyFromScript(value: unknown, what: string, handleOf: (object: object) => unknown): unknown {
  let count = 0;
  const copy = (one: unknown, depth: number): unknown => {
    if (++count > MOST || depth > DEEPEST) throw tooMuch(what, 'a page');
    if (typeof one === 'function' || typeof one === 'symbol')
      throw new TypeError(`${what} holds a ${typeof one}, which cannot be given to a page`);
    if (typeof one !== 'object' || one === null) return one;
    const handle = handleOf(one);
    if (handle !== null) return handle;
    const bytes = toBytes(one);
    if (bytes !== null) {
      const octets = Uint8Array.from(bytes);
      // Playwright carries no buffers and no views of another kind: a page gets their octets.
      const kind = types.isTypedArray(one) ? numberArrayKind(one) : null;
      return kind === null ? octets : new NUMBER_ARRAYS[kind](octets.buffer);
    }
    if (types.isDate(one)) return new Date(Date.prototype.getTime.call(one));
    if (types.isRegExp(one)) return copyPattern(one);
    if (Array.isArray(one)) {
      const list: unknown[] = [];
      for (let i = 0; i < one.length; i++) list.push(copy(one[i], depth + 1));
      return list;
    }
    const object: Record<string, unknown> = {};
    for (const key of Object.keys(one)) {
      const copied = copy((one as Record<string, unknown>)[key], depth + 1);
      // Defined, not assigned: a key may be __proto__.
      Object.defineProperty(object, key, { value: copied, writable: true, enumerable: true, configurable: true });
    }
    return object;
  };
  return copy(value, 0);
}

/**
 * What a page gave, as values of the script's realm. What occurs in it more than once, itself included, is one object there, too.
 * @param what for messages: `the result of evaluate()`
 * @throws TypeError for what is too large or too deep
 */
export function copyToScript(realm: Realm, value: unknown, what: string): unknown {
  let count = 0;
  const known = new Map<object, unknown>();
  const copy = (one: unknown, depth: number): unknown => {
    if (++count > MOST || depth > DEEPEST) throw tooMuch(what, 'a script');
    if (typeof one === 'function' || typeof one === 'symbol') return undefined;
    if (typeof one !== 'object' || one === null) return one;
    if (one instanceof Date || one instanceof Error) return realm.fromHost(one);
    if (one instanceof RegExp) return new realm.intrinsics.RegExp(one.source, one.flags);
    if (one instanceof URL) return one.href;
    const bytes = toBytes(one);
    if (bytes !== null) {
      const buffer = toRealmBuffer(realm, bytes);
      if (one instanceof ArrayBuffer) return buffer;
      return new realm.intrinsics[numberArrayKind(one) ?? 'Uint8Array'](buffer);
    }
    const before = known.get(one);
    if (before !== undefined) return before;
    const made = realm.fromHost(Array.isArray(one) ? [] : {}) as object;
    known.set(one, made);
    for (const key of Object.keys(one)) {
      const copied = copy((one as Record<string, unknown>)[key], depth + 1);
      Object.defineProperty(made, key, { value: copied, writable: true, enumerable: true, configurable: true });
    }
    return made;
  };
  return copy(value, 0);
}
