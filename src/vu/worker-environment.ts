// What a load worker gives to its virtual users and to the host modules: one of it per worker.
import type { BuiltInMetrics } from '../metrics/built-in.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MetricRegistry } from '../metrics/metric-registry.ts';
import type { SampleWriter } from '../metrics/sample-writer.ts';
import type { Options } from '../options/options.ts';
import type { Realm } from '../script/realm-interface.ts';
import type { Network } from './network.ts';
import type { Programs } from './programs.ts';
import type { Tracer } from './tracing/tracer.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

export interface Logger {
  /**
   * @param fields shown behind the message; `source: 'console'` marks what the script itself printed
   */
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void;
}

/** How a script steers the whole test (k6/execution `test`). */
export interface TestControl {
  /** Ends the test as `test.abort()` does (exit code 108). Everything in progress is interrupted. */
  abort(message: string): void;
  /** Marks the test as failed (exit code 110); it goes on. */
  markFailed(message: string): void;
}

/** The secrets that the script may ask for (k6/secrets). */
export interface Secrets {
  /**
   * @param source null: the default one
   * @throws Error that says why there is none
   */
  get(source: string | null, key: string): Promise<string>;
}

/** Live counts of this instance (all its workers), read by `exec.instance`. */
export interface InstanceCounts {
  readonly iterationsCompleted: number;
  readonly iterationsInterrupted: number;
  readonly vusActive: number;
  readonly vusInitialised: number;
  /** Milliseconds since the scenarios began; 0 before. */
  readonly testRunDurationMs: number;
  /**
   * Reserves the next of this instance's turns that are at least `intervalMs` apart, whichever worker asks.
   * Without it each worker has turns of its own.
   * @returns how many milliseconds away the turn is; 0 or less: now
   */
  reserveTurn?(intervalMs: number): number;
  /**
   * Adds to the octets of bodies that all workers are reading or unpacking. Without it each worker counts for itself.
   * @returns the new count
   */
  changeBodyBytes?(by: number): number;
}

/** Where a script is. */
export interface ScriptLocation {
  /** Absolute path, or null for standard input. */
  readonly file: string | null;
  /** What its relative paths start from. */
  readonly folder: string;
  /** Of an unpacked archive: the folder that stands for the root of the file system it was packed on. */
  readonly root?: string;
}

/** What code of the VU layer and above may use of the worker that it runs in. */
export interface VuEnvironment {
  readonly realm: Realm;
  /**
   * The consolidated options. Only final once the script's init code has run for the first time (it exports some of
   * them): read them when a virtual user acts, never when a module is created.
   */
  readonly options: Options;
  readonly registry: MetricRegistry;
  readonly metrics: BuiltInMetrics;
  /** Counts failed iterations; null until the init code has run, and where the script has a metric of that name. */
  failedIterations: Metric | null;
  readonly samples: SampleWriter;
  /** Made from `options`; null: there are no traces. */
  readonly tracer: Tracer | null;
  /** Made from `options`: the same caution holds. */
  readonly network: Network;
  readonly logger: Logger;
  readonly test: TestControl;
  readonly counts: InstanceCounts;
  readonly secrets: Secrets;
  readonly programs: Programs;
  /** What `__ENV` holds at first. */
  readonly env: Readonly<Record<string, string>>;
  /** The file of the script, absolute, or null for standard input; and the folder that relative paths start from. */
  readonly script: ScriptLocation;
  /** Milliseconds since the epoch with fractions, monotonic within the process: the time of samples. */
  now(): number;
  /** What `now()` was when `performance.now()` was 0. */
  readonly timeOrigin: number;
}
