// The run in cells of time, while it goes on. Samples of two cells are taken at any moment, since threads hand theirs over a little
// late; what is later still counts in the older of the two.
import { passesOfDelta, sumOfDelta } from '../sinks/series-delta.ts';
import type { SeriesReceiver } from '../sinks/sink.ts';
import { GrowingColumn, sum } from './growing-column.ts';
import { LiveRow, type RowDescription } from './live-row.ts';
import { findRoles, type SeriesRole, type Tags } from './series-role.ts';
import { sliceCount } from './timeline-block.ts';
import { COLUMNS, type ColumnName, mapColumns, PEAKS, type SliceCounts, type TimelineData } from './timeline-data.ts';
import type { WindowQuantiles } from './window-histogram.ts';

/** Cells are short where the plan is. */
const SHORT_PLAN_MS = 120_000;
const SHORT_CELL_MS = 250;
const CELL_MS = 1000;
const MOST_CELLS = 3600;
const MOST_SHORT_CELLS = 480;
const MOST_SLICES = 120;
/** Endpoints told apart; those that come later are one row. */
const MOST_ROWS = 1000;

/** A failure of a code, of the whole run. */
export interface CodeDescription {
  readonly protocol: string;
  readonly code: number;
}

/** A row's part of a cell. */
export interface CellRow extends WindowQuantiles {
  readonly row: number;
  readonly failed: number;
}

/** A cell that is over. */
export interface ClosedCell {
  readonly cell: number;
  /** In the order of {@link COLUMNS}. */
  readonly columns: readonly number[];
  /** Those with anything in it. */
  readonly rows: readonly CellRow[];
  readonly codes: readonly { readonly code: number; readonly count: number }[];
}

export interface TimelineListener {
  onCell(cell: ClosedCell): void;
  /** @param rows by number, those with anything in it */
  onSlice(slice: number, rows: readonly { readonly row: number; readonly counts: SliceCounts }[]): void;
  /** Cells or slices have become wider: all that was said is to be read anew. */
  onRescale(): void;
}

interface Column {
  readonly isPeak: boolean;
  readonly open: [number, number];
  readonly closed: GrowingColumn;
}

interface CodeColumn extends CodeDescription {
  readonly open: [number, number];
  readonly closed: GrowingColumn;
}

export class Timeline {
  readonly rows: LiveRow[] = [];
  readonly codes: CodeColumn[] = [];
  /** Whether pairs of cells were merged, since the run was longer than planned. */
  hasMerged = false;
  readonly #columns: Readonly<Record<ColumnName, Column>>;
  readonly #listeners = new Set<TimelineListener>();
  readonly #byKey = new Map<string, LiveRow>();
  readonly #codesByKey = new Map<string, CodeColumn>();
  readonly #mostCells: number;
  #startMs = 0;
  #cellMs: number;
  #sliceCells: number;
  /** Closed. */
  #cells = 0;
  #firstEnd = Number.POSITIVE_INFINITY;
  #secondEnd = Number.POSITIVE_INFINITY;
  /** Which of two open values belongs to the older cell. */
  #slot = 0;

