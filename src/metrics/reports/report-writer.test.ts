import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureSample } from '../failure-sample.ts';
import { MetricRegistry } from '../metric-registry.ts';
import { type FailureNote, type SampleBatch, TRANSIENT_SERIES } from '../sample-batch.ts';
import { SampleWriter } from '../sample-writer.ts';
import { TagSet } from '../tag-set.ts';
import { ReportWriter } from './report-writer.ts';

const registry = new MetricRegistry();
const orders = registry.define('orders', 'counter');
const depth = registry.define('depth', 'gauge');
const took = registry.define('took', 'trend', 'time');
const START = 1_795_857_120_000;

function createPair(kept?: number): { reports: ReportWriter; writer: SampleWriter } {
  const reports = new ReportWriter(kept);
  return { reports, writer: new SampleWriter((batch) => reports.add(batch, 0)) };
}

const numbersOf = (reports: ReturnType<ReportWriter['cut']>): number[][] =>
  reports.map(({ deltas }) => deltas.map(({ id }) => id));

test('where nothing was measured one report says so', () => {
  const { reports } = createPair();
  assert.ok(reports.isEmpty);
  assert.deepEqual(reports.cut(START, 250, 10), [{ series: [], deltas: [], notes: [], timeMs: START + 250 }]);
});

test('a report is of the middle of its time, on the clock of who reads it, and the next one begins anew', () => {
  const { reports, writer } = createPair();
  writer.add(orders, TagSet.EMPTY, 2, START);
  writer.add(orders, TagSet.EMPTY, 3, START + 900);
  writer.flush();
  assert.ok(!reports.isEmpty);
  const [first] = reports.cut(START + 1000, -100, 10);
  assert.equal(first.timeMs, START + 400);
  assert.deepEqual(first.deltas[0].delta, { type: 'counter', count: 2, sum: 5 });
  assert.ok(reports.isEmpty);
  writer.add(orders, TagSet.EMPTY, 1, START + 3000);
  writer.flush();
  const [second] = reports.cut(START + 3010, 0, 10);
  assert.deepEqual([second.timeMs, second.series.length], [START + 3005, 0]);
  assert.deepEqual(second.deltas[0].delta, { type: 'counter', count: 1, sum: 1 });
});

test('only what has moved is in a report, described where it is new', () => {
  const { reports, writer } = createPair();
  const add = (id: string): void => writer.add(orders, TagSet.EMPTY.with('id', id), 1, START);
  const cut = () => {
    writer.flush();
    return reports.cut(START, 0, 100)[0];
  };
  add('a');
  add('b');
  assert.deepEqual([numbersOf([cut()])], [[[0, 1]]]);
  add('c');
  add('b');
  const { series, deltas } = cut();
  assert.deepEqual(
    deltas.map(({ id }) => id),
    [2, 1],
  );
  assert.deepEqual(
    series.map(({ id, tags }) => [id, ...tags]),
    [[2, 'id', 'c']],
  );
});

test('the latest value of a gauge is the one of its time, whatever order its threads are heard in', () => {
  const reports = new ReportWriter();
  const writers = [0, 1].map((source) => new SampleWriter((batch) => reports.add(batch, source)));
  writers[0].add(depth, TagSet.EMPTY, 5, START + 20);
  writers[1].add(depth, TagSet.EMPTY, 9, START + 10);
  writers[1].add(depth, TagSet.EMPTY, -3, START + 15);
  for (const writer of writers) writer.flush();
  const expected = { type: 'gauge', count: 3, last: 5, min: -3, max: 9, timeMs: START + 1020 };
  assert.deepEqual(
    reports.cut(START, 1000, 10)[0].deltas.map(({ delta }) => delta),
    [expected],
  );
  // Of the window before nothing is left: not its extremes, not its time.
  writers[0].add(depth, TagSet.EMPTY, 2, START + 5);
  writers[0].flush();
  const [{ delta }] = reports.cut(START, 0, 10)[0].deltas;
  assert.deepEqual(delta, { type: 'gauge', count: 1, last: 2, min: 2, max: 2, timeMs: START + 5 });
});

test('values of a trend are told while the whole run has few of them, then buckets', () => {
  const { reports, writer } = createPair();
  const kinds = Array.from({ length: 4 }, () => {
    for (let index = 0; index < 200; index++) writer.add(took, TagSet.EMPTY, index, START);
    writer.flush();
    const [{ delta }] = reports.cut(START, 0, 10)[0].deltas;
    assert.ok(delta.type === 'trend' && delta.count === 200 && delta.sum === 19_900 && delta.max === 199);
    return delta.values === null ? 'buckets' : 'values';
  });
  assert.deepEqual(kinds, ['values', 'values', 'buckets', 'buckets']);
});

test('many series are spread over reports of at most so many, failures told once', () => {
  const { reports, writer } = createPair(3);
  for (let id = 0; id < 7; id++) writer.add(orders, TagSet.EMPTY.with('id', `${id}`), 1, START);
  writer.note({ protocol: 'http', code: 1212, text: 'x', stack: '' });
  writer.flush();
  const cut = reports.cut(START, 0, 3);
  const T = TRANSIENT_SERIES;
  // Numbers that hold for one report only begin anew in each.
  assert.deepEqual(numbersOf(cut), [[0, 1, 2], [T, T + 1, T + 2], [T]]);
  assert.deepEqual(
    cut.map(({ series, notes }) => [series.length, notes.length]),
    [
      [3, 1],
      [3, 0],
      [1, 0],
    ],
  );
  const exactly = createPair();
  for (let id = 0; id < 6; id++) exactly.writer.add(orders, TagSet.EMPTY.with('id', `${id}`), 1, START);
  exactly.writer.flush();
  assert.equal(exactly.reports.cut(START, 0, 3).length, 2, 'no empty report at the end');
});

test('of failures without an exchange each kind is told once, over all reports; with one, each', () => {
  const reports = new ReportWriter();
  const noteOf = (code: number, sample?: FailureSample): FailureNote => ({
    protocol: 'http',
    code,
    text: '',
    stack: '',
    ...(sample !== undefined && { sample }),
  });
  const batchOf = (...notes: FailureNote[]): SampleBatch => ({
    series: [],
    ids: new Uint32Array(),
    values: new Float64Array(),
    times: new Float64Array(),
    count: 0,
    notes,
  });
  const sample = { text: 'kept' } as FailureSample;
  reports.add(batchOf(noteOf(1), noteOf(1), noteOf(2), { ...noteOf(1), protocol: 'grpc' }), 0);
  assert.ok(!reports.isEmpty, 'a failure alone is something to tell');
  assert.equal(reports.cut(START, 0, 10)[0].notes.length, 3);
  reports.add(batchOf(noteOf(1), noteOf(1, sample), noteOf(1, sample)), 1);
  assert.equal(reports.cut(START, 0, 10)[0].notes.length, 2);
});

test('two threads that make different kinds of metrics of one name are both told of, for who puts reports together', () => {
  const reports = new ReportWriter();
  const writers = [0, 1].map((source) => new SampleWriter((batch) => reports.add(batch, source)));
  writers[0].add(orders, TagSet.EMPTY, 1, START);
  writers[1].add({ ...orders, type: 'trend' }, TagSet.EMPTY, 4, START);
  for (const writer of writers) writer.flush();
  const [{ series, deltas }] = reports.cut(START, 0, 10);
  assert.deepEqual(
    series.map(({ metric }) => metric.type),
    ['counter', 'trend'],
  );
  assert.deepEqual(
    deltas.map(({ delta }) => delta.type),
    ['counter', 'trend'],
  );
});
