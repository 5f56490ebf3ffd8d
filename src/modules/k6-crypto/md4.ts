// MD4 (RFC 1320): broken as a hash, still in use by NTLM and old systems. OpenSSL 3 has it no longer in its default provider.

const BLOCK = 64;
/** Per round: what is added, the order of the words, the shifts (RFC 1320, section 3.4). */
const ROUNDS = [
  { add: 0, order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], shifts: [3, 7, 11, 19] },
  { add: 0x5a827999, order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], shifts: [3, 5, 9, 13] },
  { add: 0x6ed9eba1, order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], shifts: [3, 9, 11, 15] },
] as const;

/** An incremental MD4, with the part of the interface of Node's `Hash` that is used here. */
export class Md4 {
  #state: Int32Array;
  #rest: Uint8Array;
  #length: number;

  constructor(
    state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476),
    rest: Uint8Array = new Uint8Array(0),
    length = 0,
  ) {
    this.#state = state;
    this.#rest = rest;
    this.#length = length;
  }

  update(data: Uint8Array): this {
    const all = Buffer.concat([this.#rest, data]);
    this.#length += data.length;
    let at = 0;
    for (; at + BLOCK <= all.length; at += BLOCK) this.#mix(all, at);
    this.#rest = all.subarray(at);
    return this;
  }

  copy(): Md4 {
    return new Md4(this.#state.slice(), this.#rest, this.#length);
  }

  digest(): Buffer {
    const padding = Buffer.alloc(((119 - (this.#length % BLOCK)) % BLOCK) + 9);
    padding[0] = 0x80;
    padding.writeBigUInt64LE(BigInt(this.#length) * 8n, padding.length - 8);
    this.update(padding);
    const digest = Buffer.alloc(16);
    for (const [i, word] of this.#state.entries()) digest.writeInt32LE(word, i * 4);
    return digest;
  }

  #mix(block: Buffer, offset: number): void {
    let [a, b, c, d] = this.#state as unknown as [number, number, number, number];
    for (const [round, { add, order, shifts }] of ROUNDS.entries()) {
      for (const [step, word] of order.entries()) {
        const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        const sum = (a + mixed + block.readInt32LE(offset + word * 4) + add) | 0;
        const shift = shifts[step % 4] as number;
        [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
      }
    }
    const state = this.#state;
    state[0] = (state[0] as number) + a;
    state[1] = (state[1] as number) + b;
    state[2] = (state[2] as number) + c;
    state[3] = (state[3] as number) + d;
  }
}
