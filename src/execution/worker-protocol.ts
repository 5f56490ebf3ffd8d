// The whole contract between the main thread (control plane) and a load worker (load plane).
import type { MetricContains, MetricType } from '../metrics/metric.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Options } from '../options/options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { Program } from '../script/program.ts';
import type { LogLevel, ScriptLocation } from '../vu/environment.ts';
import type { ExecutorProgress } from './executor.ts';
import type { GeneratorHealth } from './generator-health.ts';

/** What a worker is started with. */
export interface WorkerStart {
  /** `__ENV` as every virtual user starts with. */
  readonly env: Readonly<Record<string, string>>;
  /** Shared by all workers of the run: see run-counters.ts. */
  readonly counters: SharedArrayBuffer;
  readonly script: ScriptLocation;
  /** Position of this worker among all of them: worker 0 runs setup; teardown and handleSummary too, if it is still there. */
  readonly index: number;
  readonly count: number;
  /** Where to write the keys of TLS connections, or null. */
  readonly keyLogFile: string | null;
}

/** What the script exports, as its init code left it. */
export interface ScriptExports {
  /** The `options` export in JSON form; undefined when there is none. */
  readonly options: unknown;
  /** Its `typeof`, or 'null'. */
  readonly optionsType: string;
  readonly functions: readonly string[];
  /** Exports of another kind, by `typeof`: for messages. */
  readonly others: Readonly<Record<string, string>>;
  readonly metrics: readonly { name: string; type: MetricType; contains: MetricContains }[];
  /** Files that the init code has opened, absolute. */
  readonly opened: readonly string[];
}

/** Where one scenario stands in one worker, for the progress bars. */
export interface ScenarioProgress {
  readonly name: string;
  readonly progress: ExecutorProgress;
}

/** What the script threw, or what of ours failed. */
export interface ScriptFailure {
  /** Message and stack, in positions of the user's files. */
  readonly text: string;
}

/** JSON text of the elements of each SharedArray, by its name. */
export type SharedData = readonly (readonly [name: string, elements: readonly string[]])[];

/** A secret, or why there is none, as the script is to see it. */
export type SecretOutcome = { readonly value: string } | { readonly problem: string };

export type ToWorker =
  /** `sharedData`: what SharedArrays hold that another worker has built already. */
  | { readonly type: 'load'; readonly program: Program; readonly sharedData: SharedData }
  | {
      readonly type: 'configure';
      readonly options: Options;
      readonly scenarios: readonly ScenarioConfig[];
      /** Counters for shared iterations, one for each scenario: see shared-counter.ts. */
      readonly sharedIterations: SharedArrayBuffer;
    }
  | { readonly type: 'setup' }
  /** `setupData` is JSON text, or undefined where setup returned nothing. */
  | { readonly type: 'start'; readonly setupData: string | undefined }
  | { readonly type: 'teardown'; readonly setupData: string | undefined }
  | { readonly type: 'summary'; readonly data: unknown }
  /** Sends the samples taken so far, behind whatever is in progress; answered by `flushed`. */
  | { readonly type: 'flush' }
  /** Interrupts what the virtual users are doing; the executors end. Answered by `stopped`, whatever else is in progress. */
  | { readonly type: 'stop' }
  /** What became of a secret that the worker asked for by `secret`; comes whatever step is in progress. */
  | { readonly type: 'secret'; readonly id: number; readonly outcome: SecretOutcome }
  /** Answered at once by `pong`, unless code of the script does not give back control. */
  | { readonly type: 'ping' }
  /** Says `ended`, behind everything it has said before; the thread can be ended then. */
  | { readonly type: 'exit' };

export type FromWorker =
  | { readonly type: 'loaded'; readonly exports: ScriptExports; readonly sharedData: SharedData }
  | { readonly type: 'ready' }
  | { readonly type: 'setup-done'; readonly setupData: string | undefined }
  | { readonly type: 'finished'; readonly health: GeneratorHealth }
  | { readonly type: 'teardown-done' }
  /** `null`: the default summary is wanted; text or bytes by destination otherwise. */
  | { readonly type: 'summary-done'; readonly files: Readonly<Record<string, string | Uint8Array>> | null }
  /** The step in progress failed. */
  | {
      readonly type: 'failed';
      readonly step: 'load' | 'init' | 'setup' | 'teardown' | 'summary';
      readonly failure: ScriptFailure;
    }
  | { readonly type: 'samples'; readonly batch: SampleBatch }
  | { readonly type: 'progress'; readonly scenarios: readonly ScenarioProgress[] }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly time: number;
      readonly fields?: Readonly<Record<string, string>>;
    }
  /** Asks for a secret; `source` null: of the default one. */
  | { readonly type: 'secret'; readonly id: number; readonly source: string | null; readonly key: string }
  | { readonly type: 'abort'; readonly message: string }
  | { readonly type: 'mark-failed'; readonly message: string }
  | { readonly type: 'flushed' }
  | { readonly type: 'stopped' }
  | { readonly type: 'pong' }
  | { readonly type: 'ended' };
