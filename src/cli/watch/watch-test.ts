// `sixfold run --watch`: the test again, each time the script, its imports or the files that it opens have changed.
import path from 'node:path';
import { EXIT, type ExitCode } from '../../exit/exit-error.ts';
import type { RunObserver } from '../../run/run-observer.ts';
import type { RunSession } from '../../run/run-session.ts';
import { guessProgramFiles } from '../../script/load/program-files.ts';
import { runTest } from '../run-test.ts';
import type { TestCommand } from '../test-command.ts';
import { FileWatch } from './file-watch.ts';
import { hasKeys, type KeyRequest, listenForKeys } from './key-input.ts';

/** Names of changed files that are listed. */
const MOST_NAMED = 3;

/**
 * Runs a test again and again until somebody ends it.
 * @param readCommand what the command line asks for, read anew for each run
 * @returns the exit code of the last run
 * @throws ExitError for what is wrong with the command line
 */
export function watchTest(readCommand: () => TestCommand): Promise<ExitCode> {
  return new WatchedTest(readCommand).run();
}

class WatchedTest {
  readonly #readCommand: () => TestCommand;
  readonly #watch = new FileWatch((files) => this.#runAgain(`${nameFiles(files)} changed`));
  /** The run in progress; null between two runs. */
  #session: RunSession | null = null;
  /** Why the test is to run again; null: it is not, so far. */
  #again: string | null = null;
  #isOver = false;
  /** Ends the wait between two runs. */
  #wake: () => void = () => {};

  constructor(readCommand: () => TestCommand) {
    this.#readCommand = readCommand;
  }

  async run(): Promise<ExitCode> {
    const stopKeys = hasKeys() ? listenForKeys((request) => this.#obey(request)) : () => {};
    const end = (): void => this.#end();
    const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
    for (const signal of signals) process.on(signal, end);
    try {
      for (;;) {
        const exitCode = await this.#runOnce();
        if (this.#isOver) return exitCode;
        await this.#wait();
        if (this.#isOver) return exitCode;
        process.stderr.write(`\n── again: ${this.#again} ──\n`);
        this.#again = null;
      }
    } finally {
      this.#watch.close();
      stopKeys();
      for (const signal of signals) process.off(signal, end);
    }
  }

  async #runOnce(): Promise<ExitCode> {
    const command = this.#readCommand();
    const script = path.resolve(command.script);
    const read = [script, ...command.filesRead.map((file) => path.resolve(file))];
    let parts: readonly string[] | null = null;
    let isReady = false;
    const observer: RunObserver = {
      onFiles: (files) => {
        parts = files;
        this.#watch.follow([...read, ...files], false);
      },
      onReady: () => {
        isReady = true;
      },
    };
    this.#watch.follow(read, false);
    try {
      return await runTest(command, {
        observers: [observer],
        onSession: (session) => {
          this.#session = session;
          if (this.#again !== null) this.#cutShort(this.#again);
        },
      });
    } finally {
      this.#session = null;
      // Where it did not get as far as that, what is missing may be a file that nobody can name.
      if (!isReady) this.#watch.follow([...read, ...(parts ?? guessProgramFiles(script))], true);
    }
  }

  #wait(): Promise<void> {
    if (this.#again !== null || this.#isOver) return Promise.resolve();
    const files = this.#watch.size === 1 ? 'one file' : `${this.#watch.size} files`;
    const keys = hasKeys() ? ' · r runs it again · q ends' : ' · Ctrl-C ends';
    process.stderr.write(`\nwatching ${files} for changes${keys}\n`);
    return new Promise((resolve) => {
      // A promise alone keeps no program, nor does a folder that cannot be watched.
      const life = setInterval(() => {}, 60_000);
      this.#wake = () => {
        clearInterval(life);
        resolve();
      };
    });
  }

  #obey(request: KeyRequest): void {
    switch (request) {
      case 'again':
        this.#runAgain('as asked');
        return;
      case 'end':
      case 'interrupt':
        // As the terminal would tell it if it read no single keys: the run listens for it too, and a second one ends it at once.
        process.emit('SIGINT', 'SIGINT');
    }
  }

  #runAgain(cause: string): void {
    if (this.#isOver) return;
    const isFirst = this.#again === null;
    this.#again = cause;
    if (this.#session !== null && isFirst) this.#cutShort(cause);
    this.#wake();
  }

  #cutShort(cause: string): void {
    const message = `test run was cut short to run again: ${cause}`;
    this.#session?.interrupt({ exitCode: EXIT.interrupted, message });
  }

  #end(): void {
    this.#isOver = true;
    this.#wake();
  }
}

function nameFiles(files: readonly string[]): string {
  const names = files.slice(0, MOST_NAMED).map((file) => path.relative(process.cwd(), file));
  const others = files.length - names.length;
  return names.join(', ') + (others > 0 ? ` and ${others} more` : '');
}
