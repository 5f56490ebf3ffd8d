// A run in its own process: what happens is told to the server, which keeps it.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { TimelineEvents } from '../../control/timeline-events.ts';
import { judgeGenerator } from '../../execution/generator-health.ts';
import type { SummaryFiles } from '../../execution/load-plane/summary-files.ts';
import { Redactor } from '../../execution/secrets/redactor.ts';
import { SecretStore } from '../../execution/secrets/secret-store.ts';
import { planVus } from '../../execution/vu-plan.ts';
import { EXIT } from '../../exit/exit-error.ts';
import { formatDuration } from '../../options/duration.ts';
import { VERSION } from '../../options/package-version.ts';
import { compareRecords } from '../../report/compare-records.ts';
import { headlineOf } from '../../report/headline.ts';
import { exportSummary, toLegacyData } from '../../report/legacy-summary.ts';
import { deflateRun, packRun } from '../../report/pack-run.ts';
import { buildSummary } from '../../report/summary.ts';
import { renderTextSummary } from '../../report/text-summary.ts';
import { unpackRun } from '../../report/unpack-run.ts';
import { RecordedRun } from '../../run/recorded-run.ts';
import type { RunObserver, RunPlan, RunResult, RunSnapshot } from '../../run/run-observer.ts';
import { RunSession } from '../../run/run-session.ts';
import type { RunOrder } from '../api/documents.ts';
import type { ChildLink } from './child-link.ts';
import type { ChildEvent, ChildTask, FromChild } from './child-protocol.ts';
import { clusterLoad } from './cluster-load.ts';
import { dataWithin, textWithin } from './kept-size.ts';
import { filesWithin, type RunFile } from './run-files.ts';
import { endingOf } from './task-ending.ts';
import { LimitGuard, requestOf } from './task-request.ts';

/** How often the run so far is handed over to be kept, in ms: what a server that is killed loses at most. */
const CHECKPOINT_MS = 10_000;
const EVENTS_MS = 250;
/** A timer of Node that is to take longer fires at once (https://nodejs.org/api/timers.html). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export async function runTask(task: ChildTask, link: ChildLink): Promise<void> {
  const redactor = new Redactor();
  const values = new Map(Object.entries(task.secrets));
  const secrets = new SecretStore([], {}, redactor, {
    description: 'the secrets of the project',
    get: async (key) => values.get(key),
    keys: values.keys(),
  });
  const hide = (text: string): string => redactor.redact(text).replaceAll(task.script, task.name);
  try {
    const cluster = await clusterLoad(task, link);
    const recorded = new RecordedRun(() => session.snapshot(), task.id);
    const told = new ToldRun(task, link, recorded, hide, (data) => session.handleSummary(data));
    link.leaveIn(path.dirname(task.script), () => told.soFar());
    const session: RunSession = new RunSession({ ...requestOf(task), ...cluster?.request, secrets }, [
      new LimitGuard(task),
      recorded.timeline,
      recorded,
      told,
      {
        // What is ordered earlier waits until there is something to steer.
        onState: (state) => {
          if (state === 'loading' || state === 'initialising') return;
          link.obey({
            onOrder: ({ id, order }) =>
              link.say({ type: 'outcome', id, ...carryOut(session, order, task.limits.maxVus - told.vusBeside) }),
            onCheckpoint: () => told.checkpoint(),
          });
        },
      },
    ]);
    const limit = afterAll(task.limits.maxDurationMs, () => {
      session.interrupt({
        exitCode: EXIT.interrupted,
        message: `the test has taken ${formatDuration(task.limits.maxDurationMs)}, which is all that its project allows`,
      });
    });
    try {
      await session.run();
    } finally {
      limit.cancel();
      await cluster?.end();
    }
    link.finish(told.ending());
  } catch (error) {
    const ending = endingOf(error, task);
    link.finish({ ...ending, reason: ending.reason === null ? null : hide(ending.reason) });
  }
}

/** Calls once, after a time that may be longer than a timer can be. */
function afterAll(ms: number, call: () => void): { cancel(): void } {
  const at = Date.now() + ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = at - Date.now();
    timer = setTimeout(left > LONGEST_TIMER_MS ? wait : call, Math.min(left, LONGEST_TIMER_MS));
  };
  wait();
  return { cancel: () => clearTimeout(timer) };
}

