// Reports of several machines, folded, are what one machine would have measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuiltInMetrics, registerBuiltIns, registerFailedIterations } from '../built-in.ts';
import type { Metric } from '../metric.ts';
import { MetricRegistry } from '../metric-registry.ts';
import { MetricsEngine } from '../metrics-engine.ts';
import { SampleWriter } from '../sample-writer.ts';
import type { Sink } from '../sinks/sink.ts';
import { TagSet } from '../tag-set.ts';
import { Timeline } from '../timeline/timeline.ts';
import { decodeReport, encodeReport } from './report-codec.ts';
import { ReportWriter } from './report-writer.ts';

const START = Date.UTC(2026, 0, 1);
/** Many windows, so that reports of one series come with values, then with buckets. */
const WINDOWS = 12;

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

interface Receiver {
  readonly engine: MetricsEngine;
  readonly timeline: Timeline;
  readonly metrics: BuiltInMetrics & { readonly delta: Metric; readonly failed: Metric };
}

function createReceiver(): Receiver {
  const registry = new MetricRegistry();
  const builtIn = registerBuiltIns(registry);
  const delta = registry.define('delta', 'trend', 'default');
  const failed = registerFailedIterations(registry)!;
  const timeline = new Timeline(null);
  timeline.begin(START);
  const engine = new MetricsEngine({
    registry,
    failedIterations: failed,
    systemTags: ['expected_response'],
    sections: true,
    thresholds: {
      'http_req_duration{name:rare}': [{ threshold: 'p(95)<1', abortOnFail: false, delayAbortEvalMs: 0 }],
      'checks{check:b}': [{ threshold: 'rate>0.9', abortOnFail: false, delayAbortEvalMs: 0 }],
    },
    receiversFor: (metric, tags) => timeline.receiversFor(metric, tags),
  });
  return { engine, timeline, metrics: { ...builtIn, delta, failed } };
}

/** What can be said of all metrics, sections, checks and failures; sums apart, which depend on the order of addition. */
function describe({ engine }: Receiver): { exact: unknown; sums: number[] } {
  const sums: number[] = [];
  const read = ({ sink }: { readonly sink: Sink }): unknown => {
    switch (sink.type) {
      case 'counter':
        sums.push(sink.count);
        return null;
      case 'gauge':
        return [sink.value, sink.min, sink.max];
      case 'rate':
        return [sink.passes, sink.total];
      case 'trend':
        sums.push(sink.sum);
        return [sink.count, sink.min, sink.max, ...[1, 25, 50, 90, 95, 99, 99.9].map((one) => sink.percentile(one))];
    }
  };
  const exact = {
    observed: engine.observed().map((one) => [one.key, read(one)]),
    sections: engine
      .sections()
      .toSorted((a, b) => (`${a.scenario} ${a.group}` < `${b.scenario} ${b.group}` ? -1 : 1))
      .map(({ scenario, group, metrics, checks }) => [
        scenario,
        group,
        [...metrics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, read(one)]),
        [...checks.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      ]),
    checks: engine.checks().toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    failures: engine.failures(),
  };
  return { exact, sums };
}

