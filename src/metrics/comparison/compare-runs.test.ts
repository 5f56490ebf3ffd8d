import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparableRun, compareRuns } from './compare-runs.ts';
import { judgeDifferences } from './judge-differences.ts';
import { FAIR, type SimulationOptions, seeded, simulateRun } from './simulated-run.fixture.ts';
import { findSteadyPart } from './steady-part.ts';

const PLAN: SimulationOptions = {
  seconds: 120,
  perSecond: 100,
  endpoints: 2,
  failing: 0,
  slowdown: 1,
  slowEndpoint: null,
};
const run = (seed: number, change: Partial<SimulationOptions> = {}) =>
  simulateRun(seeded(seed), FAIR, { ...PLAN, ...change });

/** A run whose requests all take the same time but for a tenth, which takes twice as long. */
function exactRun(step: number): ComparableRun {
  const made = run(1);
  const counts = new Uint32Array(10);
  counts[0] = 900;
  counts[8] = 100;
  const slices = made.data.rows[0].slices.map(() => ({ low: step, counts }));
  return { ...made, data: { ...made.data, rows: made.data.rows.map((row) => ({ ...row, slices })) } };
}

const findValue = (comparison: ReturnType<typeof compareRuns>, statistic: string, name = '') =>
  comparison.values.find(({ row, statistic: own }) => own === statistic && (row?.name ?? '') === name)!;

test('a run twice as slow is slower in all of its quantiles, with intervals around the truth', () => {
  const comparison = compareRuns(run(2, { slowdown: 2 }), [run(1)]);
  assert.equal(comparison.method, 'batches');
  for (const statistic of ['med', 'p(95)', 'p(99)']) {
    const value = findValue(comparison, statistic);
    assert.equal(value.verdict, 'more');
    assert.ok(value.low! < 1 && value.high! > 1 && value.low! > 0.6, `${value.low} to ${value.high}`);
    assert.equal(value.metric, 'http_req_duration');
  }
  const back = compareRuns(run(1), [run(2, { slowdown: 2 })]);
  assert.equal(findValue(back, 'p(95)', '/1').verdict, 'less');
});

test('two runs alike are the same, and a short one is undecided', () => {
  const alike = compareRuns(run(4, { perSecond: 400 }), [run(3, { perSecond: 400 })]);
  assert.equal(findValue(alike, 'med').verdict, 'same');
  const short = compareRuns(run(4, { seconds: 30, perSecond: 30 }), [run(3, { seconds: 30, perSecond: 30 })]);
  assert.equal(findValue(short, 'med').verdict, 'undecided');
  assert.deepEqual(compareRuns(run(4, { seconds: 8 }), [run(3)]).values, []);
});

test('the steps of histograms raise no alarm: next to each other may be the same', () => {
  const value = findValue(compareRuns(exactRun(41), [exactRun(40)]), 'med');
  assert.equal(value.verdict, 'undecided');
  assert.ok(value.low! < 0.01 && value.high! > 0.15);
  assert.equal(findValue(compareRuns(exactRun(44), [exactRun(40)]), 'med').verdict, 'more');
});

test('the load is said, and which endpoints came and went', () => {
  const comparison = compareRuns(run(5, { endpoints: 3, perSecond: 50 }), [run(6, { endpoints: 2 })]);
  assert.deepEqual(comparison.loads, [{ protocol: 'http', before: 100, after: 50 }]);
  assert.deepEqual(comparison.appeared, ['GET /2']);
  assert.deepEqual(comparison.vanished, []);
});

test('of a metric as a whole nothing is said before three runs have shown how much it varies', () => {
  const withMetric = (seed: number, value: number): ComparableRun => ({
    ...run(seed),
    metrics: [
      { key: 'basket', type: 'trend', contains: 'time', isCustom: true, values: { 'p(95)': value } },
      { key: 'checks', type: 'rate', contains: 'default', isCustom: false, values: { rate: 0.98 } },
    ],
  });
  const earlier = [100, 101, 102, 100.5].map((value, index) => withMetric(index, value));
  const find = (count: number) =>
    compareRuns(withMetric(9, 150), earlier.slice(0, count)).values.filter(({ row }) => row === null);
  const [alone] = find(1);
  assert.deepEqual([alone?.verdict, alone?.low, Math.round(alone!.change * 1e6)], ['undecided', null, 500_000]);
  const [basket, checks] = find(4);
  assert.deepEqual([basket?.metric, basket?.verdict, basket?.kind], ['basket', 'more', 'time']);
  assert.deepEqual([checks?.metric, checks?.kind, checks?.verdict], ['checks', 'checks', 'same']);
  assert.ok(Math.abs(checks!.after - 0.02) < 1e-9, 'of checks the failed ones');
});

test('the steady part is the longest one of the same load, without the beginning', () => {
  const { data } = run(1);
  const withUsers = (vus: (cell: number) => number) => ({
    ...data,
    columns: { ...data.columns, iterations: [], vus: Array.from({ length: data.cells }, (_, cell) => vus(cell)) },
  });
  const plateau = findSteadyPart(withUsers((cell) => (cell < 30 ? cell : cell < 100 ? 30 : 130 - cell)));
  assert.ok(plateau.fromMs >= 20_000 && plateau.fromMs <= 30_000, `from ${plateau.fromMs}`);
  assert.ok(plateau.toMs >= 100_000 && plateau.toMs <= 112_000, `to ${plateau.toMs}`);
  const constant = findSteadyPart(withUsers(() => 10));
  assert.deepEqual([Math.round(constant.fromMs), constant.toMs], [5950, 119_000]);
});

test('of many small differences none is taken for real that a few would have been', () => {
  const difference = { change: 0.0695, error: 0.01, freedom: 22, blur: 0 };
  const [alone] = judgeDifferences([{ difference, margin: 0.0488 }]);
  assert.equal(alone?.direction, 'undecided');
  const clear = { ...difference, change: 0.08 };
  assert.equal(judgeDifferences([{ difference: clear, margin: 0.0488 }])[0]?.direction, 'more');
  const none = { ...difference, change: 0 };
  const many = judgeDifferences([
    { difference: clear, margin: 0.0488 },
    ...Array.from({ length: 40 }, () => ({ difference: none, margin: 0.0488 })),
  ]);
  assert.equal(many[0]?.direction, 'undecided');
  assert.ok(many[0]!.low < 0.0488 && many[0]!.high > 0.08, 'and its interval says why');
  assert.equal(many[1]?.direction, 'same');
});
