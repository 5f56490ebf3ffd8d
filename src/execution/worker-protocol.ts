// The whole contract between the control plane and a place where load runs. All of it is plain data:
// what JSON can say, and binary columns. Memory that is shared, and whatever else a kind of host has of its own, is not in it.
import type { MetricContains, MetricType } from '../metrics/metric.ts';
import type { SampleReport } from '../metrics/reports/sample-report.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Options } from '../options/options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { CodeCaches, Program } from '../script/program.ts';
import type { LogLevel, ScriptLocation } from '../vu/environment.ts';
import type { TargetSettings } from '../wire/net/target-rules.ts';
import type { ExecutorProgress } from './executor.ts';
import type { GeneratorHealth } from './generator-health.ts';

/** What a load worker is started with. */
export interface WorkerStart {
  /** `__ENV` as every virtual user starts with. */
  readonly env: Readonly<Record<string, string>>;
  readonly script: ScriptLocation;
  /** Position of this worker among all of them: worker 0 runs setup; teardown and handleSummary too, if it is still there. */
  readonly index: number;
  /** Where to write the keys of TLS connections, or null. */
  readonly keyLogFile: string | null;
  /** Where it may connect to, whatever the options say; null: there are no such rules. */
  readonly targets: TargetSettings | null;
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
  /** What the engine has made of a program that asked for it. */
  readonly codeCaches?: CodeCaches;
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

/** A secret, or why there is none, as the script is to see it. */
export type SecretOutcome = { readonly value: string } | { readonly problem: string };

/** What a host is asked to do; each step is answered once. `setupData` is JSON text, or undefined where setup returned nothing. */
export type Step =
  | { readonly type: 'load'; readonly program: Program }
  /** `count`: how many workers share the load of this instance. */
  | {
      readonly type: 'configure';
      readonly options: Options;
      readonly scenarios: readonly ScenarioConfig[];
      readonly count: number;
    }
  | { readonly type: 'setup' }
  /**
   * `atMs`: when the scenarios start, in ms since the epoch. What comes after it is done beside them. `takeover`: how many had this share
   * before and are gone, where it is taken over in the middle: `atMs` is in the past then; missing: none. `stoodMs`: how long the run has
   * stood still since; missing: not at all.
   */
  | {
      readonly type: 'start';
      readonly setupData: string | undefined;
      readonly atMs: number;
      readonly takeover?: number;
      readonly stoodMs?: number;
    }
  | { readonly type: 'teardown'; readonly setupData: string | undefined }
  | { readonly type: 'summary'; readonly data: unknown }
  /** Sends the samples taken so far, behind whatever is in progress. */
  | { readonly type: 'flush' };

export type StepType = Step['type'];

export type Reply =
  | { readonly type: 'loaded'; readonly exports: ScriptExports }
  | { readonly type: 'ready' }
  | { readonly type: 'setup-done'; readonly setupData: string | undefined }
  | { readonly type: 'finished'; readonly health: GeneratorHealth }
  | { readonly type: 'teardown-done' }
  /** `null`: the default summary is wanted; text or bytes by destination otherwise. */
  | { readonly type: 'summary-done'; readonly files: Readonly<Record<string, string | Uint8Array>> | null }
  | { readonly type: 'flushed' }
  | { readonly type: 'failed'; readonly failure: ScriptFailure };

/** The reply to each step that does not fail. */
export interface ReplyTypes {
  readonly load: 'loaded';
  readonly configure: 'ready';
  readonly setup: 'setup-done';
  readonly start: 'finished';
  readonly teardown: 'teardown-done';
  readonly summary: 'summary-done';
  readonly flush: 'flushed';
}

export type ReplyTo<S extends Step> = Extract<Reply, { readonly type: ReplyTypes[S['type']] }>;

/** What takes effect at once, whatever is in progress. */
export type Command =
  /** Interrupts what the virtual users are doing; the executors end. */
  | { readonly type: 'stop' }
  /** Lets the time of the scenarios stand still: nothing new starts, what is in progress goes on. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** What became of a secret that was asked for by an event `secret`. */
  | { readonly type: 'secret'; readonly id: number; readonly outcome: SecretOutcome }
  /** Virtual users of an externally controlled scenario, over all hosts. */
  | { readonly type: 'scale'; readonly scenario: string; readonly vus: number; readonly maxVus: number };

/** What a host says beside its replies. */
export type LoadEvent =
  | { readonly type: 'samples'; readonly batch: SampleBatch }
  /** Samples that were folded where they were taken: from hosts that are far away. */
  | { readonly type: 'report'; readonly report: SampleReport }
  /** `busyShare`: how busy the event loop was since the last time, 0 to 1. */
  | { readonly type: 'progress'; readonly scenarios: readonly ScenarioProgress[]; readonly busyShare: number }
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
  /** It has stopped its load by itself, since nobody could be reached who leads the test; why. */
  | { readonly type: 'cut-off'; readonly message: string };

/** Steps carry a number, by which their replies find them. */
export type Numbered<Message> = Message & { readonly step: number };

/** All that a host hears. */
export type ToHost =
  | Numbered<Step>
  | Command
  /** Says `ended`, behind everything it has said before; it can be ended then. */
  | { readonly type: 'exit' };

/** All that a host says. */
export type FromHost =
  | Numbered<Reply>
  | LoadEvent
  /** A stop has been heard. */
  | { readonly type: 'stopped' }
  | { readonly type: 'ended' };
