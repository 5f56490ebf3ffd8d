// The end of a run: handleSummary or the usual summary, and --summary-export.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { RunEnding, TestRun } from '../execution/control-plane/test-run.ts';
import { judgeGenerator } from '../execution/generator-health.ts';
import type { MetricsEngine } from '../metrics/metrics-engine.ts';
import type { Options } from '../options/options.ts';
import { VERSION } from '../options/package-version.ts';
import type { Concern, IterationOutcomes } from '../report/concern.ts';
import { exportSummary, toLegacyData } from '../report/legacy-summary.ts';
import { MACHINE_TREND_STATS, toMachineData } from '../report/machine-summary.ts';
import { buildSummary, type Summary } from '../report/summary.ts';
import { renderTextSummary } from '../report/text-summary.ts';
import type { LogWriter } from './log-writer.ts';
import type { RunRequest } from './run-test.ts';
import type { Terminal } from './terminal.ts';
import { writeSummaryFiles } from './write-summary-files.ts';

/** Longer lines than this are hard to read, however wide the terminal. */
const WIDEST = 120;

export interface FinishedRun {
  readonly request: RunRequest;
  readonly terminal: Terminal;
  readonly log: LogWriter;
  readonly run: TestRun;
  readonly engine: MetricsEngine;
  readonly options: Options;
  readonly ending: RunEnding;
  readonly iterations: IterationOutcomes;
  readonly concerns: readonly Concern[];
  /** The script as it was when the test began; null when it came over standard input. */
  readonly scriptText: string | null;
}

/** Reports a finished run; what cannot be written is logged, nothing is thrown. */
export async function reportSummary(finished: FinishedRun): Promise<void> {
  const { request, terminal, log, run } = finished;
  const { summaryMode, summaryExport, newMachineReadableSummary } = request.runtime;
  const logConcerns = (): void => {
    for (const { text } of finished.concerns) log.log('warning', text);
  };
  if (summaryMode === 'disabled') {
    logConcerns();
    return;
  }
  const summary = summarise(finished);
  const data = newMachineReadableSummary ? toMachineData(summary) : toLegacyData(summary);
  const files = await run.handleSummary(data);
  if (files) {
    // The script's own summary need not speak of them.
    logConcerns();
    writeSummaryFiles(files, terminal, (problem) => log.log('error', problem));
  } else {
    const colour = request.global.color && terminal.isInteractive;
    terminal.stdout(
      renderTextSummary(summary, {
        mode: summaryMode,
        colour,
        columns: terminal.isInteractive ? Math.min(terminal.columns, WIDEST) : undefined,
      }),
    );
  }
  if (summaryExport !== null) {
    const text = newMachineReadableSummary ? JSON.stringify(data, null, 2) : exportSummary(summary);
    try {
      writeFileSync(summaryExport, text);
    } catch (error) {
      log.log('error', `--summary-export: could not write "${summaryExport}": ${(error as Error).message}`);
    }
  }
}

function summarise({
  request,
  terminal,
  engine,
  options,
  ending,
  iterations,
  concerns,
  scriptText,
}: FinishedRun): Summary {
  const { newMachineReadableSummary } = request.runtime;
  return buildSummary(engine, {
    durationMs: ending.durationMs,
    trendStats: newMachineReadableSummary
      ? [...new Set([...options.summaryTrendStats, ...MACHINE_TREND_STATS])]
      : options.summaryTrendStats,
    timeUnit: options.summaryTimeUnit,
    noColor: !request.global.color,
    isStdoutTty: terminal.isInteractive,
    isStderrTty: process.stderr.isTTY === true,
    setupData: ending.setupData === undefined ? undefined : JSON.parse(ending.setupData),
    generatorNote: judgeGenerator(ending.health, availableParallelism()).text,
    version: VERSION,
    iterations,
    concerns,
    ...(newMachineReadableSummary && scriptText !== null && { script: scriptText }),
  });
}
