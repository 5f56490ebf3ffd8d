// Scenarios in words: what they are going to do, and how far they are.

import { formatDuration } from '../options/duration.ts';
import { regularDuration, type ScenarioConfig } from '../options/scenario-config.ts';
import { Share } from '../options/segment.ts';
import type { ExecutorProgress, ScenarioPhase } from './executor.ts';
import { peakOf } from './executors/vu-ramp.ts';

/** A scenario is as far on as its least finished part. */
const PHASES: readonly ScenarioPhase[] = ['running', 'stopping', 'waiting', 'interrupted', 'done'];

/**
 * @param parts at least one
 * @param areInstances whether each part is an instance of its own, with shared iterations of its own, rather than a worker
 * @returns the progress of a scenario over all of them
 */
export function mergeProgress(parts: readonly ExecutorProgress[], areInstances = false): ExecutorProgress {
  const [first] = parts;
  const sum = (of: (part: ExecutorProgress) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const most = (of: (part: ExecutorProgress) => number): number => Math.max(...parts.map(of));
  // Workers of an instance all tell of its one counter.
  const together = first.iterations?.shared && !areInstances ? most : sum;
  const iterations = first.iterations && {
    done: together((part) => part.iterations?.done ?? 0),
    total: together((part) => part.iterations?.total ?? 0),
    shared: first.iterations.shared,
  };
  const phase = PHASES.find((p) => parts.some((part) => part.phase === p)) as ScenarioPhase;
  const byIterations = iterations !== null && iterations.total > 0 && phase !== 'done';
  return {
    phase,
    share: byIterations ? iterations.done / iterations.total : Math.min(...parts.map((part) => part.share)),
    activeVus: sum((part) => part.activeVus),
    maxVus: sum((part) => part.maxVus),
    elapsedMs: most((part) => part.elapsedMs),
    durationMs: first.durationMs,
    iterations,
    rate: first.rate === null ? null : sum((part) => part.rate ?? 0),
  };
}

/**
 * @param share of the instance
 * @returns what stands behind the scenario's name in the list before the test: `10 looping VUs for 30s (gracefulStop: 30s)`
 */
export function describeScenario(config: ScenarioConfig, share: Share = Share.WHOLE): string {
  const facts: string[] = [];
  const what = describeWork(config, share, facts);
  if (config.exec !== 'default') facts.push(`exec: ${config.exec}`);
  if (config.startTimeMs > 0) facts.push(`startTime: ${formatDuration(config.startTimeMs)}`);
  if (config.gracefulStopMs > 0) facts.push(`gracefulStop: ${formatDuration(config.gracefulStopMs)}`);
  return facts.length > 0 ? `${what} (${facts.join(', ')})` : what;
}

function describeWork(config: ScenarioConfig, share: Share, facts: string[]): string {
  const duration = formatDuration(regularDuration(config));
  switch (config.executor) {
    case 'constant-vus':
      return `${share.scale(config.vus)} looping VUs for ${duration}`;
    case 'ramping-vus':
      if (config.gracefulRampDownMs > 0) facts.push(`gracefulRampDown: ${formatDuration(config.gracefulRampDownMs)}`);
      return `Up to ${share.scale(peakOf(config))} looping VUs for ${duration} over ${config.stages.length} stages`;
    case 'shared-iterations': {
      facts.push(`maxDuration: ${duration}`);
      const iterations = share.forVus(config.vus)?.scaleInstance(config.iterations) ?? 0;
      return `${iterations} iterations shared among ${share.scale(config.vus)} VUs`;
    }
    case 'per-vu-iterations':
      facts.push(`maxDuration: ${duration}`);
      return `${config.iterations} iterations for each of ${share.scale(config.vus)} VUs`;
    case 'externally-controlled': {
      const [vus, most] = [share.scale(config.vus), share.scale(config.maxVUs)];
      return `${vus} looping VUs, changed from outside up to ${most}, ${config.durationMs === null ? 'until it is stopped' : `for ${duration}`}`;
    }
    case 'constant-arrival-rate':
      facts.push(describeVus(config, share));
      return `${perSecond(config.rate, config.timeUnitMs, share)} iterations/s for ${duration}`;
    case 'ramping-arrival-rate': {
      facts.push(describeVus(config, share));
      const most = config.stages.reduce((rate, { target }) => Math.max(rate, target), config.startRate);
      return `Up to ${perSecond(most, config.timeUnitMs, share)} iterations/s for ${duration} over ${config.stages.length} stages`;
    }
  }
}

function describeVus({ preAllocatedVUs, maxVUs }: { preAllocatedVUs: number; maxVUs: number }, share: Share): string {
  const [from, to] = [share.scale(preAllocatedVUs), share.scale(maxVUs)];
  return from === to ? `maxVUs: ${to}` : `maxVUs: ${from}-${to}`;
}

function perSecond(rate: number, timeUnitMs: number, share: Share): string {
  return ((rate / timeUnitMs) * 1000 * share.fraction).toFixed(2);
}

/** @returns what stands behind a scenario's progress bar, in parts */
export function describeProgress(config: ScenarioConfig, progress: ExecutorProgress): string[] {
  const { activeVus, maxVus, elapsedMs, durationMs, iterations, rate } = progress;
  const vus = `${String(activeVus).padStart(String(maxVus).length, '0')}/${maxVus} VUs`;
  const seconds = (ms: number): string => formatDuration(Math.round(Math.max(0, ms) / 100) * 100);
  const time =
    progress.phase === 'waiting'
      ? `waiting ${seconds(-elapsedMs)}`
      : durationMs === null
        ? seconds(elapsedMs)
        : `${seconds(Math.min(elapsedMs, durationMs))}/${seconds(durationMs)}`;
  const out = [vus, time];
  if (iterations !== null) {
    const perVu = config.executor === 'per-vu-iterations' ? `, ${config.iterations} per VU` : ' shared iters';
    out.push(
      `${iterations.done}/${iterations.total}${config.executor === 'per-vu-iterations' ? ` iters${perVu}` : perVu}`,
    );
  }
  if (rate !== null) out.push(`${rate.toFixed(2)} iters/s`);
  return out;
}
