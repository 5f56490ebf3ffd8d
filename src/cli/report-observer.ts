// `--report FILE`: the run as one file for a browser.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { embedRun, readPage } from '../report/html-report.ts';
import type { RecordedRun } from '../run/recorded-run.ts';
import type { RunObserver } from '../run/run-observer.ts';
import type { LogWriter } from './log/log-writer.ts';

export class ReportObserver implements RunObserver {
  readonly #file: string;
  readonly #run: RecordedRun;
  readonly #log: LogWriter;

  /** @param run hears of the end before */
  constructor(file: string, run: RecordedRun, log: LogWriter) {
    this.#file = path.resolve(file);
    this.#run = run;
    this.#log = log;
  }

  async onReady(): Promise<void> {
    // A page that cannot be made is to be known before there is load.
    await readPage('report');
  }

  async onEnd(): Promise<void> {
    try {
      writeFileSync(this.#file, embedRun(await readPage('report'), this.#run.deflate()));
      this.#log.log('info', `the report is in ${this.#file}`);
    } catch (error) {
      this.#log.log('error', `--report: could not write "${this.#file}": ${(error as Error).message}`);
    }
  }
}
