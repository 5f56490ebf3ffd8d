// Runs of ten seconds as the history keeps them, with latencies and results of choice.
import { registerBuiltIns } from '../../src/metrics/built-in.ts';
import { MetricRegistry } from '../../src/metrics/metric-registry.ts';
import { MetricsEngine } from '../../src/metrics/metrics-engine.ts';
import { SampleWriter } from '../../src/metrics/sample-writer.ts';
import { TagSet } from '../../src/metrics/tag-set.ts';
import { Timeline } from '../../src/metrics/timeline/timeline.ts';
import { buildRecord } from '../../src/report/build-record.ts';
import { deflateRun, packRun } from '../../src/report/pack-run.ts';

const RUN_MS = 10_000;
const PER_SECOND = 200;

export interface KeptRunOptions {
  readonly id: string;
  readonly script: string;
  readonly startedAtMs: number;
  /** About the middle of its latencies. */
  readonly latencyMs: number;
  readonly exitCode: number;
  /** Missing: the run makes requests. */
  readonly isIdle?: boolean;
}

/** @returns it as `deflateRun` gives it */
export function makeKeptRun({ id, script, startedAtMs, latencyMs, exitCode, isIdle }: KeptRunOptions): Buffer {
  const timeline = new Timeline(RUN_MS);
  timeline.begin(startedAtMs);
  const registry = new MetricRegistry();
  const metrics = registerBuiltIns(registry);
  const engine = new MetricsEngine({
    registry,
    thresholds: isIdle
      ? {}
      : { http_req_duration: [{ threshold: 'p(95)<20', abortOnFail: false, delayAbortEvalMs: 0 }] },
  });
  const tags = [
    ['method', 'GET'],
    ['name', '/menu'],
    ['status', '200'],
  ] as const;
  const latencies = isIdle
    ? []
    : timeline.receiversFor(
        'http_req_duration',
        tags.map(([key, value]) => [key, value]),
      );
  let set = TagSet.EMPTY;
  for (const [key, value] of tags) set = set.with(key, value);
  const writer = new SampleWriter((batch) => engine.ingest(batch));
  for (let index = 0; index < (RUN_MS / 1000) * PER_SECOND; index++) {
    const time = startedAtMs + (index * 1000) / PER_SECOND;
    // From half to one and a half times the middle, all alike often and never in step with the seconds.
    const value = latencyMs * (0.5 + ((index * 37) % 101) / 100);
    timeline.note('vus', 10, time);
    for (const receiver of latencies) receiver.add(value, time);
    timeline.note('iterations', 1, time);
    if (isIdle) continue;
    writer.add(metrics.http_reqs, set, 1, time);
    writer.add(metrics.http_req_duration, set, value, time);
  }
  writer.flush();
  timeline.finish(startedAtMs + RUN_MS);
  engine.evaluate(RUN_MS, true);
  const record = buildRecord({
    id,
    script,
    fingerprint: `of ${script}`,
    durationMs: RUN_MS,
    plannedMs: RUN_MS,
    state: 'ended',
    isPaused: false,
    exitCode,
    reason: exitCode === 0 ? null : 'thresholds have been crossed',
    iterations: { completed: 2000, interrupted: 0, failed: 0, firstFailure: null },
    concerns: [],
    engine,
    timeline,
    scenarios: [],
    tags: {},
    health: [],
  });
  return deflateRun(packRun(record, timeline.read()));
}
