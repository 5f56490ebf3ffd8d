// `crypto.subtle`: Web Cryptography (https://www.w3.org/TR/webcrypto-2/) by Node's own implementation. What a script gives is read
// once and copied before Node sees it; what it gets are objects of its realm.
import type { webcrypto } from 'node:crypto';
import { types } from 'node:util';
import { nodeCrypto } from '../node/late-builtins.ts';
import { createAttachedState } from '../script/attached-state.ts';
import type { HostMember, Realm } from '../script/realm-interface.ts';

type NativeKey = webcrypto.CryptoKey;

/** What each argument of a method is, by its place; `rest` is for methods of Node that scripts cannot reach otherwise. */
type ArgumentKind = 'algorithm' | 'key' | 'data' | 'key data' | 'format' | 'flag' | 'usages' | 'number or null';

const METHODS: Readonly<Record<string, readonly ArgumentKind[]>> = {
  encrypt: ['algorithm', 'key', 'data'],
  decrypt: ['algorithm', 'key', 'data'],
  sign: ['algorithm', 'key', 'data'],
  verify: ['algorithm', 'key', 'data', 'data'],
  digest: ['algorithm', 'data'],
  generateKey: ['algorithm', 'flag', 'usages'],
  deriveKey: ['algorithm', 'key', 'algorithm', 'flag', 'usages'],
  deriveBits: ['algorithm', 'key', 'number or null'],
  importKey: ['format', 'key data', 'algorithm', 'flag', 'usages'],
  exportKey: ['format', 'key'],
  wrapKey: ['format', 'key', 'key', 'algorithm'],
  unwrapKey: ['format', 'data', 'key', 'algorithm', 'algorithm', 'flag', 'usages'],
};

/** Members of algorithms that are algorithms themselves, and those that are keys; all others are data, text or numbers. */
const NESTED_ALGORITHMS: ReadonlySet<string> = new Set(['hash']);
/** Every member that an algorithm may have: nothing else of the object is read. */
const ALGORITHM_MEMBERS = [
  'additionalData',
  'context',
  'counter',
  'hash',
  'info',
  'iterations',
  'iv',
  'label',
  'length',
  'modulusLength',
  'namedCurve',
  'outputLength',
  'public',
  'publicExponent',
  'salt',
  'saltLength',
  'tagLength',
] as const;
const JWK_MEMBERS = [
  'kty',
  'use',
  'alg',
  'crv',
  'x',
  'y',
  'd',
  'n',
  'e',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'k',
  'pub',
  'priv',
];

/** An error of Web Cryptography: known by its name alone, as in k6 it is no `Error`. */
interface CryptoFailure {
  readonly name: string;
  readonly message: string;
}

