// What happens in a timeline as events for pages, whoever carries them there.
import type { ClosedCell, TimelineListener } from '../metrics/timeline/timeline.ts';

export class TimelineEvents implements TimelineListener {
  readonly #send: (event: string, describe: () => unknown) => void;

  /** @param send gets what makes the data, for whom there is anybody to hear it */
  constructor(send: (event: string, describe: () => unknown) => void) {
    this.#send = send;
  }

  /** Columns of numbers: a fourth of what an object per row would take. */
  onCell({ cell, columns, rows, codes }: ClosedCell): void {
    this.#send('cells', () => ({
      cell,
      columns,
      rows: {
        i: rows.map(({ row }) => row),
        n: rows.map(({ count }) => count),
        f: rows.map(({ failed }) => failed),
        q: rows.map(({ p50, p95, p99 }) => [p50, p95, p99]),
      },
      codes: { i: codes.map(({ code }) => code), n: codes.map(({ count }) => count) },
    }));
  }

  onSlice(slice: number, rows: Parameters<TimelineListener['onSlice']>[1]): void {
    this.#send('slice', () => ({
      slice,
      i: rows.map(({ row }) => row),
      low: rows.map(({ counts }) => counts.low),
      counts: rows.map(({ counts }) => Array.from(counts.counts)),
    }));
  }

  onRescale(): void {
    this.#send('resync', () => null);
  }
}
