// `--report FILE`: the run as one file for a browser.
import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../exit/exit-error.ts';
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

  /** @throws ExitError 104 where the file cannot be written: known before there is load */
  async onReady(): Promise<void> {
    const problem = whyNotWritable(this.#file);
    if (problem !== null) throw new ExitError(EXIT.invalidConfig, `--report: cannot write "${this.#file}": ${problem}`);
    // A page that cannot be made is known before there is load, too.
    await readPage();
  }

  async onEnd(): Promise<void> {
    try {
      writeFileSync(this.#file, embedRun(await readPage(), this.#run.deflate()));
      this.#log.log('info', `the report is in ${this.#file}`);
    } catch (error) {
      this.#log.log('error', `--report: could not write "${this.#file}": ${(error as Error).message}`);
    }
  }
}

/** @returns a reason, or null */
function whyNotWritable(file: string): string | null {
  try {
    if (existsSync(file)) {
      if (statSync(file).isDirectory()) return 'it is a folder';
      accessSync(file, constants.W_OK);
    } else accessSync(path.dirname(file), constants.W_OK);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'its folder does not exist' : message;
  }
}
