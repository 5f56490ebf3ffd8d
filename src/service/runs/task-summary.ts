// The end of a run in its process: what it is compared with, its summary, and what handleSummary makes of it.
import { availableParallelism } from 'node:os';
import { judgeGenerator } from '../../execution/generator-health.ts';
import type { SummaryFiles } from '../../execution/load-plane/summary-files.ts';
import { VERSION } from '../../options/package-version.ts';
import { compareRecords } from '../../report/compare-records.ts';
import { exportSummary, toLegacyData } from '../../report/legacy-summary.ts';
import { buildSummary } from '../../report/summary.ts';
import { renderTextSummary } from '../../report/text-summary.ts';
import { unpackRun } from '../../report/unpack-run.ts';
import type { RecordedRun } from '../../run/recorded-run.ts';
import type { RunObserver, RunResult } from '../../run/run-observer.ts';
import type { ChildTask } from './child-protocol.ts';
import { dataWithin, textWithin } from './kept-size.ts';
import { filesOfSummary } from './run-files.ts';
import type { MadeSummary } from './told-run.ts';

/** What the script and its run lend to the summary. */
interface SummaryParts {
  readonly baseline: ChildTask['baseline'];
  readonly recorded: RecordedRun;
  /** Takes out of texts what nobody is to see. */
  readonly hide: (text: string) => string;
  readonly warn: (message: string) => void;
  /** Runs the script's own; null: there is none that works. */
  readonly handleSummary: (data: unknown) => Promise<SummaryFiles | null>;
}

export class TaskSummary implements RunObserver {
  readonly #parts: SummaryParts;
  /** Once the run is over. */
  made: MadeSummary = { text: null, data: null, files: [] };

  constructor(parts: SummaryParts) {
    this.#parts = parts;
  }

  onConclude(): null {
    const { baseline, recorded } = this.#parts;
    const earlier = baseline.records.flatMap((bytes) => {
      try {
        return [unpackRun(bytes)];
      } catch {
        // A record of another version takes no part.
        return [];
      }
    });
    if (earlier.length > 0) recorded.comparison = compareRecords(recorded.read(), earlier, baseline.name);
    return null;
  }

  async onEnd(result: RunResult): Promise<void> {
    const { recorded, hide, warn, handleSummary } = this.#parts;
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
      comparison: recorded.comparison,
    });
    const data = dataWithin(exportSummary(summary), warn);
    const files = await handleSummary(toLegacyData(summary));
    const usual = (): string => renderTextSummary(summary, { mode: 'compact', colour: false, columns: undefined });
    const text = files === null ? usual() : Buffer.from(files['stdout'] ?? '').toString('utf8');
    this.made = { text: textWithin(hide(text)), data, files: filesOfSummary(files ?? {}, hide) };
  }
}
