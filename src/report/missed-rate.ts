// Whether arrival rates were reached, and if not, why.
import type { ObservedMetric } from '../metrics/metrics-engine.ts';
import type { TrendSink } from '../metrics/sinks/trend-sink.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { Concern } from './concern.ts';
import { formatMeasuredTime, formatPercent } from './value-format.ts';

type ArrivalConfig = Extract<ScenarioConfig, { executor: `${string}-arrival-rate` }>;

/** Metrics of how long a server took, by protocol. */
const ANSWERS = ['http_req_duration', 'grpc_req_duration'] as const;
/** A server that takes on average this much longer than at its best has become slow under the load. */
const MUCH_SLOWER = 2;
const MUCH_SLOWER_MS = 10;
/** Iterations of theirs that did not start are counted in the same metric. */
const OTHERS_THAT_DROP = ['shared-iterations', 'per-vu-iterations'];
/** From here on the test was another one than was asked for. */
const GRAVE = 0.5;

export interface RateOutcome {
  readonly scenarios: readonly ScenarioConfig[];
  readonly metrics: readonly ObservedMetric[];
  /** Iterations that started, of all scenarios. */
  readonly started: number;
  readonly isGeneratorSaturated: boolean;
}

/** @returns at most one concern: that less was started than was due */
export function judgeRates({ scenarios, metrics, started, isGeneratorSaturated }: RateOutcome): Concern[] {
  const arrivals = scenarios.filter((config): config is ArrivalConfig => config.executor.endsWith('-arrival-rate'));
  const dropped = metrics.find(({ key }) => key === 'dropped_iterations')?.sink;
  const missed = dropped?.type === 'counter' ? dropped.count : 0;
  if (missed <= 0 || arrivals.length === 0) return [];
  if (scenarios.some(({ executor }) => OTHERS_THAT_DROP.includes(executor))) return [];
  const due = missed + started;
  const isAll = arrivals.length === scenarios.length;
  const count = isAll ? `${missed} of ${due} iterations` : `${missed} iterations`;
  const share = isAll ? ` (${formatPercent(missed, due)})` : '';
  const names = arrivals.length === 1 ? '' : ` of ${arrivals.map(({ name }) => name).join(', ')}`;
  const why = isGeneratorSaturated ? 'the load generator was saturated' : explain(arrivals, metrics);
  return [
    {
      kind: 'missed-rate',
      text: `the rate${names} was not reached: ${count} did not start${share}. The reason: ${why}`,
      isGrave: isAll && missed / due > GRAVE,
    },
  ];
}

function explain(arrivals: readonly ArrivalConfig[], metrics: readonly ObservedMetric[]): string {
  const slow = slowAnswers(metrics);
  const [only] = arrivals;
  const iterations = trendOf(metrics, 'iteration_duration');
  if (arrivals.length > 1 || only === undefined || iterations === null) return slow ?? 'no virtual user was free';
  const perSecond = peakRate(only);
  // Where there are too few even for a server at its best, it is not the server.
  if (slow !== null && (perSecond * iterations.min) / 1000 + 1 <= only.maxVUs) return slow;
  // By Little's law, and one for each iteration that is about to begin while another ends.
  const needed = Math.ceil((perSecond * iterations.avg) / 1000) + 1;
  const took = `an iteration took ${formatMeasuredTime(iterations.avg)} on average, for which ${Number(perSecond.toFixed(2))}/s need about ${needed} virtual users`;
  return needed > only.maxVUs
    ? `no virtual user was free: ${took}, and maxVUs allows ${only.maxVUs}`
    : `no virtual user was free at times: ${took}, and preAllocatedVUs has ${only.preAllocatedVUs} ready: more take their time to be made`;
}

/** @returns what says that the server has become slow under the load, or null */
function slowAnswers(metrics: readonly ObservedMetric[]): string | null {
  for (const name of ANSWERS) {
    const answers = trendOf(metrics, name);
    if (answers === null) continue;
    const { avg, min } = answers;
    if (avg < min * MUCH_SLOWER || avg - min < MUCH_SLOWER_MS) continue;
    return `the server became slow: ${name} was ${formatMeasuredTime(avg)} on average, and ${formatMeasuredTime(min)} at its best, so that no virtual user was free`;
  }
  return null;
}

function trendOf(metrics: readonly ObservedMetric[], name: string): TrendSink | null {
  const sink = metrics.find(({ key }) => key === name)?.sink;
  return sink?.type === 'trend' && !sink.isEmpty ? sink : null;
}

/** @returns iterations per second, at the most */
function peakRate(config: ArrivalConfig): number {
  const most =
    config.executor === 'constant-arrival-rate'
      ? config.rate
      : Math.max(config.startRate, ...config.stages.map(({ target }) => target));
  return (most * 1000) / config.timeUnitMs;
}
