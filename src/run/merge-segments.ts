// Runs of the execution segments of one test, on machines that knew nothing of each other, as the one run that they were.

import { EXIT, type ExitCode } from '../exit/exit-error.ts';
import { registerBuiltIns, registerFailedIterations } from '../metrics/built-in.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { MetricsEngine } from '../metrics/metrics-engine.ts';
import { decodeReport } from '../metrics/reports/report-codec.ts';
import type { SampleReport } from '../metrics/reports/sample-report.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import { SampleWriter } from '../metrics/sample-writer.ts';
import type { SeriesDelta } from '../metrics/sinks/series-delta.ts';
import { TagSet } from '../metrics/tag-set.ts';
import { Timeline } from '../metrics/timeline/timeline.ts';
import { findShare, parseSegment } from '../options/segment.ts';
import { buildRecord } from '../report/build-record.ts';
import type { KeptRun } from '../report/compare-records.ts';
import { type IterationOutcomes, judgeIterations, judgeThresholds } from '../report/concern.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { SegmentRecord } from '../report/segment-record.ts';
import { makeRunId } from './run-id.ts';

/** Gauges that each run has measured of itself, and of which the test has the sum. */
const SUMMED = ['vus', 'vus_max'] as const;
/** Reports come once a second: within so many ms there is one of each run. */
const PERIOD_MS = 1000;
/** What is this much older than a report is complete, in ms. */
const LATENESS_MS = 2 * PERIOD_MS;

interface Part {
  readonly record: RunRecord;
  readonly segment: SegmentRecord;
}

interface Moment {
  readonly source: number;
  readonly report: SampleReport;
}

/**
 * Percentiles, counts and thresholds are those of one run that saw every sample.
 * @param records of runs with `--execution-segment`
 * @returns the whole run
 * @throws Error for runs that are no parts of one test, or not all of it
 */
export function mergeSegments(records: readonly RunRecord[]): KeptRun {
  const parts = records.map((record): Part => {
    if (record.segment === undefined)
      throw new Error(
        `the run ${record.id} is a whole test, or was made before segments were kept: only runs with --execution-segment can be merged`,
      );
    return { record, segment: record.segment };
  });
  checkParts(parts);
  const [{ record: first, segment }] = parts as [Part];
  const startedAtMs = Math.min(...records.map((record) => record.startedAtMs));
  const durationMs = Math.max(...records.map((record) => record.startedAtMs + record.durationMs)) - startedAtMs;
  const timeline = new Timeline(segment.plannedMs);
  const engine = replay(parts, timeline, startedAtMs, durationMs);
  const { crossed } = engine.evaluate(durationMs, true);
  const { exitCode, reason } = conclude(records, crossed);
  const iterations: IterationOutcomes = {
    completed: sum(records, ({ completed }) => completed),
    interrupted: sum(records, ({ interrupted }) => interrupted),
    failed: sum(records, ({ failed }) => failed),
    firstFailure: records.map((one) => one.iterations.firstFailure).find((text) => text !== null) ?? null,
  };
  const concerns = [
    ...judgeIterations(iterations, exitCode !== EXIT.ok).map(({ text }) => text),
    ...judgeThresholds(engine.observed()).map(({ text }) => text),
    ...records.flatMap((one) => one.concerns.filter(isOfPart).map((text) => `${one.id}: ${text}`)),
  ];
  const record = buildRecord({
    id: makeRunId(),
    script: first.script,
    fingerprint: segment.test,
    durationMs,
    plannedMs: segment.plannedMs,
    state: 'ended',
    isPaused: false,
    exitCode,
    reason,
    iterations,
    concerns,
    engine,
    timeline,
    scenarios: segment.scenarios,
    progress: first.scenarios.map(() => `${records.length} segments`),
    tags: segment.tags,
    health: [],
  });
  const generators = records.map(({ generator }) => generator);
  const generator = {
    isBottleneck: generators.some(({ isBottleneck }) => isBottleneck),
    text: [...new Set(generators.map(({ text }) => text).filter((text) => text !== ''))].join('\n'),
    health: generators.flatMap(({ health }) => health),
  };
  const host = { ...record.host, workers: records.reduce((total, { host: { workers } }) => total + workers, 0) };
  return { record: { ...record, generator, host }, data: timeline.read() };
}

