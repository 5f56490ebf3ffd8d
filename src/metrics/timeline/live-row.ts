// A row of the timeline while the run goes on: two cells that are still open, and all that are closed.
import { GrowingColumn, sum } from './growing-column.ts';
import { COARSE_COUNT } from './latency-scale.ts';
import type { SliceCounts, TimelineRow } from './timeline-data.ts';
import { WindowHistogram, type WindowQuantiles } from './window-histogram.ts';

/** What a row is about. */
export interface RowDescription {
  /** `other`: endpoints past the limit, together. `iteration` and `start-delay` are of the run, with no protocol. */
  readonly kind: 'protocol' | 'endpoint' | 'other' | 'iteration' | 'start-delay';
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
}

/** Values kept per tag. */
const KEPT_VALUES = 20;

export class LiveRow {
  readonly description: RowDescription;
  /** Of the two open cells. */
  readonly windows = [new WindowHistogram(), new WindowHistogram()];
  readonly failures = [0, 0];
  /** Failures by code, and answers by status. */
  readonly codes = new Map<number, { count: number }>();
  readonly statuses = new Map<string, { count: number }>();
  readonly tags = new Map<string, Set<string>>();
  maxMs = 0;
  readonly #count = new GrowingColumn(Uint32Array);
  readonly #failed = new GrowingColumn(Uint32Array);
  readonly #p50 = new GrowingColumn(Uint16Array);
  readonly #p95 = new GrowingColumn(Uint16Array);
  readonly #p99 = new GrowingColumn(Uint16Array);
  #slices: (SliceCounts | null)[] = [];
  readonly #slice = new Uint32Array(COARSE_COUNT);

  constructor(description: RowDescription) {
    this.description = description;
  }

  /** Notes what its series are tagged with, to be found by. */
  addTags(tags: readonly (readonly [string, string])[]): void {
    for (const [key, value] of tags) {
      const values = this.tags.get(key) ?? new Set();
      if (values.size < KEPT_VALUES) values.add(value);
      this.tags.set(key, values);
    }
  }

  /**
   * Closes one of the open cells.
   * @param into gets what was in it
   * @returns failures of the cell
   */
  close(slot: number, cell: number, into: WindowQuantiles): number {
    const failed = this.failures[slot];
    this.windows[slot].close(this.#slice, into);
    this.failures[slot] = 0;
    if (into.count > 0) {
      this.#count.set(cell, into.count);
      this.#p50.set(cell, into.p50);
      this.#p95.set(cell, into.p95);
      this.#p99.set(cell, into.p99);
    }
    if (failed > 0) this.#failed.set(cell, failed);
    return failed;
  }

  /** Keeps the slice that the last cells have filled. @returns it; null: nothing was in it */
  closeSlice(slice: number): SliceCounts | null {
    const counts = trim(this.#slice);
    this.#slice.fill(0);
    if (counts === null) return null;
    while (this.#slices.length < slice) this.#slices.push(null);
    this.#slices[slice] = counts;
    return counts;
  }

  /** Makes a cell of every two: the greater quantile stays. */
  mergeCells(): void {
    for (const column of [this.#count, this.#failed]) column.mergePairs(sum);
    for (const column of [this.#p50, this.#p95, this.#p99]) column.mergePairs(Math.max);
  }

  mergeSlices(): void {
    const pairs = this.#slices;
    this.#slices = [];
    for (let index = 0; index < pairs.length; index += 2)
      this.#slices.push(addSlices(pairs[index], pairs[index + 1] ?? null));
  }

  /** Sums over the closed cells. */
  totals(cells: number): { readonly count: number; readonly failed: number } {
    return { count: this.#count.total(cells), failed: this.#failed.total(cells) };
  }

  /** @returns the closed cells, and the slices with the one that is being filled. */
  read(cells: number, slices: number): TimelineRow {
    const all = Array.from({ length: slices }, (_, index) => this.#slices[index] ?? null);
    const open = trim(this.#slice);
    if (open !== null && slices > 0) all[slices - 1] = addSlices(all[slices - 1], open);
    return {
      count: this.#count.read(cells),
      failed: this.#failed.read(cells),
      p50: this.#p50.read(cells),
      p95: this.#p95.read(cells),
      p99: this.#p99.read(cells),
      slices: all,
    };
  }
}

/** @returns the counts without the zeros around them; null of nothing but zeros */
function trim(counts: Uint32Array): SliceCounts | null {
  const low = counts.findIndex((count) => count > 0);
  if (low < 0) return null;
  return { low, counts: counts.slice(low, counts.findLastIndex((count) => count > 0) + 1) };
}

/** @returns the counts of two slices together */
export function addSlices(a: SliceCounts | null, b: SliceCounts | null): SliceCounts | null {
  if (a === null || b === null) return a ?? b;
  const low = Math.min(a.low, b.low);
  const counts = new Uint32Array(Math.max(a.low + a.counts.length, b.low + b.counts.length) - low);
  for (const slice of [a, b])
    for (let place = 0; place < slice.counts.length; place++) counts[slice.low - low + place] += slice.counts[place];
  return { low, counts };
}
