// Objects of scripts that are a body as they stand: a Blob, a FormData, a URLSearchParams. Their classes say so when they are made, and
// most scripts have none of them.
import type { Realm } from '../script/realm-interface.ts';

export interface ObjectBody {
  readonly bytes: Buffer;
  /** The Content-Type that goes with it unless the script gives another. */
  readonly type: string | null;
}

/** @returns null for what is no object of its class */
type BodyReader = (value: object) => ObjectBody | null;

const readers = new WeakMap<Realm, BodyReader[]>();

/** Makes a class of a realm known. */
export function addBodyReader(realm: Realm, reader: BodyReader): void {
  const known = readers.get(realm);
  if (known === undefined) readers.set(realm, [reader]);
  else known.push(reader);
}

/** @returns null for an object of any other class */
export function readObjectBody(realm: Realm, value: object): ObjectBody | null {
  for (const read of readers.get(realm) ?? []) {
    const body = read(value);
    if (body !== null) return body;
  }
  return null;
}
