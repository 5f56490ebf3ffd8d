// What a run came to, as plain data: everything that summaries, exports and reports are made from.

import type { CheckTally, GroupNode } from '../metrics/check-tally.ts';
import type { FailureCount } from '../metrics/failure-tally.ts';
import type { MetricContains, MetricType } from '../metrics/metric.ts';
import type { MetricsEngine } from '../metrics/metrics-engine.ts';
import type { Sink } from '../metrics/sinks/sink.ts';
import { trendStat } from '../metrics/sinks/trend-stat.ts';
import type { ThresholdVerdict } from '../metrics/thresholds/threshold-judge.ts';
import { nodeCrypto } from '../node/late-builtins.ts';
import type { ComparisonRecord } from './comparison-record.ts';
import type { Concern, IterationOutcomes } from './concern.ts';
import type { TimeUnit } from './value-format.ts';

/** What the run itself knows, beside its metrics. */
export interface SummaryMeta {
  readonly durationMs: number;
  /** `summaryTrendStats`. */
  readonly trendStats: readonly string[];
  readonly timeUnit: TimeUnit;
  /** Whether the user wants no colours (`--no-color`, NO_COLOR). */
  readonly noColor: boolean;
  readonly isStdoutTty: boolean;
  readonly isStderrTty: boolean;
  /** What setup returned, in JSON form; undefined becomes null. */
  readonly setupData?: unknown;
  /** What to say where the generator held the run up; '' where it did not. */
  readonly generatorNote?: string;
  /** The end of the run where k6's version has its own; for the machine-readable form. */
  readonly version?: string;
  readonly generatedAt?: Date;
  /** How the iterations ended; without it nothing is said of failed ones. */
  readonly iterations?: IterationOutcomes;
  /** What is said before all results. */
  readonly concerns?: readonly Concern[];
  /** With earlier runs; null: there is none. */
  readonly comparison?: ComparisonRecord | null;
  /** Source text, for the machine-readable form. */
  readonly script?: string;
}

export interface MetricSummary {
  /** The metric's name, or the literal key of a submetric. */
  readonly key: string;
  readonly name: string;
  readonly type: MetricType;
  readonly contains: MetricContains;
  /** Tags that a submetric selects by; empty for a metric. */
  readonly tags: readonly (readonly [string, string])[];
  /** By k6's names: count and rate; value, min and max; rate, passes and fails; the statistics of a trend. */
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds: readonly ThresholdVerdict[];
}

export interface CheckSummary {
  readonly name: string;
  readonly path: string;
  /** md5 of the path, as k6 identifies checks and groups. */
  readonly id: string;
  readonly passes: number;
  readonly fails: number;
}

export interface GroupSummary {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: readonly GroupSummary[];
  readonly checks: readonly CheckSummary[];
}

/** Metrics of a scenario or of a group in it, for the full summary. */
export interface SectionSummary {
  readonly scenario: string;
  readonly group: string;
  readonly metrics: readonly MetricSummary[];
  readonly checks: readonly Readonly<CheckTally>[];
}

export interface Summary {
  readonly meta: SummaryMeta;
  /** Those with samples or thresholds: by name, each followed by its submetrics. */
  readonly metrics: readonly MetricSummary[];
  /** By name over all groups, in the order in which they were first seen. */
  readonly checks: readonly Readonly<CheckTally>[];
  readonly rootGroup: GroupSummary;
  readonly sections: readonly SectionSummary[];
  readonly failures: readonly FailureCount[];
}

/** Takes what the engine knows at this moment. Evaluate the thresholds for the last time before. */
export function buildSummary(engine: MetricsEngine, meta: SummaryMeta): Summary {
  return {
    meta,
    metrics: engine.observed().map(({ metric, key, selector, sink, thresholds }) => ({
      key,
      name: metric.name,
      type: metric.type,
      contains: metric.contains,
      tags: selector.tags,
      values: valuesOf(sink, meta, thresholds),
      thresholds,
    })),
    checks: engine.checks().map((check) => ({ ...check })),
    rootGroup: summariseGroup(engine.rootGroup),
    sections: engine.sections().map(({ scenario, group, metrics, checks }) => ({
      scenario,
      group,
      checks: [...checks.values()].map((check) => ({ ...check })),
      metrics: [...metrics.values()]
        .map(({ metric, sink }) => ({
          key: metric.name,
          name: metric.name,
          type: metric.type,
          contains: metric.contains,
          tags: [],
          values: valuesOf(sink, meta, []),
          thresholds: [],
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    })),
    failures: engine.failures(),
  };
}

function valuesOf(sink: Sink, meta: SummaryMeta, thresholds: readonly ThresholdVerdict[]): Record<string, number> {
  switch (sink.type) {
    case 'counter':
      return { count: sink.count, rate: sink.rate(meta.durationMs) };
    case 'gauge':
      return { value: sink.value, min: sink.min, max: sink.max };
    case 'rate':
      return { rate: sink.rate, passes: sink.passes, fails: sink.fails };
    case 'trend': {
      // What thresholds look at is part of the data even where the summary does not show it.
      const names = new Set([...meta.trendStats, ...thresholds.map(({ aggregation }) => aggregation)]);
      return Object.fromEntries([...names].map((name) => [name, trendStat(name)?.(sink) ?? 0]));
    }
  }
}

/** MD5 of nothing: the id of the group that holds all. */
const ROOT_ID = 'd41d8cd98f00b204e9800998ecf8427e';

/** @returns k6's id of a group or check */
function identify(path: string): string {
  // Most tests have no group but the one that holds all, and Node's cryptography takes 5 ms to load.
  return path === '' ? ROOT_ID : nodeCrypto().createHash('md5').update(path).digest('hex');
}

/** A group with all that is in it, by k6's ids. */
export function summariseGroup(group: GroupNode): GroupSummary {
  return {
    name: group.name,
    path: group.path,
    id: identify(group.path),
    groups: [...group.groups.values()].map(summariseGroup),
    checks: [...group.checks.values()].map(({ name, passes, fails }) => {
      const path = `${group.path}::${name}`;
      return { name, path, id: identify(path), passes, fails };
    }),
  };
}
