// What a run says, as lines of the program's log; load waits for a reader that is too slow.
import type { RunObserver, RunPlan } from '../../run/run-observer.ts';
import type { LogLevel } from '../../vu/environment.ts';
import type { LogWriter } from './log-writer.ts';

/** Octets that may wait in standard output and error before the load has to. */
const MOST_UNREAD = 8 * 1024 * 1024;
const LOOK_MS = 20;

export class LogObserver implements RunObserver {
  readonly #log: LogWriter;
  /** Resolves when the reader has caught up; null while it keeps up. */
  #behind: Promise<void> | null = null;

  constructor(log: LogWriter) {
    this.#log = log;
  }

  onLog(level: LogLevel, message: string, fields: Readonly<Record<string, string>>, time: Date): void | Promise<void> {
    this.#log.log(level, message, fields, time);
    if (this.#behind === null && waiting() < MOST_UNREAD) return;
    this.#behind ??= this.#catchUp();
    return this.#behind;
  }

  onReady({ options }: RunPlan): void {
    if (options.consoleOutput !== null) this.#log.sendConsoleTo(options.consoleOutput);
  }

  async onDrain(): Promise<void> {
    this.#log.settleRepeats();
  }

  #catchUp(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (waiting() >= MOST_UNREAD) return;
        clearInterval(timer);
        this.#behind = null;
        resolve();
      }, LOOK_MS).unref();
    });
  }
}

function waiting(): number {
  return process.stderr.writableLength + process.stdout.writableLength;
}
