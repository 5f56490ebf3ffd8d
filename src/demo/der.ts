/** The few shapes of DER (ITU-T X.690) that an X.509 certificate is made of. */

const encoded = (tag: number, content: Uint8Array): Buffer => {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length, ...octets]), content]);
};

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encoded(0x30, Buffer.concat(parts));
export const set = (...parts: readonly Uint8Array[]): Buffer => encoded(0x31, Buffer.concat(parts));
export const boolean = (value: boolean): Buffer => encoded(0x01, Buffer.from([value ? 0xff : 0]));
export const octetString = (content: Uint8Array): Buffer => encoded(0x04, content);
export const utf8String = (text: string): Buffer => encoded(0x0c, Buffer.from(text));

/** A non-negative integer, given as its octets. */
export function integer(octets: Uint8Array): Buffer {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const digits = octets.subarray(start);
  return encoded(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** @param unused how many bits at the end of the last octet do not count */
export function bitString(content: Uint8Array, unused = 0): Buffer {
  return encoded(0x03, Buffer.concat([Buffer.from([unused]), content]));
}

/** An object identifier from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    octets.push(...digits);
  }
  return encoded(0x06, Buffer.from(octets));
}

/** A point in time, to the second; UTCTime up to 2049, as RFC 5280 (4.1.2.5) has it. */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`;
  return at.getUTCFullYear() < 2050 ? encoded(0x17, Buffer.from(digits.slice(2))) : encoded(0x18, Buffer.from(digits));
}

/** A context-specific tag: around whole values (explicit) or instead of their own tag (implicit, primitive). */
export const explicit = (number: number, content: Uint8Array): Buffer => encoded(0xa0 | number, content);
export const implicit = (number: number, content: Uint8Array): Buffer => encoded(0x80 | number, content);
