// Compares a run with earlier ones: each protocol and endpoint by quantiles and failures, other metrics as a whole.
import type { MetricContains, MetricType } from '../metric.ts';
import type { RowDescription } from '../timeline/live-row.ts';
import { metricsOf } from '../timeline/series-role.ts';
import type { TimelineData, TimelineRow } from '../timeline/timeline-data.ts';
import { type Batches, durationBatches, failureBatches, mean, quantileBatches, rateIn } from './batches.ts';
import { type ComparedLoad, type ComparedValue, type Comparison, marginOf } from './comparison.ts';
import { type Difference, measureDifference, RUNS_FOR_PREDICTION } from './difference.ts';
import { judgeDifferences } from './judge-differences.ts';
import { commonPart, findSteadyPart, type Stretch } from './steady-part.ts';

export interface ComparableRun {
  readonly data: TimelineData;
  /** Of the rows of the data. */
  readonly rows: readonly RowDescription[];
  readonly metrics: readonly {
    readonly key: string;
    readonly type: MetricType;
    readonly contains: MetricContains;
    readonly isCustom: boolean;
    readonly values: Readonly<Record<string, number>>;
  }[];
}

const QUANTILES: readonly (readonly [statistic: string, share: number])[] = [
  ['med', 0.5],
  ['p(95)', 0.95],
  ['p(99)', 0.99],
];
/** An endpoint is looked at by fewer: each comparison more makes all of them less sharp. */
const OF_ENDPOINTS = QUANTILES.slice(0, 2);

/** A value before it is judged. */
interface Candidate extends Omit<ComparedValue, 'change' | 'low' | 'high' | 'verdict'> {
  readonly difference: Difference | null;
}

/** @param earlier at least one */
export function compareRuns(run: ComparableRun, earlier: readonly ComparableRun[]): Comparison {
  const [indexed, ...others] = [run, ...earlier].map((one) => new IndexedRun(one));
  const common = commonPart([run, ...earlier].map(({ data }) => findSteadyPart(data)));
  const stretch = common.toMs > common.fromMs ? common : null;
  const [whole, endpoints] = [isWhole, isEndpoint].map((belongs) =>
    stretch === null ? [] : run.rows.filter(belongs).flatMap((row) => compareRow(indexed, row, others, stretch)),
  );
  return {
    method: earlier.length >= RUNS_FOR_PREDICTION ? 'runs' : 'batches',
    stretch,
    loads: stretch === null ? [] : compareLoads(indexed, others, stretch),
    values: [...judge([...whole, ...compareMetrics(run, earlier)]), ...judge(endpoints)],
    appeared: indexed.missingIn(others),
    vanished: [...new Set(others.flatMap((one) => one.missingIn([indexed])))],
  };
}

const isWhole = ({ kind }: RowDescription): boolean => kind === 'protocol' || kind === 'iteration';
const isEndpoint = ({ kind }: RowDescription): boolean => kind === 'endpoint';

const keyOf = ({ kind, protocol, method, name }: RowDescription): string => [kind, protocol, method, name].join('\n');

/** A run whose rows are found by what they are about. */
class IndexedRun {
  readonly data: TimelineData;
  readonly rows: readonly RowDescription[];
  readonly #places: ReadonlyMap<string, number>;

  constructor({ data, rows }: ComparableRun) {
    this.data = data;
    this.rows = rows;
    this.#places = new Map(rows.map((row, place) => [keyOf(row), place]));
  }