/** Whether a concern says something of a part that is not judged anew over all of them. */
function isOfPart(text: string): boolean {
  return !/iterations? (?:failed|ran to its end)|holds only because/.test(text);
}

/** @throws Error for parts of different tests, parts that overlap, and where some are missing */
function checkParts(parts: readonly Part[]): void {
  const [first] = parts;
  if (first === undefined || parts.length < 2) throw new Error('it takes two runs at least to merge them');
  const other = parts.find(({ segment }) => segment.test !== first.segment.test);
  if (other !== undefined)
    throw new Error(
      `the runs ${first.record.id} and ${other.record.id} are not of the same test: script and options must be the same, all but the segment`,
    );
  const sorted = [...parts].sort((a, b) => startOf(a) - startOf(b));
  let at = 0;
  for (const part of sorted) {
    const { from, to } = endsOf(part);
    if (from < at - EPSILON)
      throw new Error(
        `the segment ${part.segment.segment} of the run ${part.record.id} is in another one too: each part counts once`,
      );
    if (from > at + EPSILON) throw new Error(`the part of the test from ${show(at)} to ${show(from)} is missing`);
    at = to;
  }
  if (at < 1 - EPSILON) throw new Error(`the part of the test from ${show(at)} to 1 is missing`);
}

/** Less than the smallest part that a test can be divided into. */
const EPSILON = 1e-9;

function startOf(part: Part): number {
  return endsOf(part).from;
}

function endsOf({ segment }: Part): { readonly from: number; readonly to: number } {
  // It was read once already, when the run began.
  findShare(segment.segment, segment.sequence);
  const { from, to } = parseSegment(segment.segment);
  return { from: Number(from.num) / Number(from.den), to: Number(to.num) / Number(to.den) };
}

function show(place: number): string {
  return String(Math.round(place * 1e6) / 1e6);
}

/** Has an engine and a timeline see all reports, in the order of their time. */
function replay(parts: readonly Part[], timeline: Timeline, startedAtMs: number, durationMs: number): MetricsEngine {
  const [{ segment }] = parts as [Part];
  const registry = new MetricRegistry();
  const builtIns = registerBuiltIns(registry);
  const failedIterations = registerFailedIterations(registry);
  const moments = parts
    .flatMap((part, source) =>
      part.segment.reports.map((text): Moment => ({ source, report: decodeReport(Buffer.from(text, 'base64')) })),
    )
    .sort((a, b) => a.report.timeMs - b.report.timeMs);
  for (const { report } of moments)
    for (const { metric } of report.series) registry.define(metric.name, metric.type, metric.contains);
  const engine = new MetricsEngine({
    registry,
    failedIterations,
    thresholds: segment.thresholds as ConstructorParameters<typeof MetricsEngine>[0]['thresholds'],
    systemTags: segment.systemTags,
    receiversFor: (metric, tags) => timeline.receiversFor(metric, tags),
  });
  timeline.begin(startedAtMs);
  const vus = new SummedVus();
  for (const { source, report } of moments) {
    timeline.closeUntil(report.timeMs - LATENESS_MS);
    engine.ingestReport({ ...report, deltas: vus.takeOut(source, report) }, source);
    timeline.note('vus', vus.now('vus'), report.timeMs);
  }
  const writer = new SampleWriter((batch: SampleBatch) => engine.ingest(batch, parts.length), 16);
  for (const { name, value, timeMs } of vus.sums()) writer.add(builtIns[name], tagsOf(segment.tags), value, timeMs);
  writer.flush();
  timeline.finish(startedAtMs + durationMs);
  return engine;
}

