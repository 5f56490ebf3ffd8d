// What a series has taken in since it was last told of, as plain data: the samples of a second in one piece. Folding deltas gives what
// folding the samples one by one gives.

/** Value and how often, or bucket and how often, alternating. */
export type Pairs = readonly number[];

/** What there is of a trend. */
export interface TrendState {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** The values themselves, while they are few; null: they are in the buckets. */
  readonly values: readonly number[] | null;
  /** By the numbers of log-linear-histogram.ts, ascending. */
  readonly positive: Pairs;
  readonly negative: Pairs;
  readonly zeros: number;
}

/** `count`: how many samples. */
export type SeriesDelta =
  | { readonly type: 'counter'; readonly count: number; readonly sum: number }
  /** `last` is the value of the latest sample, `timeMs` its time, in ms since the epoch. */
  | {
      readonly type: 'gauge';
      readonly count: number;
      readonly last: number;
      readonly min: number;
      readonly max: number;
      readonly timeMs: number;
    }
  /** `passes`: samples that are not 0. */
  | { readonly type: 'rate'; readonly count: number; readonly passes: number }
  | ({ readonly type: 'trend' } & TrendState);

/** @returns the sum of the samples, as far as that makes sense: a rate's passes, a gauge's last value */
export function sumOfDelta(delta: SeriesDelta): number {
  switch (delta.type) {
    case 'rate':
      return delta.passes;
    case 'gauge':
      return delta.last;
    default:
      return delta.sum;
  }
}

/** @returns how many of the samples are not 0; of a counter or gauge it is not known, and taken to be all */
export function passesOfDelta(delta: SeriesDelta): number {
  return delta.type === 'rate' ? delta.passes : delta.count;
}
