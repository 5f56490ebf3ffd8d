// What a run of one segment keeps for the others of its test: all samples, in their order, and nothing for a run of the whole.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEngine, tagSet } from '../metrics/engine.fixture.ts';
import { decodeReport } from '../metrics/reports/report-codec.ts';
import { SampleWriter } from '../metrics/sample-writer.ts';
import type { Series } from '../metrics/series-table.ts';
import { INIT_OPTIONS } from '../options/options.ts';
import type { RunPlan } from './run-observer.ts';
import { SegmentReports } from './segment-reports.ts';

const planOf = (executionSegment: string): RunPlan =>
  ({
    options: { ...INIT_OPTIONS, executionSegment, executionSegmentSequence: '0,1/2,1', tags: { secret: 'hunter2' } },
    shownScenarios: [],
    wholeFingerprint: 'of the whole test',
    redact: <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')) as T,
  }) as unknown as RunPlan;

/** Hands samples of a counter over as a worker does. */
function createFeed(reports: SegmentReports, worker: number) {
  const { engine, metrics } = createEngine();
  const writer = new SampleWriter((batch) => {
    engine.ingest(batch, worker);
    reports.onBatch(batch, engine.series.of(worker) as readonly Series[]);
  });
  return (...values: number[]): void => {
    for (const value of values) writer.add(metrics.iterations, tagSet({ worker: String(worker) }), value, Date.now());
    writer.flush();
  };
}

const decoded = (reports: readonly string[]) => reports.map((text) => decodeReport(Buffer.from(text, 'base64')));

describe('the record of a segment', () => {
  test('is none for a run of the whole test, whatever it measured', () => {
    const reports = new SegmentReports();
    reports.onReady(planOf(''));
    createFeed(reports, 0)(1, 2, 3);
    reports.onSnapshot();
    assert.equal(reports.read(1000), null);
    assert.equal(new SegmentReports().read(1000), null, 'nor for one that never began');
  });

  test('says of which part of which test it is, and shows nothing that is secret', () => {
    const reports = new SegmentReports();
    reports.onReady(planOf('0:1/2'));
    const record = reports.read(60_000)!;
    assert.deepEqual(
      [record.segment, record.sequence, record.test, record.plannedMs, record.reports],
      ['0:1/2', '0,1/2,1', 'of the whole test', 60_000, []],
    );
    assert.deepEqual(record.tags, { secret: '***' });
  });

  test('has a report for each second in which something was measured, and the rest when it is read', () => {
    const reports = new SegmentReports();
    reports.onReady(planOf('0:1/2'));
    const feed = createFeed(reports, 0);
    feed(1);
    reports.onSnapshot();
    reports.onSnapshot();
    feed(1, 1);
    reports.onSnapshot();
    const before = reports.read(null)!.reports.length;
    feed(1);
    const record = reports.read(null)!;
    assert.equal(before, 2);
    assert.equal(record.reports.length, 3);
    const sums = decoded(record.reports).map(
      ({ deltas: [first] }) => first!.delta.type === 'counter' && first!.delta.sum,
    );
    assert.deepEqual(sums, [1, 2, 1]);
  });

  test('tells the samples of several workers apart by their series, and loses none', () => {
    const reports = new SegmentReports();
    reports.onReady(planOf('1/2:1'));
    for (const [worker, values] of [[1, 2], [3], [4, 5, 6]].entries()) createFeed(reports, worker)(...values);
    const [report, ...rest] = decoded(reports.read(null)!.reports);
    assert.deepEqual(rest, []);
    const sums = report!.deltas.map(({ delta }) => (delta.type === 'counter' ? delta.sum : Number.NaN));
    assert.deepEqual(sums, [3, 3, 15]);
  });
});
