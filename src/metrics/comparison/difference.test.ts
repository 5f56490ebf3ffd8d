import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Difference, intervalOf, measureDifference, probabilityWithin } from './difference.ts';
import { judgeDifferences } from './judge-differences.ts';
import { normal, seeded } from './simulated-run.fixture.ts';

const batchesOf = (...values: number[]) => ({ values, blur: 0 });
const near = (actual: number, expected: number, name = ''): void =>
  assert.ok(Math.abs(actual - expected) < 1e-4 * Math.max(1, Math.abs(expected)), `${name} ${actual}, not ${expected}`);

test('two runs differ by their means, with the error and the freedom of Welch’s test', () => {
  // Unequal sizes and variances, worked out by hand: means 22 and 20, variances 10 and 2 over 5 and 4 values.
  const found = measureDifference(batchesOf(18, 20, 22, 24, 26), [batchesOf(18.5, 19.5, 20.5, 21.5)])!;
  const [a, b] = [10 / 5, 5 / 3 / 4];
  near(found.change, 2);
  near(found.error, Math.sqrt(a + b));
  near(found.freedom, (a + b) ** 2 / (a ** 2 / 4 + b ** 2 / 3));
});

test('three earlier runs that differ among each other widen what one more run may differ by', () => {
  const alike = [batchesOf(9.9, 10.1), batchesOf(9.8, 10.2), batchesOf(9.9, 10.1)];
  const apart = [batchesOf(8, 8.2), batchesOf(10, 10.2), batchesOf(12, 12.2)];
  const run = batchesOf(10, 10.2);
  const [few, many] = [alike, apart].map((earlier) => measureDifference(run, earlier)!);
  assert.ok(many.error > 5 * few.error);
  // Means 8.1, 10.1 and 12.1 have the variance 4: one more run lies within √(4 · (1 + 1/3)).
  near(many.error, Math.sqrt(4 * (1 + 1 / 3)));
  assert.equal(many.freedom, 2);
});

test('single values of one or two runs say nothing of how they vary; those of three do', () => {
  assert.equal(measureDifference(batchesOf(1), [batchesOf(2)]), null);
  assert.equal(measureDifference(batchesOf(1), [batchesOf(2), batchesOf(3)]), null);
  assert.notEqual(measureDifference(batchesOf(1), [batchesOf(2), batchesOf(3), batchesOf(4)]), null);
});

test('where nothing varies any change is real, and none is none', () => {
  const same = measureDifference(batchesOf(5, 5, 5), [batchesOf(5, 5, 5)])!;
  assert.deepEqual([same.change, same.error], [0, 0]);
  assert.ok(Number.isFinite(same.freedom));
  assert.deepEqual(intervalOf(same, 0.05), { low: 0, high: 0 });
  assert.equal(probabilityWithin(same, 0), 1);
  const other = measureDifference(batchesOf(6, 6, 6), [batchesOf(5, 5, 5)])!;
  assert.equal(probabilityWithin(other, 0.5), 0);
  assert.equal(probabilityWithin(other, 1), 1, 'a change as large as the margin is within it');
  assert.deepEqual(
    judgeDifferences([
      { difference: other, margin: 0.5 },
      { difference: same, margin: 0.5 },
    ]).map(({ direction }) => direction),
    ['more', 'same'],
  );
});

test('the blur of histograms lies on both sides of the interval, and no change smaller than it is sure', () => {
  const sharp: Difference = { change: 0.1, error: 0.01, freedom: 20, blur: 0 };
  const blurred = { ...sharp, blur: 0.05 };
  const [a, b] = [sharp, blurred].map((one) => intervalOf(one, 0.05));
  near(a.low - b.low, 0.05);
  near(b.high - a.high, 0.05);
  assert.ok(probabilityWithin(sharp, 0.05) < 0.001);
  assert.equal(probabilityWithin(blurred, 0.06), 1);
  const run = { values: [1, 2], blur: 0.3 };
  assert.equal(measureDifference(run, [{ values: [1, 2], blur: 0.1 }])!.blur, 0.3, 'the greater of both');
  assert.equal(
    measureDifference({ ...run, blur: 0 }, [
      { values: [1, 2], blur: 0.1 },
      { values: [1, 2], blur: 0.3 },
    ])!.blur,
    0.2,
  );
});

test('an interval holds what it says: 95 of 100 contain the true difference', () => {
  const random = seeded(31);
  let contained = 0;
  const rounds = 800;
  for (let round = 0; round < rounds; round++) {
    const [run, before] = [7, 5].map((mean) => ({
      values: Array.from({ length: 12 }, () => mean + normal(random) * 3),
      blur: 0,
    }));
    const { low, high } = intervalOf(measureDifference(run, [before])!, 0.05);
    if (low <= 2 && 2 <= high) contained++;
  }
  // Of 800, 760 are expected with a standard deviation of 6.
  assert.ok(contained > 735 && contained < 785, `${contained} of ${rounds}`);
});

test('what is judged together comes back in its order, and Holm’s procedure is the one of the textbook', () => {
  const random = seeded(13);
  for (let round = 0; round < 40; round++) {
    const all = Array.from({ length: 1 + Math.floor(random() * 12) }, () => ({
      difference: { change: normal(random) * 0.2, error: 0.02 + random() * 0.05, freedom: 22, blur: 0 },
      margin: 0.05,
    }));
    const judged = judgeDifferences(all);
    const probabilities = all.map(({ difference, margin }) => probabilityWithin(difference, margin));
    const order = all.map((_, place) => place).sort((a, b) => probabilities[a] - probabilities[b]);
    const firstKept = order.findIndex((place, index) => probabilities[place] > 0.05 / (all.length - index));
    const real = new Set(firstKept < 0 ? order : order.slice(0, firstKept));
    for (const [place, { direction, low, high }] of judged.entries()) {
      const { change } = all[place].difference;
      assert.equal(direction === 'more' || direction === 'less', real.has(place), `round ${round}, ${place}`);
      if (direction === 'more') assert.ok(change > 0 && low > 0);
      if (direction === 'less') assert.ok(change < 0 && high < 0);
      if (direction === 'same') assert.ok(low > -0.05 && high < 0.05);
      assert.ok(low <= change && change <= high);
    }
  }
  assert.deepEqual(judgeDifferences([]), []);
});
