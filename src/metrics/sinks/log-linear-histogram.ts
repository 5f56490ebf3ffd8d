// Counts of values in buckets whose width is 1/1024 of the power of two below them: any value is known to 0.1 %, over the
// whole range of a double, in a few kilobytes. A bucket's index is simply the top bits of the double, so finding it takes no
// logarithm.
import type { Pairs, TrendState } from './series-delta.ts';

/** Low bits of a double's high word that a bucket leaves out: 10 of the 20 mantissa bits stay. */
const DROPPED_BITS = 10;
const CHUNK_BITS = 6;
const CHUNK_SIZE = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_SIZE - 1;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which of the two words holds the exponent: depends on the machine's byte order. */
double[0] = 1;
const HIGH = words[1] === 0 ? 0 : 1;

/** @param magnitude over 0 */
export function bucketOf(magnitude: number): number {
  double[0] = magnitude;
  return words[HIGH] >>> DROPPED_BITS;
}

/** The bucket of what is infinite. What would come after it are no numbers. */
const INFINITE = bucketOf(Number.POSITIVE_INFINITY);

/** @returns the least value of a bucket; that of the next bucket is the first value above it */
export function bucketStart(bucket: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = Math.min(bucket, INFINITE) << DROPPED_BITS;
  return double[0];
}

/** @returns the value in the middle of a bucket */
export function bucketMiddle(bucket: number): number {
  return (bucketStart(bucket) + bucketStart(bucket + 1)) / 2;
}

/** Counts of one sign's values. Buckets are kept in chunks of 64, so that only what is used takes memory. */
class BucketCounts {
  #chunks: (Float64Array | null)[] = [];
  /** Number of the first chunk in `#chunks`. */
  #first = 0;
  total = 0;

  add(bucket: number, count: number): void {
    const chunk = bucket >>> CHUNK_BITS;
    const place = chunk - this.#first;
    const counts = this.#chunks[place] ?? this.#grow(chunk);
    counts[bucket & CHUNK_MASK] += count;
    this.total += count;
  }

  #grow(chunk: number): Float64Array {
    const chunks = this.#chunks;
    if (chunks.length === 0) this.#first = chunk;
    if (chunk < this.#first) {
      this.#chunks = [...new Array<null>(this.#first - chunk).fill(null), ...chunks];
      this.#first = chunk;
    }
    while (this.#chunks.length <= chunk - this.#first) this.#chunks.push(null);
    const counts = new Float64Array(CHUNK_SIZE);
    this.#chunks[chunk - this.#first] = counts;
    return counts;
  }

  /** Used buckets in ascending order. */
  *buckets(): Generator<[bucket: number, count: number]> {
    for (const [place, counts] of this.#chunks.entries()) {
      if (counts === null) continue;
      const start = (place + this.#first) << CHUNK_BITS;
      for (let index = 0; index < CHUNK_SIZE; index++) if (counts[index] > 0) yield [start + index, counts[index]];
    }
  }

  pairs(): number[] {
    const pairs: number[] = [];
    for (const [bucket, count] of this.buckets()) pairs.push(bucket, count);
    return pairs;
  }

  addPairs(pairs: Pairs): void {
    for (let index = 0; index < pairs.length; index += 2) this.add(pairs[index], pairs[index + 1]);
  }

  get bytes(): number {
    return this.#chunks.length * 8 + this.#chunks.filter((chunk) => chunk !== null).length * CHUNK_SIZE * 8;
  }
}

/** A bucket of values between two bounds; which of them is included depends on the sign and does not matter here. */
export interface HistogramBucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export class LogLinearHistogram {
  readonly #positive = new BucketCounts();
  readonly #negative = new BucketCounts();
  #zeros = 0;

  /** @param value any finite number */
  add(value: number, count = 1): void {
    if (value > 0) this.#positive.add(bucketOf(value), count);
    else if (value < 0) this.#negative.add(bucketOf(-value), count);
    else this.#zeros += count;
  }

  /** @param from the first of the values that are added, @param to what stands behind the last */
  addMany(values: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) this.add(values[index]);
  }

  merge(other: LogLinearHistogram): void {
    for (const [bucket, count] of other.#positive.buckets()) this.#positive.add(bucket, count);
    for (const [bucket, count] of other.#negative.buckets()) this.#negative.add(bucket, count);
    this.#zeros += other.#zeros;
  }

  /** The counts as plain data, by the numbers of buckets. */
  state(): Pick<TrendState, 'positive' | 'negative' | 'zeros'> {
    return { positive: this.#positive.pairs(), negative: this.#negative.pairs(), zeros: this.#zeros };
  }

  addBuckets({ positive, negative, zeros }: Pick<TrendState, 'positive' | 'negative' | 'zeros'>): void {
    this.#positive.addPairs(positive);
    this.#negative.addPairs(negative);
    this.#zeros += zeros;
  }

  get count(): number {
    return this.#positive.total + this.#negative.total + this.#zeros;
  }

  /** Memory of the counts. */
  get bytes(): number {
    return this.#positive.bytes + this.#negative.bytes;
  }

  /** Used buckets, in ascending order of their values. */
  *buckets(): Generator<HistogramBucket> {
    for (const [bucket, count] of [...this.#negative.buckets()].reverse()) {
      yield { from: -bucketStart(bucket + 1), to: -bucketStart(bucket), count };
    }
    if (this.#zeros > 0) yield { from: 0, to: 0, count: this.#zeros };
    for (const [bucket, count] of this.#positive.buckets()) {
      yield { from: bucketStart(bucket), to: bucketStart(bucket + 1), count };
    }
  }

  /**
   * The values that stand at given places of the sorted sequence, each to 0.1 %.
   *
   * @param ranks ascending, from 0
   */
  valuesAt(ranks: readonly number[]): number[] {
    const result: number[] = [];
    let before = 0;
    for (const { from, to, count } of this.buckets()) {
      while (result.length < ranks.length && ranks[result.length] < before + count) {
        // Taken as evenly spread over the bucket. The one of what is infinite has no width.
        const share = (ranks[result.length] - before + 0.5) / count;
        result.push(Number.isFinite(to - from) ? from + share * (to - from) : Number.isFinite(from) ? from : to);
      }
      if (result.length === ranks.length) break;
      before += count;
    }
    return result;
  }
}