/** @param most virtual users that the scenario which is controlled from outside may have */
function carryOut(session: RunSession, order: RunOrder, most: number): { ok: boolean; message: string } {
  try {
    switch (order.action) {
      case 'stop':
        session.stop();
        break;
      case 'pause':
        session.pause();
        break;
      case 'resume':
        session.resume();
        break;
      case 'scale':
        for (const wanted of [order.vus ?? 0, order.maxVus ?? 0])
          if (wanted > most)
            return {
              ok: false,
              message: `${wanted} virtual users are wanted, and the project allows ${most} here: ask its administrator`,
            };
        session.scale({
          ...(order.vus !== undefined && { vus: order.vus }),
          ...(order.maxVus !== undefined && { maxVus: order.maxVus }),
        });
    }
    return { ok: true, message: '' };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

/** Hears of the run after everybody else. */
class ToldRun implements RunObserver {
  readonly #task: ChildTask;
  readonly #link: ChildLink;
  readonly #recorded: RecordedRun;
  readonly #hide: (text: string) => string;
  readonly #handleSummary: (data: unknown) => Promise<SummaryFiles | null>;
  #plan: RunPlan | null = null;
  #result: RunResult | null = null;
  #summary: string | null = null;
  #summaryData: string | null = null;
  #files: readonly RunFile[] = [];
  #events: ChildEvent[] = [];
  #timers: NodeJS.Timeout[] = [];

  constructor(
    task: ChildTask,
    link: ChildLink,
    recorded: RecordedRun,
    hide: (text: string) => string,
    handleSummary: (data: unknown) => Promise<SummaryFiles | null>,
  ) {
    this.#task = task;
    this.#link = link;
    this.#recorded = recorded;
    this.#hide = hide;
    this.#handleSummary = handleSummary;
  }

  onLog(level: string, message: string, fields: Readonly<Record<string, string>>, time: Date): void {
    const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, this.#hide(value)]));
    this.#link.log(level, this.#hide(message), shown, time);
  }

  async onReady(plan: RunPlan): Promise<void> {
    await this.#link.begin(plan.fingerprint);
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
    this.#link.say({
      type: 'progress',
      progress: {
        state,
        isPaused,
        elapsedMs,
        plannedMs: this.#recorded.timeline.plannedMs,
        activeVus,
        initialisedVus,
        completed,
        interrupted,
        failed,
      },
    });
    const { scenarios, thresholds, iterations, durationMs } = this.#recorded.record();
    const data = { state, isPaused, durationMs, scenarios, thresholds, iterations };
    this.#events.push({ name: 'state', data: JSON.stringify(data) });
  }

  #sendEvents(): void {
    if (this.#events.length === 0) return;
    this.#link.say({ type: 'events', events: this.#events });
    this.#events = [];
  }

  /** Hands over the run so far. */
  checkpoint(): void {
    const message = this.soFar();
    if (message === null) return;
    this.#sendEvents();
    this.#link.say(message);
  }

  /** @returns the run so far; null: it has not begun, or is over */
  soFar(): Extract<FromChild, { type: 'checkpoint' }> | null {
    if (this.#plan === null || this.#result !== null) return null;
    const { record, data } = this.#recorded.read();
    return { type: 'checkpoint', record: this.#recorded.deflateAll(), headline: headlineOf(record, data) };
  }

  onConclude(): null {
    const { name, records } = this.#task.baseline;
    const earlier = records.flatMap((bytes) => {
      try {
        return [unpackRun(bytes)];
      } catch {
        // A record of another version takes no part.
        return [];
      }
    });
    if (earlier.length > 0) this.#recorded.comparison = compareRecords(this.#recorded.read(), earlier, name);
    return null;
  }

  async onEnd(result: RunResult): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#result = result;
    const summary = buildSummary(result.engine, {
      durationMs: result.durationMs,
      trendStats: result.options.summaryTrendStats,
      timeUnit: result.options.summaryTimeUnit,
      noColor: true,
      isStdoutTty: false,
      isStderrTty: false,
      setupData: result.setupData,
      generatorNote: judgeGenerator(result.health, availableParallelism()).text,
      version: VERSION,
      iterations: result.iterations,
      concerns: result.concerns,
      comparison: this.#recorded.comparison,
    });
    this.#summaryData = dataWithin(exportSummary(summary), (message) =>
      this.#link.log('warning', message, {}, new Date()),
    );
    const files = await this.#handleSummary(toLegacyData(summary));
    const own = files?.['stdout'];
    this.#summary = textWithin(
      this.#hide(
        files === null
          ? renderTextSummary(summary, { mode: 'compact', colour: false, columns: undefined })
          : typeof own === 'string'
            ? own
            : Buffer.from(own ?? '').toString('utf8'),
      ),
    );
    this.#files = filesWithin(this.#filesOf(files ?? {}), (message) =>
      this.#link.log('warning', message, {}, new Date()),
    );
  }

  #filesOf(files: SummaryFiles): RunFile[] {
    return Object.entries(files).flatMap(([name, content]) => {
      if (name === 'stdout' || name === 'stderr') return [];
      return [{ name, data: typeof content === 'string' ? Buffer.from(this.#hide(content)) : content }];
    });
  }

  ending(): ReturnType<typeof endingOf> {
    this.#sendEvents();
    const { exitCode, reason } = this.#result!;
    const { record, data } = this.#recorded.read();
    return {
      type: 'end',
      exitCode,
      reason: reason === null ? null : this.#hide(reason),
      record: deflateRun(packRun(record, data), 6),
      headline: headlineOf(record, data),
      fingerprint: record.fingerprint ?? null,
      summary: this.#summary,
      summaryData: this.#summaryData,
      files: this.#files,
    };
  }
}
