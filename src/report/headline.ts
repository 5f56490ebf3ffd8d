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

/** Of a protocol over the run. */
export interface ProtocolTotals {
  readonly protocol: string;
  readonly count: number;
  readonly failed: number;
}

/** What of a record the numbers come from. */
type Told = Pick<RunRecord, 'durationMs' | 'iterations' | 'thresholds'>;

/** @param data of the rows of the record */
export function headlineOf(record: RunRecord, data: Pick<TimelineData, 'rows'>): Headline {
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);
  return headlineOfTotals(
    record,
    record.timeline.rows.flatMap(({ kind, protocol }, place) => {
      const { count, failed } = data.rows[place]!;
      return kind === 'protocol' ? { protocol, count: sum(count), failed: sum(failed) } : [];
    }),
    (metric) => record.metrics.find(({ key }) => key === metric)?.values['p(95)'] ?? null,
  );
}

/** @param findP95 of a metric, in ms; null where it has no samples */
export function headlineOfTotals(
  record: Told,
  totals: readonly ProtocolTotals[],
  findP95: (metric: string) => number | null,
): Headline {
  const protocols = totals
    .map(({ protocol, count, failed }) => ({ protocol, count: Math.max(count, failed), failed }))
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
    p95: latency === null || latency === undefined ? null : findP95(latency),
    thresholds: record.thresholds.length,
    crossed: record.thresholds.filter(({ ok }) => !ok).length,
  };
}
