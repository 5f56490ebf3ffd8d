// What waits to be sent to a server, while the server may be slow, away or refusing: bounded, sent again, and counted where it is lost.
import { setTimeout as wait } from 'node:timers/promises';
import { MOST_INTERVAL_MS } from './settings-reader.ts';

/** What may wait, in octets. */
export const MOST_WAITING = 64 * 1024 * 1024;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Longest pause once nothing new comes. */
const LAST_PAUSE_MS = 2000;
/** How long the rest may take at the end: of a server that has answered, and of one that never did. */
const LAST_FLUSH_MS = 30_000;
const LAST_FLUSH_SILENT_MS = 5000;
/** Different reasons that a message names. */
const NAMED_REASONS = 3;

/** What a server made of a push. */
export type PushOutcome =
  | { readonly kind: 'taken' }
  /** It may work later. @param afterMs what the server asked for */
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs?: number }
  /** It will not work ever. @param lost how many of its samples, where the server took the others */
  | { readonly kind: 'refused'; readonly reason: string; readonly lost?: number };

export interface Push {
  readonly body: Uint8Array;
  /** How many samples it carries; 0: it carries totals, which the next one carries too. */
  readonly samples: number;
}

export interface PushQueueOptions {
  /** Sends one push. Never rejects. @param signal gives it up */
  readonly send: (body: Uint8Array, signal: AbortSignal) => Promise<PushOutcome>;
  /** How many may be under way at once. */
  readonly concurrency: number;
  /** Hears when sending begins to fail, and when it works again (null). */
  readonly onTrouble: (reason: string | null) => void;
  /** What a push carries, as messages call it; samples unless given. */
  readonly unit?: string;
  readonly maxBytes?: number;
  readonly lastFlushMs?: number;
}

export class PushQueue {
  readonly #options: PushQueueOptions;
  readonly #waiting: Push[] = [];
  readonly #abort = new AbortController();
  /** Breaks off a pause. */
  #hurry = new AbortController();
  #bytes = 0;
  #senders = 0;
  #closing = false;
  #hasWorked = false;
  #pauseMs = FIRST_PAUSE_MS;
  #pauseUntil = 0;
  #trouble: string | null = null;
  /** Lost samples and lost pushes of totals by reason. */
  readonly #lost = new Map<string, { samples: number; pushes: number }>();
  /** Whether the latest push of totals arrived. */
  #lastTotalsArrived = true;
  #idle: (() => void) | null = null;

  constructor(options: PushQueueOptions) {
    this.#options = options;
  }

  /** Takes in a push, or drops it where too much waits already. */
  offer(push: Push): void {
    if (push.samples === 0) this.#lastTotalsArrived = false;
    if (this.#bytes + push.body.length > (this.#options.maxBytes ?? MOST_WAITING)) {
      this.drop(push.samples, `too much waited${this.#trouble === null ? '' : `: ${this.#trouble}`}`);
      return;
    }
    this.#bytes += push.body.length;
    this.#waiting.push(push);
    if (this.#senders < this.#options.concurrency) void this.#sendAll();
  }

  /** Counts samples that cannot be sent. @param samples 0: a push of totals */
  drop(samples: number, reason: string): void {
    const entry = this.#lost.get(reason) ?? { samples: 0, pushes: 0 };
    this.#lost.set(reason, { samples: entry.samples + samples, pushes: entry.pushes + 1 });
  }

  /** Sends the rest, for a while. @returns what was lost, a sentence; null: nothing */
  async close(): Promise<string | null> {
    this.#closing = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#pauseUntil = 0;
    this.#hurry.abort();
    const limit = this.#options.lastFlushMs ?? (this.#hasWorked ? LAST_FLUSH_MS : LAST_FLUSH_SILENT_MS);
    const timer = setTimeout(() => {
      this.#abort.abort();
      this.#hurry.abort();
    }, limit);
    if (this.#senders > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    clearTimeout(timer);
    for (const { samples } of this.#waiting.splice(0)) this.drop(samples, this.#trouble ?? 'there was no more time');
    return this.#describeLosses();
  }

  async #sendAll(): Promise<void> {
    this.#senders++;
    while (this.#waiting.length > 0 && !this.#abort.signal.aborted) {
      await this.#pause();
      if (this.#abort.signal.aborted) break;
      const push = this.#waiting.shift();
      if (push === undefined) break;
      this.#bytes -= push.body.length;
      this.#settle(push, await this.#options.send(push.body, this.#abort.signal));
    }
    this.#senders--;
    if (this.#senders === 0) this.#idle?.();
  }

  #settle(push: Push, outcome: PushOutcome): void {
    switch (outcome.kind) {
      case 'taken':
        this.#hasWorked = true;
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#pauseUntil = 0;
        if (push.samples === 0 && this.#waiting.length === 0) this.#lastTotalsArrived = true;
        this.#tell(null);
        return;
      case 'refused':
        this.drop(outcome.lost ?? push.samples, outcome.reason);
        this.#tell(outcome.reason);
        return;
      case 'later': {
        // It keeps its place: what comes in order is to arrive in order.
        this.#waiting.unshift(push);
        this.#bytes += push.body.length;
        const longest = this.#closing ? LAST_PAUSE_MS : LONGEST_PAUSE_MS;
        const asked = outcome.afterMs === undefined ? undefined : Math.min(outcome.afterMs, MOST_INTERVAL_MS);
        const pause = asked ?? Math.min(longest, this.#pauseMs) * (0.75 + Math.random() / 4);
        this.#pauseUntil = Math.max(this.#pauseUntil, performance.now() + pause);
        this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
        // That it was given up says nothing of the server.
        if (!this.#abort.signal.aborted || this.#trouble === null) this.#tell(outcome.reason);
        return;
      }
    }
  }

  async #pause(): Promise<void> {
    if (this.#hurry.signal.aborted && !this.#abort.signal.aborted) this.#hurry = new AbortController();
    const left = this.#pauseUntil - performance.now();
    if (left > 0) await wait(left, undefined, { signal: this.#hurry.signal }).catch(() => {});
  }

  #tell(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(trouble);
  }

  #describeLosses(): string | null {
    const reasons = [...this.#lost].sort(([, a], [, b]) => b.samples - a.samples || b.pushes - a.pushes);
    const samples = reasons.reduce((sum, [, lost]) => sum + lost.samples, 0);
    const named = reasons.slice(0, NAMED_REASONS).map(([reason]) => reason);
    if (samples > 0) {
      const shown = reasons.slice(0, NAMED_REASONS).map(([reason, lost]) => `${lost.samples} (${reason})`);
      return `${samples} ${this.#options.unit ?? 'samples'} did not get there: ${shown.join(', ')}`;
    }
    // A push of totals that was lost is made good by the next one.
    if (this.#lastTotalsArrived || named.length === 0) return null;
    return `the last totals did not get there: ${named.join(', ')}`;
  }
}
