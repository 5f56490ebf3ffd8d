// What agents and coordinators say to each other, inside the sealed envelopes.

import type { ToldCounts } from '../execution/summed-counts.ts';
import type { FromHost, Numbered, ScenarioProgress, Step, ToHost } from '../execution/worker-protocol.ts';
import type { ExitCode } from '../exit/exit-error.ts';
import type { ServerSpec } from '../outputs/thread/outputs-protocol.ts';
import type { TargetSettings } from '../wire/net/target-rules.ts';

/** Whoever speaks another one is refused, both named. */
export const PROTOCOL_VERSION = 3;

/** Answer to a call for agents: not sealed, as everything before a claim. */
export interface AgentCard {
  readonly v: number;
  readonly id: string;
  /** How people call it. */
  readonly name: string;
  /** Of Sixfold. */
  readonly version: string;
  readonly cores: number;
  /** Of the machine, in octets. */
  readonly memory: number;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The run that it is busy with. */
  readonly busy: string | null;
  /** What a claim is sealed for. */
  readonly sealKey: string;
}

/** A claim: `sealed` is a {@link ClaimSecrets} in JSON form, for the agent alone. */
export interface Claim {
  readonly v: number;
  readonly run: string;
  readonly index: number;
  /** The public half of the key that it was sealed with. */
  readonly from: string;
  /** In base64. */
  readonly sealed: string;
  /** Whose key the run is signed with, and the signature of this claim; missing: it is not signed. */
  readonly signer?: string;
  readonly signature?: string;
}

export interface ClaimSecrets {
  /** Of the run, 32 octets in base64. */
  readonly key: string;
  /** `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
}

export type ClaimAnswer =
  | { readonly taken: true }
  /** `run`: the one that it is busy with; missing: that is not why. */
  | { readonly taken: false; readonly reason: string; readonly run?: string };

/** How the agent is to compile the script. */
export interface CompileSettings {
  readonly instrument: readonly string[];
  readonly perVu: readonly string[];
  readonly isBase: boolean;
  /** Files that each agent writes its samples to, and hands over at the end; missing: none. */
  readonly files?: readonly SampleFile[];
}

/** What samples are written as, in a file. */
export type SampleFile = 'json' | 'csv';

/** An output to a server, which each agent sends its samples to by itself. */
export interface OutputPlan {
  readonly spec: ServerSpec;
  /** As people see it: no credentials. */
  readonly description: string;
}

/** Setup data that is in the bucket. */
export interface StoredData {
  readonly object: string;
}

/** `outputs`: servers that samples go to; missing: none. */
export type ConfigureStep = Extract<Step, { readonly type: 'configure' }> & {
  readonly outputs?: readonly OutputPlan[];
};

/** What the load of an agent is asked to do. */
export type AgentStep = Exclude<Step, { readonly type: 'configure' }> | ConfigureStep;

/** All that one agent is told; pauses are for all of them. */
export type ToAgent =
  | Exclude<ToHost, { readonly type: 'load' | 'configure' | 'start' | 'teardown' | 'pause' | 'resume' }>
  | Numbered<ConfigureStep>
  /** All samples are to reach the servers of the outputs; answered by `drained`. */
  | { readonly type: 'drain' }
  /** `digest`: SHA-256 of the archive, in hexadecimal. `targets`: where the script may connect to; missing: there are no such rules. */
  | Numbered<{
      readonly type: 'load';
      readonly compile: CompileSettings;
      readonly digest: string;
      readonly targets?: TargetSettings;
    }>
  | Numbered<Extract<Step, { readonly type: 'start' | 'teardown' }> & { readonly stored?: StoredData }>;

/** What is decided of a run, in the order in which it is; times are those of the run, by the clock of who began it. */
export type Decision =
  /** Somebody leads from now on; a greater term goes before a lower one. */
  | { readonly type: 'lead'; readonly term: number }
  | { readonly type: 'begun'; readonly atMs: number }
  /** The scenarios stand still from now on, or go on. */
  | { readonly type: 'pause' | 'resume'; readonly atMs: number }
  | { readonly type: 'tell'; readonly agent: number; readonly message: ToAgent }
  /** Nothing that it says from here on counts. */
  | { readonly type: 'lost'; readonly agent: number; readonly reason: string }
  /** A spare agent has the share of another one from now on. `broken`: names of the scenarios that it cannot go on with. */
  | {
      readonly type: 'replace';
      readonly agent: number;
      readonly by: number;
      readonly broken: readonly string[];
    }
  /** The run is over. */
  | { readonly type: 'over' };

/** A decision with its place among those of the run: 1, 2, 3 … without gaps. */
export interface Recorded {
  readonly v: number;
  readonly place: number;
  readonly decision: Decision;
  /** When it was decided, in the time of the run; missing: whoever has taken the run over did not know that yet. */
  readonly atMs?: number;
  /** Of the decision at its place, by the key of the run's claims; missing: it has none. */
  readonly signature?: string;
}

/** What an agent says; `broken` stands in place of a reply where the load itself is gone. */
export type FromAgent =
  | Exclude<FromHost, { readonly type: 'samples' } | { readonly type: 'report' }>
  | { readonly type: 'broken'; readonly exitCode: ExitCode; readonly text: string }
  /** Servers have got what they will get. `losses`: what they have not, a sentence each. */
  | { readonly type: 'drained'; readonly losses: readonly string[] }
  /** A piece of the file of samples with this place in the list of files, compressed (gzip), in base64; `isLast`: there are no more. */
  | { readonly type: 'file'; readonly index: number; readonly octets: string; readonly isLast: boolean };

/** Several things that an agent says, in order. */
export interface AgentEvents {
  readonly v: number;
  readonly counts: ToldCounts;
  readonly items: readonly FromAgent[];
}

/** A sign of life of an agent. */
export interface AgentBeat {
  readonly v: number;
  readonly counts: ToldCounts;
  readonly scenarios: readonly ScenarioProgress[];
  readonly busyShare: number;
  /** What waits to be taken by NATS, in messages. */
  readonly backlog: number;
  /** Why it waits; null: it does not. */
  readonly problem: string | null;
  /** What is added to its clock to get the time of the run, in ms. */
  readonly clockShiftMs: number;
  /** The shortest way to the coordinator and back, in ms. */
  readonly roundTripMs: number;
}

/** A sign of life of who leads. */
export interface LeadBeat {
  readonly v: number;
  readonly term: number;
  /** Place of the last decision. */
  readonly last: number;
}

export type Question =
  | { readonly type: 'clock' }
  /** The test is to end in order. */
  | { readonly type: 'stop' }
  /** Decisions after a place. */
  | { readonly type: 'missed'; readonly after: number };

export type Answer =
  | { readonly type: 'stopping' }
  | { readonly type: 'clock'; readonly nowMs: number }
  | { readonly type: 'missed'; readonly decisions: readonly Recorded[] };
