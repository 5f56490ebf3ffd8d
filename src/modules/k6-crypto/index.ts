// `k6/crypto`: hashes, HMAC, random bytes (https://grafana.com/docs/k6/latest/javascript-api/k6-crypto/).
import { randomFillSync } from 'node:crypto';
import { createAttachedState } from '../../script/attached-state.ts';
import type { Realm, RealmFunction } from '../../script/realm-interface.ts';
import type { HostModule } from '../../vu/environment.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';
import { createDigester, createHmacDigester, type Digester, HASH_NAMES } from './hashes.ts';

/** As much as one call may ask for: what is longer is a mistake, and would fill the memory. */
const MOST_RANDOM_BYTES = 2 ** 31 - 1;

export const cryptoModule: HostModule = {
  specifier: 'k6/crypto',
  create({ realm }) {
    const hasher = createHasherClass(realm);
    const named: Record<string, RealmFunction> = {
      createHash: realm.hostFunction('createHash', 1, (algorithm: unknown) =>
        hasher(createDigester(String(algorithm))),
      ),
      createHMAC: realm.hostFunction('createHMAC', 2, (algorithm: unknown, key: unknown) =>
        hasher(createHmacDigester(String(algorithm), bytesOf(key))),
      ),
      hmac: realm.hostFunction('hmac', 4, (algorithm: unknown, key: unknown, data: unknown, encoding: unknown) =>
        digestOf(realm, createHmacDigester(String(algorithm), bytesOf(key)), data, encoding),
      ),
      hexEncode: realm.hostFunction('hexEncode', 1, (data: unknown) => Buffer.from(bytesOf(data)).toString('hex')),
      randomBytes: realm.hostFunction('randomBytes', 1, (size: unknown) => {
        const length = Number(size);
        if (!Number.isInteger(length) || length < 1 || length > MOST_RANDOM_BYTES) {
          throw new Error(`invalid size: randomBytes() takes a whole number of bytes from 1 on, not ${length}`);
        }
        const buffer = new realm.intrinsics.ArrayBuffer(length);
        randomFillSync(new Uint8Array(buffer));
        return buffer;
      }),
    };
    for (const name of HASH_NAMES) {
      named[name] = realm.hostFunction(name, 2, (data: unknown, encoding: unknown) =>
        digestOf(realm, createDigester(name), data, encoding),
      );
    }
    return () => ({ named });
  },
};

/** Makes the `Hasher`s of a realm. */
function createHasherClass(realm: Realm): (digester: Digester) => object {
  const digesters = createAttachedState<Digester>();
  const own = (self: unknown): Digester => {
    const digester = digesters.of(self);
    if (digester === null) throw new TypeError('this is not a Hasher');
    return digester;
  };
  const { create } = realm.hostClass({
    name: 'Hasher',
    construct() {
      throw new TypeError('a Hasher comes from createHash() or createHMAC(); it cannot be constructed');
    },
    methods: {
      update: {
        length: 1,
        impl(this: unknown, data: unknown) {
          own(this).update(bytesOf(data));
        },
      },
      digest: {
        length: 1,
        impl(this: unknown, encoding: unknown) {
          return show(realm, own(this).peek(), encoding);
        },
      },
    },
  });
  return (digester) => {
    const object = create();
    digesters.attach(object, digester);
    return object;
  };
}

function digestOf(realm: Realm, digester: Digester, data: unknown, encoding: unknown): unknown {
  digester.update(bytesOf(data));
  return show(realm, digester.peek(), encoding);
}

/** @throws Error for anything but text and bytes */
function bytesOf(data: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  const bytes = toBytes(data);
  if (bytes === null) {
    throw new TypeError(
      `invalid type ${data === null ? 'null' : typeof data}, expected string, ArrayBuffer or a typed array`,
    );
  }
  return bytes;
}

/** The digest in the encoding that the script asked for. */
function show(realm: Realm, digest: Buffer, encoding: unknown): unknown {
  switch (encoding) {
    case 'hex':
    case 'base64':
      return digest.toString(encoding);
    case 'base64url':
      return digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    case 'base64rawurl':
      return digest.toString('base64url');
    case 'binary': {
      return toRealmBuffer(realm, digest);
    }
    default:
      throw new Error(
        `invalid output encoding: ${String(encoding)}; there are hex, base64, base64url, base64rawurl and binary`,
      );
  }
}
