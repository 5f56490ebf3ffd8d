// A worker's requests to the main thread, which starts browsers and writes their screenshots: a worker may do neither.
import type { Browsers, RunningBrowser } from '../../vu/browsers.ts';
import type { BrowserAnswer, BrowserRequest } from '../thread-protocol.ts';

export class BrowserRequests implements Browsers {
  readonly #send: (request: BrowserRequest) => void;
  readonly #open = new Map<number, (answer: BrowserAnswer) => void>();
  #count = 0;

  constructor(send: (request: BrowserRequest) => void) {
    this.#send = send;
  }

  async start(flags: readonly string[]): Promise<RunningBrowser> {
    const { id, answer } = this.#ask({ kind: 'start', flags });
    const endpoint = await answer;
    return { endpoint, end: () => void this.#ask({ kind: 'end', started: id }).answer.catch(() => {}) };
  }

  async save(path: string, bytes: Uint8Array): Promise<void> {
    await this.#ask({ kind: 'save', path, bytes }).answer;
  }

  /** Takes the main thread's answer. */
  settle(answer: BrowserAnswer): void {
    this.#open.get(answer.id)?.(answer);
    this.#open.delete(answer.id);
  }

  #ask(ask: BrowserRequest['ask']): { readonly id: number; readonly answer: Promise<string> } {
    const id = ++this.#count;
    const answer = new Promise<string>((resolve, reject) => {
      this.#open.set(id, (given) => ('problem' in given ? reject(new Error(given.problem)) : resolve(given.value)));
    });
    this.#send({ type: 'browser-request', id, ask });
    return { id, answer };
  }
}
