// The other end of process-host.fixture.ts: the same session as on a thread, in a process.
import { enableCompileCache } from 'node:module';
import type { SharedCounter } from '../executor.ts';
import type { WorkerSession } from '../load-plane/worker-session.ts';
import type { WorkerStart } from '../worker-protocol.ts';
import type { FromProcess, ToProcess } from './process-host.fixture.ts';

// As in load-worker.ts: it has to be asked for before the rest is loaded.
enableCompileCache();
const sessions = await import('../load-plane/worker-session.ts');
const { RunCounters } = await import('../run-counters.ts');
const { createTurnClaims, TurnClaims } = await import('../turn-claims.ts');
const { tellableCounts } = await import('../summed-counts.ts');

const COUNTS_PERIOD_MS = 20;

/** Shared iterations without shared memory: each process takes every so many-th. */
class StripedCounter implements SharedCounter {
  readonly #index: number;
  readonly #processes: number;
  #turns = 0;
  #ended = 0;

  constructor(index: number, processes: number) {
    this.#index = index;
    this.#processes = processes;
  }

  next(): number {
    return this.#index + this.#turns++ * this.#processes;
  }

  taken(): number {
    return this.#index + this.#turns * this.#processes;
  }

  takeRest(total: number): number {
    let rest = 0;
    while (this.next() < total) rest++;
    return rest;
  }

  finish(): void {
    this.#ended++;
  }

  finished(): number {
    return this.#ended;
  }

  isFirstToSay(): boolean {
    return this.#index === 0;
  }
}

const say = (message: FromProcess): void => void process.send!(message);

function begin(start: WorkerStart): WorkerSession {
  const counters = new RunCounters();
  const tellCounts = (): void => say({ type: 'counts', counts: tellableCounts(counters) });
  setInterval(tellCounts, COUNTS_PERIOD_MS);
  return new sessions.WorkerSession(
    start,
    counters,
    // Nobody watches over a process.
    (_, processes) => ({
      iterations: new StripedCounter(start.index, processes),
      claims: new TurnClaims(createTurnClaims(1), 0),
    }),
    (message) => {
      // Nothing is heard behind it.
      if (message.type === 'ended') tellCounts();
      say(message);
    },
  );
}

let session: WorkerSession | null = null;
process.on('message', (message: ToProcess) => {
  if (message.type === 'begin') session = begin(message.start);
  else session?.hear(message);
});
