// What a load worker and the thread that started it say to each other beside the protocol of all hosts: memory that they share, and
// signs of life.
import type { Command, LoadEvent, Numbered, Reply, Step, WorkerStart } from './worker-protocol.ts';

export interface ThreadStart extends WorkerStart {
  /** Shared by all workers of the run: see run-counters.ts. */
  readonly counters: SharedArrayBuffer;
}

export type ToThread =
  | Numbered<Step>
  | Command
  /** Counters for shared iterations, one for each scenario (shared-counter.ts); comes before the scenarios do. */
  | { readonly type: 'share-iterations'; readonly counters: SharedArrayBuffer }
  /** Answered at once by `pong`, unless code of the script does not give back control. */
  | { readonly type: 'ping' }
  /** Says `ended`, behind everything it has said before; the thread can be ended then. */
  | { readonly type: 'exit' };

export type FromThread =
  | Numbered<Reply>
  | LoadEvent
  /** A stop has been heard. */
  | { readonly type: 'stopped' }
  | { readonly type: 'pong' }
  | { readonly type: 'ended' };
