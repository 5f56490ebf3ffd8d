// A run as somebody elsewhere hears of it while it goes on: how far it is, what it logs, what its page shows, and how it ended.
import { TimelineEvents } from '../../control/timeline-events.ts';
import { planVus } from '../../execution/vu-plan.ts';
import { headlineOf } from '../../report/headline.ts';
import { deflateRun, packRun } from '../../report/pack-run.ts';
import type { RecordedRun } from '../../run/recorded-run.ts';
import type { RunObserver, RunPlan, RunResult, RunSnapshot } from '../../run/run-observer.ts';
import type { ChildEvent, FromChild } from './child-protocol.ts';
import { filesWithin, type RunFile } from './run-files.ts';
import type { Ending } from './write-ending.ts';

/** How often the run so far is handed over to be kept, in ms: what is lost at most where the machine of the run is gone. */
const CHECKPOINT_MS = 10_000;
const EVENTS_MS = 250;

/** The way to whoever keeps what is told. */
export interface RunListener {
  /** Says that the load is about to begin. @returns when it may */
  begin(fingerprint: string): Promise<void>;
  say(message: Extract<FromChild, { type: 'progress' | 'events' | 'checkpoint' }>): void;
  log(level: string, message: string, fields: Readonly<Record<string, string>>, time: Date): void;
}

/** What is shown at the end of a run. */
export interface MadeSummary {
  readonly text: string | null;
  /** JSON. */
  readonly data: string | null;
  /** Of handleSummary. */
  readonly files: readonly RunFile[];
}

/** Hears of the run after everybody else. */
export class ToldRun implements RunObserver {
  readonly #listener: RunListener;
  readonly #recorded: RecordedRun;
  readonly #hide: (text: string) => string;
  #plan: RunPlan | null = null;
  #result: RunResult | null = null;
  #events: ChildEvent[] = [];
  #timers: NodeJS.Timeout[] = [];

  /** @param hide takes out of texts what nobody is to see */
  constructor(listener: RunListener, recorded: RecordedRun, hide: (text: string) => string) {
    this.#listener = listener;
    this.#recorded = recorded;
    this.#hide = hide;
  }

  onLog(level: string, message: string, fields: Readonly<Record<string, string>>, time: Date): void {
    const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, this.#hide(value)]));
    this.#listener.log(level, this.#hide(message), shown, time);
  }

  async onReady(plan: RunPlan): Promise<void> {
    await this.#listener.begin(plan.fingerprint);
    this.#plan = plan;
    const { timeline } = this.#recorded.timeline;
    timeline.listen(
      new TimelineEvents((name, describe) => {
        this.#events.push({ name, data: JSON.stringify(describe()) });
        if (name === 'resync') this.checkpoint();
      }),
    );
    this.#timers = [
      setInterval(() => this.#sendEvents(), EVENTS_MS),
      setInterval(() => this.checkpoint(), CHECKPOINT_MS),
    ];
    this.checkpoint();
  }

  /** The most virtual users of all scenarios but the one that can be scaled. */
  get vusBeside(): number {
    const scenarios = this.#plan?.scenarios ?? [];
    const scaled = scenarios.find(({ executor }) => executor === 'externally-controlled');
    return planVus(scenarios.filter((scenario) => scenario !== scaled)).max;
  }

  onSnapshot(snapshot: RunSnapshot): void {
    const { state, isPaused, elapsedMs, activeVus, initialisedVus, completed, interrupted, failed } = snapshot;
    const { plannedMs } = this.#recorded.timeline;
    const counts = { activeVus, initialisedVus, completed, interrupted, failed };
    this.#listener.say({ type: 'progress', progress: { state, isPaused, elapsedMs, plannedMs, ...counts } });
    const { scenarios, thresholds, iterations, durationMs } = this.#recorded.record();
    const data = { state, isPaused, durationMs, scenarios, thresholds, iterations };
    this.#events.push({ name: 'state', data: JSON.stringify(data) });
  }

  #sendEvents(): void {
    if (this.#events.length === 0) return;
    this.#listener.say({ type: 'events', events: this.#events });
    this.#events = [];
  }

  /** Hands over the run so far. */
  checkpoint(): void {
    const message = this.soFar();
    if (message === null) return;
    this.#sendEvents();
    this.#listener.say(message);
  }

  /** @returns the run so far; null: it has not begun, or is over */
  soFar(): Extract<FromChild, { type: 'checkpoint' }> | null {
    if (this.#plan === null || this.#result !== null) return null;
    const { record, data } = this.#recorded.read();
    return { type: 'checkpoint', record: this.#recorded.deflateAll(), headline: headlineOf(record, data) };
  }

  onEnd(result: RunResult): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#sendEvents();
    this.#result = result;
  }

  onRevise(result: RunResult): void {
    this.#result = result;
  }

  /** @returns null: it is not over, or ended before there was any load */
  ending({ text, data: summaryData, files }: MadeSummary): Ending | null {
    if (this.#result === null) return null;
    const { exitCode, reason } = this.#result;
    const { record, data } = this.#recorded.read();
    return {
      type: 'end',
      exitCode,
      reason: reason === null ? null : this.#hide(reason),
      record: deflateRun(packRun(record, data), 6),
      headline: headlineOf(record, data),
      fingerprint: record.fingerprint ?? null,
      summary: text,
      summaryData,
      files: filesWithin(files, (message) => this.#listener.log('warning', message, {}, new Date())),
    };
  }
}
