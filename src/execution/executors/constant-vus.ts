// constant-vus: a fixed number of virtual users loop for a fixed time.

import type { ConstantVusConfig } from '../../options/scenario-config.ts';
import type { Share } from '../../options/segment.ts';
import type { ExecutorHost, ExecutorVu } from '../executor.ts';
import { BaseExecutor } from './base-executor.ts';

export class ConstantVus extends BaseExecutor<ConstantVusConfig> {
  readonly #vus: number;
  /** Numbers go to workers in proportion to their virtual users; null when this one has none. */
  readonly #share: Share | null;
  /** Virtual users asked for. */
  #asked = 0;

  constructor(config: ConstantVusConfig, host: ExecutorHost) {
    super(config, host);
    this.#vus = host.share.scale(config.vus);
    this.#share = host.share.forVus(config.vus);
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
      this.request((vu) => this.startIteration(vu));
    }
  }

  protected startIteration(vu: ExecutorVu): void {
    this.startNext(vu, this.#share as Share);
  }

  protected mayContinue(_vu: ExecutorVu, now: number): boolean {
    return this.phase === 'running' && now < this.endMs;
  }

  protected wind(): void {}
}
