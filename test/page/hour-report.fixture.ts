// A report of an hour with fifty endpoints and nine million requests, of names that nobody would like to show.
import { registerBuiltIns } from '../../src/metrics/built-in.ts';
import { MetricRegistry } from '../../src/metrics/metric-registry.ts';
import { MetricsEngine } from '../../src/metrics/metrics-engine.ts';
import { SampleWriter } from '../../src/metrics/sample-writer.ts';
import { TagSet } from '../../src/metrics/tag-set.ts';
import { Timeline } from '../../src/metrics/timeline/timeline.ts';
import { buildRecord } from '../../src/report/build-record.ts';
import { embedRun, readPage } from '../../src/report/html-report.ts';
import { deflateRun, packRun } from '../../src/report/pack-run.ts';

export const HOUR_MS = 3_600_000;
const START = 1_795_857_120_000;
const ENDPOINTS = 50;
const PER_CELL = 61;

export const HOSTILE = [
  '</script><script>document.title = "taken"</script>',
  '<img src=x onerror="document.title = \'taken\'">',
  "$& $' $` $1 <!-- -->",
  '‮txet desrever',
  `/very/long/${'x'.repeat(3000)}`,
  '{{style}} /* script */ <!--run-->',
];

/** Numbers that look random and are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

export interface HourReport {
  readonly html: string;
  readonly timeline: Timeline;
  readonly engine: MetricsEngine;
}

/** Latencies with a hill in the middle, and failures there. */
export async function makeHourReport(): Promise<HourReport> {
  const random = numbers(11);
  const timeline = new Timeline(HOUR_MS);
  timeline.begin(START);
  const registry = new MetricRegistry();
  const metrics = registerBuiltIns(registry);
  const engine = new MetricsEngine({
    registry,
    thresholds: {
      http_req_duration: [{ threshold: 'p(95)<120', abortOnFail: false, delayAbortEvalMs: 0 }],
      http_req_failed: [{ threshold: 'rate<0.001', abortOnFail: false, delayAbortEvalMs: 0 }],
    },
  });
  const names = Array.from({ length: ENDPOINTS }, (_, index) => HOSTILE[index] ?? `/api/v1/things/${index}`);
  const series = names.map((name, index): [string, string][] => [
    ['error_code', '1503'],
    ['group', index % 2 === 0 ? '::browse' : '::checkout'],
    ['method', 'GET'],
    ['name', name],
    ['status', '503'],
  ]);
  const receivers = (metric: string, without: string) =>
    series.map(
      (tags) =>
        timeline.receiversFor(
          metric,
          tags.filter(([key]) => key !== without),
        )[0]!,
    );
  const latencies = receivers('http_req_duration', 'error_code');
  const failed = receivers('http_req_failed', 'error_code');
  const codes = receivers('http_reqs', 'none');
  const iterations = timeline.receiversFor('iterations', [])[0]!;
  for (let second = 0; second < HOUR_MS / 1000; second++) {
    const hill = 1 + 4 * Math.exp(-(((second - 1900) / 90) ** 2));
    timeline.note('vus', 400, START + second * 1000);
    timeline.note('busy', Math.round(300 + random() * 50), START + second * 1000);
    for (let request = 0; request < PER_CELL; request++) {
      const time = START + second * 1000 + (request * 1000) / PER_CELL;
      iterations.add(1, time);
      for (let endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
        if (random() < 0.15) continue;
        // Nearly log-normal: a sum of uniform numbers.
        const spread = (random() + random() + random() - 1.5) * 2.2;
        latencies[endpoint]!.add((4 + endpoint) * hill * Math.exp(spread), time);
        if (hill < 2 || random() > 0.0015) continue;
        failed[endpoint]!.add(1, time);
        codes[endpoint]!.add(1, time);
      }
    }
  }
  timeline.finish(START + HOUR_MS);
  const writer = new SampleWriter((batch) => engine.ingest(batch));
  for (const tags of series) {
    let set = TagSet.EMPTY;
    for (const [key, value] of tags) set = set.with(key, value);
    for (const metric of [metrics.http_reqs, metrics.http_req_failed, metrics.http_req_duration])
      writer.add(metric, set, 1, START);
    writer.add(metrics.checks, set.with('check', tags[3]![1]), 0, START);
  }
  writer.note({ protocol: 'http', code: 1503, text: HOSTILE.join('\n'), stack: '' });
  writer.flush();
  engine.evaluate(HOUR_MS, true);
  const record = buildRecord({
    id: 'hour',
    script: HOSTILE[0]!,
    durationMs: HOUR_MS,
    plannedMs: HOUR_MS,
    state: 'ended',
    isPaused: false,
    exitCode: 99,
    reason: 'thresholds have been crossed',
    iterations: { completed: 1_000_000, interrupted: 0, failed: 12, firstFailure: HOSTILE[1]! },
    concerns: [HOSTILE[0]!, HOSTILE[4]!],
    engine,
    timeline,
    scenarios: [],
    tags: { env: HOSTILE[1]!, build: 'x'.repeat(200) },
    health: [],
  });
  const html = embedRun(await readPage('report'), deflateRun(packRun(record, timeline.read())));
  return { html, timeline, engine };
}
