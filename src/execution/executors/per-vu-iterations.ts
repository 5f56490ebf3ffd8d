// per-vu-iterations: every virtual user does the same number of iterations.

import type { PerVuIterationsConfig } from '../../options/scenario-config.ts';
import type { Share } from '../../options/segment.ts';
import type { ExecutorHost, ExecutorProgress, ExecutorVu } from '../executor.ts';
import { BaseExecutor } from './base-executor.ts';

export class PerVuIterations extends BaseExecutor<PerVuIterationsConfig> {
  readonly #vus: number;
  /** Numbers go to workers in proportion to their virtual users; null when this one has none. */
  readonly #share: Share | null;
  /** Iterations of this worker. */
  readonly #total: number;
  #done = 0;
  #retired = 0;
  /** Virtual users asked for. */
  #asked = 0;

  constructor(config: PerVuIterationsConfig, host: ExecutorHost) {
    super(config, host);
    this.#vus = host.share.scale(config.vus);
    this.#share = host.share.forVus(config.vus);
    this.#total = this.#vus * config.iterations;
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
        vu.slot = 0;
        this.startIteration(vu);
      });
    }
  }

  protected startIteration(vu: ExecutorVu): void {
    // The slot counts the iterations that the virtual user has started.
    vu.slot = (vu.slot as number) + 1;
    this.startNext(vu, this.#share as Share);
  }

  override onIterationEnd(vu: ExecutorVu): void {
    this.#done++;
    super.onIterationEnd(vu);
  }

  protected mayContinue(vu: ExecutorVu, now: number): boolean {
    return this.phase === 'running' && now < this.endMs && (vu.slot as number) < this.config.iterations;
  }

  protected override retire(vu: ExecutorVu): void {
    this.#retired++;
    super.retire(vu);
    // One that was still waited for when others ended would come too late to be counted.
    if (this.#retired === this.#vus && this.started === this.#total) this.complete();
  }

  protected wind(): void {
    if (this.phase === 'stopping' && this.started < this.#total) this.host.dropIterations(this.#total - this.started);
  }

  override progress(nowMs: number): ExecutorProgress {
    const share = this.phase === 'done' || this.#total === 0 ? 1 : this.#done / this.#total;
    return { ...super.progress(nowMs), share, iterations: { done: this.#done, total: this.#total, shared: false } };
  }
}
