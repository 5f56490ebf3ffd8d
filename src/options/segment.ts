// Execution segments: which part of every number of a test falls to one instance, and to one worker of it, so that the parts
// add up exactly (k6 page "Options reference", execution segment). Arithmetic is on exact fractions.

/** An exact fraction, in lowest terms, `den` > 0. */
export interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

/** `[from, to)` of 0 to 1. */
export interface Segment {
  readonly from: Fraction;
  readonly to: Fraction;
}

const ZERO: Fraction = { num: 0n, den: 1n };
const ONE: Fraction = { num: 1n, den: 1n };

/**
 * The part of any countable thing – virtual users, iterations – that falls to somebody: of the elements 0, 1, 2 … it owns some,
 * repeating with a period.
 */
export class Share {
  /** The whole of everything. */
  static readonly WHOLE = new Share(1, [0], [1], 0);
  readonly #period: number;
  /** Owned elements of a period, ascending. */
  readonly #owned: readonly number[];
  /** Elements of a period owned by each holder of a part, in the order of the sequence: what {@link forVus} scales. */
  readonly #weights: readonly number[];
  readonly #position: number;
  /** What this is a share of: the part of a worker is a share of its instance's part. */
  readonly #outer: Share | null;

  /**
   * @param period elements after which ownership repeats
   * @param owned which of them are owned
   * @param weights how many of them each part owns, in the order of the sequence
   * @param position of this part among the weights
   */
  constructor(
    period: number,
    owned: readonly number[],
    weights: readonly number[],
    position: number,
    outer: Share | null = null,
  ) {
    this.#period = period;
    this.#owned = owned;
    this.#weights = weights;
    this.#position = position;
    this.#outer = outer;
  }

  /** @returns how many of `total` elements are owned. Over all parts the results add up to `total`. */
  scale(total: number): number {
    const amount = this.#outer ? this.#outer.scale(total) : total;
    return this.#scaleOwn(amount);
  }

  /** @returns how many of `total` elements the instance owns, all of its workers together */
  scaleInstance(total: number): number {
    return this.#outer ? this.#outer.scale(total) : this.#scaleOwn(total);
  }

  #scaleOwn(amount: number): number {
    const cycles = Math.floor(amount / this.#period);
    const rest = amount - cycles * this.#period;
    return cycles * this.#owned.length + countBelow(this.#owned, rest);
  }

