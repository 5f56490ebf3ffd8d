// How often a comparison is wrong, and how often it finds what is there, in simulated runs of all kinds of weather.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparableRun, compareRuns } from './compare-runs.ts';
import type { Comparison } from './comparison.ts';
import { FAIR, type SimulationOptions, seeded, simulateRun, type Weather } from './simulated-run.fixture.ts';

const RUNS = 80;
const PLAN: SimulationOptions = {
  seconds: 300,
  perSecond: 60,
  endpoints: 4,
  failing: 0.01,
  slowdown: 1,
  slowEndpoint: null,
};

const WEATHERS: Readonly<Record<string, Weather>> = {
  'requests that know nothing of each other': FAIR,
  'a level that drifts by 5 % within 10 s': { ...FAIR, drift: 0.05 },
  'a drift of 10 % and a server that stalls': { ...FAIR, drift: 0.1, stalls: 1 },
  'a drift of 5 %, and runs that differ by 2 %': { ...FAIR, drift: 0.05, betweenRuns: 0.02 },
  'two paths of which one is five times slower': { ...FAIR, drift: 0.05, slowShare: 0.45, slowFactor: 5 },
  'a level that rises by 15 % in each run': { ...FAIR, drift: 0.05, trend: 0.15 },
};

const hasAlarm = ({ values }: Comparison) => values.some(({ verdict }) => verdict === 'more' || verdict === 'less');
const isSlower = ({ values }: Comparison, name = '') =>
  values.some(({ row, kind, verdict }) => kind === 'time' && verdict === 'more' && (row?.name ?? '') === name);

function simulate(weather: Weather, count: number, seed: number, change: Partial<SimulationOptions> = {}) {
  const random = seeded(seed);
  return Array.from({ length: count }, () => simulateRun(random, weather, { ...PLAN, ...change }));
}

/** @returns how many of the runs are found slower than as many earlier ones as are asked for */
function countFound(
  slow: readonly ComparableRun[],
  earlier: readonly ComparableRun[],
  each: number,
  name = '',
): number {
  return slow.filter((run, index) => isSlower(compareRuns(run, earlier.slice(index, index + each)), name)).length;
}

for (const [name, weather] of Object.entries(WEATHERS))
  test(`A/A: fewer than 6 % of comparisons raise an alarm with ${name}`, () => {
    const runs = simulate(weather, RUNS, 20);
    for (const earlier of [1, 5]) {
      const alarms = runs
        .slice(earlier)
        .filter((run, index) => hasAlarm(compareRuns(run, runs.slice(index, index + earlier)))).length;
      const share = alarms / (RUNS - earlier);
      assert.ok(share < 0.06, `${alarms} false alarms in ${RUNS - earlier} comparisons with ${earlier} earlier runs`);
    }
  });

test('a run that is a tenth slower is found, always where requests are independent', () => {
  const earlier = simulate(FAIR, 15, 1);
  const slow = simulate(FAIR, 10, 2, { slowdown: 1.1 });
  assert.equal(countFound(slow, earlier, 1), 10);
  assert.equal(countFound(slow, earlier, 5), 10);
});

test('where the level drifts by 5 % it is found in one of five runs of five minutes, and in most of half an hour', () => {
  const weather = { ...FAIR, drift: 0.05 };
  const short = countFound(simulate(weather, 20, 3, { slowdown: 1.1 }), simulate(weather, 20, 4), 1);
  assert.ok(short >= 4, `${short} of 20`);
  const [long, slow] = [1, 1.1].map((slowdown, index) =>
    simulate(weather, 6, 5 + index, { seconds: 1800, perSecond: 50, slowdown }),
  );
  const found = countFound(slow!, long!, 1);
  assert.ok(found >= 5, `${found} of 6`);
});

test('one of four endpoints that is a fifth slower is found by its name', () => {
  const weather = { ...FAIR, drift: 0.05 };
  const slow = simulate(weather, 10, 7, { slowEndpoint: { place: 2, factor: 1.2 } });
  const earlier = simulate(weather, 15, 8);
  assert.ok(countFound(slow, earlier, 1, '/2') >= 9);
  assert.ok(countFound(slow, earlier, 5, '/2') >= 7);
  assert.equal(countFound(slow, earlier, 1, '/1'), 0);
});

test('five times as many failures are found nearly always, although they come in bursts', () => {
  const earlier = simulate(FAIR, 25, 9);
  const worse = simulate(FAIR, 20, 10, { failing: 0.05 });
  for (const each of [1, 5]) {
    const found = worse.filter((run, index) =>
      compareRuns(run, earlier.slice(index, index + each)).values.some(
        ({ row, kind, verdict }) => kind === 'failures' && row?.kind === 'protocol' && verdict === 'more',
      ),
    );
    assert.ok(found.length >= 17, `${found.length} of 20 with ${each} earlier runs`);
  }
});
