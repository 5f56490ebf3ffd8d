// How many virtual users a test needs: the most that its scenarios hold at the same time.

import { latestEnd, regularDuration, type ScenarioConfig } from '../options/scenario-config.ts';
import { Share } from '../options/segment.ts';
import { listReservedSteps, listVuSteps, type VuStep } from './executors/vu-ramp.ts';

export interface VuPlan {
  /** Initialised before the test starts. */
  readonly planned: number;
  /** With those that arrival rates may make on the way. */
  readonly max: number;
}

/** From a moment of the test on, a scenario needs so many more (or less) than before. */
interface Change {
  readonly atMs: number;
  readonly planned: number;
  readonly max: number;
}

/** @returns the steps of virtual users that the scenario holds, after its own start; the last has none */
function listNeeds(config: ScenarioConfig, share: Share): VuStep[] {
  switch (config.executor) {
    case 'ramping-vus':
      return listReservedSteps(
        listVuSteps(config, share),
        regularDuration(config),
        config.gracefulRampDownMs,
        config.gracefulStopMs,
      );
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return hold(share.scale(config.preAllocatedVUs), config);
    case 'externally-controlled':
      return hold(share.scale(config.maxVUs), config);
    default:
      return hold(share.scale(config.vus), config);
  }
}

function hold(vus: number, config: ScenarioConfig): VuStep[] {
  return [
    { atMs: 0, vus },
    { atMs: regularDuration(config) + config.gracefulStopMs, vus: 0 },
  ];
}

function listChanges(config: ScenarioConfig, share: Share): Change[] {
  let before = 0;
  const changes = listNeeds(config, share).map(({ atMs, vus }) => {
    const change = { atMs: config.startTimeMs + atMs, planned: vus - before, max: vus - before };
    before = vus;
    return change;
  });
  if ('preAllocatedVUs' in config) {
    const more = share.scale(config.maxVUs) - share.scale(config.preAllocatedVUs);
    changes.push(
      { atMs: config.startTimeMs, planned: 0, max: more },
      { atMs: latestEnd(config), planned: 0, max: -more },
    );
  }
  return changes;
}

/**
 * @param share of the worker, or of the instance
 * @returns the virtual users that it needs for all scenarios, which hand them on to each other
 */
export function planVus(scenarios: readonly ScenarioConfig[], share: Share = Share.WHOLE): VuPlan {
  const changes = scenarios.flatMap((config) => listChanges(config, share)).sort((a, b) => a.atMs - b.atMs);
  let planned = 0;
  let max = 0;
  let mostPlanned = 0;
  let most = 0;
  changes.forEach((change, i) => {
    planned += change.planned;
    max += change.max;
    // What ends and what starts at the same moment is no overlap.
    if (changes[i + 1]?.atMs === change.atMs) return;
    mostPlanned = Math.max(mostPlanned, planned);
    most = Math.max(most, max);
  });
  return { planned: mostPlanned, max: most };
}

/**
 * @param share of the worker, or of the instance
 * @returns ms after which the test is over at the latest, without setup and teardown: when the last scenario has let go of its
 *   last virtual user
 */
export function longestDuration(scenarios: readonly ScenarioConfig[], share: Share = Share.WHOLE): number {
  return scenarios.reduce((latest, config) => {
    // A ramp that has come down to nothing needs no time to stop.
    const end =
      config.executor === 'ramping-vus'
        ? config.startTimeMs + Math.max(regularDuration(config), listNeeds(config, share).at(-1)?.atMs ?? 0)
        : latestEnd(config);
    return Math.max(latest, end);
  }, 0);
}
