// How far a run lies from earlier ones, and how far it may lie from them by chance alone.
import { type Batches, mean, variance } from './batches.ts';
import { upperQuantile, upperTail } from './student-t.ts';

/** From so many earlier runs on they show themselves how much runs differ. */
export const RUNS_FOR_PREDICTION = 3;

export interface Difference {
  /** Of logarithms or of shares, as the batches are. */
  readonly change: number;
  /** Standard error, and its degrees of freedom. */
  readonly error: number;
  readonly freedom: number;
  /** What the steps of histograms hide, on top of the interval. */
  readonly blur: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Compares with one or two earlier runs by what varies within runs (Welch), with more by what varies between them too: the prediction
 * interval for one more run. Of those the wider one counts: three runs that happen to be alike say little.
 * @param earlier at least one
 * @returns null where nothing says how much a value varies
 */
export function measureDifference(run: Batches, earlier: readonly Batches[]): Difference | null {
  const means = earlier.map(({ values }) => mean(values));
  const change = mean(run.values) - mean(means);
  const blur = Math.max(run.blur, mean(earlier.map((one) => one.blur)));
  const within = welch(
    run.values,
    earlier.flatMap(({ values }) => values),
  );
  const between = predict(means);
  const [wider] = [within, between].filter((one) => one !== null).sort((a, b) => b.error - a.error);
  return wider === undefined ? null : { change, blur, ...wider };
}

type Spread = Pick<Difference, 'error' | 'freedom'>;

/** B. L. Welch, 1947. @returns null where there is but one value */
function welch(run: readonly number[], earlier: readonly number[]): Spread | null {
  if (run.length < 2 || earlier.length < 2) return null;
  const [a, b] = [run, earlier].map((values) => variance(values) / values.length);
  const freedom = (a + b) ** 2 / (a ** 2 / (run.length - 1) + b ** 2 / (earlier.length - 1));
  return { error: Math.sqrt(a + b), freedom: Number.isNaN(freedom) ? run.length - 1 : freedom };
}

function predict(means: readonly number[]): Spread | null {
  if (means.length < RUNS_FOR_PREDICTION) return null;
  return { error: Math.sqrt(variance(means) * (1 + 1 / means.length)), freedom: means.length - 1 };
}

/** @returns what the difference truly is, but for a share `level` of cases */
export function intervalOf({ change, error, freedom, blur }: Difference, level: number): Interval {
  const reach = (error === 0 ? 0 : upperQuantile(level / 2, freedom) * error) + blur;
  return { low: change - reach, high: change + reach };
}

/** @returns how probable it is to see as much where the true difference is no larger than the margin */
export function probabilityWithin({ change, error, freedom, blur }: Difference, margin: number): number {
  const beyond = Math.abs(change) - margin - blur;
  if (error === 0) return beyond > 0 ? 0 : 1;
  return Math.min(1, 2 * upperTail(beyond / error, freedom));
}
