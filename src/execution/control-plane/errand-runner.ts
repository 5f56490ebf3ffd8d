// The main thread's end of what a load worker has it do (load-plane/errands.ts). What serves a kind of errand is loaded with the first of it.
import type { Environment } from '../../options/environment.ts';
import type { BrowserHost } from '../browsers/browser-host.ts';
import type { PingHost } from '../pings/ping-host.ts';
import type { Errand, ErrandAnswer, ErrandResult } from '../thread-protocol.ts';

export class ErrandRunner {
  readonly #env: Environment;
  readonly #log: (line: string) => void;
  #browsers: Promise<BrowserHost> | null = null;
  #pings: Promise<PingHost> | null = null;
  #isClosed = false;

  /** @param env that of the process @param log hears what programs say */
  constructor(env: Environment, log: (line: string) => void) {
    this.#env = env;
    this.#log = log;
  }

  /** Does what a worker asks for. Never rejects. */
  async answer({ id, ask }: Errand): Promise<ErrandAnswer> {
    try {
      return { type: 'errand-answer', id, result: await this.#do(id, ask) };
    } catch (error) {
      return { type: 'errand-answer', id, problem: (error as Error).message };
    }
  }

  async #do(id: number, ask: Errand['ask']): Promise<ErrandResult> {
    switch (ask.kind) {
      case 'start-browser':
        return (await this.#browserHost()).start(id, ask.way);
      case 'save':
        await (await this.#browserHost()).save(ask.path, ask.bytes);
        return null;
      case 'ping':
        return (await this.#pingHost()).ping(id, ask.echo);
      case 'end':
        await (await this.#browsers)?.end(ask.started);
        (await this.#pings)?.end(ask.started);
        return null;
    }
  }

  #browserHost(): Promise<BrowserHost> {
    this.#refuseWhenOver();
    this.#browsers ??= import('../browsers/browser-host.ts').then(
      ({ BrowserHost }) => new BrowserHost(this.#env, this.#log),
    );
    return this.#browsers;
  }

  #pingHost(): Promise<PingHost> {
    this.#refuseWhenOver();
    this.#pings ??= import('../pings/ping-host.ts').then(({ PingHost }) => new PingHost(this.#env));
    return this.#pings;
  }

  #refuseWhenOver(): void {
    if (this.#isClosed) throw new Error('the test is over');
  }

  /** Ends all that it has started; it starts no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const [browsers, pings] = await Promise.all([this.#browsers, this.#pings]);
    pings?.close();
    await browsers?.close();
  }
}
