// What a load worker and the thread that started it say to each other beside the protocol of all hosts: memory that they share, signs of
// life, and errands.
import type { BrowserWay } from '../vu/browsers.ts';
import type { Echo, EchoOutcome } from '../vu/pinger.ts';
import type { SharedElements } from '../vu/shared-data.ts';
import type { FromHost, ToHost, WorkerStart } from './worker-protocol.ts';

export interface ThreadStart extends WorkerStart {
  /** Shared by all workers of the run: see run-counters.ts. */
  readonly counters: SharedArrayBuffer;
  /** Whether the thread is to say what the engine has made of the program ({@link OwnCode}). */
  readonly tellsOwnCode: boolean;
}

/** The elements of each SharedArray, by its name. */
export type SharedData = readonly (readonly [name: string, elements: SharedElements])[];

/** What SharedArrays hold: comes before the reply to `load`, and before that step to workers that start later. */
interface ShareElements {
  readonly type: 'share-elements';
  readonly elements: SharedData;
}

/** What a worker may not do itself, and has the main thread do (control-plane/errand-runner.ts). */
export interface Errand {
  readonly type: 'errand';
  readonly id: number;
  readonly ask: /** The result is where the browser listens. */
    | { readonly kind: 'start-browser'; readonly way: BrowserWay }
    | { readonly kind: 'save'; readonly path: string; readonly bytes: Uint8Array }
    /** The result is what became of it. */
    | { readonly kind: 'ping'; readonly echo: Echo }
    /** Ends the program that the errand `started` has started. */
    | { readonly kind: 'end'; readonly started: number };
}

export type ErrandResult = string | EchoOutcome | null;

export type ErrandAnswer = { readonly type: 'errand-answer'; readonly id: number } & (
  | { readonly result: ErrandResult }
  | { readonly problem: string }
);

export type ToThread =
  | ToHost
  /** The first message: which worker of which test the thread is. */
  | { readonly type: 'begin'; readonly start: ThreadStart }
  /**
   * Comes before the scenarios do. `counters`: for shared iterations, one for each scenario (shared-counter.ts). `claims`: where the thread
   * says whom it has to serve (turn-claims.ts).
   */
  | { readonly type: 'share-scenarios'; readonly counters: SharedArrayBuffer; readonly claims: SharedArrayBuffer }
  | ShareElements
  | ErrandAnswer
  /** Answered at once by `pong`, unless code of the script does not give back control. */
  | { readonly type: 'ping' };

/** What the engine has made of the program itself, to be kept for later starts (node/kept-code.ts). */
interface OwnCode {
  readonly type: 'own-code';
  readonly code: ReadonlyMap<string, Uint8Array>;
}

export type FromThread = FromHost | ShareElements | OwnCode | Errand | { readonly type: 'pong' };
