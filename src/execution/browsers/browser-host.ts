// What load workers have the control plane do for their browsers: they may start no processes and write no files themselves.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../node/make-folder.ts';
import type { Environment } from '../../options/environment.ts';
import type { BrowserWay } from '../../vu/browsers.ts';
import { BrowserProcess } from './browser-process.ts';
import { type BrowserSettings, readBrowserSettings } from './browser-settings.ts';
import { networkFlags } from './network-flags.ts';

export class BrowserHost {
  readonly #env: Environment;
  readonly #log: (line: string) => void;
  #settings: BrowserSettings | null = null;
  /** By the number of the request that asked for it. */
  readonly #running = new Map<number, Promise<BrowserProcess>>();
  /** Which of the browsers that run already is next. */
  #turn = 0;
  readonly #over = new AbortController();

  /** @param env that of the process @param log hears what browsers say */
  constructor(env: Environment, log: (line: string) => void) {
    this.#env = env;
    this.#log = log;
  }

  /**
   * @param id of the errand, by which {@link end} knows it
   * @param flags of Chromium, beside the usual ones
   * @returns where it listens
   * @throws Error that says why there is none
   */
  async start(id: number, way: BrowserWay): Promise<string> {
    if (this.#over.signal.aborted) throw new Error('the test is over');
    this.#settings ??= readBrowserSettings(this.#env);
    const { endpoints } = this.#settings;
    if (endpoints.length > 0) return endpoints[this.#turn++ % endpoints.length] as string;
    const starting = BrowserProcess.start(this.#settings, this.#env, networkFlags(way), this.#over.signal, this.#log);
    this.#running.set(id, starting);
    try {
      return (await starting).endpoint;
    } catch (error) {
      this.#running.delete(id);
      throw error;
    }
  }

  /** Ends the browser that an errand has started, if there is one. */
  async end(started: number): Promise<void> {
    const running = this.#running.get(started);
    this.#running.delete(started);
    await running?.then(
      (browser) => browser.end(),
      () => {},
    );
  }

  /** Writes a file, with the folders that it lies in. */
  async save(file: string, bytes: Uint8Array): Promise<void> {
    makeFolder(path.dirname(path.resolve(file)));
    await writeFile(file, bytes);
  }

  /** Ends all that it has started; it starts no more. */
  async close(): Promise<void> {
    this.#over.abort();
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.allSettled(all.map(async (starting) => (await starting).end()));
  }
}
