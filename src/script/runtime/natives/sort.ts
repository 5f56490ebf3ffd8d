import type { Protocol } from '../protocol.ts';

/**
 * `p.sortSteps(values, comparator, countsRun)`: a stable merge sort whose comparator may block; evaluated in the realm (self-contained).
 * V8's toSorted first counts the run that a list begins with, its sort does not: `countsRun` makes the calls come in its order.
 */
export function installSort(p: Protocol): void {
  const { toNumber } = p.spec;
  /** Up to here V8, too, inserts by bisection, so that the comparator is called in the same order. */
  const SHORT = 32;

  function* compare(comparator: unknown, a: unknown, b: unknown): Generator<unknown, number, unknown> {
    const order = yield* toNumber(yield* p.call(comparator, undefined, [a, b]));
    return Number.isNaN(order) ? 0 : order;
  }

  function* sortShort(
    list: unknown[],
    from: number,
    to: number,
    comparator: unknown,
    countsRun: boolean,
  ): Generator<unknown, void, unknown> {
    let run = from + 1;
    if (countsRun && to - from > 1) {
      const descends = (yield* compare(comparator, list[run], list[from])) < 0;
      for (run++; run < to; run++) {
        const order = yield* compare(comparator, list[run], list[run - 1]);
        if (descends ? order >= 0 : order < 0) break;
      }
      if (descends) for (let i = from, j = run - 1; i < j; i++, j--) [list[i], list[j]] = [list[j], list[i]];
    }
    for (let start = run; start < to; start++) {
      const pivot = list[start];
      let left = from;
      let right = start;
      while (left < right) {
        const middle = left + ((right - left) >> 1);
        if ((yield* compare(comparator, pivot, list[middle])) < 0) right = middle;
        else left = middle + 1;
      }
      for (let i = start; i > left; i--) list[i] = list[i - 1];
      list[left] = pivot;
    }
  }

  function* sortRange(
    list: unknown[],
    from: number,
    to: number,
    comparator: unknown,
    countsRun: boolean,
  ): Generator<unknown, void, unknown> {
    if (to - from <= SHORT) return yield* sortShort(list, from, to, comparator, countsRun);
    const middle = from + ((to - from) >> 1);
    yield* sortRange(list, from, middle, comparator, countsRun);
    yield* sortRange(list, middle, to, comparator, countsRun);
    const left = list.slice(from, middle);
    let i = 0;
    let j = middle;
    let k = from;
    while (i < left.length && j < to) {
      // The right one goes first only if it is really less: stable.
      if ((yield* compare(comparator, list[j], left[i])) < 0) list[k++] = list[j++];
      else list[k++] = left[i++];
    }
    while (i < left.length) list[k++] = left[i++];
  }

  p.sortSteps = (values, comparator, countsRun) => sortRange(values, 0, values.length, comparator, countsRun);
}
