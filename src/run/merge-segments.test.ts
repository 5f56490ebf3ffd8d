// Segments put together against one engine that saw every sample, and what is refused to be put together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuiltInMetrics, registerBuiltIns, registerFailedIterations } from '../metrics/built-in.ts';
import { normal, seeded } from '../metrics/comparison/simulated-run.fixture.ts';
import type { Metric } from '../metrics/metric.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { MetricsEngine } from '../metrics/metrics-engine.ts';
import { encodeReport } from '../metrics/reports/report-codec.ts';
import { ReportWriter } from '../metrics/reports/report-writer.ts';
import { SampleWriter } from '../metrics/sample-writer.ts';
import { TagSet } from '../metrics/tag-set.ts';
import { bareRecord } from '../report/bare-record.fixture.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { SegmentRecord } from '../report/segment-record.ts';
import { mergeSegments } from './merge-segments.ts';

const START = 1_795_857_120_000;
const THRESHOLDS = {
  http_req_duration: [{ threshold: 'p(95)<30', abortOnFail: false, delayAbortEvalMs: 0 }],
  'http_reqs{name:/rare}': [{ threshold: 'count>=0', abortOnFail: false, delayAbortEvalMs: 0 }],
};

function recordOf(id: string, segment: Partial<SegmentRecord> | null, change: Partial<RunRecord> = {}): RunRecord {
  return bareRecord({
    id,
    startedAtMs: START,
    durationMs: 10_000,
    plannedMs: 10_000,
    host: { name: id, cores: 1, workers: 2, node: '26' },
    iterations: { completed: 5, interrupted: 1, failed: 0, firstFailure: null },
    ...(segment !== null && {
      segment: {
        segment: '0:1/2',
        sequence: '0,1/2,1',
        test: 'the test',
        thresholds: THRESHOLDS,
        systemTags: ['expected_response'],
        tags: {},
        scenarios: [],
        plannedMs: 10_000,
        reports: [],
        ...segment,
      },
    }),
    ...change,
  });
}

/** One machine: what it measures goes into reports second by second, as while it runs. */
class Machine {
  readonly reports: string[] = [];
  readonly #writer = new ReportWriter();
  readonly #samples = new SampleWriter((batch) => this.#writer.add(batch, 0));

  add(metric: Metric, tags: TagSet, value: number, time: number): void {
    this.#samples.add(metric, tags, value, time);
  }

