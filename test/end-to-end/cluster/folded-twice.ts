// For tests: what came of a run over agents, folded by who led it, once more by who leads it on from the record, and from every sample.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TrendSink } from '../../../src/metrics/sinks/trend-sink.ts';
import type { Command, Outcome } from '../command.ts';
import type { HeldRequests } from '../counting-server.ts';
import { assertEachOnce, assertSetupOnce, type ClusterLab, EIGHT, keptRuns } from './cluster-lab.ts';

type Metrics = Readonly<Record<string, { readonly type: string; readonly values: Readonly<Record<string, number>> }>>;

/** Sums come out to that part of them whatever the order; all else to the bit. */
const SUM_PRECISION = 1e-12;
/** Who leads measures these for itself. */
const OF_THE_LEADER = new Set(['vus', 'vus_max']);

/** What scripts of the lab do, unless told otherwise. */
const ITERATIONS = 4000;
const VUS = 40;

interface TwiceFolded {
  /** How the second one to lead it ended. */
  readonly outcome: Outcome;
  /** Of who led it first, until it was all measured. */
  readonly firstLog: string;
  /** What both made of it. */
  readonly metrics: Metrics;
}

/** Has summaries of a script of the lab (numberedScript) wait until somebody looks at them. */
function holdSummaries(lab: ClusterLab, name: string): HeldRequests {
  return lab.target.hold(`/${name}/summary`);
}

/**
 * Lets a run come to its summary, kills who leads it there, and has another one lead it on, which folds the record anew.
 * @throws AssertionError unless both come to the same
 */
async function foldTwice(lab: ClusterLab, run: Command, summaries: HeldRequests): Promise<TwiceFolded> {
  const first = await summaryOf(run, summaries);
  run.child.kill('SIGKILL');
  const { stderr: firstLog } = await run.ended;
  const [id, ...others] = keptRuns(lab);
  assert.ok(id !== undefined && others.length === 0, `runs: ${[id, ...others]}`);
  const next = lab.command(['cluster', 'attach', id]);
  const second = await summaryOf(next, summaries);
  summaries.release();
  const outcome = await next.ended;
  const namesOf = (metrics: Metrics): string[] => Object.keys(metrics).filter((name) => !OF_THE_LEADER.has(name));
  assert.deepEqual(namesOf(second).sort(), namesOf(first).sort());
  for (const [name, { type, values }] of Object.entries(first)) {
    if (OF_THE_LEADER.has(name)) continue;
    for (const [stat, value] of Object.entries(values)) {
      // Per second of the test, by the clock of who leads.
      if (type === 'counter' && stat === 'rate') continue;
      assertSame(second[name]!.values[stat]!, value, stat, name);
    }
  }
  return { outcome, firstLog, metrics: second };
}

/**
 * @throws AssertionError unless a run of 4,000 numbered iterations is as if nothing had happened: each number once, setup and teardown once,
 * all of it counted whoever folds its record, and as one machine would have counted it that had seen every sample (samplesTo)
 */
export async function assertUnharmed(lab: ClusterLab, name: string, run: Command): Promise<TwiceFolded> {
  const folded = await foldTwice(lab, run, holdSummaries(lab, name));
  const { outcome, metrics } = folded;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assertEachOnce(lab, name);
  const of = (metric: string, stat: string): number => metrics[metric]!.values[stat]!;
  assert.equal(of('iterations', 'count'), ITERATIONS);
  // Setup and teardown ask too, and each virtual user once more.
  assert.equal(of('http_reqs', 'count'), ITERATIONS + 2 + VUS);
  assert.deepEqual(
    [of('numbers', 'count'), of('numbers', 'min'), of('numbers', 'max')],
    [ITERATIONS, 0, ITERATIONS - 1],
  );
  assertSamplesFold(lab, name, EIGHT, metrics);
  assert.deepEqual(keptRuns(lab), []);
  return folded;
}