  /** @param plannedMs how long the run is to take; null where its work and not the time decides */
  constructor(plannedMs: number | null) {
    const isShort = plannedMs === null || plannedMs <= SHORT_PLAN_MS;
    this.#mostCells = isShort ? MOST_SHORT_CELLS : MOST_CELLS;
    this.#cellMs = isShort ? SHORT_CELL_MS : CELL_MS;
    while (plannedMs !== null && plannedMs / this.#cellMs > this.#mostCells) this.#cellMs *= 2;
    this.#sliceCells = 1;
    while (plannedMs !== null && plannedMs / this.#cellMs / this.#sliceCells > MOST_SLICES) this.#sliceCells *= 2;
    this.#columns = mapColumns((name) => ({
      isPeak: PEAKS.has(name),
      open: [0, 0],
      closed: new GrowingColumn(Float64Array),
    }));
  }

  get startMs(): number {
    return this.#startMs;
  }

  get cellMs(): number {
    return this.#cellMs;
  }

  get sliceCells(): number {
    return this.#sliceCells;
  }

  /** How many cells are closed. */
  get cells(): number {
    return this.#cells;
  }

  /** @param startMs epoch ms; once */
  begin(startMs: number): void {
    this.#startMs = startMs;
    this.#setEnds();
  }

  get hasBegun(): boolean {
    return this.#startMs > 0;
  }

  listen(listener: TimelineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns what takes in the samples of a series; nothing where the timeline does not show them */
  receiversFor(metric: string, tags: Tags): SeriesReceiver[] {
    return findRoles(metric, tags).map((role) => this.#receiverOf(role, tags));
  }

  #receiverOf(role: SeriesRole, tags: Tags): SeriesReceiver {
    switch (role.kind) {
      case 'column':
        return {
          add: (value, time) => this.note(role.column, value, time),
          mergeDelta: (delta, time) => this.note(role.column, sumOfDelta(delta), time),
        };
      case 'row': {
        const row = this.#findRow(role.row);
        return {
          add: (value, time) => row.windows[this.#slotAt(time)].add(value),
          mergeDelta: (delta, time) => {
            if (delta.type === 'trend') row.windows[this.#slotAt(time)].merge(delta);
          },
        };
      }
      case 'latency':
        return this.#latencyReceiver(role.row, role.status, tags);
      case 'failed': {
        const [row, all] = [this.#findRow(role.row), this.#protocolRow(role.row.protocol)];
        return {
          add: (value, time) => {
            if (value === 0) return;
            const slot = this.#slotAt(time);
            row.failures[slot]++;
            all.failures[slot]++;
          },
          mergeDelta: (delta, time) => {
            const slot = this.#slotAt(time);
            const failed = passesOfDelta(delta);
            row.failures[slot] += failed;
            all.failures[slot] += failed;
          },
        };
      }
      case 'code':
        return this.#codeReceiver(role.row, role.code, role.countsAsFailed);
    }
  }

  /** Says of a moment what no sample does. */
  note(column: ColumnName, value: number, time: number): void {
    if (!this.hasBegun) return;
    const { open, isPeak } = this.#columns[column];
    const slot = this.#slotAt(time);
    open[slot] = isPeak ? Math.max(open[slot], value) : open[slot] + value;
  }

  /** Closes the cells that ended before a time. @param time epoch ms */
  closeUntil(time: number): void {
    if (!this.hasBegun) return;
    while (this.#firstEnd <= time) this.#close();
  }

  /** Closes all. @param time epoch ms at which the run ended */
  finish(time: number): void {
    this.closeUntil(time + this.#cellMs * 0.999);
    // What was noted of a run that was over at once has a cell, too.
    if (this.hasBegun && this.#cells === 0) this.#close();
  }

  /** @returns the closed cells, as plain data */
  read(): TimelineData {
    const cells = this.#cells;
    const shape = { startMs: this.#startMs, cellMs: this.#cellMs, cells, sliceCells: this.#sliceCells };
    return {
      ...shape,
      columns: mapColumns((name) => this.#columns[name].closed.read(cells)),
      codes: this.codes.map(({ closed }) => closed.read(cells)),
      rows: this.rows.map((row) => row.read(cells, sliceCount(shape))),
    };
  }

  #latencyReceiver(description: RowDescription, status: string, tags: Tags): SeriesReceiver {
    const row = this.#findRow(description);
    row.addTags(tags);
    const all = this.#protocolRow(description.protocol);
    const tally = row.statuses.get(status) ?? { count: 0 };
    row.statuses.set(status, tally);
    return {
      add: (value, time) => {
        const slot = this.#slotAt(time);
        row.windows[slot].add(value);
        all.windows[slot].add(value);
        tally.count++;
        if (value > row.maxMs) row.maxMs = value;
      },
      mergeDelta: (delta, time) => {
        if (delta.type !== 'trend') return;
        const slot = this.#slotAt(time);
        row.windows[slot].merge(delta);
        all.windows[slot].merge(delta);
        tally.count += delta.count;
        row.maxMs = Math.max(row.maxMs, delta.max);
      },
    };
  }

  #codeReceiver(description: RowDescription, code: number, countsAsFailed: boolean): SeriesReceiver {
    const [row, all] = [this.#findRow(description), this.#protocolRow(description.protocol)];
    const tally = row.codes.get(code) ?? { count: 0 };
    row.codes.set(code, tally);
    const { open } = this.#findCode(description.protocol, code);
    const count = (samples: number, time: number): void => {
      const slot = this.#slotAt(time);
      open[slot] += samples;
      tally.count += samples;
      if (!countsAsFailed) return;
      row.failures[slot] += samples;
      all.failures[slot] += samples;
    };
    return { add: (_, time) => count(1, time), mergeDelta: (delta, time) => count(delta.count, time) };
  }

  #findRow(description: RowDescription): LiveRow {
    const key = `${description.kind}\n${description.protocol}\n${description.method}\n${description.name}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    if (description.kind === 'endpoint' && this.rows.length >= MOST_ROWS)
      return this.#findRow({ ...description, kind: 'other', method: '', name: '' });
    const row = new LiveRow(description);
    this.rows.push(row);
    this.#byKey.set(key, row);
    return row;
  }

  #protocolRow(protocol: string): LiveRow {
    return this.#findRow({ kind: 'protocol', protocol, method: '', name: '' });
  }

  #findCode(protocol: string, code: number): CodeColumn {
    const key = `${protocol} ${code}`;
    let column = this.#codesByKey.get(key);
    if (!column) {
      column = { protocol, code, open: [0, 0], closed: new GrowingColumn(Uint32Array) };
      this.#codesByKey.set(key, column);
      this.codes.push(column);
    }
    return column;
  }

  #slotAt(time: number): number {
    while (time >= this.#secondEnd) this.#close();
    return time < this.#firstEnd ? this.#slot : this.#slot ^ 1;
  }

  #setEnds(): void {
    this.#firstEnd = this.#startMs + (this.#cells + 1) * this.#cellMs;
    this.#secondEnd = this.#firstEnd + this.#cellMs;
  }

  /** Closes the older of the open cells. */
  #close(): void {
    const [slot, cell] = [this.#slot, this.#cells];
    const rows: CellRow[] = [];
    for (let row = 0; row < this.rows.length; row++) {
      const live = this.rows[row];
      if (live.windows[slot].count === 0 && live.failures[slot] === 0) continue;
      const quantiles = { count: 0, p50: 0, p95: 0, p99: 0 };
      const failed = live.close(slot, cell, quantiles);
      rows.push({ row, failed, ...quantiles });
    }
    const columns = COLUMNS.map((name) => takeOpen(this.#columns[name], slot, cell));
    const codes = this.codes.flatMap((column, code) => {
      const count = takeOpen(column, slot, cell);
      return count > 0 ? [{ code, count }] : [];
    });
    this.#cells++;
    this.#slot ^= 1;
    this.#setEnds();
    for (const listener of this.#listeners) listener.onCell({ cell, columns, rows, codes });
    if (this.#cells % this.#sliceCells === 0) this.#closeSlice(this.#cells / this.#sliceCells - 1);
  }

  #closeSlice(slice: number): void {
    const closed = this.rows.flatMap((live, row) => {
      const counts = live.closeSlice(slice);
      return counts === null ? [] : [{ row, counts }];
    });
    for (const listener of this.#listeners) listener.onSlice(slice, closed);
    const tooManyCells = this.#cells >= this.#mostCells;
    const tooManySlices = slice + 1 >= MOST_SLICES;
    if (tooManySlices) {
      for (const row of this.rows) row.mergeSlices();
      this.#sliceCells *= 2;
    }
    if (tooManyCells) this.#mergeCells();
    if (tooManyCells || tooManySlices) for (const listener of this.#listeners) listener.onRescale();
  }

  #mergeCells(): void {
    for (const row of this.rows) row.mergeCells();
    for (const { closed, isPeak } of Object.values(this.#columns)) closed.mergePairs(isPeak ? Math.max : sum);
    for (const { closed } of this.codes) closed.mergePairs(sum);
    this.#cells /= 2;
    this.#cellMs *= 2;
    this.#sliceCells /= 2;
    this.hasMerged = true;
    this.#setEnds();
  }
}

function takeOpen({ open, closed }: Pick<Column, 'open' | 'closed'>, slot: number, cell: number): number {
  const value = open[slot];
  if (value !== 0) closed.set(cell, value);
  open[slot] = 0;
  return value;
}
