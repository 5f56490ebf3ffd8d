// The way of a run that is made here to the server that keeps it: whatever becomes of that server costs the test nothing. What cannot be
// handed over waits, within bounds, and goes when the server answers again.

import {
  type LogLine,
  type Report,
  type RunOrder,
  type ServiceClient,
  ServiceError,
} from '../../service/client/index.ts';
import type { ChildEvent, FromChild } from '../../service/runs/child-protocol.ts';
import { lineWithin } from '../../service/runs/kept-size.ts';
import { withoutNull, withoutNullIn } from '../../service/runs/kept-text.ts';
import type { RunListener } from '../../service/runs/told-run.ts';
import { bareEnding, type Ending } from '../../service/runs/write-ending.ts';

const PERIOD_MS = 500;
/** A server that takes longer to answer is not there, in ms. */
const ANSWER_MS = 30_000;
/** At the end it is waited for so long, in ms: it may be started anew meanwhile. */
const PATIENCE_MS = 60_000;
/** In one report. */
const LINES_AT_ONCE = 500;
const OCTETS_OF_EVENTS = 1024 * 1024;
/** Events that wait; then whoever looks on reads the run anew. */
const MOST_EVENTS = 20_000;
/** Answers that mind what is told, and not who tells it or of what: the next part may be right. */
const OBJECTIONS = [400, 413, 422];
/** Lines of a log that a server keeps; the last one says how many were left out. */
const MOST_LINES = 10_000;

type NumberedEvent = NonNullable<Report['events']>[number];

/** What may be asked of the run. */
export interface ReportedRun {
  carryOut(order: RunOrder): { readonly ok: boolean; readonly message: string };
  /** The run so far is wanted now. */
  checkpoint(): void;
  /** Something is to be said in its log. */
  say(level: 'info' | 'warning', message: string): void;
}

export interface ReportLinkOptions {
  /** Whether its log goes to the server as well. */
  readonly sendsLogs: boolean;
  /** At the end, in ms, where it is not the usual time. */
  readonly patienceMs?: number;
}

export class ReportLink implements RunListener {
  readonly #client: ServiceClient;
  readonly #id: string;
  readonly #options: ReportLinkOptions;
  readonly #carriedOut = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #run: ReportedRun | null = null;
  #begun: Report['begun'];
  #progress: Report['progress'];
  #checkpoint: Report['checkpoint'];
  #events: NumberedEvent[] = [];
  #lines: LogLine[] = [];
  #outcomes: NonNullable<Report['outcomes']>[number][] = [];
  #ending: Report['ending'];
  #seq = 0;
  #lineSeq = 0;
  #leftOut = 0;
  #sending: Promise<void> | null = null;
  #isAway = false;
  /** Of its end there is nothing left but the exit code and the reason. */
  #isBare = false;
  /** Why the server takes nothing more; null: it does. */
  #refusal: string | null = null;
  #problem: string | null = null;
  /** What it had against the last part that it has refused: that is said once. */
  #objection: string | null = null;

