// What a worker has the main thread do: run programs – browsers, ping – and write screenshots. A worker may do neither itself.
import type { Browsers } from '../../vu/browsers.ts';
import type { EchoOutcome, Pinger } from '../../vu/pinger.ts';
import type { Programs } from '../../vu/programs.ts';
import type { Errand, ErrandAnswer, ErrandResult } from '../thread-protocol.ts';

export class Errands implements Programs {
  readonly #send: (errand: Errand) => void;
  readonly #open = new Map<number, (answer: ErrandAnswer) => void>();
  #count = 0;

  readonly browsers: Browsers = {
    start: async (way) => {
      const { id, result } = this.#ask<string>({ kind: 'start-browser', way });
      const endpoint = await result;
      return { endpoint, end: () => this.#end(id) };
    },
    save: async (path, bytes) => {
      await this.#ask({ kind: 'save', path, bytes }).result;
    },
  };

  readonly pinger: Pinger = {
    send: (echo) => {
      const { id, result } = this.#ask<EchoOutcome>({ kind: 'ping', echo });
      return { outcome: result, cancel: () => this.#end(id) };
    },
  };

  constructor(send: (errand: Errand) => void) {
    this.#send = send;
  }

  /** Takes the main thread's answer. */
  settle(answer: ErrandAnswer): void {
    this.#open.get(answer.id)?.(answer);
    this.#open.delete(answer.id);
  }

  /** Ends the program that an errand has started. */
  #end(started: number): void {
    this.#ask({ kind: 'end', started }).result.catch(() => {});
  }

  #ask<Result extends ErrandResult>(ask: Errand['ask']): { readonly id: number; readonly result: Promise<Result> } {
    const id = ++this.#count;
    const result = new Promise<Result>((resolve, reject) => {
      this.#open.set(id, (given) =>
        'problem' in given ? reject(new Error(given.problem)) : resolve(given.result as Result),
      );
    });
    this.#send({ type: 'errand', id, ask });
    return { id, result };
  }
}
