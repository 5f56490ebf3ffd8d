import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createEngine } from '../metrics/engine.fixture.ts';
import { exportSummary, toLegacyData } from './legacy-summary.ts';
import { MACHINE_TREND_STATS, toMachineData } from './machine-summary.ts';
import { META, thresholds } from './summary.fixture.ts';
import { buildSummary, type Summary } from './summary.ts';

function createSummary(meta = {}): Summary {
  const { engine, metrics, feed } = createEngine(
    { thresholds: thresholds({ amount: ['count>100', 'count>1'], good: ['rate>=0.5'], took: ['p(99)<100'] }) },
    (registry) => {
      registry.define('amount', 'counter');
      registry.define('good', 'rate');
      registry.define('level', 'gauge');
      registry.define('took', 'trend', 'time');
    },
  );
  feed(engine.registry.get('amount')!, [3, 3]);
  feed(engine.registry.get('good')!, [1, 0]);
  feed(engine.registry.get('level')!, [1, 2]);
  feed(engine.registry.get('took')!, [10, 20]);
  feed(metrics.checks, [1, 1], { check: 'top', group: '' });
  feed(metrics.checks, [1, 0], { check: 'even', group: '::part' });
  engine.evaluate(META.durationMs, true);
  return buildSummary(engine, { ...META, ...meta });
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

test('handleSummary gets metrics with values and verdicts, groups and checks, options and state', () => {
  const data = toLegacyData(createSummary({ setupData: { token: 1 } }));
  assert.deepEqual(Object.keys(data).sort(), ['metrics', 'options', 'root_group', 'setup_data', 'state']);
  assert.deepEqual(data['options'], { summaryTrendStats: META.trendStats, summaryTimeUnit: '', noColor: true });
  assert.deepEqual(data['state'], { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: 2000 });
  assert.deepEqual(data['setup_data'], { token: 1 });
  assert.deepEqual(data['root_group'], {
    name: '',
    path: '',
    id: md5(''),
    groups: [
      {
        name: 'part',
        path: '::part',
        id: md5('::part'),
        groups: [],
        checks: [{ name: 'even', path: '::part::even', id: md5('::part::even'), passes: 1, fails: 1 }],
      },
    ],
    checks: [{ name: 'top', path: '::top', id: md5('::top'), passes: 2, fails: 0 }],
  });
  const metrics = data['metrics'] as Record<string, unknown>;
  assert.deepEqual(metrics['amount'], {
    type: 'counter',
    contains: 'default',
    values: { count: 6, rate: 3 },
    thresholds: { 'count>100': { ok: false }, 'count>1': { ok: true } },
  });
  assert.deepEqual(metrics['level'], { type: 'gauge', contains: 'default', values: { value: 2, min: 1, max: 2 } });
  assert.deepEqual(metrics['took'], {
    type: 'trend',
    contains: 'time',
    values: { avg: 15, min: 10, med: 15, max: 20, 'p(90)': 19, 'p(95)': 19.5, 'p(99)': 19.9 },
    thresholds: { 'p(99)<100': { ok: true } },
  });
});

test('the export has values at the top of each metric, and true for failed thresholds', () => {
  const data = JSON.parse(exportSummary(createSummary()));
  assert.deepEqual(data.metrics.amount, { count: 6, rate: 3, thresholds: { 'count>100': true, 'count>1': false } });
  assert.deepEqual(data.metrics.good, { passes: 1, fails: 1, value: 0.5, thresholds: { 'rate>=0.5': false } });
  assert.deepEqual(data.metrics.checks, { passes: 3, fails: 1, value: 0.75 });
  assert.deepEqual(Object.keys(data.root_group.checks), ['top']);
  assert.equal(data.root_group.groups.part.checks.even.fails, 1);
  assert.deepEqual(Object.keys(data).sort(), ['metrics', 'root_group']);
});

test('the machine-readable form has checks apart, and no thresholds', () => {
  const data = toMachineData(
    createSummary({ trendStats: MACHINE_TREND_STATS, version: '1.2.3', generatedAt: new Date(0), script: 'x' }),
  );
  assert.equal(data['version'], '1.0.0');
  assert.deepEqual(data['metadata'], {
    generatedAt: '1970-01-01T00:00:00.000Z',
    k6Version: '1.2.3',
    generated_at: null,
    k6_version: null,
  });
  assert.deepEqual(data['config'], { duration: 2, execution: 'local', script: 'x' });
  const { checks, metrics } = data['results'] as {
    checks: { results: unknown };
    metrics: { name: string; values: unknown }[];
  };
  assert.deepEqual(checks.results, [
    { name: 'top', passes: 2, fails: 0 },
    { name: 'even', passes: 1, fails: 1 },
  ]);
  assert.deepEqual(
    metrics.map(({ name }) => name),
    ['amount', 'good', 'level', 'took'],
  );
  assert.deepEqual(metrics[1].values, { matches: 1, total: 2, rate: 0.5 });
  assert.deepEqual(metrics[3].values, { avg: 15, max: 20, med: 15, min: 10, 'p(90)': 19, 'p(95)': 19.5 });
});
