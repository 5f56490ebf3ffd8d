// Scenarios as they run: parsed, validated, every default filled in. Plain data, so that it can go to load workers.

/** Fields that every executor has (k6 page "Scenarios"). */
export interface ScenarioBase {
  readonly name: string;
  /** Ms after the start of the test. */
  readonly startTimeMs: number;
  /** Ms that an iteration may go on for when the scenario's time is over; 0 cuts it at once. */
  readonly gracefulStopMs: number;
  /** Laid over `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** The exported function that an iteration calls. */
  readonly exec: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `options.browser` of the scenario, as the script gave it. */
  readonly browser: Readonly<Record<string, unknown>> | null;
}

/** Way to the target of a ramp. */
export interface Stage {
  /** 0 jumps to the target. */
  readonly durationMs: number;
  readonly target: number;
}

export interface ConstantVusConfig extends ScenarioBase {
  readonly executor: 'constant-vus';
  readonly vus: number;
  readonly durationMs: number;
}

export interface RampingVusConfig extends ScenarioBase {
  readonly executor: 'ramping-vus';
  readonly startVUs: number;
  readonly stages: readonly Stage[];
  readonly gracefulRampDownMs: number;
}

export interface SharedIterationsConfig extends ScenarioBase {
  readonly executor: 'shared-iterations';
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}

export interface PerVuIterationsConfig extends ScenarioBase {
  readonly executor: 'per-vu-iterations';
  readonly vus: number;
  /** For each of the virtual users. */
  readonly iterations: number;
  readonly maxDurationMs: number;
}

export interface ConstantArrivalRateConfig extends ScenarioBase {
  readonly executor: 'constant-arrival-rate';
  /** Iterations started per `timeUnitMs`. */
  readonly rate: number;
  readonly timeUnitMs: number;
  readonly durationMs: number;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

export interface RampingArrivalRateConfig extends ScenarioBase {
  readonly executor: 'ramping-arrival-rate';
  readonly startRate: number;
  readonly timeUnitMs: number;
  /** Targets are rates. */
  readonly stages: readonly Stage[];
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

export interface ExternallyControlledConfig extends ScenarioBase {
  readonly executor: 'externally-controlled';
  /** Those that loop at first; changed while the test runs. */
  readonly vus: number;
  /** Those that are made before the test. */
  readonly maxVUs: number;
  /** null: until it is stopped. */
  readonly durationMs: number | null;
}

export type ScenarioConfig =
  | ConstantVusConfig
  | RampingVusConfig
  | SharedIterationsConfig
  | PerVuIterationsConfig
  | ConstantArrivalRateConfig
  | RampingArrivalRateConfig
  | ExternallyControlledConfig;

export type ExecutorName = ScenarioConfig['executor'];

/** @returns ms that the scenario takes by its plan, from its own start, without gracefulStop; Infinity where only a stop ends it */
export function regularDuration(config: ScenarioConfig): number {
  switch (config.executor) {
    case 'constant-vus':
    case 'constant-arrival-rate':
      return config.durationMs;
    case 'externally-controlled':
      return config.durationMs ?? Number.POSITIVE_INFINITY;
    case 'shared-iterations':
    case 'per-vu-iterations':
      return config.maxDurationMs;
    case 'ramping-vus':
    case 'ramping-arrival-rate':
      return config.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
  }
}

/** Whether a scenario whose plan is time, and not a number of iterations, can be taken over in its middle. */
export function goesByTime({ executor }: ScenarioConfig): boolean {
  return executor !== 'shared-iterations' && executor !== 'per-vu-iterations';
}

/** @returns ms after the start of the test at which the scenario is over at the latest */
export function latestEnd(config: ScenarioConfig): number {
  return config.startTimeMs + regularDuration(config) + config.gracefulStopMs;
}
