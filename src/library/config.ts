// `sixfold/config`: types of options and of the config file, for editors and compilers; published as they are.
import type { Options as K6Options, Scenario, Stage } from 'k6/options';

/** Has as many virtual users as somebody wants at the moment (docs/steering.md). */
export interface ExternallyControlledScenario {
  readonly executor: 'externally-controlled';
  /** At the start; 0 unless given. */
  readonly vus?: number;
  /** Made before the start; as `vus` unless given. */
  readonly maxVUs?: number;
  /** Text such as `10m`, or ms; without one it ends when the test is stopped. */
  readonly duration?: string | number;
  readonly exec?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Options as scripts, config files and `run()` take them (docs/reference/options.md). */
export interface Options extends Omit<K6Options, 'linger' | 'noUsageReport' | 'scenarios' | 'tlsAIAFetch' | 'vusMax'> {
  scenarios?: Record<string, Scenario | ExternallyControlledScenario>;
  /** Leaves `setup()` out. */
  noSetup?: boolean;
  /** Leaves `teardown()` out. */
  noTeardown?: boolean;
  /** Bytes that the bodies of responses may take while they are read and unpacked, all virtual users together. */
  maxResponseBytes?: number;
  /** Failures of each code that are kept whole, with request and response, for the report; 0 keeps none, 3 unless given. */
  failureSamples?: number;
  /** Has requests and calls carry the context of a trace; `sampling` is the share of the iterations whose traces are kept. */
  tracing?: { propagator?: 'w3c' | 'jaeger'; sampling?: number };
  /** The unit of all times in the summary; what suits each value unless given. */
  summaryTimeUnit?: 's' | 'ms' | 'us';
  /** Accepted, no effect. */
  metricSamplesBufferSize?: number;
}

/** What only flags, the environment and config files may set. */
interface MachineOptions {
  /** A file for what the script logs with console. */
  consoleOutput?: string;
  /** A proxy for every connection; '' for none. */
  httpProxy?: string;
  /** Addresses, ranges and blocks that virtual users connect from, in turn. */
  localIPs?: string;
}

/** The config file that `-c` names: JSON, or a module that exports it by default. */
export interface ConfigFile extends Options, MachineOptions {
  /** Where samples go, as `--out` has it: `json=samples.json`. */
  out?: string | string[];
  /** Settings of outputs, by their types (docs/outputs.md). */
  collectors?: Record<string, Record<string, unknown>>;
  /** k6's feature flags. */
  features?: string | string[];
  /** Keeps the REST API up after the test. */
  linger?: boolean;
  /** Accepted, no effect: nothing is ever reported. */
  noUsageReport?: boolean;
}

export type { Scenario, Stage };

/** @returns its argument: gives `export default defineConfig({ … })` of a config file its types */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

/** @returns its argument: gives `export const options = defineOptions({ … })` of a script its types */
export function defineOptions(options: Options): Options {
  return options;
}
