// The virtual users of one worker: made before the test, lent to scenarios, taken back.
import type { PooledVu } from './pooled-vu.ts';

/** How many virtual users run their init code at the same time: enough to keep a waiting one from holding up the rest. */
const INITIALISED_AT_ONCE = 64;

export class VuPool {
  readonly #create: (index: number) => Promise<PooledVu>;
  readonly #all: PooledVu[] = [];
  /** The one that came back last is lent first: its connections and code are the warmest. */
  readonly #free: PooledVu[] = [];
  readonly #waiting: ((vu: PooledVu) => void)[] = [];
  #created = 0;
  /** Those beyond the plan that are at work, and how many of the free ones are beyond it. */
  readonly #extra = new Set<PooledVu>();
  #spare = 0;

  /** @param create makes the `index`-th (0-based) virtual user of this worker and runs its init code */
  constructor(create: (index: number) => Promise<PooledVu>) {
    this.#create = create;
  }

  /** Every virtual user there is. */
  get all(): readonly PooledVu[] {
    return this.#all;
  }

  /**
   * Makes virtual users until there are `count`.
   * @throws what the first init code to fail threw
   */
  async initialise(count: number): Promise<void> {
    const lanes = Array.from({ length: Math.min(INITIALISED_AT_ONCE, count) }, async () => {
      while (this.#created < count) {
        const vu = await this.#create(this.#created++);
        this.#all.push(vu);
      }
    });
    await Promise.all(lanes);
    this.#all.sort((a, b) => a.id - b.id);
    // Lent from the end: the lowest numbers go first, as users expect of `__VU`.
    this.#free.push(...this.#all.toReversed());
  }

  /** Lends one more than was planned: one that an earlier scenario needed and gave back, else a new one. */
  async requestExtra(): Promise<PooledVu> {
    let vu = this.#spare > 0 ? this.#free.pop() : undefined;
    if (vu !== undefined) this.#spare--;
    else {
      vu = await this.#create(this.#created++);
      this.#all.push(vu);
    }
    this.#extra.add(vu);
    return vu;
  }

  /** Lends a virtual user: within the call when one is free, else as soon as one is, first come, first served. */
  request(receive: (vu: PooledVu) => void): void {
    const vu = this.#free.pop();
    if (vu) receive(vu);
    else this.#waiting.push(receive);
  }

  release(vu: PooledVu): void {
    // Which one it is does not matter: what the plan counts on for other scenarios stays free for them.
    if (this.#extra.delete(vu)) this.#spare++;
    const receive = this.#waiting.shift();
    if (receive) receive(vu);
    else this.#free.push(vu);
  }

  /** Cuts off the iterations that may never go on, after code was broken off: all but those that wait for something to come. */
  interruptUnsure(): void {
    for (const vu of this.#all) if (!vu.vu.loop.isWaiting) vu.interrupt();
  }

  /** Cuts off every iteration in progress. */
  interruptAll(): void {
    for (const vu of this.#all) vu.interrupt();
  }

  /** Closes what the virtual users hold open. */
  dispose(): void {
    for (const { vu } of this.#all) vu.dispose();
  }
}