  find(wanted: RowDescription): TimelineRow | null {
    return this.data.rows[this.#places.get(keyOf(wanted)) ?? -1] ?? null;
  }

  /** @returns endpoints that none of the others has */
  missingIn(others: readonly IndexedRun[]): string[] {
    return this.rows
      .filter((row) => isEndpoint(row) && others.every((other) => other.find(row) === null))
      .map(({ method, name }) => (method === '' ? name : `${method} ${name}`));
  }
}

function compareRow(
  run: IndexedRun,
  description: RowDescription,
  earlier: readonly IndexedRun[],
  stretch: Stretch,
): Candidate[] {
  const { kind, protocol, method, name } = description;
  const all = [run, ...earlier].map((one) => ({ data: one.data, row: one.find(description) }));
  const durations = all.map(({ data, row }) => row && durationBatches(data, row, stretch));
  const collect = (batches: readonly (Batches | null)[]) => {
    const [after, ...before] = batches;
    const known = before.filter((one) => one !== null);
    return after === null || known.length === 0 ? null : { after, before: known };
  };
  const row = { kind, protocol, method, name };
  const quantiles = (isEndpoint(description) ? OF_ENDPOINTS : QUANTILES).flatMap(([statistic, share]): Candidate[] => {
    const found = collect(durations.map((one) => one && quantileBatches(one, share)));
    if (found === null) return [];
    return [
      {
        row,
        metric: kind === 'iteration' ? 'iteration_duration' : (metricsOf(protocol).latency ?? `${protocol} latency`),
        statistic,
        kind: 'time',
        contains: 'time',
        before: Math.exp(mean(found.before.map(({ values }) => mean(values)))),
        after: Math.exp(mean(found.after.values)),
        scale: 'relative',
        difference: measureDifference(found.after, found.before),
      },
    ];
  });
  const failures =
    kind === 'iteration' ? null : collect(all.map(({ data, row: at }) => at && failureBatches(data, at, stretch)));
  if (failures === null) return quantiles;
  return [
    ...quantiles,
    {
      row,
      metric: metricsOf(protocol).failed ?? `${protocol} failures`,
      statistic: 'rate',
      kind: 'failures',
      contains: 'default',
      before: mean(failures.before.map(({ values }) => mean(values))),
      after: mean(failures.after.values),
      scale: 'absolute',
      difference: measureDifference(failures.after, failures.before),
    },
  ];
}

/** Checks, and trends of the script's own: of these there is one value per run. */
function compareMetrics(run: ComparableRun, earlier: readonly ComparableRun[]): Candidate[] {
  return run.metrics.flatMap(({ key, type, contains, isCustom, values }): Candidate[] => {
    const statistic =
      type === 'trend' && isCustom ? 'p(95)' : type === 'rate' && (isCustom || key === 'checks') ? 'rate' : null;
    if (statistic === null) return [];
    const before = earlier.flatMap((one) => one.metrics.find((metric) => metric.key === key)?.values[statistic] ?? []);
    const after = values[statistic];
    if (before.length === 0 || after === undefined) return [];
    const isChecks = key === 'checks';
    const isRelative = type === 'trend';
    if (isRelative && [after, ...before].some((value) => value <= 0)) return [];
    // Of checks the failed ones, so that more is worse as everywhere.
    const show = (value: number): number => (isChecks ? 1 - value : value);
    const toBatches = (value: number): Batches => ({ values: [isRelative ? Math.log(value) : show(value)], blur: 0 });
    return [
      {
        row: null,
        metric: key,
        statistic,
        kind: isChecks ? 'checks' : contains === 'time' ? 'time' : 'value',
        contains,
        before: isRelative ? Math.exp(mean(before.map(Math.log))) : mean(before.map(show)),
        after: show(after),
        scale: isRelative ? 'relative' : 'absolute',
        difference: measureDifference(toBatches(after), before.map(toBatches)),
      },
    ];
  });
}

function judge(candidates: readonly Candidate[]): ComparedValue[] {
  const judgeable = candidates.flatMap((one) => {
    if (one.difference === null) return [];
    const margin = marginOf(one);
    return { difference: one.difference, margin: one.scale === 'relative' ? Math.log1p(margin) : margin };
  });
  const judged = judgeDifferences(judgeable).values();
  return candidates.map(({ difference, ...value }): ComparedValue => {
    const show = (change: number): number => (value.scale === 'relative' ? Math.expm1(change) : change);
    const change = value.scale === 'relative' ? value.after / value.before - 1 : value.after - value.before;
    if (difference === null) return { ...value, change, low: null, high: null, verdict: 'undecided' };
    const { direction, low, high } = judged.next().value!;
    return { ...value, change, low: show(low), high: show(high), verdict: direction };
  });
}

function compareLoads(run: IndexedRun, earlier: readonly IndexedRun[], stretch: Stretch): ComparedLoad[] {
  return run.rows
    .filter(({ kind }) => kind === 'protocol')
    .flatMap((row) => {
      const [after, ...before] = [run, ...earlier].map((one) => {
        const found = one.find(row);
        return found === null ? null : rateIn(one.data, found, stretch);
      });
      const known = before.filter((rate) => rate !== null);
      return known.length === 0 ? [] : { protocol: row.protocol, before: mean(known), after: after! };
    });
}
