// What load workers have the control plane do for their browsers: they may start no processes and write no files themselves.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../../options/environment.ts';
import type { BrowserAnswer, BrowserRequest } from '../thread-protocol.ts';
import { BrowserProcess } from './browser-process.ts';
import { type BrowserSettings, readBrowserSettings } from './browser-settings.ts';

export class BrowserHost {
  readonly #env: Environment;
  readonly #log: (line: string) => void;
  #settings: BrowserSettings | null = null;
  /** By the number of the request that asked for it. */
  readonly #running = new Map<number, Promise<BrowserProcess>>();
  /** Which of the browsers that run already is next. */
  #turn = 0;
  #isClosed = false;

  /** @param env that of the process @param log hears what browsers say */
  constructor(env: Environment, log: (line: string) => void) {
    this.#env = env;
    this.#log = log;
  }

  /** Does what a worker asks for. Never rejects. */
  async answer({ id, ask }: BrowserRequest): Promise<BrowserAnswer> {
    try {
      switch (ask.kind) {
        case 'start':
          return { type: 'browser-answer', id, value: await this.#start(id, ask.flags) };
        case 'end': {
          const running = this.#running.get(ask.started);
          this.#running.delete(ask.started);
          await running?.then(
            (browser) => browser.end(),
            () => {},
          );
          return { type: 'browser-answer', id, value: '' };
        }
        case 'save': {
          await mkdir(path.dirname(path.resolve(ask.path)), { recursive: true });
          await writeFile(ask.path, ask.bytes);
          return { type: 'browser-answer', id, value: '' };
        }
      }
    } catch (error) {
      return { type: 'browser-answer', id, problem: (error as Error).message };
    }
  }

  async #start(id: number, flags: readonly string[]): Promise<string> {
    if (this.#isClosed) throw new Error('the test is over');
    this.#settings ??= readBrowserSettings(this.#env);
    const { endpoints } = this.#settings;
    if (endpoints.length > 0) return endpoints[this.#turn++ % endpoints.length] as string;
    const starting = BrowserProcess.start(this.#settings, this.#env, flags, this.#log);
    this.#running.set(id, starting);
    try {
      return (await starting).endpoint;
    } catch (error) {
      this.#running.delete(id);
      throw error;
    }
  }

  /** Ends all that it has started; it starts no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.allSettled(all.map(async (starting) => (await starting).end()));
  }
}
