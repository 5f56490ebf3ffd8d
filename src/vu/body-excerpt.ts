// The beginning of a body, to be looked at.
import type { BodySample } from '../metrics/failure-sample.ts';

/** Octets of a body that are kept. */
export const BODY_OCTETS = 4096;
/** What a text that was cut off ends with. */
export const CUT = '…';

const strict = new TextDecoder('utf-8', { fatal: true });

/** @param body null: there is none to show */
export function excerptBody(body: Uint8Array | string | null): BodySample | null {
  if (body === null) return null;
  // No character has more than three octets for each of its units.
  const bytes =
    typeof body === 'string'
      ? Buffer.from(body.slice(0, BODY_OCTETS))
      : Buffer.from(body.buffer, body.byteOffset, body.length);
  const octets = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  if (octets === 0) return { text: '', isBinary: false, octets };
  const head = bytes.subarray(0, BODY_OCTETS);
  const isCut = octets > head.length;
  const text = decode(isCut ? withoutBrokenEnd(head) : head);
  const shown = text ?? head.toString('latin1').replace(/[^\x20-\x7e\r\n\t]/g, '·');
  return { text: isCut ? shown + CUT : shown, isBinary: text === null, octets };
}

/** @returns null for what is no text */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = strict.decode(bytes);
    return /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Without the octets of a character that was cut in two (RFC 3629). */
function withoutBrokenEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const octet = bytes[bytes.length - back]!;
    if (octet < 0x80) return bytes;
    if (octet < 0xc0) continue;
    const needed = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
