// Reading what scripts pass: objects of another realm, so never `instanceof`.
import { types } from 'node:util';
import { readDuration } from '../../vu/script-duration.ts';
import type { Metadata } from '../../wire/grpc/metadata.ts';

/** The members of a params object; none for undefined and null. @throws TypeError for anything else */
export function readMembers(value: unknown, what: string): [name: string, value: unknown][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') throw new TypeError(`${what} must be an object`);
  return Object.entries(value);
}

/** @returns a copy, or null for what is no binary data */
function readBytes(value: unknown): Uint8Array | null {
  if (types.isAnyArrayBuffer(value)) return Buffer.from(new Uint8Array(value as ArrayBuffer));
  if (types.isUint8Array(value)) return Buffer.from(value as Uint8Array);
  return null;
}

/**
 * Milliseconds.
 * @throws Error for what is neither a number of milliseconds nor a text such as `1m30s`
 */
export function readTimeout(value: unknown): number {
  const timeout = typeof value === 'number' || typeof value === 'string' ? readDuration(value) : Number.NaN;
  if (Number.isNaN(timeout)) {
    throw new Error(
      `invalid timeout value: unable to use ${typeof value} ${JSON.stringify(value) ?? ''} as a duration value`,
    );
  }
  return timeout;
}

/**
 * Metadata to send: text, and for keys that end in `-bin` bytes. Keys travel in lower case.
 * @throws Error for other values
 */
export function readMetadata(value: unknown): Metadata {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') throw new Error('invalid metadata param: must be an object with key-value pairs');
  return Object.entries(value).map(([name, item]): [string, string | Uint8Array] => {
    const key = name.toLowerCase();
    if (key.endsWith('-bin')) {
      const bytes = readBytes(item);
      if (!bytes) throw new Error(`invalid metadata param: "${name}" value must be binary`);
      return [key, bytes];
    }
    if (typeof item !== 'string') throw new Error(`invalid metadata param: "${name}" value must be a string`);
    return [key, item];
  });
}
