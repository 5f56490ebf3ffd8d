// Virtual users that wait for work, the longest-waiting first, so that work goes round all of them.
import type { ExecutorVu } from '../executor.ts';

/** A queue in a ring that grows; neither end copies anything. */
export class IdleVus {
  #ring: (ExecutorVu | undefined)[] = new Array<ExecutorVu | undefined>(16);
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(vu: ExecutorVu): void {
    if (this.#size === this.#ring.length) {
      this.#ring = [
        ...this.#ring.slice(this.#first),
        ...this.#ring.slice(0, this.#first),
        ...new Array<ExecutorVu | undefined>(this.#size),
      ];
      this.#first = 0;
    }
    this.#ring[(this.#first + this.#size++) % this.#ring.length] = vu;
  }

  shift(): ExecutorVu | undefined {
    if (this.#size === 0) return undefined;
    const vu = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#size--;
    return vu;
  }
}
