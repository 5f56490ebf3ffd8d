// What happened, from the numbers alone: stretches in which it went worse than otherwise, and sentences of counted facts.
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import type { RunView, Selection } from '../data/model.ts';
import {
  cellsOf,
  column,
  placesOf,
  protocolName,
  protocolRows,
  sliceQuantiles,
  sumOf,
  totalsOf,
} from '../data/totals.ts';
import { count, moment, percent, plural, text } from './format.ts';

/** A stretch is worse where latency is so many times what it usually is. */
const WORSE = 1.6;
/** And failures come so many times as densely as over the whole run. */
const DENSER = 4;
const FEWEST_REQUESTS = 20;

export interface Stretch extends Selection {
  readonly kind: 'latency' | 'failures';
  /** Times what it was otherwise. */
  readonly factor: number;
  /** What was compared. */
  readonly protocol: string;
}

/** A part of a sentence. */
export interface Fragment {
  readonly text: string;
  readonly style?: 'strong' | 'code' | 'link';
  /** Code whose card is meant. */
  readonly code?: number;
}

export type Sentence = readonly Fragment[];

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** @returns runs of slices for which something holds, of at least `shortest` */
function findRuns(length: number, holds: (slice: number) => boolean, shortest: number): Selection[] {
  const runs: Selection[] = [];
  for (let from = 0; from < length; from++) {
    let to = from;
    while (to < length && holds(to)) to++;
    if (to - from >= shortest) runs.push({ from, to });
    if (to > from) from = to;
  }
  return runs;
}

/** @returns the worst stretches, in the order of time; none in a run of few slices */
export function findStretches(run: RunView): Stretch[] {
  const slices = sliceCount(run.data);
  if (slices < 10) return [];
  return [...findSlow(run, slices), ...findFailing(run, slices)].sort((a, b) => a.from - b.from);
}

function findSlow(run: RunView, slices: number): Stretch[] {
  const [busiest] = protocolRows(run);
  if (busiest === undefined) return [];
  const row = run.data.rows[busiest.place]!;
  const p95 = sliceQuantiles(row, slices, 0.95);
  const requests = Array.from({ length: slices }, (_, slice) =>
    sumOf(row.count, cellsOf(run, { from: slice, to: slice + 1 })),
  );
  const usual = median(
    p95.filter((value, slice): value is number => value !== null && requests[slice]! >= FEWEST_REQUESTS),
  );
  if (usual === 0) return [];
  const isSlow = (slice: number): boolean => requests[slice]! >= FEWEST_REQUESTS && (p95[slice] ?? 0) > usual * WORSE;
  const runs = findRuns(slices, isSlow, 2).filter(({ from, to }) => to - from <= slices / 2);
  return runs
    .map(({ from, to }): Stretch => {
      const inside = totalsOf(run, busiest.place, { from, to }).p95 ?? 0;
      return { kind: 'latency', from, to, factor: inside / usual, protocol: busiest.row.protocol };
    })
    .sort((a, b) => b.factor - a.factor)
    .slice(0, 2);
}

function findFailing(run: RunView, slices: number): Stretch[] {
  const failures = Array.from({ length: slices }, (_, slice) => failuresIn(run, { from: slice, to: slice + 1 }));
  const total = failures.reduce((a, b) => a + b, 0);
  if (total < 10) return [];
  const mean = total / slices;
  const runs = findRuns(slices, (slice) => failures[slice]! > mean * DENSER, 1).filter(
    ({ from, to }) => to - from <= slices / 4,
  );
  return runs
    .map(({ from, to }): Stretch => {
      const inside = failures.slice(from, to).reduce((a, b) => a + b, 0);
      return { kind: 'failures', from, to, factor: inside / (to - from) / mean, protocol: '' };
    })
    .sort((a, b) => b.factor - a.factor)
    .slice(0, 2);
}

export function failuresIn(run: RunView, chosen: Selection | null): number {
  return placesOf(run, 'protocol').reduce(
    (sum, place) => sum + sumOf(run.data.rows[place]!.failed, cellsOf(run, chosen)),
    0,
  );
}

