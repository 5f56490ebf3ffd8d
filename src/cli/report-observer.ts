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
  #page: string | null = null;

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

  async onEnd(): Promise<readonly string[]> {
    try {
      this.#page = await readPage('report');
      this.#write(this.#page);
      this.#log.log('info', `the report is in ${this.#file}`);
      return [];
    } catch (error) {
      const problem = `--report: could not write "${this.#file}": ${(error as Error).message}`;
      this.#log.log('error', problem);
      return [problem];
    }
  }

  onRevise(): void {
    try {
      if (this.#page !== null) this.#write(this.#page);
    } catch {
      // It could be written a moment ago; or it could not then, and that is what is said.
    }
  }

  #write(page: string): void {
    writeFileSync(this.#file, embedRun(page, this.#run.deflate()));
  }
}
