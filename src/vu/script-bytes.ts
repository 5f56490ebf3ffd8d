import { types } from 'node:util';

/** The bytes of an ArrayBuffer or a view of one, of whichever realm; null for anything else. */
export function toBytes(value: unknown): Uint8Array | null {
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return null;
}
