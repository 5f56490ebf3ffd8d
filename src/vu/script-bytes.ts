import { types } from 'node:util';
import type { Realm } from '../script/realm-interface.ts';

/** The bytes of an ArrayBuffer or a view of one, of whichever realm; null for anything else. */
export function toBytes(value: unknown): Uint8Array | null {
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return null;
}

/** A buffer of the script's realm that holds a copy of the bytes. */
export function toRealmBuffer(realm: Realm, bytes: Uint8Array): ArrayBuffer {
  const buffer = new realm.intrinsics.ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
