// What an agent and the process in which its load runs say to each other.

import type { GroupProgress } from '../../execution/control-plane/host-group.ts';
import type { ToldCounts } from '../../execution/summed-counts.ts';
import type { Command, Reply } from '../../execution/worker-protocol.ts';
import type { ExitCode } from '../../exit/exit-error.ts';
import type { ScriptLocation } from '../../vu/environment.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import type { AgentStep, FromAgent, SampleFile } from '../messages.ts';

export type ToLoad =
  | {
      readonly type: 'open';
      readonly env: Readonly<Record<string, string>>;
      readonly script: ScriptLocation;
      /** How people call the agent. */
      readonly name: string;
      /** Where the script may connect to; null: there are no such rules. */
      readonly targets: TargetSettings | null;
      /** Files that samples are written to. */
      readonly files: readonly { readonly kind: SampleFile; readonly path: string }[];
    }
  | { readonly type: 'ask'; readonly id: number; readonly step: AgentStep; readonly addMs: number }
  | { readonly type: 'tell'; readonly command: Command }
  /** When the run began, by the clock of the process. */
  | { readonly type: 'begin'; readonly atMs: number }
  | { readonly type: 'pause'; readonly isPaused: boolean }
  /** All samples are to reach the servers of the outputs; it says `drained` then. */
  | { readonly type: 'drain' }
  /** What was measured is to be handed over. `addMs` makes the coordinator's time of that of the process. */
  | { readonly type: 'report'; readonly addMs: number }
  /** The agent is there. */
  | { readonly type: 'here' }
  | { readonly type: 'close' };

export type FromLoad =
  /** It is there; its time in ms since the epoch at an instant of the system's monotonic clock, in ns. */
  | { readonly type: 'hello'; readonly nowMs: number; readonly hrNs: bigint }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly counts: ToldCounts;
      readonly reply: Reply | null;
    }
  | {
      readonly type: 'fault';
      readonly id: number;
      readonly counts: ToldCounts;
      readonly exitCode: ExitCode;
      readonly text: string;
    }
  | { readonly type: 'say'; readonly items: readonly FromAgent[]; readonly counts: ToldCounts }
  /** An encoded report. */
  | { readonly type: 'report'; readonly octets: Uint8Array }
  | { readonly type: 'state'; readonly counts: ToldCounts; readonly progress: GroupProgress };
