// How many threads a test gets where nobody says.
import { planVus } from '../execution/vu-plan.ts';
import { regularDuration, type ScenarioConfig } from '../options/scenario-config.ts';
import { findShare } from '../options/segment.ts';
import type { RunPlan } from './run-observer.ts';

/** Virtual users that one thread serves without a second one being of use. */
const VUS_A_WORKER = 8;
/** A test that lasts no longer than it takes to start threads gains nothing from them, in ms. */
const SHORT_MS = 2000;
/** Iterations that one thread does before another is ready. */
const FEW_ITERATIONS = 1000;
const MOST_WORKERS = 1024;

/** @param workers that somebody asks for @throws Error unless there can be so many */
export function checkWorkers(workers: number): number {
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS)
    throw new Error(`workers must be a whole number from 1 to ${MOST_WORKERS}, but is ${workers}`);
  return workers;
}

/**
 * One per core, but no more than there are virtual users for; one for a test that is over soon.
 * @param cores that the machine has
 */
export function chooseWorkers({ options, scenarios }: Pick<RunPlan, 'options' | 'scenarios'>, cores: number): number {
  if (scenarios.every(isSmall)) return 1;
  const { executionSegment: segment, executionSegmentSequence: sequence } = options;
  const { max } = planVus(scenarios, findShare(segment, sequence));
  return Math.max(1, Math.min(cores, Math.floor(max / VUS_A_WORKER)));
}

function isSmall(config: ScenarioConfig): boolean {
  switch (config.executor) {
    case 'shared-iterations':
      return config.iterations < FEW_ITERATIONS;
    case 'per-vu-iterations':
      return config.iterations * config.vus < FEW_ITERATIONS;
    default:
      return regularDuration(config) <= SHORT_MS;
  }
}
