// From a scenario's configuration to what runs it.

import type { ConstantArrivalRateConfig, ScenarioConfig } from '../../options/scenario-config.ts';
import type { Executor, ExecutorHost } from '../executor.ts';
import { ArrivalRate, type ArrivalSchedule } from './arrival-rate.ts';
import { ConstantVus } from './constant-vus.ts';
import { ExternallyControlled } from './externally-controlled.ts';
import { PerVuIterations } from './per-vu-iterations.ts';
import { RampingVus } from './ramping-vus.ts';
import { RateRamp } from './rate-ramp.ts';
import { SharedIterations } from './shared-iterations.ts';

/** Iteration i is due at i periods, the first at once. */
function constantSchedule({ rate, timeUnitMs, durationMs }: ConstantArrivalRateConfig): ArrivalSchedule {
  return {
    dueMs: (index) => {
      const dueMs = (index * timeUnitMs) / rate;
      return dueMs < durationMs ? dueMs : Number.POSITIVE_INFINITY;
    },
    rateAt: () => rate / timeUnitMs,
  };
}

export function createExecutor(config: ScenarioConfig, host: ExecutorHost): Executor {
  switch (config.executor) {
    case 'constant-vus':
      return new ConstantVus(config, host);
    case 'ramping-vus':
      return new RampingVus(config, host);
    case 'shared-iterations':
      return new SharedIterations(config, host);
    case 'per-vu-iterations':
      return new PerVuIterations(config, host);
    case 'externally-controlled':
      return new ExternallyControlled(config, host);
    case 'constant-arrival-rate':
      return new ArrivalRate(config, host, constantSchedule(config));
    case 'ramping-arrival-rate':
      return new ArrivalRate(config, host, new RateRamp(config.startRate, config.stages, config.timeUnitMs));
  }
}
