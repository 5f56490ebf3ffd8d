// A browser that runs already, as somebody else has started it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { findProgram } from './has-program.ts';

export interface OwnBrowser {
  /** Where its DevTools protocol is spoken: `ws://…`. */
  readonly endpoint: string;
  readonly isRunning: boolean;
  end(): Promise<void>;
}

/** @param folder for its profile */
export async function startOwnBrowser(folder: string): Promise<OwnBrowser> {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const browser = spawn(
    findProgram('chromium') ?? 'chromium',
    [...flags, `--user-data-dir=${path.join(folder, 'own')}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = '';
    browser.once('exit', () => reject(new Error(`the browser ended: ${said}`)));
    browser.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /listening on (ws:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    endpoint,
    get isRunning() {
      return browser.exitCode === null;
    },
    async end() {
      const gone = once(browser, 'exit');
      browser.kill('SIGKILL');
      await gone;
    },
  };
}
