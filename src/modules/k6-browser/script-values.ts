// Values on their way between a script and a page: a copy each time, in which nothing of the other side is left.
import { types } from 'node:util';
import type { Realm } from '../../script/realm-interface.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';

const DEEPEST = 200;
const MOST = 1_000_000;

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

/**
 * A copy of what a script gives. Its getters run here and now, and never again.
 * @param what for messages: `the argument of evaluate()`
 * @param handleOf what stands for an object of the module's, null for others
 * @throws TypeError for what cannot be copied
 */
export function copyFromScript(value: unknown, what: string, handleOf: (object: object) => unknown): unknown {
  let count = 0;
  const copy = (one: unknown, depth: number): unknown => {
    if (++count > MOST || depth > DEEPEST) throw new TypeError(`${what} is too large or too deep for a page`);
    if (typeof one === 'function' || typeof one === 'symbol')
      throw new TypeError(`${what} holds a ${typeof one}, which cannot be given to a page`);
    if (typeof one !== 'object' || one === null) return one;
    const handle = handleOf(one);
    if (handle !== null) return handle;
    const bytes = toBytes(one);
    if (bytes !== null) return Uint8Array.from(bytes);
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

/** What a page gave, as values of the script's realm. */
export function copyToScript(realm: Realm, value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || value instanceof Error) return realm.fromHost(value);
  if (value instanceof RegExp) return new realm.intrinsics.RegExp(value.source, value.flags);
  const bytes = toBytes(value);
  if (bytes !== null)
    return value instanceof ArrayBuffer ? toRealmBuffer(realm, bytes) : realm.fromHost(Uint8Array.from(bytes));
  if (value instanceof URL) return value.href;
  const isList = Array.isArray(value);
  const made = realm.fromHost(isList ? [] : {}) as object;
  for (const key of Object.keys(value)) {
    const copied = copyToScript(realm, (value as Record<string, unknown>)[key]);
    Object.defineProperty(made, key, { value: copied, writable: true, enumerable: true, configurable: true });
  }
  return made;
}
