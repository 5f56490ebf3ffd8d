// Reads DER (ITU-T X.690), as far as certificates need it.

/** One element: its tag and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

export const TAG = { objectIdentifier: 0x06, bitString: 0x03, octetString: 0x04, sequence: 0x30, set: 0x31 } as const;

/**
 * The elements that stand one behind the other.
 * @throws Error when an element is longer than what holds it
 */
export function readElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = byteAt(bytes, at);
    let length = byteAt(bytes, at + 1);
    let start = at + 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4) throw new Error(`an element at byte ${at} has a length that DER does not have`);
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + byteAt(bytes, start++);
    }
    if (start + length > bytes.length) throw new Error(`the element at byte ${at} ends behind what holds it`);
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** @throws Error where the element at that place is missing or another one */
export function elementAt(elements: readonly DerElement[], index: number, tag?: number): DerElement {
  const element = elements[index];
  if (element === undefined || (tag !== undefined && element.tag !== tag)) {
    throw new Error(`element ${index} is ${element === undefined ? 'missing' : `of kind ${element.tag}, not ${tag}`}`);
  }
  return element;
}

/** `1.2.840.113549` */
export function readObjectIdentifier(content: Buffer): string {
  const numbers: bigint[] = [];
  let number = 0n;
  for (const byte of content) {
    number = (number << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0n;
    }
  }
  const first = numbers.shift() ?? 0n;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...numbers].join('.');
}

/** The text of any of the string types. */
export function readText({ tag, content }: DerElement): string {
  switch (tag) {
    case 0x1e: // BMPString
      return Buffer.from(content).swap16().toString('utf16le');
    case 0x13: // PrintableString
    case 0x16: // IA5String
    case 0x14: // TeletexString
      return content.toString('latin1');
    default:
      return content.toString('utf8');
  }
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Error('it ends in the middle of an element');
  return byte;
}
