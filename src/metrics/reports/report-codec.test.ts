import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../comparison/simulated-run.fixture.ts';
import type { SeriesDelta } from '../sinks/series-delta.ts';
import { TrendSink } from '../sinks/trend-sink.ts';
import { decodeReport, encodeReport } from './report-codec.ts';
import type { SampleReport } from './sample-report.ts';

const EMPTY: SampleReport = { series: [], deltas: [], notes: [], timeMs: 0 };
const reportOf = (...deltas: SeriesDelta[]): SampleReport => ({
  ...EMPTY,
  deltas: deltas.map((delta, id) => ({ id, delta })),
});

function trendOf(values: readonly number[], asBuckets = false): SeriesDelta {
  const sink = new TrendSink();
  for (const value of values) sink.add(value);
  return { type: 'trend', ...(asBuckets ? sink.bucketState() : sink.state()) };
}

test('reports come back as they were, down to the last bit of each number', () => {
  const { MAX_SAFE_INTEGER, MAX_VALUE, MIN_VALUE, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
  const numbers = [0, -0, 1.5, -1.5, 0.1, MAX_SAFE_INTEGER, MAX_VALUE, MIN_VALUE, POSITIVE_INFINITY, NEGATIVE_INFINITY];
  const deltas: SeriesDelta[] = numbers.flatMap((value): SeriesDelta[] => [
    { type: 'counter', count: 1, sum: value },
    { type: 'gauge', count: 2, last: value, min: value, max: value, timeMs: 1_795_857_120_000.25 },
    trendOf([value]),
    trendOf([value, value], true),
  ]);
  for (const count of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 1, MAX_SAFE_INTEGER])
    deltas.push({ type: 'counter', count, sum: 1 }, { type: 'rate', count, passes: Math.floor(count / 3) });
  const report = reportOf(...deltas);
  assert.deepEqual(decodeReport(encodeReport(report)), report);
  assert.deepEqual(decodeReport(encodeReport(EMPTY)), EMPTY);
});

test('trends of any values come back, as values and as buckets', () => {
  const random = seeded(9);
  for (const size of [1, 2, 511, 512, 513, 3000])
    for (const asBuckets of [false, true]) {
      const values = Array.from({ length: size }, () =>
        random() < 0.1 ? 0 : (random() - 0.4) * 10 ** (random() * 9 - 3),
      );
      const report = reportOf(trendOf(values, asBuckets));
      assert.deepEqual(decodeReport(encodeReport(report)), report, `${size} ${asBuckets}`);
    }
});

test('texts of every kind come back: of tags, of failures', () => {
  const text = 'Straße 🛒 "quoted"\n\u0000 \ud800';
  const report: SampleReport = {
    ...EMPTY,
    series: [{ id: 7, metric: { name: 'orders', type: 'counter', contains: 'default' }, tags: ['key', text, '', ''] }],
    notes: [{ protocol: 'http', code: 1212, text, stack: text }],
  };
  assert.deepEqual(decodeReport(encodeReport(report)), report);
});

test('a report larger than any buffer to begin with is whole', () => {
  const tags = ['key', 'x'.repeat(100_000)];
  const series = Array.from({ length: 20 }, (_, id) => ({
    id,
    metric: { name: 'orders', type: 'counter', contains: 'default' } as const,
    tags,
  }));
  const report = { ...reportOf(...series.map((): SeriesDelta => ({ type: 'counter', count: 1, sum: 1 }))), series };
  assert.deepEqual(decodeReport(encodeReport(report)), report);
});

test('a part of a larger buffer is read from where it lies', () => {
  const octets = encodeReport(reportOf(trendOf([1, 2, 3])));
  const larger = new Uint8Array(octets.length + 11);
  larger.set(octets, 5);
  assert.deepEqual(decodeReport(larger.subarray(5, 5 + octets.length)), reportOf(trendOf([1, 2, 3])));
});

test('cut off anywhere a report is refused; so are numbers of octets that cannot be', () => {
  const octets = encodeReport(
    reportOf(trendOf([1, 2, 3]), trendOf([4, 5], true), { type: 'rate', count: 9, passes: 3 }),
  );
  for (let length = 0; length < octets.length; length++)
    assert.throws(() => decodeReport(octets.subarray(0, length)), Error, `${length} of ${octets.length}`);
  const huge = [255, 255, 255, 255, 255, 255, 255, 15];
  const head = [...octets.subarray(0, 9)];
  assert.throws(() => decodeReport(Uint8Array.from([...head, ...huge])), /ends in the middle/);
  const empty = [...new TextEncoder().encode('[[],[]]')];
  assert.throws(() => decodeReport(Uint8Array.from([...head, empty.length, ...empty, ...huge])), Error);
});
