// Keeps a run in the history, from its start on, and compares it with earlier ones. A history that does not work fails no test.
import os from 'node:os';
import { type FoundBaseline, findBaseline } from '../control/history/find-baseline.ts';
import { HistoryStore } from '../control/history/history-store.ts';
import { invalidConfig } from '../exit/exit-error.ts';
import { VERSION } from '../options/package-version.ts';
import { compareRecords } from '../report/compare-records.ts';
import { findObjection } from '../report/find-objection.ts';
import { headlineOf } from '../report/headline.ts';
import { deflateRun, packRun } from '../report/pack-run.ts';
import type { RecordedRun } from '../run/recorded-run.ts';
import type { RunObserver, RunPlan, RunResult, RunSnapshot } from '../run/run-observer.ts';
import type { HistoryFlags } from './flags/history-flags.ts';
import type { LogWriter } from './log/log-writer.ts';

/** How often a run says that it is still there, in ms. */
const TOUCH_PERIOD_MS = 15_000;

export class HistoryObserver implements RunObserver {
  readonly #flags: HistoryFlags;
  readonly #run: RecordedRun;
  readonly #log: LogWriter;
  #store: HistoryStore | null = null;
  #baseline: FoundBaseline | null = null;
  /** Looks for what nobody has asked for: when the load is over, since earlier runs take time to read. */
  #findLater: (() => FoundBaseline | null) | null = null;
  #touchedAt = performance.now();

  /** @param run hears of everything before */
  constructor(flags: HistoryFlags, run: RecordedRun, log: LogWriter) {
    this.#flags = flags;
    this.#run = run;
    this.#log = log;
  }

  /** @throws ExitError 104 for a baseline that is not there, or cannot be: known before there is load */
  onReady({ fingerprint }: RunPlan): void {
    const { place, baseline, failOn } = this.#flags;
    const { id } = this.#run;
    if (place.kind === 'file') this.#store = this.#open(place.file);
    if (failOn.length > 0 && (baseline.kind === 'none' || (baseline.kind === 'default' && this.#store === null)))
      throw invalidConfig(
        '--fail-on compares with earlier runs, and there are none: keep a history, or name a --baseline',
      );
    const startedAtMs = Date.now();
    const find = (): FoundBaseline | null => findBaseline(baseline, this.#store, { id, fingerprint, startedAtMs });
    if (baseline.kind === 'default' && failOn.length === 0) this.#findLater = find;
    else this.#baseline = find();
    if (this.#baseline === null && (baseline.kind === 'last' || failOn.length > 0))
      this.#log.log('warning', 'there are no earlier runs of this script with these options to compare with yet');
    const row = {
      id,
      name: this.#run.script,
      fingerprint,
      version: VERSION,
      host: os.hostname(),
      startedAtMs,
    };
    this.#try((store) => store.begin(row));
  }

  onSnapshot(_: RunSnapshot): void {
    if (this.#store === null || performance.now() - this.#touchedAt < TOUCH_PERIOD_MS) return;
    this.#touchedAt = performance.now();
    this.#try((store) => store.touch(this.#run.id, this.#run.headline(), Date.now()));
  }

  onConclude(): string | null {
    this.#try(() => {
      this.#baseline ??= this.#findLater?.() ?? null;
    });
    if (this.#baseline === null) return null;
    const { runs, name } = this.#baseline;
    const comparison = compareRecords(this.#run.read(), runs, name);
    // Nobody has asked for it, and it says nothing.
    if (this.#flags.baseline.kind === 'default' && comparison.values.length === 0) return null;
    this.#run.comparison = comparison;
    return findObjection(comparison, this.#flags.failOn);
  }

  onEnd({ exitCode, reason }: RunResult): void {
    if (this.#store === null) return;
    const { record, data } = this.#run.read();
    this.#try((store) =>
      store.finish(this.#run.id, {
        endedAtMs: Date.now(),
        exitCode,
        reason,
        headline: headlineOf(record, data),
        run: deflateRun(packRun(record, data), 6),
      }),
    );
  }

  onRevise(result: RunResult): void {
    this.onEnd(result);
  }

  close(): void {
    this.#store?.close();
    this.#store = null;
  }

  #open(file: string): HistoryStore | null {
    try {
      return new HistoryStore(file);
    } catch (error) {
      this.#log.log(
        'warning',
        `the history in ${file} cannot be used, so this run is not kept: ${(error as Error).message}`,
      );
      return null;
    }
  }

  #try(work: (store: HistoryStore) => void): void {
    if (this.#store === null) return;
    try {
      work(this.#store);
    } catch (error) {
      this.#log.log('warning', `the run cannot be kept in the history: ${(error as Error).message}`);
      this.close();
    }
  }
}
