// shared-iterations: virtual users take iterations from one heap until it is empty, over all workers of the instance.

import type { SharedIterationsConfig } from '../../options/scenario-config.ts';
import type { Share } from '../../options/segment.ts';
import type { ExecutorHost, ExecutorProgress, ExecutorVu } from '../executor.ts';
import { BaseExecutor } from './base-executor.ts';

const NOTHING_TAKEN = -1;

export class SharedIterations extends BaseExecutor<SharedIterationsConfig> {
  readonly #vus: number;
  /** Iterations go to instances in proportion to their virtual users; null when this worker has none. */
  readonly #share: Share | null;
  /** Iterations of this instance. */
  readonly #total: number;
  /** Virtual users asked for. */
  #asked = 0;

  constructor(config: SharedIterationsConfig, host: ExecutorHost) {
    super(config, host);
    this.#share = host.share.forVus(config.vus);
    this.#vus = host.share.scale(config.vus);
    this.#total = this.#share?.scaleInstance(config.iterations) ?? 0;
  }

  protected get maxVus(): number {
    return this.#vus;
  }

  protected override get awaited(): number {
    return this.#vus - this.#asked;
  }

  protected begin(): void {
    if (this.#vus === 0) this.complete();
    this.follow();
  }

  protected follow(): void {
    while (this.#asked < this.#vus) {
      this.#asked++;
      this.request((vu) => {
        if (this.#take(vu)) this.startIteration(vu);
        else this.retire(vu);
      });
    }
    this.#completeWhenEmpty();
  }

  /** Takes an iteration; the slot of the virtual user keeps its number until it starts. */
  #take(vu: ExecutorVu): boolean {
    const index = this.host.iterations.next();
    vu.slot = index < this.#total ? index : NOTHING_TAKEN;
    return index < this.#total;
  }

  protected startIteration(vu: ExecutorVu): void {
    const index = vu.slot as number;
    vu.slot = NOTHING_TAKEN;
    vu.begin(index, (this.#share as Share).instanceToTest(index), Number.NaN, this);
  }

  override onIterationEnd(vu: ExecutorVu): void {
    this.host.iterations.finish();
    super.onIterationEnd(vu);
  }

  protected mayContinue(vu: ExecutorVu, now: number): boolean {
    const inTime = this.phase === 'running' && now < this.endMs;
    if (vu.slot === NOTHING_TAKEN) return inTime && this.#take(vu);
    // It took one and then had to wait for its turn of the event loop.
    if (!inTime) this.host.dropIterations(1);
    return inTime;
  }

  protected override retire(vu: ExecutorVu): void {
    super.retire(vu);
    this.#completeWhenEmpty();
  }

  #completeWhenEmpty(): void {
    if (this.phase === 'running' && this.held.size === 0 && this.host.iterations.taken() >= this.#total)
      this.complete();
  }

  protected wind(): void {
    if (this.phase !== 'stopping' || this.#share === null) return;
    const dropped = this.host.iterations.takeRest(this.#total);
    if (dropped > 0) this.host.dropIterations(dropped);
  }

  override progress(nowMs: number): ExecutorProgress {
    const done = Math.min(this.host.iterations.finished(), this.#total);
    const progress = super.progress(nowMs);
    const share = this.phase === 'done' || this.#total === 0 ? 1 : done / this.#total;
    return { ...progress, share, iterations: { done, total: this.#total, shared: true } };
  }
}
