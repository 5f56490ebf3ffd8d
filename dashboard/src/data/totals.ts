// What a stretch of the run comes to: sums of its cells, and true percentiles of its merged slices.
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import {
  type ColumnName,
  mergeSlices,
  type Numbers,
  quantileOf,
  type TimelineRow,
} from '../../../src/metrics/timeline/timeline-data.ts';
import type { RowRecord } from '../../../src/report/run-record.ts';
import type { RunView, Selection } from './model.ts';

export interface RowTotals {
  readonly place: number;
  readonly row: RowRecord;
  /** Attempts, failed or not. */
  readonly count: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Cells of a selection, `to` not included. */
export function cellsOf({ data }: RunView, chosen: Selection | null): Selection {
  if (chosen === null) return { from: 0, to: data.cells };
  return { from: chosen.from * data.sliceCells, to: Math.min(data.cells, chosen.to * data.sliceCells) };
}

export function sumOf(values: Numbers, { from, to }: Selection): number {
  let total = 0;
  for (let cell = from; cell < to; cell++) total += values[cell] ?? 0;
  return total;
}

export function mostOf(values: Numbers, { from, to }: Selection): number {
  let most = 0;
  for (let cell = from; cell < to; cell++) most = Math.max(most, values[cell] ?? 0);
  return most;
}

/** Ms at which the cells end: the last one with the run, unless pauses made it longer than it counts. */
export function endMs({ data, record }: RunView): number {
  const end = data.cells * data.cellMs;
  const isWithin = record.durationMs > end - data.cellMs && record.durationMs < end;
  return Math.max(isWithin ? record.durationMs : end, data.cellMs / 4);
}

/** How long cells last, in ms. */
export function lengthOf(run: RunView, { from, to }: Selection): number {
  const { cellMs } = run.data;
  return Math.max(cellMs / 4, Math.min(to * cellMs, endMs(run)) - from * cellMs);
}

export function totalsOf(run: RunView, place: number, chosen: Selection | null): RowTotals {
  const row = run.data.rows[place]!;
  const cells = cellsOf(run, chosen);
  const failed = sumOf(row.failed, cells);
  const count = Math.max(sumOf(row.count, cells), failed);
  const merged = mergeSlices(row.slices, chosen?.from ?? 0, chosen?.to ?? sliceCount(run.data));
  return {
    place,
    row: run.record.timeline.rows[place]!,
    count,
    failed,
    perSecond: (count * 1000) / lengthOf(run, cells),
    p50: quantileOf(merged, 0.5),
    p95: quantileOf(merged, 0.95),
    p99: quantileOf(merged, 0.99),
  };
}

/** Places of the rows of a kind. */
export function placesOf({ record }: RunView, ...kinds: RowRecord['kind'][]): number[] {
  return record.timeline.rows.flatMap(({ kind }, place) => (kinds.includes(kind) ? [place] : []));
}

/** Rows of protocols, the busiest first. */
export function protocolRows(run: RunView): RowTotals[] {
  return placesOf(run, 'protocol')
    .map((place) => totalsOf(run, place, null))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** Quantile per slice, in ms; null where nothing happened. */
export function sliceQuantiles(row: TimelineRow, slices: number, share: number): (number | null)[] {
  return Array.from({ length: slices }, (_, slice) => quantileOf(mergeSlices(row.slices, slice, slice + 1), share));
}

/** Sums per slice. */
export function perSlice({ data }: RunView, values: Numbers): number[] {
  return Array.from({ length: sliceCount(data) }, (_, slice) =>
    sumOf(values, { from: slice * data.sliceCells, to: Math.min(data.cells, (slice + 1) * data.sliceCells) }),
  );
}

export function column(run: RunView, name: ColumnName, chosen: Selection | null): number {
  return sumOf(run.data.columns[name], cellsOf(run, chosen));
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  http: 'HTTP',
  grpc: 'gRPC',
  'grpc-connect': 'gRPC connections',
  websocket: 'WebSocket',
  redis: 'Redis',
  dns: 'DNS',
  'dns-lookup': 'DNS lookups',
  tcp: 'TCP',
  tls: 'TLS',
  mqtt: 'MQTT',
  sse: 'SSE',
  ssh: 'SSH',
  'ssh-connect': 'SSH connections',
  browser: 'Browser',
  sql: 'SQL',
  kafka: 'Kafka',
};

export function protocolName(protocol: string): string {
  return PROTOCOL_NAMES[protocol] ?? protocol;
}
