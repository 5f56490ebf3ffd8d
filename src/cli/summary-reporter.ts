// The end of a run: handleSummary or the usual summary, and --summary-export.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { judgeGenerator } from '../execution/generator-health.ts';
import type { SummaryFiles } from '../execution/load-plane/summary-files.ts';
import { VERSION } from '../options/package-version.ts';
import { exportSummary, toLegacyData } from '../report/legacy-summary.ts';
import { MACHINE_TREND_STATS, toMachineData } from '../report/machine-summary.ts';
import { buildSummary, type Summary } from '../report/summary.ts';
import { renderTextSummary } from '../report/text-summary.ts';
import type { RecordedRun } from '../run/recorded-run.ts';
import type { RunObserver, RunResult } from '../run/run-observer.ts';
import type { CodeLinks } from './code-links.ts';
import type { GlobalFlags, RuntimeFlags } from './flags/runtime-flags.ts';
import type { LogWriter } from './log/log-writer.ts';
import type { Terminal } from './terminal.ts';
import { writeSummaryFiles } from './write-summary-files.ts';

/** Longer lines than this are hard to read, however wide the terminal. */
const WIDEST = 120;

/** What says which summaries there are. */
interface SummaryFlags {
  readonly global: GlobalFlags;
  readonly runtime: RuntimeFlags;
}

/** What is shown at the end, for whoever keeps it. */
export interface ShownSummary {
  /** Without colours. */
  readonly text: string;
  /** JSON, as --summary-export has it. */
  readonly data: string;
  /** Of handleSummary. */
  readonly files: SummaryFiles;
}

interface SummaryUses {
  /** Runs the script's own; null: there is none that works. */
  handleSummary(data: unknown): Promise<SummaryFiles | null>;
  onShown?(shown: ShownSummary): void;
}

/** Reports a finished run; what cannot be written is logged. */
export class SummaryReporter implements RunObserver {
  readonly #command: SummaryFlags;
  readonly #terminal: Terminal;
  readonly #log: LogWriter;
  readonly #links: CodeLinks | null;
  readonly #recorded: Pick<RecordedRun, 'comparison'> | null;
  readonly #uses: SummaryUses;

  /**
   * @param links for standard output; null: it shows none
   */
  constructor(
    command: SummaryFlags,
    terminal: Terminal,
    log: LogWriter,
    links: CodeLinks | null,
    recorded: Pick<RecordedRun, 'comparison'> | null,
    uses: SummaryUses,
  ) {
    this.#command = command;
    this.#terminal = terminal;
    this.#log = log;
    this.#links = links;
    this.#recorded = recorded;
    this.#uses = uses;
  }

  async onEnd(result: RunResult): Promise<readonly string[]> {
    const { summaryMode, summaryExport, newMachineReadableSummary } = this.#command.runtime;
    const logConcerns = (): void => {
      for (const { text } of result.concerns) this.#log.log('warning', text);
    };
    if (summaryMode === 'disabled') {
      logConcerns();
      return [];
    }
    const summary = this.#summarise(result);
    const data = newMachineReadableSummary ? toMachineData(summary) : toLegacyData(summary);
    const unwritten: string[] = [];
    const files = await this.#uses.handleSummary(data);
    this.#uses.onShown?.(this.#describe(summary, files));
    if (files) {
      // The script's own summary need not speak of them.
      logConcerns();
      unwritten.push(...writeSummaryFiles(files, this.#terminal));
    } else {
      const { isInteractive, columns } = this.#terminal;
      this.#terminal.stdout(
        renderTextSummary(summary, {
          mode: summaryMode,
          colour: this.#command.global.color && (isInteractive || this.#command.global.forceColor === true),
          columns: isInteractive ? Math.min(columns, WIDEST) : undefined,
          codeLink: this.#links?.link,
        }),
      );
    }
    if (summaryExport !== null) {
      const text = newMachineReadableSummary ? JSON.stringify(data, null, 2) : exportSummary(summary);
      try {
        writeFileSync(summaryExport, text);
      } catch (error) {
        unwritten.push(`--summary-export: could not write "${summaryExport}": ${(error as Error).message}`);
      }
    }
    for (const problem of unwritten) this.#log.log('error', problem);
    return unwritten;
  }

  #describe(summary: Summary, files: SummaryFiles | null): ShownSummary {
    const mode = this.#command.runtime.summaryMode === 'full' ? 'full' : 'compact';
    return {
      text:
        files === null
          ? renderTextSummary(summary, { mode, colour: false, columns: undefined })
          : Buffer.from(files['stdout'] ?? '').toString('utf8'),
      data: exportSummary(summary),
      files: files ?? {},
    };
  }

  #summarise(result: RunResult): Summary {
    const { options, engine, iterations, concerns, scriptText } = result;
    const { newMachineReadableSummary } = this.#command.runtime;
    return buildSummary(engine, {
      durationMs: result.durationMs,
      trendStats: newMachineReadableSummary
        ? [...new Set([...options.summaryTrendStats, ...MACHINE_TREND_STATS])]
        : options.summaryTrendStats,
      timeUnit: options.summaryTimeUnit,
      noColor: !this.#command.global.color,
      isStdoutTty: this.#terminal.isInteractive,
      isStderrTty: process.stderr.isTTY === true,
      setupData: result.setupData,
      generatorNote: judgeGenerator(result.health, availableParallelism()).text,
      version: VERSION,
      iterations,
      concerns,
      comparison: this.#recorded?.comparison ?? null,
      ...(scriptText !== null && { script: scriptText }),
    });
  }
}
