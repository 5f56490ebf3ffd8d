// The hash functions of k6/crypto and HMAC over them (RFC 2104), so that a digest may be taken in between and again.
import { createHash } from 'node:crypto';
import { Md4 } from './md4.ts';

/** What a hash and an HMAC have in common. */
export interface Digester {
  update(data: Uint8Array): unknown;
  /** Of what has been given so far; more may follow. */
  peek(): Buffer;
}

interface CopyableHash {
  update(data: Uint8Array): unknown;
  copy(): CopyableHash;
  digest(): Buffer;
}

/** By k6's name: the name that OpenSSL knows, and the size of a block in bytes. */
const ALGORITHMS: ReadonlyMap<string, { readonly name: string; readonly block: number }> = new Map([
  ['md4', { name: 'md4', block: 64 }],
  ['md5', { name: 'md5', block: 64 }],
  ['sha1', { name: 'sha1', block: 64 }],
  ['sha256', { name: 'sha256', block: 64 }],
  ['sha384', { name: 'sha384', block: 128 }],
  ['sha512', { name: 'sha512', block: 128 }],
  ['sha512_224', { name: 'sha512-224', block: 128 }],
  ['sha512_256', { name: 'sha512-256', block: 128 }],
  ['ripemd160', { name: 'ripemd160', block: 64 }],
]);

/** The names that scripts use. */
export const HASH_NAMES: readonly string[] = [...ALGORITHMS.keys()];

function algorithmOf(name: string): { readonly name: string; readonly block: number } {
  const algorithm = ALGORITHMS.get(name);
  if (algorithm === undefined) {
    throw new Error(`invalid hash algorithm: ${JSON.stringify(name)}; there are ${HASH_NAMES.join(', ')}`);
  }
  return algorithm;
}

function newHash(name: string): CopyableHash {
  return name === 'md4' ? new Md4() : createHash(name);
}

/** @throws Error that lists the algorithms when there is none of that name */
export function createDigester(algorithm: string): Digester {
  const hash = newHash(algorithmOf(algorithm).name);
  return { update: (data) => hash.update(data), peek: () => hash.copy().digest() };
}

/** @throws Error that lists the algorithms when there is none of that name */
export function createHmacDigester(algorithm: string, key: Uint8Array): Digester {
  const { name, block } = algorithmOf(algorithm);
  const padded = Buffer.alloc(block);
  if (key.length <= block) padded.set(key);
  else {
    const long = newHash(name);
    long.update(key);
    padded.set(long.digest());
  }
  const inner = newHash(name);
  inner.update(padded.map((byte) => byte ^ 0x36));
  return {
    update: (data) => inner.update(data),
    peek() {
      const outer = newHash(name);
      outer.update(padded.map((byte) => byte ^ 0x5c));
      outer.update(inner.copy().digest());
      return outer.digest();
    },
  };
}
