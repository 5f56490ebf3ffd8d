// `--web`: the live page of a run, from before its setup to its end.

import { spawn } from 'node:child_process';
import { isLoopback, showApiAddress } from '../control/api-address.ts';
import type { HistoryPlace } from '../control/history/history-place.ts';
import type { WebServer } from '../control/web-server.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { nodeCrypto } from '../node/late-builtins.ts';
import type { RecordedRun } from '../run/recorded-run.ts';
import type { RunControl } from '../run/run-control.ts';
import type { RunObserver } from '../run/run-observer.ts';
import type { WebFlags } from './flags/web-flags.ts';
import type { LogWriter } from './log/log-writer.ts';

export class WebObserver implements RunObserver {
  readonly #flags: WebFlags;
  readonly #run: RecordedRun;
  readonly #control: () => RunControl;
  readonly #log: LogWriter;
  readonly #token: string;
  readonly #history: HistoryPlace;
  #server: WebServer | null = null;

  /** @param run hears of everything before; @param token null: one is made up */
  constructor(
    flags: WebFlags,
    run: RecordedRun,
    control: () => RunControl,
    log: LogWriter,
    { token, history }: { readonly token: string | null; readonly history: HistoryPlace },
  ) {
    this.#flags = flags;
    this.#history = history;
    this.#run = run;
    this.#control = control;
    this.#log = log;
    this.#token = token ?? nodeCrypto().randomBytes(12).toString('base64url');
  }

  /** Begins to serve, before the run is announced. @throws ExitError 106 where the address cannot be had */
  async open(): Promise<void> {
    const { address, opensBrowser } = this.#flags;
    const { openWebServer } = await import('../control/web-server.ts');
    try {
      this.#server = await openWebServer(this.#run, this.#control(), {
        address,
        token: this.#token,
        history: this.#history.kind === 'file' ? this.#history.file : null,
      });
    } catch (error) {
      throw new ExitError(
        EXIT.apiUnavailable,
        `--web: cannot serve the page on ${showApiAddress(address)}: ${(error as Error).message}`,
      );
    }
    const { host, port } = this.#server.address;
    const shown = isLoopback(address)
      ? showApiAddress({ host, port })
      : showApiAddress({ host: host || 'localhost', port });
    // A fragment stays in the browser: no server sees it.
    const link = `http://${shown}/#token=${this.#token}`;
    this.#log.log('info', `the live page is at ${link}`);
    if (opensBrowser)
      openBrowser(link, (problem) => this.#log.log('warning', `the browser cannot be opened: ${problem}`));
  }

  async onEnd(): Promise<void> {
    await this.#server?.finish();
    this.#server = null;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }
}

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

function openBrowser(link: string, onProblem: (message: string) => void): void {
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, link], { detached: true, stdio: 'ignore' });
  child.on('error', ({ message }) => onProblem(message));
  child.unref();
}
