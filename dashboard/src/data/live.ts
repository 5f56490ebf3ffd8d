// A run that goes on, as its server tells of it: everything once, then cell after cell. What a page missed it reads anew, whole.
import type { ColumnName, SliceCounts, TimelineData } from '../../../src/metrics/timeline/timeline-data.ts';
import { COLUMNS } from '../../../src/metrics/timeline/timeline-data.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';
import { unpackBase64, unpackRun } from './embedded.ts';
import { isConnected, problem, type RunView, view } from './model.ts';
import { keepForReport } from './save-report.ts';
import { authorised, RefusedError } from './server.ts';
import { readEvents, type ServerEvent } from './server-events.ts';

const DRAW_PERIOD_MS = 500;
const RECORD_PERIOD_MS = 5000;
const RETRY_MS = 1000;

interface GrowingRow {
  count: number[];
  failed: number[];
  p50: number[];
  p95: number[];
  p99: number[];
  slices: (SliceCounts | null)[];
}

/** The timeline with columns that grow. */
interface Growing extends Omit<TimelineData, 'columns' | 'codes' | 'rows' | 'cells'> {
  cells: number;
  columns: Record<ColumnName, number[]>;
  codes: number[][];
  rows: GrowingRow[];
}

interface CellsEvent {
  readonly cell: number;
  readonly columns: number[];
  readonly rows: {
    readonly i: number[];
    readonly n: number[];
    readonly f: number[];
    readonly q: [number, number, number][];
  };
  readonly codes: { readonly i: number[]; readonly n: number[] };
}

interface SliceEvent {
  readonly slice: number;
  readonly i: number[];
  readonly low: number[];
  readonly counts: number[][];
}

/** How a connection ended: with the run, cut off, since everything has to be read anew, or since nothing is kept of the run. */
type Outcome = 'end' | 'cut' | 'again' | 'gone';

/** Where a server tells of a run. */
export interface RunSource {
  readonly events: string;
  readonly timeline: string;
  readonly record: string;
  /** Whether its events have numbers, and what was read says which was the last before it. */
  readonly isNumbered?: boolean;
}

/** The run of the page of one's own, beside it. */
const OWN_RUN: RunSource = { events: 'api/events', timeline: 'api/timeline', record: 'api/run' };

