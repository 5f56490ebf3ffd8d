// Turns what was set of a scenario into one that can run, or says everything that is wrong with it.
import { formatDuration } from './duration.ts';
import type { ScenarioBase, ScenarioConfig, Stage } from './scenario-config.ts';
import type { ScenarioSettings } from './scenario-settings.ts';
import type { StageSettings } from './stages.ts';

const DEFAULT_GRACEFUL_STOP_MS = 30_000;
const DEFAULT_MAX_DURATION_MS = 600_000;
const SHORTEST_DURATION_MS = 1000;
const MOST_VUS = 100_000_000;

/**
 * @param problems is added to, a line for each thing that is wrong
 * @returns the scenario with its defaults; of no use when there are problems
 */
export function resolveScenario(name: string, settings: ScenarioSettings, problems: string[]): ScenarioConfig {
  if (name === '') problems.push("the scenario's name cannot be empty");
  else if (!/^[0-9a-zA-Z_-]+$/.test(name)) {
    problems.push('the name of the scenario may only have letters, digits, "_" and "-"');
  }
  if (settings.exec === '') problems.push('exec value cannot be empty');
  const base: ScenarioBase = {
    name,
    startTimeMs: settings.startTime ?? 0,
    gracefulStopMs: settings.gracefulStop ?? DEFAULT_GRACEFUL_STOP_MS,
    env: settings.env ?? {},
    exec: settings.exec ?? 'default',
    tags: settings.tags ?? {},
    browser: (settings.options?.browser as Record<string, unknown> | undefined) ?? null,
  };
  if (base.startTimeMs < 0) problems.push("the startTime can't be negative");
  if (base.gracefulStopMs < 0) problems.push("the gracefulStop timeout can't be negative");

  switch (settings.executor) {
    case 'constant-vus':
      return {
        ...base,
        executor: settings.executor,
        vus: resolveVus(settings, problems),
        durationMs: checkDuration('duration', settings.duration, problems),
      };
    case 'ramping-vus':
      return resolveRampingVus(base, settings, problems);
    case 'shared-iterations': {
      const vus = resolveVus(settings, problems);
      const iterations = settings.iterations ?? 1;
      if (iterations < vus)
        problems.push(`the number of iterations (${iterations}) can't be less than the number of VUs (${vus})`);
      const maxDurationMs = checkDuration('maxDuration', settings.maxDuration ?? DEFAULT_MAX_DURATION_MS, problems);
      return { ...base, executor: settings.executor, vus, iterations, maxDurationMs };
    }
    case 'per-vu-iterations': {
      const vus = resolveVus(settings, problems);
      const iterations = settings.iterations ?? 1;
      if (iterations <= 0) problems.push('the number of iterations must be more than 0');
      const maxDurationMs = checkDuration('maxDuration', settings.maxDuration ?? DEFAULT_MAX_DURATION_MS, problems);
      return { ...base, executor: settings.executor, vus, iterations, maxDurationMs };
    }
    case 'constant-arrival-rate': {
      const rate = settings.rate ?? 0;
      checkCountable(rate, [{ durationMs: settings.duration ?? 0, target: rate }], settings, problems);
      if (settings.rate === undefined) problems.push("the iteration rate isn't specified");
      else if (rate <= 0) problems.push('the iteration rate must be more than 0');
      return {
        ...base,
        executor: settings.executor,
        rate,
        timeUnitMs: checkTimeUnit(settings, problems),
        durationMs: checkDuration('duration', settings.duration, problems),
        ...resolveVuLimits(settings, problems),
      };
    }
    case 'externally-controlled':
      return resolveExternallyControlled(base, settings, problems);
    case 'ramping-arrival-rate': {
      const startRate = settings.startRate ?? 0;
      if (startRate < 0) problems.push("the startRate value can't be negative");
      const stages = resolveStages(settings.stages, problems);
      checkCountable(startRate, stages, settings, problems);
      return {
        ...base,
        executor: settings.executor,
        startRate,
        timeUnitMs: checkTimeUnit(settings, problems),
        stages,
        ...resolveVuLimits(settings, problems),
      };
    }
  }
}

/** It has no regular end to be graceful at, and begins with the test (k6 page "Externally controlled"). */
function resolveExternallyControlled(
  base: ScenarioBase,
  settings: ScenarioSettings,
  problems: string[],
): ScenarioConfig {
  if (settings.startTime !== undefined) problems.push('an externally controlled scenario takes no startTime');
  if (settings.gracefulStop !== undefined) problems.push('an externally controlled scenario takes no gracefulStop');
  const vus = settings.vus ?? 0;
  const maxVUs = settings.maxVUs ?? vus;
  const durationMs = settings.duration ?? 0;
  if (vus < 0) problems.push("the number of VUs can't be negative");
  if (maxVUs <= 0) problems.push('maxVUs must be more than 0: they are made before the test starts');
  else if (maxVUs < vus) problems.push(`maxVUs (${maxVUs}) can't be less than the number of VUs (${vus})`);
  checkMost('maxVUs', maxVUs, problems);
  if (durationMs < 0) problems.push("the duration can't be negative");
  return {
    ...base,
    gracefulStopMs: 0,
    executor: 'externally-controlled',
    vus,
    maxVUs,
    durationMs: durationMs === 0 ? null : durationMs,
  };
}

