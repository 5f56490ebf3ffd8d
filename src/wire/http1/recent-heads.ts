// What servers answered last. Under load they give the same few heads and bodies again and again, and comparing octets costs a
// fraction of scanning and copying them.
import type { ReceivedHeaders } from './received-headers.ts';

/** All that the octets of a head say. */
export interface KnownHead {
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly statusText: string;
  /** 10 or 11. */
  readonly version: number;
  /** -1: none was given. */
  readonly contentLength: number;
  readonly chunked: boolean;
  readonly close: boolean;
  readonly keepAlive: boolean;
  readonly headers: ReceivedHeaders;
}

const PLACES = 64;
const LONGEST_HEAD = 2048;
const LONGEST_BODY = 2048;

const heads = new Array<KnownHead | null>(PLACES).fill(null);
const bodies = new Array<Buffer | null>(PLACES).fill(null);

/** Answers of the same size are looked for in the same place: a head is mostly read together with all of its body. */
const placeOf = (size: number): number => size % PLACES;

/** @returns the head that begins at a position of what was read, if it is one of those seen last */
export function recallHead(chunk: Uint8Array, at: number): KnownHead | null {
  const known = heads[placeOf(chunk.length - at)] ?? null;
  return known !== null && beginsWith(chunk, at, known.bytes) ? known : null;
}

/** Remembers the head that began at a position of what was read. */
export function rememberHead(chunk: Uint8Array, at: number, head: KnownHead): void {
  if (head.bytes.length <= LONGEST_HEAD) heads[placeOf(chunk.length - at)] = head;
}

/**
 * A copy of octets that were read. Bodies that repeat share one, which nobody may change therefore.
 * @param from,to where they lie; they are few enough to be worth it: see {@link isSmallBody}
 */
export function copyBody(chunk: Uint8Array, from: number, to: number): Buffer {
  const place = placeOf(to - from);
  const known = bodies[place] ?? null;
  if (known !== null && known.length === to - from && beginsWith(chunk, from, known)) return known;
  const body = Buffer.allocUnsafe(to - from);
  body.set(chunk.subarray(from, to));
  bodies[place] = body;
  return body;
}

/** Whether a body is one for {@link copyBody}. @param size octets */
export function isSmallBody(size: number): boolean {
  return size > 0 && size <= LONGEST_BODY;
}

function beginsWith(chunk: Uint8Array, at: number, bytes: Uint8Array): boolean {
  const size = bytes.length;
  if (chunk.length - at < size) return false;
  // What differs, such as an id or the time, is rather near the end of a head.
  for (let index = size - 1; index >= 0; index--) if (chunk[at + index] !== bytes[index]) return false;
  return true;
}
