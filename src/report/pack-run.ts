// A run as bytes: its record and its timeline, as reports hold them and the history keeps them.

import { foldRows } from '../metrics/timeline/fold-rows.ts';
import { encodeBlock } from '../metrics/timeline/timeline-block.ts';
import type { TimelineData } from '../metrics/timeline/timeline-data.ts';
import { nodeZlib } from '../node/late-builtins.ts';
import type { RowRecord, RunRecord } from './run-record.ts';

export interface PackedRun {
  /** Of the rows that the block has. */
  readonly record: RunRecord;
  readonly block: Uint8Array;
}

/** Cells of rows whose percentiles are written as they are. */
const MOST_EXACT = 60_000;

/** @param data whose rows are those of the record */
export function packRun(record: RunRecord, data: TimelineData): PackedRun {
  const { rows } = record.timeline;
  const { data: folded, kept, folded: gone } = foldRows(data, rows);
  const timeline = {
    ...record.timeline,
    rows:
      gone.length === 0 ? rows : [...kept.map((place) => rows[place]), foldRecords(gone.map((place) => rows[place]))],
    folded: gone.length,
  };
  return { record: { ...record, timeline }, block: encodeBlock(thinOut(folded, timeline.rows)) };
}

/**
 * In a long run of many endpoints the percentiles of an endpoint's single cells come from few values and would be most of the file:
 * those of its slices stay, which are true ones. Protocols keep both.
 */
function thinOut(data: TimelineData, rows: readonly RowRecord[]): TimelineData {
  if (data.cells * data.rows.length <= MOST_EXACT) return data;
  const none = new Uint16Array(data.cells);
  return {
    ...data,
    rows: data.rows.map((row, place) =>
      rows[place].kind === 'endpoint' || rows[place].kind === 'other'
        ? { ...row, p50: none, p95: none, p99: none }
        : row,
    ),
  };
}

function foldRecords(rows: readonly RowRecord[]): RowRecord {
  const codes = new Map<number, number>();
  const statuses = new Map<string, number>();
  for (const row of rows) {
    for (const [code, count] of row.codes) codes.set(code, (codes.get(code) ?? 0) + count);
    for (const [status, count] of row.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
  }
  const protocols = new Set(rows.map(({ protocol }) => protocol));
  return {
    kind: 'other',
    protocol: protocols.size === 1 ? rows[0].protocol : '',
    method: '',
    name: '',
    maxMs: Math.max(...rows.map(({ maxMs }) => maxMs)),
    codes: [...codes],
    statuses: [...statuses],
    tags: [],
  };
}

/**
 * @param level of deflate: 9 for what is kept
 * @returns length of the JSON (32 bits, little endian), the JSON, the block; deflated
 */
export function deflateRun({ record, block }: PackedRun, level = 9): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  return nodeZlib().deflateRawSync(Buffer.concat([head, json, block]), { level });
}