function tagsOf(tags: Readonly<Record<string, string>>): TagSet {
  let set = TagSet.EMPTY;
  for (const [key, value] of Object.entries(tags)) set = set.with(key, value);
  return set;
}

type VuGauge = (typeof SUMMED)[number];

/** The virtual users of all runs together, second by second. */
class SummedVus {
  /** Which metric a series of a source is, by `source id`. */
  readonly #series = new Map<string, VuGauge>();
  readonly #points: {
    readonly name: VuGauge;
    readonly source: number;
    readonly value: number;
    readonly timeMs: number;
  }[] = [];
  readonly #latest = new Map<string, number>();

  /** @returns the deltas of a report without those of the gauges */
  takeOut(
    source: number,
    { series, deltas }: SampleReport,
  ): readonly { readonly id: number; readonly delta: SeriesDelta }[] {
    for (const { id, metric } of series) {
      const name = SUMMED.find((one) => one === metric.name);
      if (name !== undefined) this.#series.set(`${source} ${id}`, name);
    }
    return deltas.filter(({ id, delta }) => {
      const name = this.#series.get(`${source} ${id}`);
      if (name === undefined || delta.type !== 'gauge') return true;
      this.#points.push({ name, source, value: delta.last, timeMs: delta.timeMs });
      this.#latest.set(`${name} ${source}`, delta.last);
      return false;
    });
  }

  /** At the moment. */
  now(name: VuGauge): number {
    return [...this.#latest].reduce((total, [key, value]) => (key.startsWith(`${name} `) ? total + value : total), 0);
  }

  /** One sample for each second. */
  sums(): { readonly name: VuGauge; readonly value: number; readonly timeMs: number }[] {
    return SUMMED.flatMap((name) => {
      const seconds = new Map<number, Map<number, number>>();
      const times = new Map<number, number>();
      for (const point of this.#points) {
        if (point.name !== name) continue;
        const second = Math.floor(point.timeMs / PERIOD_MS);
        const values = seconds.get(second) ?? new Map<number, number>();
        seconds.set(second, values.set(point.source, point.value));
        times.set(second, Math.max(times.get(second) ?? 0, point.timeMs));
      }
      fillGaps(seconds);
      return [...seconds]
        .sort(([a], [b]) => a - b)
        .map(([second, values]) => ({
          name,
          value: [...values.values()].reduce((total, value) => total + value, 0),
          timeMs: times.get(second)!,
        }));
    });
  }
}

/**
 * Timers are a little early or late: who has two samples in one second and none in the next had virtual users in it all the same.
 * @param seconds values by source
 */
function fillGaps(seconds: ReadonlyMap<number, Map<number, number>>): void {
  for (const [second, values] of seconds) {
    for (const [source, value] of seconds.get(second - 1) ?? [])
      if (!values.has(source) && seconds.get(second + 1)?.has(source) === true) values.set(source, value);
  }
}

/** What ended a part short goes before what its metrics say. */
function conclude(
  records: readonly RunRecord[],
  crossed: readonly string[],
): { exitCode: ExitCode; reason: string | null } {
  const failed = records.find(({ exitCode }) => exitCode !== EXIT.ok && exitCode !== EXIT.thresholdsFailed);
  if (failed !== undefined)
    return {
      exitCode: (failed.exitCode ?? EXIT.other) as ExitCode,
      reason: `${failed.id}: ${failed.reason ?? 'it is not over'}`,
    };
  if (crossed.length > 0)
    return {
      exitCode: EXIT.thresholdsFailed,
      reason: `thresholds on metrics '${crossed.join(', ')}' have been crossed`,
    };
  return { exitCode: EXIT.ok, reason: null };
}

function sum(records: readonly RunRecord[], of: (iterations: RunRecord['iterations']) => number): number {
  return records.reduce((total, { iterations }) => total + of(iterations), 0);
}
