// The global `crypto`: random values, and `subtle`, which is made when a script first asks for it.
import { nodeCrypto } from '../node/late-builtins.ts';
import type { VuEnvironment } from './environment.ts';
import { createSubtleCrypto } from './subtle-crypto.ts';

const INTEGER_ARRAY = /^(?:Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|BigInt64|BigUint64)Array$/;
const MOST_BYTES = 65_536;

/** The object, of the realm, shared by all virtual users of a worker. */
export function createCrypto({ realm }: VuEnvironment): object {
  const crypto = realm.fromHost({}) as Record<string, unknown>;
  let subtle: object | null = null;
  Object.defineProperty(crypto, 'subtle', {
    get: realm.hostFunction('get subtle', 0, () => (subtle ??= createSubtleCrypto(realm))),
    enumerable: true,
    configurable: true,
  });
  crypto['getRandomValues'] = realm.hostFunction('getRandomValues', 1, (array: unknown) => {
    const kind = Object.prototype.toString.call(array).slice(8, -1);
    if (!ArrayBuffer.isView(array) || !INTEGER_ARRAY.test(kind)) {
      throw realm.error('TypeError', 'getRandomValues() requires a typed array of integers');
    }
    if (array.byteLength > MOST_BYTES) {
      throw realm.error('Error', `getRandomValues() fills at most ${MOST_BYTES} bytes, got ${array.byteLength}`, {
        name: 'QuotaExceededError',
      });
    }
    nodeCrypto().getRandomValues(new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength));
    return array;
  });
  crypto['randomUUID'] = realm.hostFunction('randomUUID', 0, () => nodeCrypto().randomUUID());
  return crypto;
}
