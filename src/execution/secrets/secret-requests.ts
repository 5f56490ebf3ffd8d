// A worker's questions for secrets: the main thread has them, so that it knows what to take out of all that it hears.
import type { Secrets } from '../../vu/environment.ts';
import type { LoadEvent, SecretOutcome } from '../worker-protocol.ts';

export class SecretRequests implements Secrets {
  readonly #send: (event: LoadEvent) => void;
  readonly #open = new Map<number, (outcome: SecretOutcome) => void>();
  /** Those that were had already: asking again costs no way to the other thread. */
  readonly #had = new Map<string, string>();
  #count = 0;

  constructor(send: (event: LoadEvent) => void) {
    this.#send = send;
  }

  async get(source: string | null, key: string): Promise<string> {
    const name = JSON.stringify([source, key]);
    const had = this.#had.get(name);
    if (had !== undefined) return had;
    const id = ++this.#count;
    const outcome = await new Promise<SecretOutcome>((resolve) => {
      this.#open.set(id, resolve);
      this.#send({ type: 'secret', id, source, key });
    });
    if ('problem' in outcome) throw new Error(outcome.problem);
    this.#had.set(name, outcome.value);
    return outcome.value;
  }

  /** Takes the main thread's answer. */
  settle({ id, outcome }: { readonly id: number; readonly outcome: SecretOutcome }): void {
    this.#open.get(id)?.(outcome);
    this.#open.delete(id);
  }
}
