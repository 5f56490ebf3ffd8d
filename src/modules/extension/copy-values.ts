// What a script hands to an extension, as values of this side.
import { types } from 'node:util';
import type { Data } from '../../extension/api.ts';
import { toBytes } from '../../vu/script-bytes.ts';

const DEEPEST = 200;
const MOST = 1_000_000;

/**
 * A copy without anything of the script's: its getters run here and now, and never again.
 * @param what for messages: `argument 1 of push()`
 * @throws TypeError for what cannot be copied
 */
export function copyFromScript(value: unknown, what: string): Data {
  let count = 0;
  const copy = (one: unknown, depth: number): Data => {
    if (++count > MOST) throw new TypeError(`${what} is too large to be handed to an extension`);
    switch (typeof one) {
      case 'function':
      case 'symbol':
        throw new TypeError(`${what} holds a ${typeof one}, which cannot be handed to an extension`);
      case 'object':
        break;
      default:
        return one as Data;
    }
    if (one === null) return null;
    if (depth > DEEPEST) throw new TypeError(`${what} is too deep to be handed to an extension: does it hold itself?`);
    const bytes = toBytes(one);
    if (bytes !== null) return Uint8Array.from(bytes);
    if (types.isDate(one)) return new Date(Date.prototype.getTime.call(one));
    if (Array.isArray(one)) {
      const list: Data[] = [];
      for (let i = 0; i < one.length; i++) list.push(copy(one[i], depth + 1));
      return list;
    }
    const object: Record<string, Data> = {};
    for (const key of Object.keys(one)) {
      // Defined, not assigned: a key may be __proto__.
      const data = copy((one as Record<string, unknown>)[key], depth + 1);
      Object.defineProperty(object, key, { value: data, writable: true, enumerable: true, configurable: true });
    }
    return object;
  };
  return copy(value, 0);
}