  /** How much of the whole it is, 0 to 1. */
  get fraction(): number {
    return (this.#owned.length / this.#period) * (this.#outer?.fraction ?? 1);
  }

  /** @returns the place of the `index`-th (0-based) owned element among all of the test */
  inTest(index: number): number {
    const inInstance = this.#at(index);
    return this.#outer ? this.#outer.inTest(inInstance) : inInstance;
  }

  /** @returns the place of the `index`-th (0-based) owned element among those of the instance */
  inInstance(index: number): number {
    return this.#outer ? this.#at(index) : index;
  }

  /** @returns the place within the test of an element that is the `index`-th of the instance */
  instanceToTest(index: number): number {
    return this.#outer ? this.#outer.inTest(index) : this.#at(index);
  }

  #at(index: number): number {
    const cycles = Math.floor(index / this.#owned.length);
    return cycles * this.#period + this.#owned[index - cycles * this.#owned.length];
  }

  /** @returns the part of worker `index` of `count` in what this share owns */
  forWorker(index: number, count: number): Share {
    if (count === 1) return this;
    const weights = new Array<number>(count).fill(1);
    return new Share(count, [index], weights, index, this);
  }

  /**
   * The share by which a scenario with `vus` virtual users divides its iterations: in proportion to the virtual users that each
   * part got, which matters when they cannot be divided evenly.
   *
   * @returns null when no virtual user falls to this part
   */
  forVus(vus: number): Share | null {
    const outer = this.#outer ? this.#outer.forVus(vus) : null;
    if (this.#outer && outer === null) return null;
    const amount = this.#outer ? this.#outer.scale(vus) : vus;
    const weights = this.#weights.map((_, i) => this.#scaleOf(i, amount));
    if (weights[this.#position] === 0) return null;
    return shareOf(weights, this.#position, outer);
  }

  /**
   * The share by which arrivals are divided: exactly by segment among instances, among workers in proportion to the virtual users
   * that they have to serve them.
   *
   * @returns null when no virtual user falls to this worker
   */
  forArrivals(vus: number): Share | null {
    if (this.#outer === null) return this.scale(vus) > 0 ? this : null;
    const amount = this.#outer.scale(vus);
    const weights = this.#weights.map((_, i) => this.#scaleOf(i, amount));
    return weights[this.#position] === 0 ? null : shareOf(weights, this.#position, this.#outer);
  }

  /** What the part at `position` of the sequence gets of `amount`. */
  #scaleOf(position: number, amount: number): number {
    return position === this.#position
      ? this.#scaleOwn(amount)
      : shareOf(this.#weights, position, null).#scaleOwn(amount);
  }
}

/** @returns how many of the ascending `numbers` are below `limit` */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Deals out the elements of a period: each goes to the part, the heaviest first, that is not ahead of its proportion.
 *
 * @param weights parts in the order of the sequence, whole numbers
 */
function shareOf(weights: readonly number[], position: number, outer: Share | null): Share {
  const divisor = weights.reduce((a, b) => gcd(a, b), 0);
  const reduced = weights.map((weight) => weight / divisor);
  const period = reduced.reduce((a, b) => a + b, 0);
  const byWeight = reduced.map((_, i) => i).sort((a, b) => reduced[b] - reduced[a] || a - b);
  const taken = new Array<number>(weights.length).fill(0);
  const owned: number[] = [];
  for (let element = 0; element < period; element++) {
    for (const part of byWeight) {
      if (reduced[part] === 0 || taken[part] * period > element * reduced[part]) continue;
      taken[part]++;
      if (part === position) owned.push(element);
      break;
    }
  }
  return new Share(period, owned, reduced, position, outer);
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function gcdBig(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

function fraction(num: bigint, den: bigint): Fraction {
  const divisor = gcdBig(num, den) || 1n;
  return { num: num / divisor, den: den / divisor };
}

function compare(a: Fraction, b: Fraction): number {
  const left = a.num * b.den;
  const right = b.num * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
}

function subtract(a: Fraction, b: Fraction): Fraction {
  return fraction(a.num * b.den - b.num * a.den, a.den * b.den);
}

function showFraction(value: Fraction): string {
  return value.den === 1n ? `${value.num}` : `${value.num}/${value.den}`;
}

/** @returns the segment in the form that {@link parseSegment} reads: `1/3:2/3` */
export function formatSegment(segment: Segment): string {
  return `${showFraction(segment.from)}:${showFraction(segment.to)}`;
}

/** `1/3`, `0.25`, `25%`. */
function parseFraction(text: string): Fraction {
  const trimmed = text.trim();
  const percent = /^(\d+(?:\.\d+)?|\.\d+)%$/.exec(trimmed);
  if (percent) {
    const value = parseDecimal(percent[1]);
    return fraction(value.num, value.den * 100n);
  }
  const ratio = /^(\d+)\/(\d+)$/.exec(trimmed);
  if (ratio && BigInt(ratio[2]) !== 0n) return fraction(BigInt(ratio[1]), BigInt(ratio[2]));
  if (/^(\d+(\.\d*)?|\.\d+)$/.test(trimmed)) return parseDecimal(trimmed);
  throw new Error(`"${text}" is not a fraction such as 1/3, 0.25 or 25%`);
}

function parseDecimal(text: string): Fraction {
  const [whole, digits = ''] = text.split('.');
  return fraction(BigInt(`${whole || '0'}${digits}`), 10n ** BigInt(digits.length));
}

/**
 * @param text `from:to`, or one fraction `x` for `0:x`
 * @throws Error that says what is wrong with it
 */
export function parseSegment(text: string): Segment {
  const parts = text.split(':');
  if (parts.length > 2) throw new Error(`execution segment "${text}" must have the form from:to`);
  const [from, to] = parts.length === 1 ? [ZERO, parseFraction(parts[0])] : parts.map(parseFraction);
  if (compare(to, ONE) > 0) throw new Error(`the end of execution segment "${text}" must not be above 1`);
  if (compare(from, to) >= 0) throw new Error(`the start of execution segment "${text}" must be below its end`);
  return { from, to };
}

/** @param text as {@link parseSegment} reads it @returns how much of the whole it is, in lowest terms: `1/3` @throws Error as there */
export function lengthOf(text: string): string {
  const { from, to } = parseSegment(text);
  return showFraction(subtract(to, from));
}

/**
 * @param text the ends of the segments from lowest to highest: `0,1/4,1/2,1`
 * @throws Error that says what is wrong with it
 */
export function parseSegmentSequence(text: string): Segment[] {
  const points = text.split(',').map(parseFraction);
  if (points.length < 2) throw new Error(`execution segment sequence "${text}" needs at least two points`);
  return points.slice(1).map((to, i) => {
    const from = points[i];
    if (compare(to, ONE) > 0) throw new Error(`execution segment sequence "${text}" goes above 1`);
    if (compare(from, to) >= 0) throw new Error(`execution segment sequence "${text}" must be in ascending order`);
    return { from, to };
  });
}

/**
 * Finds the part of an instance. A sequence that leaves out the beginning or the end of the whole is completed.
 *
 * @param segmentText as {@link parseSegment} reads it; empty: everything
 * @param sequenceText as {@link parseSegmentSequence} reads it; empty: what is not in the segment makes up the other parts
 * @throws Error when one cannot be read, or the segment is not one of the sequence
 */
export function findShare(segmentText: string, sequenceText: string): Share {
  const segment = segmentText === '' ? { from: ZERO, to: ONE } : parseSegment(segmentText);
  const given = sequenceText === '' ? [segment] : parseSegmentSequence(sequenceText);
  const sequence = [...given];
  const first = sequence[0];
  const last = sequence[sequence.length - 1];
  if (compare(first.from, ZERO) > 0) sequence.unshift({ from: ZERO, to: first.from });
  if (compare(last.to, ONE) < 0) sequence.push({ from: last.to, to: ONE });
  const position = sequence.findIndex((s) => compare(s.from, segment.from) === 0 && compare(s.to, segment.to) === 0);
  if (position < 0) {
    throw new Error(`execution segment "${segmentText || '0:1'}" is not one of the sequence "${sequenceText}"`);
  }
  const lengths = sequence.map((s) => subtract(s.to, s.from));
  const common = lengths.reduce((lcm, { den }) => (lcm / gcdBig(lcm, den)) * den, 1n);
  if (common > 10_000_000n)
    throw new Error(`the execution segments "${sequenceText || segmentText}" are too finely divided`);
  return shareOf(
    lengths.map(({ num, den }) => Number((num * common) / den)),
    position,
    null,
  );
}

/**
 * Divides the whole.
 * @param weights of the parts, whole numbers over 0
 * @returns what each instance gets as `executionSegment`, and the sequence that all of them get
 */
export function divideWhole(weights: readonly number[]): { readonly segments: string[]; readonly sequence: string } {
  const total = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
  let before = 0n;
  const ends = [ZERO];
  for (const weight of weights) {
    before += BigInt(weight);
    ends.push(fraction(before, total));
  }
  return {
    segments: weights.map((_, index) => formatSegment({ from: ends[index], to: ends[index + 1] })),
    sequence: ends.map(showFraction).join(','),
  };
}
