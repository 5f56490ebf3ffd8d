// Names of rows: they sort by the time at which they were made (RFC 9562, version 7).
import { randomBytes } from 'node:crypto';

let lastMs = 0;
let counter = 0;

/** @returns a UUID of version 7, greater than all that this process has made before */
export function newId(now = Date.now()): string {
  // Twelve bits count those of the same ms, so that a list by names has the order in which its rows came.
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const random = randomBytes(8);
  random[0] = (random[0]! & 0x3f) | 0x80;
  const end = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${end.slice(0, 4)}-${end.slice(4)}`;
}

/** @returns whether a text could be the name of a row */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
