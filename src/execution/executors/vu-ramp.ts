// When ramping-vus has how many virtual users: arithmetic, without a clock.
import type { RampingVusConfig } from '../../options/scenario-config.ts';
import type { Share } from '../../options/segment.ts';

/** From `atMs` (after the scenario's start) on there are `vus`. */
export interface VuStep {
  readonly atMs: number;
  readonly vus: number;
}

/** @returns the most virtual users that the stages ask for, over the whole test */
export function peakOf(config: RampingVusConfig): number {
  return config.stages.reduce((most, { target }) => Math.max(most, target), config.startVUs);
}

/**
 * The number of virtual users over time: within a stage it moves evenly, one virtual user after the other, and reaches the target at
 * the end of the stage.
 *
 * @returns steps in order of time, the first at 0; each changes the number
 */
export function listVuSteps(config: RampingVusConfig, share: Share): VuStep[] {
  // The share in proportion to the virtual users adds up at the peak as everywhere, and moves one by one on the way.
  const part = share.forVus(peakOf(config));
  if (part === null) return [{ atMs: 0, vus: 0 }];
  const steps: VuStep[] = [{ atMs: 0, vus: part.scale(config.startVUs) }];
  const add = (atMs: number, total: number): void => {
    const vus = part.scale(total);
    const last = steps[steps.length - 1];
    if (last.vus === vus) return;
    if (last.atMs === atMs) steps.pop();
    steps.push({ atMs, vus });
  };
  let current = config.startVUs;
  let startMs = 0;
  for (const { durationMs, target } of config.stages) {
    const distance = Math.abs(target - current);
    const direction = Math.sign(target - current);
    if (durationMs === 0) add(startMs, target);
    else for (let i = 1; i <= distance; i++) add(startMs + (durationMs * i) / distance, current + direction * i);
    current = target;
    startMs += durationMs;
  }
  return steps;
}

/**
 * @param slot place of a virtual user, from 0: it is active while there are more than that
 * @param next the first step that is still to come
 * @param lastMs when gracefulStop is over
 * @returns when an iteration that is in progress there, and never ends, is cut off, in ms after the scenario's start
 */
export function findCut(
  steps: readonly VuStep[],
  slot: number,
  next: number,
  gracefulRampDownMs: number,
  lastMs: number,
): number {
  let cutMs = lastMs;
  for (const [index, { atMs, vus }] of steps.entries()) {
    if (index >= next && cutMs <= atMs) break;
    cutMs = vus > slot ? lastMs : Math.min(cutMs, atMs + gracefulRampDownMs);
  }
  return cutMs;
}

/**
 * The virtual users that have to be at hand: one that is ramped down is still busy for up to gracefulRampDown, and at the end all
 * are for up to gracefulStop.
 *
 * @param endMs ms after the scenario's start at which its stages end
 * @returns steps in order of time, the last with none
 */
export function listReservedSteps(
  steps: readonly VuStep[],
  endMs: number,
  gracefulRampDownMs: number,
  gracefulStopMs: number,
): VuStep[] {
  const lastMs = endMs + gracefulStopMs;
  const reserved: VuStep[] = [];
  // Numbers of the past that still hold, in falling order, each until when.
  let holding: { vus: number; untilMs: number }[] = [];
  const setTo = (atMs: number, vus: number): void => {
    const before = reserved.length > 0 ? reserved[reserved.length - 1] : null;
    if (before?.vus === vus) return;
    if (before?.atMs === atMs) reserved.pop();
    reserved.push({ atMs, vus });
  };
  const expireBefore = (atMs: number, current: number): void => {
    for (;;) {
      const next = holding[0];
      if (next === undefined || next.untilMs > atMs) return;
      holding.shift();
      setTo(next.untilMs, Math.max(current, holding[0]?.vus ?? 0));
    }
  };
  let current = 0;
  for (const step of steps) {
    expireBefore(step.atMs, current);
    if (step.vus < current) {
      const untilMs = Math.min(step.atMs + gracefulRampDownMs, lastMs);
      holding = holding.filter((held) => held.vus > current);
      holding.push({ vus: current, untilMs });
    }
    current = step.vus;
    holding = holding.filter((held) => held.vus > current);
    setTo(step.atMs, Math.max(current, holding[0]?.vus ?? 0));
  }
  // From the end on, those still active hold until gracefulStop is over.
  holding = holding.filter((held) => held.vus > current);
  holding.push({ vus: current, untilMs: lastMs });
  expireBefore(lastMs, 0);
  return reserved;
}