/** Follows the run until it has ended, through whatever cuts the connection. */
export async function followServer(source: RunSource = OWN_RUN): Promise<void> {
  for (;;) {
    const outcome = await new Follower(source).follow().catch((error: unknown): Outcome => {
      if (view.value === null) problem.value = error instanceof Error ? error.message : String(error);
      return error instanceof RefusedError && error.status === 404 ? 'gone' : 'cut';
    });
    if (outcome === 'end' || outcome === 'gone') return;
    if (outcome === 'again') continue;
    isConnected.value = false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

class Follower {
  readonly #source: RunSource;
  #record: RunRecord | null = null;
  #data: Growing | null = null;
  #isChanged = false;
  #askedAt = 0;
  #isAsking = false;

  constructor(source: RunSource) {
    this.#source = source;
  }

  async follow(): Promise<Outcome> {
    const response = await this.#open();
    const drawing = setInterval(() => this.#draw(), DRAW_PERIOD_MS);
    try {
      for await (const event of readEvents(response)) {
        const outcome = await this.#take(event);
        if (outcome !== null) return outcome;
      }
      return 'cut';
    } finally {
      clearInterval(drawing);
    }
  }

  /** @returns the stream of what happens behind what has been read */
  async #open(): Promise<Response> {
    if (!this.#source.isNumbered) {
      // What happens from now on waits in the stream; what was before comes now.
      const stream = await authorised(this.#source.events);
      await this.#readAll();
      return stream;
    }
    const last = (await this.#readAll()).headers.get('x-last-event');
    return authorised(`${this.#source.events}${last === null ? '' : `?after=${encodeURIComponent(last)}`}`);
  }

  async #readAll(): Promise<Response> {
    const response = await authorised(this.#source.timeline);
    const { record, data } = await unpackRun(new Uint8Array(await response.arrayBuffer()), true);
    this.#record = record;
    this.#data = grow(data);
    this.#askedAt = performance.now();
    isConnected.value = true;
    problem.value = null;
    this.#isChanged = true;
    this.#draw();
    return response;
  }

  async #take({ name, data }: ServerEvent): Promise<Outcome | null> {
    switch (name) {
      case 'cells':
        this.#addCell(JSON.parse(data) as CellsEvent);
        return null;
      case 'slice':
        this.#addSlice(JSON.parse(data) as SliceEvent);
        return null;
      case 'state':
        if (this.#record !== null) this.#record = { ...this.#record, ...(JSON.parse(data) as Partial<RunRecord>) };
        this.#isChanged = true;
        if (performance.now() - this.#askedAt > RECORD_PERIOD_MS) void this.#readRecord();
        return null;
      case 'end': {
        const { run } = JSON.parse(data) as { run: string | null };
        // A server may have kept nothing of a run that went wrong: then what is known of it stays.
        if (run === null) return 'end';
        keepForReport(run);
        view.value = await unpackRun(unpackBase64(run), false);
        return 'end';
      }
      case 'resync':
        return 'again';
      default:
        return null;
    }
  }

  async #readRecord(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = performance.now();
    try {
      this.#record = (await (await authorised(this.#source.record)).json()) as RunRecord;
      this.#isChanged = true;
    } catch {
      // The stream says when the server is gone.
    } finally {
      this.#isAsking = false;
    }
  }

  #addCell({ cell, columns, rows, codes }: CellsEvent): void {
    const data = this.#data;
    // It was in what has been read already.
    if (data === null || cell < data.cells) return;
    data.cells = cell + 1;
    for (const [index, name] of COLUMNS.entries()) data.columns[name][cell] = columns[index]!;
    for (const [index, place] of rows.i.entries()) {
      const row = rowAt(data, place);
      const [p50, p95, p99] = rows.q[index]!;
      row.count[cell] = rows.n[index]!;
      row.failed[cell] = rows.f[index]!;
      row.p50[cell] = p50;
      row.p95[cell] = p95;
      row.p99[cell] = p99;
    }
    for (const [index, place] of codes.i.entries()) {
      while (data.codes.length <= place) data.codes.push([]);
      data.codes[place]![cell] = codes.n[index]!;
    }
    this.#isChanged = true;
    const known = this.#record!.timeline;
    if (data.rows.length > known.rows.length || data.codes.length > known.codes.length) void this.#readRecord();
  }

  #addSlice({ slice, i, low, counts }: SliceEvent): void {
    if (this.#data === null) return;
    for (const [index, place] of i.entries())
      rowAt(this.#data, place).slices[slice] = { low: low[index]!, counts: counts[index]! };
    this.#isChanged = true;
  }

  #draw(): void {
    const [record, data] = [this.#record, this.#data];
    if (record === null || data === null || !this.#isChanged) return;
    this.#isChanged = false;
    for (let place = data.rows.length; place < record.timeline.rows.length; place++) rowAt(data, place);
    const shown: RunView = { record, data: { ...data }, isLive: true };
    view.value = shown;
  }
}

function rowAt(data: Growing, place: number): GrowingRow {
  while (data.rows.length <= place) data.rows.push({ count: [], failed: [], p50: [], p95: [], p99: [], slices: [] });
  return data.rows[place]!;
}

function grow({ columns, codes, rows, ...shape }: TimelineData): Growing {
  return {
    ...shape,
    columns: Object.fromEntries(COLUMNS.map((name) => [name, Array.from(columns[name])])) as Record<
      ColumnName,
      number[]
    >,
    codes: codes.map((values) => Array.from(values)),
    rows: rows.map((row) => ({
      count: Array.from(row.count),
      failed: Array.from(row.failed),
      p50: Array.from(row.p50),
      p95: Array.from(row.p95),
      p99: Array.from(row.p99),
      slices: [...row.slices],
    })),
  };
}
