// A run as a list of what held and what did not: for JUnit and GitHub. Neither says "failed" where the exit code says passed.
import type { ThresholdVerdict } from '../metrics/thresholds/threshold-judge.ts';
import type { GroupSummary, MetricSummary, Summary } from './summary.ts';
import { formatPercent, formatValue } from './value-format.ts';

/** One thing that was looked at. */
export interface OutcomeCase {
  /** The metric, or the groups from the outermost on. */
  readonly place: string;
  readonly name: string;
  /** `noted`: not as wanted, but nothing that the run is judged by. */
  readonly state: 'held' | 'failed' | 'noted';
  /** What was found. */
  readonly text: string;
}

export interface RunOutcome {
  readonly script: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly exitCode: number;
  /** What ended it short or made it fail; null where the exit code is 0. */
  readonly reason: string | null;
  readonly summary: Summary;
  readonly thresholds: readonly OutcomeCase[];
  readonly checks: readonly OutcomeCase[];
}

export function judgeOutcome(
  summary: Summary,
  run: Pick<RunOutcome, 'script' | 'startedAt' | 'exitCode' | 'reason'>,
): RunOutcome {
  const thresholds = summary.metrics.flatMap((metric) => metric.thresholds.map((verdict) => caseOf(metric, verdict)));
  // A check is judged by the thresholds on checks alone, as the exit code is.
  const areJudged = summary.metrics.some(
    ({ name, thresholds: verdicts }) => name === 'checks' && verdicts.some(({ ok }) => !ok),
  );
  return {
    ...run,
    durationMs: summary.meta.durationMs,
    summary,
    thresholds,
    checks: checksOf(summary.rootGroup, [], areJudged ? 'failed' : 'noted'),
  };
}

function caseOf(
  { key, contains, type }: MetricSummary,
  { source, aggregation, ok, value }: ThresholdVerdict,
): OutcomeCase {
  const found =
    value === undefined
      ? 'there was nothing to judge'
      : `${aggregation} was ${type === 'rate' ? formatPercent(value, 1) : formatValue(value, contains)}`;
  return { place: key, name: source.trim(), state: ok ? 'held' : 'failed', text: found };
}

function checksOf(group: GroupSummary, path: readonly string[], otherwise: 'failed' | 'noted'): OutcomeCase[] {
  return [
    ...group.checks.map(({ name, passes, fails }): OutcomeCase => {
      const total = passes + fails;
      return {
        place: path.join(' › '),
        name,
        state: fails === 0 ? 'held' : otherwise,
        text:
          fails === 0 ? `held ${total} times` : `failed ${fails} of ${total} times (${formatPercent(fails, total)})`,
      };
    }),
    ...group.groups.flatMap((inner) => checksOf(inner, [...path, inner.name], otherwise)),
  ];
}
