// Which differences are real. Whoever looks at a hundred endpoints finds some that differ by chance: Holm's correction (1979) keeps the
// probability of even one such below 5 %.
import { type Difference, type Interval, intervalOf, probabilityWithin } from './difference.ts';

const LEVEL = 0.05;

/** `more` and `less` are beyond the margin, `same` is within it, and `undecided` may be either. */
export type Direction = 'more' | 'less' | 'same' | 'undecided';

export interface Judged extends Interval {
  readonly direction: Direction;
}

/** A difference, and up to where nobody minds. */
export interface Judgeable {
  readonly difference: Difference;
  readonly margin: number;
}

/** @param all that is looked at together @returns in the same order */
export function judgeDifferences(all: readonly Judgeable[]): Judged[] {
  const probabilities = all.map(({ difference, margin }) => probabilityWithin(difference, margin));
  const order = all.map((_, place) => place).sort((a, b) => probabilities[a] - probabilities[b]);
  const judged: Judged[] = [];
  let rejects = true;
  let level = LEVEL;
  for (const [index, place] of order.entries()) {
    const { difference, margin } = all[place];
    if (rejects) level = LEVEL / (all.length - index);
    rejects &&= probabilities[place] <= level;
    if (rejects) {
      const direction = difference.change > 0 ? 'more' : 'less';
      judged[place] = { direction, ...intervalOf(difference, level) };
      continue;
    }
    // That there is no relevant difference alarms nobody, and needs no correction.
    const plain = intervalOf(difference, LEVEL);
    const isWithin = plain.low > -margin && plain.high < margin;
    judged[place] = isWithin
      ? { direction: 'same', ...plain }
      : { direction: 'undecided', ...intervalOf(difference, level) };
  }
  return judged;
}
