// What a load worker and the thread that started it say to each other beside the protocol of all hosts: memory that they share, and
// signs of life.
import type { SharedElements } from '../vu/shared-data.ts';
import type { FromHost, ToHost, WorkerStart } from './worker-protocol.ts';

export interface ThreadStart extends WorkerStart {
  /** Shared by all workers of the run: see run-counters.ts. */
  readonly counters: SharedArrayBuffer;
}

/** The elements of each SharedArray, by its name. */
export type SharedData = readonly (readonly [name: string, elements: SharedElements])[];

/** What SharedArrays hold: comes before the reply to `load`, and before that step to workers that start later. */
interface ShareElements {
  readonly type: 'share-elements';
  readonly elements: SharedData;
}

export type ToThread =
  | ToHost
  /** The first message: which worker of which test the thread is. */
  | { readonly type: 'begin'; readonly start: ThreadStart }
  /** Counters for shared iterations, one for each scenario (shared-counter.ts); comes before the scenarios do. */
  | { readonly type: 'share-iterations'; readonly counters: SharedArrayBuffer }
  | ShareElements
  /** Answered at once by `pong`, unless code of the script does not give back control. */
  | { readonly type: 'ping' };

export type FromThread = FromHost | ShareElements | { readonly type: 'pong' };