  cut(now: number): void {
    this.#samples.flush();
    if (this.#writer.isEmpty) return;
    for (const report of this.#writer.cut(now, 0, 1000))
      this.reports.push(Buffer.from(encodeReport(report)).toString('base64'));
  }
}

function createWhole(): { engine: MetricsEngine; metrics: BuiltInMetrics; writer: SampleWriter } {
  const registry = new MetricRegistry();
  const metrics = registerBuiltIns(registry);
  const failedIterations = registerFailedIterations(registry);
  const engine = new MetricsEngine({
    registry,
    failedIterations,
    thresholds: THRESHOLDS,
    systemTags: ['expected_response'],
  });
  return { engine, metrics, writer: new SampleWriter((batch) => engine.ingest(batch, 0)) };
}

test('segments put together say what one run would have said that saw every sample', () => {
  const random = seeded(51);
  const { engine, metrics, writer } = createWhole();
  const machines = [new Machine(), new Machine(), new Machine()];
  for (let second = 0; second < 10; second++) {
    for (let index = 0; index < 300; index++) {
      const time = START + second * 1000 + index * 3;
      const machine = machines[Math.floor(random() * 3)]!;
      const hasFailed = random() < 0.1;
      let tags = TagSet.EMPTY.with('name', random() < 0.02 ? '/rare' : '/often')
        .with('scenario', 'default')
        .with('expected_response', String(!hasFailed));
      if (hasFailed) tags = tags.with('error_code', '1212');
      const add = (metric: Metric, value: number): void => {
        machine.add(metric, tags, value, time);
        writer.add(metric, tags, value, time);
      };
      add(metrics.http_reqs, 1);
      add(metrics.http_req_duration, 20 * Math.exp(normal(random) * 0.6));
      add(metrics.http_req_failed, hasFailed ? 1 : 0);
      add(metrics.checks, random() < 0.9 ? 1 : 0);
      add(metrics.iterations, 1);
    }
    for (const [index, machine] of machines.entries()) {
      machine.add(metrics.vus, TagSet.EMPTY, index + 1, START + second * 1000 + 990);
      machine.cut(START + (second + 1) * 1000);
    }
  }
  writer.flush();
  const { crossed } = engine.evaluate(10_000, true);
  assert.deepEqual(crossed, ['http_req_duration']);
  const segments = ['0:1/3', '1/3:2/3', '2/3:1'];
  const { record, data } = mergeSegments(
    // In whatever order they are named.
    [1, 2, 0].map((index) =>
      recordOf(`run-${index}`, {
        segment: segments[index]!,
        sequence: '0,1/3,2/3,1',
        reports: machines[index]!.reports,
      }),
    ),
  );
  assert.deepEqual(
    [record.exitCode, record.reason],
    [99, "thresholds on metrics 'http_req_duration' have been crossed"],
  );
  const valueIn = (key: string, name: string): number =>
    record.metrics.find((metric) => metric.key === key)!.values[name]!;
  for (const { key, sink } of engine.observed()) {
    if (sink.type === 'counter') assert.equal(valueIn(key, 'count'), sink.count, key);
    if (sink.type === 'rate') assert.equal(valueIn(key, 'rate'), sink.rate, key);
    if (sink.type !== 'trend') continue;
    assert.equal(valueIn(key, 'p(95)'), sink.percentile(95), key);
    assert.deepEqual(
      [valueIn(key, 'min'), valueIn(key, 'max'), valueIn(key, 'med')],
      [sink.min, sink.max, sink.percentile(50)],
    );
  }
  assert.deepEqual([valueIn('vus', 'value'), valueIn('vus', 'min'), valueIn('vus', 'max')], [6, 6, 6], 'users add up');
  assert.deepEqual([record.iterations.completed, record.iterations.interrupted, record.host.workers], [15, 3, 6]);
  const total = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  const place = record.timeline.rows.findIndex(({ kind }) => kind === 'protocol');
  assert.equal(total(data.rows[place]!.count), 3000);
  assert.deepEqual(
    record.failures.map(({ code, total: of }) => [code, of]),
    [[1212, 3000]],
  );
});

test('only parts of one test that make up the whole are put together', () => {
  const part = (id: string, segment: string, change: Partial<SegmentRecord> = {}) =>
    recordOf(id, { segment, sequence: '', ...change });
  const cases: [name: string, records: RunRecord[], reason: RegExp][] = [
    ['none', [], /it takes two runs at least/],
    ['one', [part('a', '0:1/2')], /it takes two runs at least/],
    ['a whole test', [part('a', '0:1/2'), recordOf('b', null)], /the run b is a whole test/],
    ['two tests', [part('a', '0:1/2'), part('b', '1/2:1', { test: 'other' })], /a and b are not of the same test/],
    ['the beginning is missing', [part('a', '1/4:1/2'), part('b', '1/2:1')], /from 0 to 0\.25 is missing/],
    ['the middle is missing', [part('a', '0:1/4'), part('b', '1/2:1')], /from 0\.25 to 0\.5 is missing/],
    ['the end is missing', [part('a', '0:1/3'), part('b', '1/3:2/3')], /from 0\.666667 to 1 is missing/],
    ['one twice', [part('a', '0:1/2'), part('b', '0:1/2'), part('c', '1/2:1')], /of the run b is in another one too/],
    ['they overlap', [part('a', '0:2/3'), part('b', '1/3:1')], /of the run b is in another one too/],
    ['what is none', [part('a', '0:1/2'), part('b', 'half')], /"half" is not a fraction/],
  ];
  for (const [name, records, reason] of cases) assert.throws(() => mergeSegments(records), reason, name);
});

test('thirds and sevenths make up a whole although no binary fraction does', () => {
  for (const count of [3, 7, 11]) {
    const records = Array.from({ length: count }, (_, index) =>
      recordOf(`r${index}`, { segment: `${index}/${count}:${index + 1}/${count}`, sequence: '' }),
    );
    assert.equal(mergeSegments(records.toReversed()).record.exitCode, 0);
  }
});

test('what cut a part short goes before thresholds, and a part that has no end is none', () => {
  const merge = (change: Partial<RunRecord>) =>
    mergeSegments([recordOf('a', { segment: '0:1/2' }), recordOf('b', { segment: '1/2:1' }, change)]).record;
  assert.deepEqual(
    [merge({ exitCode: 105, reason: 'stopped' }), merge({ exitCode: null }), merge({ exitCode: 99 })].map((record) => [
      record.exitCode,
      record.reason,
    ]),
    [
      [105, 'b: stopped'],
      [255, 'b: it is not over'],
      // The thresholds of a part are judged anew over all of them.
      [0, null],
    ],
  );
});

test('the whole begins with the first part and ends with the last, wherever the clocks of the machines are', () => {
  const { record } = mergeSegments([
    recordOf('a', { segment: '0:1/2' }, { startedAtMs: START + 700, durationMs: 10_000 }),
    recordOf('b', { segment: '1/2:1' }, { startedAtMs: START, durationMs: 9000 }),
  ]);
  assert.deepEqual([record.startedAtMs, record.durationMs], [START, 10_700]);
});

test('octets that are no report of this version are refused in words', () => {
  const damaged = recordOf('b', { segment: '1/2:1', reports: [Buffer.from([9, 0]).toString('base64')] });
  assert.throws(
    () => mergeSegments([recordOf('a', { segment: '0:1/2' }), damaged]),
    /version 9, and this program reads/,
  );
});

test('a gauge that comes a little early or late leaves no second without its virtual users', () => {
  const { metrics } = createWhole();
  const machines = [new Machine(), new Machine()];
  for (let second = 1; second <= 8; second++) {
    machines[0]!.add(metrics.vus, TagSet.EMPTY, 5, START + second * 1000 + 500);
    // Of the other one the fourth sample is late, by a little more than the others.
    machines[1]!.add(metrics.vus, TagSet.EMPTY, 3, START + second * 1000 + (second === 4 ? 1001 : 999));
    for (const machine of machines) machine.cut(START + (second + 1) * 1000 + 50);
  }
  const { record } = mergeSegments(
    machines.map((machine, index) =>
      recordOf(`r${index}`, { segment: index === 0 ? '0:1/2' : '1/2:1', reports: machine.reports }),
    ),
  );
  const { value, min, max } = record.metrics.find(({ key }) => key === 'vus')!.values;
  assert.deepEqual([value, min, max], [8, 8, 8]);
});