export function requestsIn(run: RunView, chosen: Selection | null): number {
  return placesOf(run, 'protocol').reduce((sum, place) => sum + totalsOf(run, place, chosen).count, 0);
}

/** @returns the paragraph under the verdict */
export function describeRun(run: RunView): Sentence[] {
  const { record } = run;
  return [
    ...describeStretches(run),
    ...describeFailures(run),
    ...describeIterations(run),
    ...(record.exitCode === null ? [] : describeGenerator(run)),
  ];
}

function describeStretches(run: RunView): Sentence[] {
  const { data, record } = run;
  const at = (slice: number): string =>
    moment(Math.min(slice * data.sliceCells * data.cellMs, record.durationMs), record.durationMs);
  const total = failuresIn(run, null);
  const [worst] = findStretches(run)
    .toSorted((a, b) => b.factor - a.factor)
    .filter(({ kind }) => kind === 'latency');
  const stretch = worst ?? findStretches(run).find(({ kind }) => kind === 'failures');
  if (stretch === undefined) return [];
  const failed = failuresIn(run, stretch);
  const between: Sentence = [
    { text: 'Between ' },
    { text: at(stretch.from), style: 'strong' },
    { text: ' and ' },
    { text: at(stretch.to), style: 'strong' },
  ];
  const share = `${count(failed)} of the ${count(total)} failures`;
  if (stretch.kind === 'failures') return [[...between, { text: ` fell ${share}.` }]];
  const rose = ` the latency (p95 of ${protocolName(stretch.protocol)}) was ${stretch.factor.toFixed(stretch.factor < 10 ? 1 : 0)} times what it usually was`;
  return [[...between, { text: failed > 0 ? `${rose}, and ${share} fell into it.` : `${rose}.` }]];
}

function describeFailures({ record }: RunView): Sentence[] {
  const [most] = record.failures;
  const requests = record.failures.reduce((sum, failure) => sum + failure.count, 0);
  if (most === undefined) {
    const any = record.timeline.rows.some(({ kind }) => kind === 'protocol');
    return [
      [{ text: any ? 'No request failed.' : 'The script asked nothing of anybody: no request, no call, no session.' }],
    ];
  }
  const [where] = most.names;
  const title = { text: `${most.code} ${most.title}`, style: 'link', code: most.code } as const;
  const lead =
    record.failures.length === 1
      ? 'All failures are '
      : `The most frequent of ${record.failures.length} kinds of failure is `;
  const share = record.failures.length === 1 ? '' : ` (${count(most.count)} of ${count(requests)})`;
  if (where === undefined) return [[{ text: lead }, title, { text: `${share}.` }]];
  const place = most.names.length === 1 ? ', only at ' : ', most often at ';
  const tail = most.names.length === 1 ? '.' : ` (${count(where.count)} of ${count(most.count)}).`;
  return [[{ text: lead }, title, { text: share + place }, { text: where.name, style: 'code' }, { text: tail }]];
}

function describeIterations(run: RunView): Sentence[] {
  const { completed, failed } = run.record.iterations;
  const dropped = column(run, 'dropped', null);
  const sentences: Sentence[] = [];
  if (failed > 0) {
    const share = text(percent(failed / Math.max(completed, failed)));
    sentences.push([{ text: `${plural(failed, 'iteration')} ended with an exception (${share}).` }]);
  }
  if (dropped > 0) sentences.push([{ text: `${plural(dropped, 'iteration')} could not be started in time.` }]);
  return sentences;
}

function describeGenerator({ record }: RunView): Sentence[] {
  const { isBottleneck, text: seen, health } = record.generator;
  if (isBottleneck) return [[{ text: seen }]];
  if (health.every(({ durationMs }) => durationMs < 3000)) return [];
  const any = record.timeline.rows.some(({ kind }) => kind === 'protocol');
  return any ? [[{ text: "The load generator kept up, so these are the system's own numbers." }]] : [];
}
