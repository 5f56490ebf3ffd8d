// Makes the record of a run, at any moment of it.
import { availableParallelism, hostname } from 'node:os';
import { findCode } from '../codes/catalogue.ts';
import type { GeneratorHealth } from '../execution/generator-health.ts';
import { judgeGenerator } from '../execution/generator-health.ts';
import { describeScenario } from '../execution/scenario-progress.ts';
import { BUILT_IN } from '../metrics/built-in.ts';
import type { GroupNode } from '../metrics/check-tally.ts';
import type { FailureCount } from '../metrics/failure-tally.ts';
import type { MetricsEngine } from '../metrics/metrics-engine.ts';
import { parseExpression } from '../metrics/thresholds/threshold-expression.ts';
import type { LiveRow } from '../metrics/timeline/live-row.ts';
import type { Timeline } from '../metrics/timeline/timeline.ts';
import { VERSION } from '../options/package-version.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import {
  type CheckRecord,
  type FailureRecord,
  type MetricRecord,
  RECORD_FORMAT,
  type RowRecord,
  type RunRecord,
  type ThresholdRecord,
} from './run-record.ts';
import { buildSummary, type MetricSummary } from './summary.ts';

const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'];

/** Characters of a message that are kept. */
const LONGEST_TEXT = 4000;

/** What the run itself knows. */
export interface RecordSource
  extends Pick<
    RunRecord,
    | 'id'
    | 'script'
    | 'fingerprint'
    | 'durationMs'
    | 'plannedMs'
    | 'state'
    | 'isPaused'
    | 'exitCode'
    | 'reason'
    | 'iterations'
    | 'concerns'
    | 'comparison'
    | 'segment'
    | 'agents'
  > {
  readonly engine: MetricsEngine;
  readonly timeline: Timeline;
  /** Without secrets. */
  readonly scenarios: readonly ScenarioConfig[];
  /** How far each scenario is, in the same order; missing before they begin. */
  readonly progress?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly health: readonly GeneratorHealth[];
}

/** What changes from second to second: little to make, however many endpoints there are. */
export type RunStanding = Pick<
  RunRecord,
  'state' | 'isPaused' | 'durationMs' | 'scenarios' | 'thresholds' | 'iterations'
>;

export function buildStanding(source: RecordSource): RunStanding {
  const { engine, scenarios, state, isPaused, durationMs, iterations, progress } = source;
  return {
    state,
    isPaused,
    durationMs,
    iterations,
    scenarios: scenarios.map((config, index) => ({
      name: config.name,
      description: describeScenario(config),
      progress: progress?.[index] ?? '',
    })),
    thresholds: engine
      .observed()
      .flatMap(({ metric: { name, type, contains }, key, selector: { tags }, thresholds }) =>
        thresholdsOf({ key, name, type, contains, tags, thresholds }),
      ),
  };
}

export function buildRecord(source: RecordSource): RunRecord {
  const { engine, timeline, scenarios, durationMs, health } = source;
  const summary = buildSummary(engine, {
    durationMs,
    trendStats: TREND_STATS,
    timeUnit: null,
    noColor: true,
    isStdoutTty: false,
    isStderrTty: false,
    iterations: source.iterations,
  });
  const verdict = judgeGenerator(health, availableParallelism());
  return {
    format: RECORD_FORMAT,
    id: source.id,
    version: VERSION,
    script: source.script,
    ...(source.fingerprint !== undefined && { fingerprint: source.fingerprint }),
    startedAtMs: timeline.startMs,
    plannedMs: source.plannedMs,
    marks: listMarks(scenarios).filter((mark) => mark !== source.plannedMs),
    ...buildStanding(source),
    exitCode: source.exitCode,
    reason: source.reason,
    host: {
      name: hostname(),
      cores: availableParallelism(),
      workers: health.length,
      node: process.versions.node,
    },
    tags: Object.entries(source.tags),
    isScalable: scenarios.some(({ executor }) => executor === 'externally-controlled'),
    metrics: summary.metrics.map(metricOf),
    checks: checksOf(engine.rootGroup, []),
    failures: summary.failures.map(failureOf),
    concerns: source.concerns,
    ...(source.comparison !== undefined && { comparison: source.comparison }),
    ...(source.agents !== undefined && { agents: source.agents }),
    ...(source.segment !== undefined && { segment: source.segment }),
    generator: { isBottleneck: verdict.bottleneck, text: verdict.text, health },
    timeline: {
      rows: timeline.rows.map(rowOf),
      codes: timeline.codes.map(({ protocol, code }) => ({ protocol, code })),
      folded: 0,
      hasMerged: timeline.hasMerged,
    },
  };
}

type Judged = Pick<MetricSummary, 'key' | 'name' | 'tags' | 'type' | 'contains' | 'thresholds'>;

function thresholdsOf({ key, name, tags, type, contains, thresholds }: Judged): ThresholdRecord[] {
  return thresholds.map(({ source, ok, value }) => {
    const { aggregation, operator, limit } = parseExpression(source);
    return {
      key,
      metric: name,
      tags: tags.map((pair) => pair.join(':')),
      source: source.trim(),
      aggregation,
      operator,
      limit,
      ok,
      value: value === undefined || !Number.isFinite(value) ? null : value,
      type,
      contains,
    };
  });
}

function metricOf({ key, name, type, contains, values }: MetricSummary): MetricRecord {
  return { key, type, contains, isCustom: !Object.hasOwn(BUILT_IN, name), values };
}

function checksOf(group: GroupNode, path: readonly string[]): CheckRecord[] {
  return [
    ...[...group.checks.values()].map(({ name, passes, fails }) => ({ group: path, name, passes, fails })),
    ...[...group.groups.values()].flatMap((inner) => checksOf(inner, [...path, inner.name])),
  ];
}

function failureOf({ protocol, code, count, total, names, message, stack, samples }: FailureCount): FailureRecord {
  const entry = findCode(code);
  return {
    protocol,
    code,
    name: entry?.name ?? '',
    title: entry?.title ?? `Code ${code}`,
    meaning: entry?.meaning ?? '',
    producedBy: entry?.producedBy ?? '',
    retry: entry?.retry ?? 'none',
    retryAdvice: entry?.retryAdvice ?? '',
    look: entry?.look ?? '',
    count,
    total,
    names,
    message: message.slice(0, LONGEST_TEXT),
    stack: stack.slice(0, LONGEST_TEXT),
    samples,
  };
}

function rowOf({ description, maxMs, codes, statuses, tags }: LiveRow): RowRecord {
  const byCount = <Key>(counts: ReadonlyMap<Key, { count: number }>): [Key, number][] =>
    [...counts]
      .map(([key, { count }]): [Key, number] => [key, count])
      .filter(([, count]) => count > 0)
      .sort(([, a], [, b]) => b - a);
  return {
    ...description,
    maxMs,
    codes: byCount(codes),
    statuses: byCount(statuses).filter(([status]) => status !== ''),
    tags: [...tags].filter(([key]) => key !== 'name' && key !== 'url').map(([key, values]) => [key, [...values]]),
  };
}

/** @returns ms at which something of the plan changes, without its beginning and end */
function listMarks(scenarios: readonly ScenarioConfig[]): number[] {
  const marks = new Set<number>();
  for (const scenario of scenarios) {
    let at = scenario.startTimeMs;
    marks.add(at);
    for (const { durationMs } of 'stages' in scenario ? scenario.stages : []) marks.add((at += durationMs));
  }
  marks.delete(0);
  return [...marks].sort((a, b) => a - b).slice(0, 100);
}
