// Header blocks that servers sent last, for all connections of a thread.
import type { HeaderField } from './header-field.ts';
import type { TableHistory } from './table-history.ts';

/** A decoded list. The same object may be handed out again for an equal block: never change it. */
export interface DecodedBlock {
  readonly fields: readonly HeaderField[];
  /** The list was longer than `maxListSize`, and `fields` is not all of it. */
  readonly tooLarge: boolean;
  /** For whoever makes something of the same block again and again; its own business. */
  derived: unknown;
}

/** A block, and what decoding it comes to. */
export interface KnownBlock {
  readonly bytes: Uint8Array;
  /** Of the tables for which that holds; null: it refers to nothing in the table, so it means the same to all. */
  readonly history: TableHistory | null;
  readonly block: DecodedBlock;
  /** Octets of the list, as `maxListSize` counts them. */
  readonly size: number;
  /** What it adds to the table. */
  readonly inserted: readonly HeaderField[];
}

const PLACES = 128;
const LONGEST = 1024;

const places = new Array<KnownBlock | null>(PLACES).fill(null);

function placeOf(bytes: Uint8Array, start: number, end: number): number {
  return (end - start + 7 * bytes[start]! + 31 * bytes[end - 1]!) % PLACES;
}

/** @returns what the block between two positions comes to for a table, if that is known */
export function recallBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  history: TableHistory | null,
): KnownBlock | null {
  if (end <= start) return null;
  const known = places[placeOf(bytes, start, end)] ?? null;
  if (known === null || (known.history !== null && known.history !== history)) return null;
  const { length } = known.bytes;
  if (length !== end - start) return null;
  for (let at = 0; at < length; at++) if (known.bytes[at] !== bytes[start + at]) return null;
  return known;
}

/** @param known its bytes are its own */
export function rememberBlock(known: KnownBlock): void {
  const { bytes } = known;
  places[placeOf(bytes, 0, bytes.length)] = known;
}

/** Whether a block of so many octets is worth being remembered. */
export function isMemorable(length: number): boolean {
  return length > 0 && length <= LONGEST;
}