/** @throws AssertionError where a number came twice, or one is missing that was not the lost agent's, or the record folds differently */
export async function assertOnlyLostMissing(lab: ClusterLab, name: string, run: Command): Promise<TwiceFolded> {
  const folded = await foldTwice(lab, run, holdSummaries(lab, name));
  assert.equal(folded.outcome.exit, 109, folded.outcome.stderr);
  const numbers = lab.asked(`/${name}/iteration/`);
  assert.deepEqual(
    [...numbers].filter(([, count]) => count !== 1),
    [],
  );
  const missing = ITERATIONS - numbers.size;
  assert.ok(missing > 0 && missing < ITERATIONS / EIGHT.length, `${missing} are missing`);
  // Of eight agents each has every eighth number.
  const parts = new Set<number>();
  for (let number = 0; number < ITERATIONS; number++)
    if (!numbers.has(`/${name}/iteration/${number}`)) parts.add(number % EIGHT.length);
  assert.equal(parts.size, 1);
  assertSetupOnce(lab, name);
  // What the agent had measured and not reported yet is gone with it; what the others did is all there.
  const made = folded.metrics['iterations']!.values['count']!;
  assert.ok(made <= numbers.size && made >= ITERATIONS - ITERATIONS / EIGHT.length, `${made} of ${numbers.size}`);
  return folded;
}

async function summaryOf(run: Command, summaries: HeldRequests): Promise<Metrics> {
  const ended = run.ended.then(({ exit, stderr }) => {
    throw new Error(`it ended with ${exit} before its summary:\n${stderr}`);
  });
  const summary = await Promise.race([summaries.next(), ended]);
  // It ends later, and that is as it should be.
  ended.catch(() => {});
  return JSON.parse(summary) as Metrics;
}

/** Flags with which each agent hands over every sample. */
export function samplesTo(lab: ClusterLab, name: string): string[] {
  return ['--out', `json=${path.join(lab.scratch.folder, `${name}.json`)}`];
}

/** @throws AssertionError unless the trends of a run are, to the bit, those of all samples of all agents in one place */
function assertSamplesFold(lab: ClusterLab, name: string, agents: readonly string[], metrics: Metrics): void {
  const trends = new Map<string, TrendSink>();
  for (const agent of agents) {
    const file = path.join(lab.scratch.folder, `${name}.${agent}.json`);
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const { type, metric, data } = JSON.parse(line) as { type: string; metric: string; data: { value: number } };
      if (type !== 'Point' || metrics[metric]?.type !== 'trend') continue;
      const trend = trends.get(metric) ?? new TrendSink();
      trends.set(metric, trend);
      trend.add(data.value);
    }
  }
  const expected = Object.keys(metrics).filter((metric) => metrics[metric]!.type === 'trend' && !metric.includes('{'));
  assert.deepEqual([...trends.keys()].sort(), expected.sort());
  for (const [metric, trend] of trends) {
    const { values } = metrics[metric]!;
    for (const [stat, value] of Object.entries(values)) assertSame(value, statOf(trend, stat), stat, metric);
  }
}

function statOf(trend: TrendSink, stat: string): number {
  const percent = /^p\(([\d.]+)\)$/.exec(stat)?.[1];
  if (percent !== undefined) return trend.percentile(Number(percent));
  switch (stat) {
    case 'count':
      return trend.count;
    case 'min':
      return trend.min;
    case 'max':
      return trend.max;
    case 'avg':
      return trend.sum / trend.count;
    default:
      throw new Error(`a statistic that the scripts of the lab do not ask for: ${stat}`);
  }
}

function assertSame(actual: number, expected: number, stat: string, metric: string): void {
  if (stat !== 'avg') assert.equal(actual, expected, `${metric} ${stat}`);
  else
    assert.ok(
      Math.abs(actual - expected) <= SUM_PRECISION * Math.abs(expected),
      `${metric} ${stat}: ${actual}, ${expected}`,
    );
}