function resolveVus(settings: ScenarioSettings, problems: string[]): number {
  const vus = settings.vus ?? 1;
  if (vus <= 0) problems.push('the number of VUs must be more than 0');
  checkMost('vus', vus, problems);
  return vus;
}

/** More than any machines have room for: a slip of the pen, said before somebody tries. */
function checkMost(what: string, vus: number, problems: string[]): void {
  if (vus > MOST_VUS) problems.push(`there can't be more than ${MOST_VUS} VUs, but ${what} is ${vus}`);
}

function checkDuration(field: 'duration' | 'maxDuration', ms: number | undefined, problems: string[]): number {
  if (ms === undefined) problems.push(`the ${field} is unspecified`);
  else if (ms < SHORTEST_DURATION_MS)
    problems.push(
      `the ${field} must be at least ${formatDuration(SHORTEST_DURATION_MS)}, but is ${formatDuration(ms)}`,
    );
  return ms ?? 0;
}

function checkTimeUnit(settings: ScenarioSettings, problems: string[]): number {
  const ms = settings.timeUnit ?? 1000;
  if (ms <= 0) problems.push('the timeUnit must be more than 0');
  return ms;
}

/** Iterations are numbered: a rate that comes to more of them than there are whole numbers makes no sense. */
function checkCountable(
  startRate: number,
  stages: readonly Stage[],
  { timeUnit = 1000 }: ScenarioSettings,
  problems: string[],
): void {
  let from = startRate;
  let total = 0;
  for (const { durationMs, target } of stages) {
    total += (Math.max(from, target) / timeUnit) * durationMs;
    from = target;
  }
  if (timeUnit > 0 && total > Number.MAX_SAFE_INTEGER) {
    problems.push(
      `the rate comes to about ${total.toPrecision(2)} iterations, more than can be counted (${Number.MAX_SAFE_INTEGER}); is the timeUnit (${formatDuration(timeUnit)}) as it was meant?`,
    );
  }
}

function resolveVuLimits(settings: ScenarioSettings, problems: string[]): { preAllocatedVUs: number; maxVUs: number } {
  const { preAllocatedVUs } = settings;
  if (preAllocatedVUs === undefined) problems.push("the number of preAllocatedVUs isn't specified");
  else if (preAllocatedVUs < 0) problems.push("the number of preAllocatedVUs can't be negative");
  const maxVUs = settings.maxVUs ?? preAllocatedVUs ?? 0;
  if (preAllocatedVUs !== undefined && maxVUs < preAllocatedVUs) {
    problems.push(`maxVUs (${maxVUs}) can't be less than preAllocatedVUs (${preAllocatedVUs})`);
  }
  checkMost('maxVUs', maxVUs, problems);
  return { preAllocatedVUs: preAllocatedVUs ?? 0, maxVUs };
}

function resolveStages(settings: readonly StageSettings[] | undefined, problems: string[]): Stage[] {
  if (settings === undefined || settings.length === 0) problems.push('at least one stage has to be specified');
  return (settings ?? []).map(({ duration, target }, i) => {
    if (duration === null) problems.push(`stage ${i + 1} doesn't have a duration`);
    else if (duration < 0) problems.push(`the duration for stage ${i + 1} can't be negative`);
    if (target === null) problems.push(`stage ${i + 1} doesn't have a target`);
    else if (target < 0) problems.push(`the target for stage ${i + 1} can't be negative`);
    return { durationMs: duration ?? 0, target: target ?? 0 };
  });
}

function resolveRampingVus(base: ScenarioBase, settings: ScenarioSettings, problems: string[]): ScenarioConfig {
  const startVUs = settings.startVUs ?? 1;
  const gracefulRampDownMs = settings.gracefulRampDown ?? DEFAULT_GRACEFUL_STOP_MS;
  const before = problems.length;
  if (startVUs < 0) problems.push("the number of startVUs can't be negative");
  const stages = resolveStages(settings.stages, problems);
  if (gracefulRampDownMs < 0) problems.push("the gracefulRampDown timeout can't be negative");
  const most = Math.max(startVUs, ...stages.map(({ target }) => target));
  if (most <= 0 && problems.length === before)
    problems.push('either startVUs or one of the stage targets must be more than 0');
  checkMost(most === startVUs ? 'startVUs' : 'a target', most, problems);
  return { ...base, executor: 'ramping-vus', startVUs, stages, gracefulRampDownMs };
}
