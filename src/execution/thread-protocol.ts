// What a load worker and the thread that started it say to each other beside the protocol of all hosts: memory that they share, signs of
// life, and browsers.
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

/** Asks for what a worker may not do itself (browsers/browser-host.ts). */
export interface BrowserRequest {
  readonly type: 'browser-request';
  readonly id: number;
  readonly ask: /** A browser; the answer is where it listens. `flags`: Chromium's, beside the usual ones. */
    | { readonly kind: 'start'; readonly flags: readonly string[] }
    /** `started`: the id of the request that asked for it. */
    | { readonly kind: 'end'; readonly started: number }
    | { readonly kind: 'save'; readonly path: string; readonly bytes: Uint8Array };
}

export type BrowserAnswer = { readonly type: 'browser-answer'; readonly id: number } & (
  | { readonly value: string }
  | { readonly problem: string }
);

export type ToThread =
  | ToHost
  /** The first message: which worker of which test the thread is. */
  | { readonly type: 'begin'; readonly start: ThreadStart }
  /** Counters for shared iterations, one for each scenario (shared-counter.ts); comes before the scenarios do. */
  | { readonly type: 'share-iterations'; readonly counters: SharedArrayBuffer }
  | ShareElements
  | BrowserAnswer
  /** Answered at once by `pong`, unless code of the script does not give back control. */
  | { readonly type: 'ping' };

export type FromThread = FromHost | ShareElements | BrowserRequest | { readonly type: 'pong' };