class Refusal extends Error implements CryptoFailure {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Makes `crypto.subtle` for a realm. */
export function createSubtleCrypto(realm: Realm): object {
  const keys = createAttachedState<NativeKey>();
  const failures = realm.hostClass({
    name: 'DOMException',
    construct: refuseConstruction,
    methods: {
      toString: {
        length: 0,
        impl(this: { readonly name: unknown; readonly message: unknown }) {
          return `${String(this.name)}: ${String(this.message)}`;
        },
      },
    },
  });
  const keyOf = (value: unknown): NativeKey => {
    const key = keys.of(value);
    if (key === null) throw new Refusal('InvalidAccessError', 'a CryptoKey is needed here');
    return key;
  };
  const keyClass = realm.hostClass({
    name: 'CryptoKey',
    construct: refuseConstruction,
    getters: {
      type(this: unknown) {
        return keyOf(this).type;
      },
      extractable(this: unknown) {
        return keyOf(this).extractable;
      },
      algorithm(this: unknown) {
        return realm.fromHost({ ...keyOf(this).algorithm });
      },
      usages(this: unknown) {
        return realm.fromHost([...keyOf(this).usages]);
      },
    },
  });

  const showKey = (key: NativeKey): object => {
    const object = keyClass.create();
    keys.attach(object, key);
    return object;
  };
  const show = (value: unknown): unknown => {
    if (types.isCryptoKey(value)) return showKey(value as NativeKey);
    if (typeof value === 'object' && value !== null && 'privateKey' in value && 'publicKey' in value) {
      const pair = new realm.intrinsics.Object() as Record<string, unknown>;
      pair['privateKey'] = showKey(value.privateKey as NativeKey);
      pair['publicKey'] = showKey(value.publicKey as NativeKey);
      return pair;
    }
    return realm.fromHost(value);
  };

  const readAlgorithm = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return String(value);
    const given = value as Readonly<Record<string, unknown>>;
    const { name } = given;
    const algorithm: Record<string, unknown> = { name: String(name) };
    for (const member of ALGORITHM_MEMBERS) {
      const part = given[member];
      if (part === undefined) continue;
      if (NESTED_ALGORITHMS.has(member)) algorithm[member] = readAlgorithm(part);
      else if (member === 'public') algorithm[member] = keyOf(part);
      else algorithm[member] = readBytes(part) ?? (typeof part === 'object' ? Number(part) : part);
    }
    return algorithm;
  };
  const readData = (value: unknown): Uint8Array => {
    const bytes = readBytes(value);
    if (bytes === null) throw new TypeError('data must be an ArrayBuffer or a view of one');
    return bytes;
  };
  const readers: Readonly<Record<ArgumentKind, (value: unknown) => unknown>> = {
    algorithm: readAlgorithm,
    key: keyOf,
    data: readData,
    'key data': (value) => (isJwk(value) ? readJwk(value) : readData(value)),
    format: String,
    flag: Boolean,
    usages: readUsages,
    'number or null': (value) => (value === undefined || value === null ? null : Number(value)),
  };

  /** An error as a script gets it. */
  const failureOf = (error: unknown): unknown => {
    const { name, message } = error as CryptoFailure;
    if (error instanceof TypeError) return error;
    const failure = failures.create() as Record<string, unknown>;
    for (const [field, value] of Object.entries({ name: String(name), message: String(message) })) {
      Object.defineProperty(failure, field, { value, writable: true, configurable: true, enumerable: true });
    }
    return failure;
  };
  const methodOf = (name: string, kinds: readonly ArgumentKind[]): HostMember => ({
    length: kinds.length,
    kind: 'async',
    async impl(...args: unknown[]) {
      let read: unknown[];
      try {
        read = kinds.map((kind, i) => readers[kind](args[i]));
      } catch (error) {
        // What a getter of the script threw goes back as it is.
        throw error instanceof Refusal ? failureOf(error) : error;
      }
      try {
        const { subtle } = nodeCrypto().webcrypto;
        const call = subtle[name as keyof typeof webcrypto.subtle] as (...values: unknown[]) => Promise<unknown>;
        return show(await call.apply(subtle, read));
      } catch (error) {
        throw failureOf(error);
      }
    },
  });
  const subtle = realm.hostClass({
    name: 'SubtleCrypto',
    construct: refuseConstruction,
    methods: Object.fromEntries(Object.entries(METHODS).map(([name, kinds]) => [name, methodOf(name, kinds)])),
  });
  return subtle.create();
}

function refuseConstruction(): never {
  throw new TypeError('Illegal constructor');
}

/** A copy, which the script cannot change while the operation is under way; null for what is no bytes. */
function readBytes(value: unknown): Uint8Array | null {
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value).slice();
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return null;
}

function isJwk(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !types.isAnyArrayBuffer(value) && !ArrayBuffer.isView(value);
}

/** A JSON Web Key (RFC 7517), of which only its known members are read. */
function readJwk(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const jwk: Record<string, unknown> = {};
  for (const member of JWK_MEMBERS) {
    const part = value[member];
    if (part !== undefined) jwk[member] = String(part);
  }
  const { ext, key_ops: operations } = value;
  if (ext !== undefined) jwk['ext'] = Boolean(ext);
  if (operations !== undefined) jwk['key_ops'] = readUsages(operations);
  return jwk;
}

function readUsages(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) throw new TypeError('usages must be a list of names');
  const list = value as ArrayLike<unknown>;
  const length = Math.min(Number(list.length) || 0, 32);
  return Array.from({ length }, (_, i) => String(list[i]));
}