for (const [machines, samples] of [
  [1, 3],
  [3, 40],
  [4, 400],
  [8, 900],
] as const) {
  test(`${machines} machines with ${samples} samples a window are as one, to the bit`, () => {
    const random = createRandom(machines * 7919 + samples);
    const whole = createReceiver();
    const merged = createReceiver();
    const single = new SampleWriter((batch) => whole.engine.ingest(batch, 0));
    const parts = Array.from({ length: machines }, () => {
      const reports = new ReportWriter();
      return { reports, writer: new SampleWriter((batch) => reports.add(batch, 0)) };
    });
    let time = START;
    for (let window = 0; window < WINDOWS; window++) {
      for (let sample = 0; sample < samples; sample++) {
        const { writer } = parts[Math.floor(random() * machines)]!;
        time += 1000 / samples;
        for (const [metric, tags, value] of oneSample(whole.metrics, random)) {
          single.add(metric, tags, value, time);
          writer.add(metric, tags, value, time);
        }
      }
      single.flush();
      for (const [source, { reports, writer }] of parts.entries()) {
        writer.flush();
        if (reports.isEmpty) continue;
        for (const report of reports.cut(time, 0, 7))
          merged.engine.ingestReport(decodeReport(encodeReport(report)), source);
      }
    }
    const [one, many] = [describe(whole), describe(merged)];
    assert.deepEqual(many.exact, one.exact);
    for (const [index, sum] of one.sums.entries())
      assert.ok(
        Math.abs(many.sums[index]! - sum) <= 1e-12 * Math.max(1, Math.abs(sum)),
        `${many.sums[index]} ≠ ${sum}`,
      );
    assert.deepEqual(whole.engine.evaluate(1000, true), merged.engine.evaluate(1000, true));
    for (const { timeline } of [whole, merged]) timeline.finish(time + 1000);
    const totals = ({ timeline }: Receiver): unknown => {
      const { rows, columns } = timeline.read();
      const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
      return [rows.map(({ count, failed }) => [sum(count), sum(failed)]), sum(columns.iterations)];
    };
    assert.deepEqual(totals(merged), totals(whole));
  });
}

function* oneSample(
  metrics: Receiver['metrics'],
  random: () => number,
): Generator<[metric: Metric, tags: TagSet, value: number]> {
  const isFailed = random() < 0.1;
  let tags = TagSet.EMPTY.with('scenario', random() < 0.5 ? 'one' : 'two').with('group', random() < 0.3 ? '::g' : '');
  yield [metrics.iterations, tags, 1];
  if (isFailed) yield [metrics.failed, tags, 1];
  yield [metrics.delta, tags, (random() - 0.5) ** 3 * 1e4];
  yield [metrics.delta, tags, 0];
  yield [metrics.vus, tags, Math.floor(random() * 100)];
  yield [metrics.checks, tags.with('check', random() < 0.5 ? 'a' : 'b'), random() < 0.8 ? 1 : 0];
  tags = tags
    .with('name', random() < 0.01 ? 'rare' : 'often')
    .with('expected_response', String(!isFailed))
    .with('status', isFailed ? '0' : '200');
  if (isFailed) tags = tags.with('error_code', '1212');
  yield [metrics.http_reqs, tags, 1];
  yield [metrics.http_req_duration, tags, random() ** 4 * 2000];
  yield [metrics.http_req_failed, tags, isFailed ? 1 : 0];
}

test('series past the limit are described in each report', () => {
  const reports = new ReportWriter(100);
  const { engine, metrics } = createReceiver();
  const writer = new SampleWriter((batch) => reports.add(batch, 0));
  for (let round = 0; round < 3; round++) {
    for (let id = 0; id < 300; id++) writer.add(metrics.delta, TagSet.EMPTY.with('id', `${id}`), id, START);
    writer.flush();
    const cut = reports.cut(START, 0, 70);
    assert.equal(cut.length, 5);
    for (const report of cut) engine.ingestReport(decodeReport(encodeReport(report)), 0);
  }
  const { sink } = engine.find('delta')!;
  assert.ok(sink.type === 'trend');
  assert.deepEqual([sink.count, sink.max, sink.sum], [900, 299, (3 * 299 * 300) / 2]);
  assert.equal(engine.series.size, 300);
});

test('octets of another version, and a report that is cut off, are refused', () => {
  const octets = encodeReport({
    series: [],
    notes: [],
    timeMs: 1,
    deltas: [{ id: 3, delta: { type: 'counter', count: 1, sum: 2 } }],
  });
  assert.throws(() => decodeReport(octets.subarray(0, octets.length - 1)), /ends in the middle/);
  assert.throws(
    () => decodeReport(Uint8Array.of(9, ...octets.subarray(1))),
    /version 9, and this program reads version 1/,
  );
});
