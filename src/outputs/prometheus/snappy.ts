// Snappy's block format (github.com/google/snappy, format_description.txt), which remote write wants: compression alone.

const HASH_BITS = 14;
/** Copies reach back that far. */
const BLOCK = 65_536;
const SHORTEST_MATCH = 4;
/** Of one copy element. */
const LONGEST_COPY = 64;
/** What hashing the next four octets may read. */
const MARGIN = 15;

/** @returns the compressed block */
export function compressSnappy(input: Buffer): Buffer {
  const output = Buffer.allocUnsafe(32 + input.length + Math.ceil(input.length / 6));
  let length = 0;
  let rest = input.length;
  while (rest > 127) {
    output[length++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  output[length++] = rest;
  const table = new Uint16Array(1 << HASH_BITS);
  for (let start = 0; start < input.length; start += BLOCK) {
    table.fill(0);
    length = compressBlock(input, start, Math.min(input.length, start + BLOCK), output, length, table);
  }
  return output.subarray(0, length);
}

/** @param table where four octets with a hash were seen last, from `start` on @returns the new length of the output */
function compressBlock(
  input: Buffer,
  start: number,
  end: number,
  output: Buffer,
  length: number,
  table: Uint16Array,
): number {
  let literal = start;
  let at = start + 1;
  // What does not compress is stepped over faster and faster.
  let misses = 32;
  while (at < end - MARGIN) {
    const word = input.readUInt32LE(at);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = start + table[slot]!;
    table[slot] = at - start;
    if (candidate >= at || input.readUInt32LE(candidate) !== word) {
      at += misses++ >>> 5;
      continue;
    }
    misses = 32;
    let match = SHORTEST_MATCH;
    while (at + match < end && input[candidate + match] === input[at + match]) match++;
    length = writeLiteral(input, literal, at, output, length);
    length = writeCopy(output, length, at - candidate, match);
    at += match;
    literal = at;
  }
  return writeLiteral(input, literal, end, output, length);
}

function writeLiteral(input: Buffer, from: number, to: number, output: Buffer, length: number): number {
  const size = to - from;
  if (size === 0) return length;
  if (size <= 60) output[length++] = (size - 1) << 2;
  else if (size <= 256) {
    output[length++] = 60 << 2;
    output[length++] = size - 1;
  } else {
    output[length++] = 61 << 2;
    length = output.writeUInt16LE(size - 1, length);
  }
  input.copy(output, length, from, to);
  return length + size;
}

/** Copies with two octets of offset: they hold every case of a block. */
function writeCopy(output: Buffer, length: number, offset: number, match: number): number {
  let rest = match;
  while (rest > 0) {
    const size = Math.min(rest, LONGEST_COPY);
    output[length++] = ((size - 1) << 2) | 2;
    length = output.writeUInt16LE(offset, length);
    rest -= size;
  }
  return length;
}
