// A run as documents of the REST API: k6's shapes in the manner of JSON:API (k6 page "k6 REST API").
import type { GroupNode } from '../metrics/check-tally.ts';
import type { ObservedMetric } from '../metrics/metrics-engine.ts';
import type { Sink } from '../metrics/sinks/sink.ts';
import { trendStat } from '../metrics/sinks/trend-stat.ts';
import type { AgentRecord } from '../report/agent-record.ts';
import { type GroupSummary, summariseGroup } from '../report/summary.ts';
import type { RunControl } from '../run/run-control.ts';

export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data: unknown }>>;
}

export function statusResource(run: RunControl): Resource {
  const { status, isPaused, vus, vusMax, isStopped, isRunning, isTainted } = run.status();
  return {
    type: 'status',
    id: 'default',
    attributes: {
      status,
      paused: isPaused,
      vus,
      'vus-max': vusMax,
      stopped: isStopped,
      running: isRunning,
      tainted: isTainted,
    },
  };
}

/** A machine that makes load; k6 has nothing like it. */
export function agentResource(agent: AgentRecord): Resource {
  const { name, health, vus, iterations, failed, p95Ms, clockShiftMs, busyShare } = agent;
  return {
    type: 'agents',
    id: name,
    attributes: {
      health,
      vus,
      iterations,
      failed,
      'p95-ms': p95Ms,
      'clock-shift-ms': clockShiftMs,
      'busy-share': busyShare,
    },
  };
}

export function metricResource({ metric, key, sink, thresholds }: ObservedMetric, run: RunControl): Resource {
  return {
    type: 'metrics',
    id: key,
    attributes: {
      type: metric.type,
      contains: metric.contains,
      // Of what has no thresholds nothing is known.
      tainted: thresholds.length === 0 ? null : thresholds.some(({ ok }) => !ok),
      sample: sampleOf(sink, run),
    },
  };
}

function sampleOf(sink: Sink, { elapsedMs, trendStats }: RunControl): Record<string, number> {
  switch (sink.type) {
    case 'counter':
      return { count: sink.count, rate: sink.rate(elapsedMs) };
    case 'gauge':
      return { value: sink.value };
    case 'rate':
      return { rate: sink.rate };
    case 'trend':
      return Object.fromEntries(trendStats.map((name) => [name, trendStat(name)?.(sink) ?? 0]));
  }
}

/** All groups, each before those within it. */
export function groupResources(root: GroupNode): Resource[] {
  const list = (group: GroupSummary, parent: GroupSummary | null): Resource[] => {
    const { id, path, name, checks, groups } = group;
    return [
      {
        type: 'groups',
        id,
        attributes: { path, name, checks },
        relationships: {
          groups: { data: groups.map(reference) },
          parent: { data: parent === null ? null : reference(parent) },
        },
      },
      ...groups.flatMap((child) => list(child, group)),
    ];
  };
  return list(summariseGroup(root), null);
}

function reference({ id }: GroupSummary): { type: string; id: string } {
  return { type: 'groups', id };
}

export function setupResource({ setupData }: RunControl): Resource {
  return {
    type: 'setupData',
    id: 'default',
    attributes: { data: setupData === undefined ? null : JSON.parse(setupData) },
  };
}
