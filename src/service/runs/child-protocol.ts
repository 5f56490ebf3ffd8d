// What a server and the process of a run say to each other. Octets travel as they are.
import type { NatsSettings } from '../../cluster/nats-link.ts';
import type { Headline } from '../../report/headline.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import type { Progress, Requirements, RunOrder } from '../api/documents.ts';
import type { RunFile } from './run-files.ts';

export interface ChildTask {
  /** `inspect`: only what the script asks for. */
  readonly purpose: 'run' | 'inspect';
  /** Of the run; '' for none. */
  readonly id: string;
  /** A file: the script, or an archive. */
  readonly script: string;
  readonly type: 'js' | 'archive';
  /** How messages name it. */
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Options that go before the script's own, as JSON has them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly workers: number;
  readonly limits: { readonly maxVus: number; readonly maxDurationMs: number };
  /** Where the script may connect to. */
  readonly targets: TargetSettings;
  /** Earlier runs to compare with, as reports hold them. */
  readonly baseline: { readonly name: string; readonly records: readonly Uint8Array[] };
  /** Load on other machines; null: on this one. */
  readonly cluster: {
    readonly nats: NatsSettings;
    readonly agents: number;
    /** That which goes on without anybody who leads it; null: a new one begins. */
    readonly takeOver: ClusterRun | null;
  } | null;
}

/** A run among agents, as whoever leads it on has to know it. */
export interface ClusterRun {
  readonly run: string;
  /** In base64. */
  readonly key: string;
}

export type ToChild =
  | { readonly type: 'begin'; readonly task: ChildTask }
  /** It is written down that the load begins: it may. */
  | { readonly type: 'go' }
  | { readonly type: 'order'; readonly id: string; readonly order: RunOrder }
  /** The run so far is wanted now. */
  | { readonly type: 'checkpoint' };

export interface ChildLogLine {
  readonly atMs: number;
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What happened, for pages: as the live page of a run has it. */
export interface ChildEvent {
  readonly name: string;
  /** JSON. */
  readonly data: string;
}

export type FromChild =
  | { readonly type: 'up' }
  | { readonly type: 'inspected'; readonly requirements: Requirements }
  | { readonly type: 'logs'; readonly lines: readonly ChildLogLine[]; readonly leftOut: number }
  /** Agents are there for it. */
  | ({ readonly type: 'cluster' } & ClusterRun)
  /** The load is about to begin, and waits for `go`. */
  | { readonly type: 'ready'; readonly fingerprint: string }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'events'; readonly events: readonly ChildEvent[] }
  /** Behind all events before it. */
  | { readonly type: 'checkpoint'; readonly record: Uint8Array; readonly headline: Headline }
  | { readonly type: 'outcome'; readonly id: string; readonly ok: boolean; readonly message: string }
  | {
      readonly type: 'end';
      readonly exitCode: number;
      readonly reason: string | null;
      /** null: it ended before there was any load. */
      readonly record: Uint8Array | null;
      readonly headline: Headline | null;
      readonly fingerprint: string | null;
      readonly summary: string | null;
      /** JSON. */
      readonly summaryData: string | null;
      /** Of handleSummary. */
      readonly files: readonly RunFile[];
    };