  /** @param id of the run on the server */
  constructor(client: ServiceClient, id: string, options: ReportLinkOptions) {
    this.#client = client;
    this.#id = id;
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), PERIOD_MS).unref();
  }

  /** The run can be steered from now on. */
  obey(run: ReportedRun): void {
    this.#run = run;
  }

  /** The load waits for nobody. */
  async begin(fingerprint: string): Promise<void> {
    this.#begun = { fingerprint };
  }

  say(message: Extract<FromChild, { type: 'progress' | 'events' | 'checkpoint' }>): void {
    switch (message.type) {
      case 'progress':
        this.#progress = message.progress;
        return;
      case 'events':
        this.#takeEvents(message.events);
        return;
      case 'checkpoint': {
        const record = Buffer.from(message.record).toString('base64');
        this.#checkpoint = { record, headline: message.headline, seq: this.#seq };
      }
    }
  }

  #takeEvents(events: readonly ChildEvent[]): void {
    for (const { name, data } of events) this.#events.push({ seq: ++this.#seq, name, data });
    if (this.#events.length <= MOST_EVENTS) return;
    // Those that a report on its way has are known by their numbers.
    this.#events = [{ seq: ++this.#seq, name: 'resync', data: 'null' }];
    this.#run?.checkpoint();
  }

  log(level: string, message: string, fields: Readonly<Record<string, string>>, time: Date): void {
    if (!this.#options.sendsLogs) return;
    if (this.#lineSeq >= MOST_LINES - 1) {
      this.#leftOut++;
      return;
    }
    const shown = Object.entries(fields).map(([name, value]) => [lineWithin(name), lineWithin(value)]);
    const line = { level, message: lineWithin(message), fields: Object.fromEntries(shown) as Record<string, string> };
    this.#lines.push({ seq: ++this.#lineSeq, atMs: time.getTime(), ...withoutNullIn(line) });
  }

  /** Hands over what there is. */
  flush(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #send(): Promise<void> {
    if (this.#refusal !== null) return;
    const report = this.#next();
    try {
      const { orders } = await this.#client.report(this.#id, report, AbortSignal.timeout(ANSWER_MS));
      this.#drop(report);
      if (this.#isAway) this.#run?.say('info', 'the server answers again: what it has missed is handed over');
      this.#isAway = false;
      this.#problem = null;
      for (const { id, order } of orders) this.#carryOut(id, order);
    } catch (error) {
      this.#fail(error as Error, report);
    }
  }

  #next(): Report {
    const lines = this.#lines.slice(0, LINES_AT_ONCE);
    const events: NumberedEvent[] = [];
    let octets = 0;
    for (const event of this.#events) {
      octets += event.data.length;
      if (events.length > 0 && (octets > OCTETS_OF_EVENTS || events.length >= 1000)) break;
      events.push(event);
    }
    // The end comes behind everything else.
    const isLast = lines.length === this.#lines.length && events.length === this.#events.length;
    return {
      ...(this.#begun !== undefined && { begun: this.#begun }),
      ...(this.#progress !== undefined && { progress: this.#progress }),
      ...(events.length > 0 && { events }),
      ...(lines.length > 0 && { lines }),
      ...(this.#checkpoint !== undefined && { checkpoint: this.#checkpoint }),
      ...(this.#outcomes.length > 0 && { outcomes: [...this.#outcomes] }),
      ...(isLast && this.#ending !== undefined && { ending: this.#ending }),
    };
  }

  /** Forgets what has been handed over; what is newer stays. */
  #drop(report: Report): void {
    const lastEvent = report.events?.at(-1)?.seq ?? 0;
    const lastLine = report.lines?.at(-1)?.seq ?? 0;
    this.#events = this.#events.filter(({ seq }) => seq > lastEvent);
    this.#lines = this.#lines.filter(({ seq }) => seq > lastLine);
    this.#outcomes = this.#outcomes.filter((outcome) => !report.outcomes?.includes(outcome));
    if (report.begun !== undefined) this.#begun = undefined;
    if (report.progress === this.#progress) this.#progress = undefined;
    if (report.checkpoint === this.#checkpoint) this.#checkpoint = undefined;
    if (report.ending !== undefined) this.#ending = undefined;
  }

  #carryOut(id: string, order: Readonly<Record<string, unknown>>): void {
    if (this.#run === null || this.#carriedOut.has(id)) return;
    this.#carriedOut.add(id);
    if (order['action'] === 'checkpoint') {
      this.#run.checkpoint();
      this.#outcomes.push({ id, ok: true, message: '' });
    } else this.#outcomes.push({ id, ...this.#run.carryOut(order as unknown as RunOrder) });
  }

  #fail(error: Error, report: Report): void {
    const cause = (error.cause as Error | undefined)?.message;
    this.#problem = error instanceof ServiceError ? error.message : cause || error.message;
    if (error instanceof ServiceError && OBJECTIONS.includes(error.status) && this.#leaveOut(report)) {
      if (this.#objection !== this.#problem)
        this.#run?.say('warning', `the server has refused a part of what it was told of this run (${this.#problem})`);
      this.#objection = this.#problem;
      return;
    }
    if (error instanceof ServiceError && error.status < 500 && error.status !== 429) {
      this.#refusal = this.#problem;
      this.#run?.say('warning', `the server takes nothing more of this run (${this.#refusal}): the test goes on`);
      return;
    }
    // Where it is asked too much it is there.
    if (this.#isAway || (error instanceof ServiceError && error.status === 429)) return;
    this.#isAway = true;
    this.#run?.say(
      'warning',
      `the server does not answer (${this.#problem}): the test goes on, and what it measures is handed over later`,
    );
  }

  /** Gives up what a server refuses, so that it hears the rest, and at least how the run ended. @returns whether there was anything */
  #leaveOut(report: Report): boolean {
    const { ending, begun: _, ...parts } = report;
    if (Object.keys(parts).length > 0) {
      this.#drop(parts);
      return true;
    }
    if (ending === undefined || this.#isBare) return false;
    this.#isBare = true;
    const { exitCode, reason } = ending;
    this.#ending = toldEnding(
      bareEnding(exitCode, `${reason ?? 'it ended'}; the server has refused the rest: ${this.#problem}`),
    );
    return true;
  }

  /** Hands over the rest and how it ended. @returns why that cannot be done; null: it is */
  async finish(ending: Ending): Promise<string | null> {
    clearInterval(this.#timer);
    if (this.#leftOut > 0) {
      const message = `${this.#leftOut} lines of the log were left out: of each run ${MOST_LINES} are kept`;
      this.#lines.push({ seq: MOST_LINES, atMs: Date.now(), level: 'warning', message, fields: {} });
    }
    this.#ending = toldEnding(ending);
    // The run so far is in it.
    this.#checkpoint = undefined;
    const { patienceMs = PATIENCE_MS } = this.#options;
    let heardAt = performance.now();
    while (this.#ending !== undefined && this.#refusal === null) {
      // One that is on its way knows nothing of the end yet.
      await this.#sending;
      await this.flush();
      if (this.#problem === null) heardAt = performance.now();
      else if (performance.now() - heardAt > patienceMs) return this.#problem;
      else await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    }
    return this.#refusal;
  }
}

/** @returns the end as a server takes it */
function toldEnding({ type: _, record, files, reason, summary, ...rest }: Ending): NonNullable<Report['ending']> {
  return {
    ...rest,
    reason: reason === null ? null : lineWithin(withoutNull(reason)),
    summary: summary === null ? null : withoutNull(summary),
    record: record === null ? null : Buffer.from(record).toString('base64'),
    files: files.map(({ name, data }) => ({ name, data: Buffer.from(data).toString('base64') })),
  };
}
