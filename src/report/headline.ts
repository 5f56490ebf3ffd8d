// The few numbers that a list of runs shows of each.
import { metricsOf } from '../metrics/timeline/series-role.ts';
import type { TimelineData } from '../metrics/timeline/timeline-data.ts';
import type { RunRecord } from './run-record.ts';

export interface Headline {
  readonly durationMs: number;
  readonly iterations: number;
  readonly failedIterations: number;
  /** Requests of all protocols, failed or not. */
  readonly requests: number;
  readonly failed: number;
  /** The busiest protocol, and the p95 of its latency in ms; null where there is none. */
  readonly protocol: string | null;
  readonly p95: number | null;
  readonly thresholds: number;
  readonly crossed: number;
}

/** @param data of the rows of the record */
export function headlineOf(record: RunRecord, data: Pick<TimelineData, 'rows'>): Headline {
  const protocols = record.timeline.rows
    .flatMap(({ kind, protocol }, place) => {
      if (kind !== 'protocol') return [];
      const { count, failed } = data.rows[place]!;
      const [all, bad] = [count, failed].map((values) => Array.from(values).reduce((sum, value) => sum + value, 0));
      return { protocol, count: Math.max(all, bad), failed: bad };
    })
    .sort((a, b) => b.count - a.count);
  const [busiest] = protocols;
  const latency = busiest === undefined ? null : metricsOf(busiest.protocol).latency;
  return {
    durationMs: record.durationMs,
    iterations: record.iterations.completed,
    failedIterations: record.iterations.failed,
    requests: protocols.reduce((sum, { count }) => sum + count, 0),
    failed: protocols.reduce((sum, { failed }) => sum + failed, 0),
    protocol: busiest?.protocol ?? null,
    p95: record.metrics.find(({ key }) => key === latency)?.values['p(95)'] ?? null,
    thresholds: record.thresholds.length,
    crossed: record.thresholds.filter(({ ok }) => !ok).length,
  };
}
