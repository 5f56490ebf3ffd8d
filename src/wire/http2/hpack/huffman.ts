import { HpackError } from './hpack-error.ts';

/**
 * Lengths in bits of the codes of RFC 7541 appendix B, symbols 0–255 and EOS. The code is canonical (within a length, codes
 * ascend with the symbol), so the lengths determine it.
 */
// biome-ignore format: sixteen symbols a line
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const EOS = 256;

const CODE_LENGTHS = Uint8Array.from(LENGTHS);
const CODES = new Uint32Array(257);

/**
 * The decoder is a state machine over half octets: a state is an inner node of the code tree. At `state * 16 + nibble` lie
 * the state that follows and the symbol that was completed, if any (the shortest code has five bits, so one at most).
 */
const NEXT = new Uint16Array(256 * 16);
const SYMBOL = new Int16Array(256 * 16).fill(-1);
const REJECT = 0xffff;
/** States in which a string may end: what is left over is at most seven ones (RFC 7541 section 5.2). */
const FINAL = new Uint8Array(256);

/** Children of the inner nodes: 0 none yet, positive an inner node, negative -(symbol + 1). */
function buildTree(): Int16Array {
  const children = new Int16Array(512);
  let nodes = 1;
  let code = 0;
  let length = 0;
  const order = LENGTHS.map((_, symbol) => symbol).sort((a, b) => LENGTHS[a]! - LENGTHS[b]! || a - b);
  for (const symbol of order) {
    const bits = LENGTHS[symbol]!;
    code = length === 0 ? 0 : (code + 1) * 2 ** (bits - length);
    length = bits;
    CODES[symbol] = code;
    let node = 0;
    for (let bit = bits - 1; bit >= 0; bit--) {
      const slot = node * 2 + ((code >>> bit) & 1);
      if (bit === 0) children[slot] = -(symbol + 1);
      else {
        if (children[slot] === 0) children[slot] = nodes++;
        node = children[slot]!;
      }
    }
  }
  return children;
}

function buildMachine(children: Int16Array): void {
  for (let state = 0; state < 256; state++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      let node = state;
      const at = state * 16 + nibble;
      for (let bit = 3; bit >= 0 && node !== REJECT; bit--) {
        const child = children[node * 2 + ((nibble >>> bit) & 1)]!;
        if (child > 0) node = child;
        else {
          const symbol = -child - 1;
          node = symbol === EOS ? REJECT : 0;
          if (symbol !== EOS) SYMBOL[at] = symbol;
        }
      }
      NEXT[at] = node;
    }
  }
  for (let depth = 0, node = 0; depth <= 7; depth++) {
    FINAL[node] = 1;
    node = children[node * 2 + 1]!;
  }
}
buildMachine(buildTree());

/** Octets that `text` takes when Huffman-coded. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at++) bits += CODE_LENGTHS[text.charCodeAt(at) & 0xff]!;
  return (bits + 7) >>> 3;
}

/** Writes `text` Huffman-coded. @returns the position behind it */
export function huffmanEncode(text: string, out: Uint8Array, at: number): number {
  let hold = 0;
  let held = 0;
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index) & 0xff;
    const code = CODES[symbol]!;
    let bits = CODE_LENGTHS[symbol]!;
    // At most seven bits are held; codes over 24 bits go in two steps so that the sum stays within 31 bits.
    if (bits > 24) {
      hold = (hold << (bits - 24)) | (code >>> 24);
      held += bits - 24;
      while (held >= 8) out[at++] = (hold >>> (held -= 8)) & 0xff;
      hold = ((hold & 0xff) << 24) | (code & 0xffffff);
      bits = 24;
    } else hold = ((hold & 0x7f) << bits) | code;
    held += bits;
    while (held >= 8) out[at++] = (hold >>> (held -= 8)) & 0xff;
  }
  if (held > 0) out[at++] = ((hold << (8 - held)) | (0xff >>> held)) & 0xff;
  return at;
}

/** Decoded text is at most 8/5 of its code; the scratch grows to what was needed. */
let scratch = Buffer.allocUnsafeSlow(4096);

/** @throws HpackError for EOS inside the string, or padding that is longer than seven bits or not all ones */
export function huffmanDecode(bytes: Uint8Array, start: number, end: number): string {
  const most = Math.ceil(((end - start) * 8) / 5);
  if (most > scratch.length) scratch = Buffer.allocUnsafeSlow(most * 2);
  let state = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    const octet = bytes[at]!;
    let slot = state * 16 + (octet >>> 4);
    if (SYMBOL[slot]! >= 0) scratch[length++] = SYMBOL[slot]!;
    state = NEXT[slot]!;
    if (state === REJECT) throw new HpackError('EOS in a Huffman-coded string');
    slot = state * 16 + (octet & 15);
    if (SYMBOL[slot]! >= 0) scratch[length++] = SYMBOL[slot]!;
    state = NEXT[slot]!;
    if (state === REJECT) throw new HpackError('EOS in a Huffman-coded string');
  }
  if (FINAL[state] !== 1) throw new HpackError('a Huffman-coded string ends with wrong padding');
  return scratch.toString('latin1', 0, length);
}
