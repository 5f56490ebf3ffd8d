// The timeline as bytes: column after column of numbers of varying length, each a difference to what was to be expected. Deflated,
// an hour of 50 endpoints takes half of what JSON would. For browsers too.
import {
  COLUMNS,
  mapColumns,
  type Numbers,
  type SliceCounts,
  type TimelineData,
  type TimelineRow,
} from './timeline-data.ts';

const FORMAT = 1;
/** How fast the expectation follows: cells of a series resemble many before them, slices the last few. */
const CELL_MEMORY = 8;
const SLICE_MEMORY = 4;
/** Differences of two of them are exact too. */
const MOST = 2 ** 51;

class Writer {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;

  /** @param value a whole number from 0 on, up to 2⁵³ */
  unsigned(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value;
    // Beyond 31 bits the operators of bits are of no use.
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (this.#at >= this.#bytes.length) throw new RangeError('the block ends too early');
      const byte = this.#bytes[this.#at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  /** @returns how many of something follow, each in so many octets at least */
  count(octets: number): number {
    const value = this.unsigned();
    if (value * octets > this.#bytes.length - this.#at) throw new RangeError('the block ends too early');
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}

/**
 * @returns what of a value can be written. A script may feed a metric of ours anything: a fraction or an infinity that was written as it
 *   is would be read as something else, and shift all cells after it.
 */
function toWhole(value: number | undefined): number {
  // `undefined` and NaN are 0, and so is -0.
  const whole = Math.round(value || 0) || 0;
  return Math.min(Math.max(whole, -MOST), MOST);
}

/** Numbers that resemble those before them. */
function writeSmooth(out: Writer, values: Numbers, length: number, memory: number): void {
  let mean = 0;
  for (let index = 0; index < length; index++) {
    const value = toWhole(values[index]);
    out.signed(value - Math.round(mean));
    mean += (value - mean) / memory;
  }
}

function readSmooth(from: Reader, length: number, memory: number): number[] {
  const values = new Array<number>(length);
  let mean = 0;
  for (let index = 0; index < length; index++) {
    const value = from.signed() + Math.round(mean);
    values[index] = value;
    mean += (value - mean) / memory;
  }
  return values;
}

/** Mostly zeros: how many, then what comes after them. */
function writeSparse(out: Writer, values: Numbers, length: number): void {
  let zeros = 0;
  for (let index = 0; index < length; index++) {
    const value = toWhole(values[index]);
    if (value === 0) zeros++;
    else {
      out.unsigned(zeros);
      out.unsigned(value);
      zeros = 0;
    }
  }
  // To the end.
  out.unsigned(zeros);
  out.unsigned(0);
}

function readSparse(from: Reader, length: number): number[] {
  const values = new Array<number>(length).fill(0);
  let at = 0;
  for (;;) {
    at += from.unsigned();
    const value = from.unsigned();
    if (value === 0) return values;
    if (at >= length) throw new RangeError('the block has values after its last cell');
    values[at++] = value;
  }
}

/** Quantiles: the lowest as it is, the others by how far they lie above; cells without any take no part. */
function writeQuantiles(out: Writer, row: TimelineRow, length: number): void {
  const busy: number[] = [];
  for (let index = 0; index < length; index++) if ((row.count[index] ?? 0) > 0) busy.push(index);
  const write = (of: (index: number) => number): void => writeSmooth(out, busy.map(of), busy.length, CELL_MEMORY);
  write((index) => row.p50[index]);
  write((index) => row.p95[index] - row.p50[index]);
  write((index) => row.p99[index] - row.p95[index]);
}

function readQuantiles(from: Reader, count: readonly number[]): Pick<TimelineRow, 'p50' | 'p95' | 'p99'> {
  const busy = count.filter((value) => value > 0).length;
  const parts = [0, 0, 0].map(() => readSmooth(from, busy, CELL_MEMORY));
  const columns = parts.map(() => new Array<number>(count.length).fill(0));
  let at = 0;
  for (let index = 0; index < count.length; index++) {
    if (count[index] === 0) continue;
    let value = 0;
    for (let column = 0; column < columns.length; column++) {
      value += parts[column][at];
      columns[column][index] = value;
    }
    at++;
  }
  return { p50: columns[0], p95: columns[1], p99: columns[2] };
}

/** Bucket by bucket, since a bucket resembles itself a slice before. */
function writeSlices(out: Writer, slices: readonly (SliceCounts | null)[], length: number): void {
  const filled = slices.filter((slice) => slice !== null && slice !== undefined);
  const low = Math.min(...filled.map((slice) => slice.low));
  const high = Math.max(...filled.map((slice) => slice.low + slice.counts.length));
  if (filled.length === 0) {
    out.unsigned(0);
    return;
  }
  out.unsigned(high - low);
  out.unsigned(low);
  for (let bucket = low; bucket < high; bucket++) {
    const column = Array.from({ length }, (_, index) => {
      const slice = slices[index];
      return slice ? (slice.counts[bucket - slice.low] ?? 0) : 0;
    });
    writeSmooth(out, column, length, SLICE_MEMORY);
  }
}

function readSlices(from: Reader, length: number): (SliceCounts | null)[] {
  const width = from.count(Math.max(1, length));
  if (width === 0) return new Array<SliceCounts | null>(length).fill(null);
  const low = from.unsigned();
  const buckets = Array.from({ length: width }, () => readSmooth(from, length, SLICE_MEMORY));
  return Array.from({ length }, (_, index) => {
    const counts = buckets.map((bucket) => bucket[index]);
    const first = counts.findIndex((count) => count > 0);
    if (first < 0) return null;
    return { low: low + first, counts: counts.slice(first, counts.findLastIndex((count) => count > 0) + 1) };
  });
}

/** @returns the number of slices that hold all cells, the last one perhaps not full */
export function sliceCount({ cells, sliceCells }: Pick<TimelineData, 'cells' | 'sliceCells'>): number {
  return Math.ceil(cells / sliceCells);
}

/** @returns bytes, still to be deflated */
export function encodeBlock(data: TimelineData): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  const { cells } = data;
  for (const value of [FORMAT, Math.round(data.startMs), data.cellMs, cells, data.sliceCells]) out.unsigned(value);
  out.unsigned(data.codes.length);
  out.unsigned(data.rows.length);
  for (const name of COLUMNS) writeSmooth(out, data.columns[name], cells, CELL_MEMORY);
  for (const code of data.codes) writeSparse(out, code, cells);
  for (const row of data.rows) writeSmooth(out, row.count, cells, CELL_MEMORY);
  for (const row of data.rows) writeSparse(out, row.failed, cells);
  for (const row of data.rows) writeQuantiles(out, row, cells);
  for (const row of data.rows) writeSlices(out, row.slices, sliceCount(data));
  return out.finish();
}

/** @throws RangeError for bytes that are no block, or one of a later format */
export function decodeBlock(bytes: Uint8Array): TimelineData {
  const from = new Reader(bytes);
  const format = from.unsigned();
  if (format !== FORMAT) throw new RangeError(`the block has the format ${format}; this program knows ${FORMAT}`);
  const [startMs, cellMs] = [from.unsigned(), from.unsigned()];
  const cells = from.count(COLUMNS.length);
  const sliceCells = from.unsigned();
  if (sliceCells === 0) throw new RangeError('the block has slices of no cell');
  const codeCount = from.count(2);
  const rowCount = from.count(Math.max(1, cells));
  const columns = mapColumns(() => readSmooth(from, cells, CELL_MEMORY));
  const codes = Array.from({ length: codeCount }, () => readSparse(from, cells));
  const counts = Array.from({ length: rowCount }, () => readSmooth(from, cells, CELL_MEMORY));
  const failed = counts.map(() => readSparse(from, cells));
  const quantiles = counts.map((count) => readQuantiles(from, count));
  const slices = counts.map(() => readSlices(from, sliceCount({ cells, sliceCells })));
  const rows = counts.map((count, index) => ({
    count,
    failed: failed[index],
    ...quantiles[index],
    slices: slices[index],
  }));
  return { startMs, cellMs, cells, sliceCells, columns, codes, rows };
}
