/** Repeatable chance (mulberry32): the same seed, the same mutations. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** @returns a whole number from 0 up to `limit`, which it never is */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** Bytes with a few things wrong: flipped, cut out, doubled, cut off, or with a piece of `dictionary` put in. */
export function mutate(bytes: Buffer, random: SeededRandom, dictionary: readonly Buffer[]): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + random.below(4); times > 0 && result.length > 0; times--) {
    const at = random.below(result.length);
    const length = 1 + random.below(Math.min(24, result.length - at));
    switch (random.below(6)) {
      case 0:
        result[at] = random.below(256);
        break;
      case 1:
        result[at] = (result[at] as number) ^ (1 << random.below(8));
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at + length), result.subarray(at)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), random.pick(dictionary), result.subarray(at)]);
        break;
      default:
        if (random.below(3) === 0) result = result.subarray(0, at);
    }
  }
  return result;
}
