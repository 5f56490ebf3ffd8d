// externally-controlled: virtual users loop, as many as somebody outside wants at the moment.
import type { ExternallyControlledConfig } from '../../options/scenario-config.ts';
import type { ExecutorHost, ExecutorVu } from '../executor.ts';
import { BaseExecutor } from './base-executor.ts';

/** A place for one virtual user, which may still be on its way or be leaving. */
interface Slot {
  active: boolean;
  vu: ExecutorVu | null;
  requested: boolean;
}

export class ExternallyControlled extends BaseExecutor<ExternallyControlledConfig> {
  readonly #slots: Slot[] = [];
  /** Those that the plan has made; what is wanted beyond them is made on the way. */
  readonly #planned: number;
  #most: number;
  #wanted: number;
  #active = 0;
  /** Virtual users that are being made. */
  #coming = 0;

  constructor(config: ExternallyControlledConfig, host: ExecutorHost) {
    super(config, host);
    this.#planned = host.share.scale(config.maxVUs);
    this.#most = this.#planned;
    this.#wanted = host.share.scale(config.vus);
  }

  protected get maxVus(): number {
    return this.#most;
  }

  /** The share of this worker follows: over all workers the sum is exact. */
  scale(vus: number, maxVus: number): void {
    this.#wanted = this.host.share.scale(vus);
    this.#most = this.host.share.scale(maxVus);
    if (this.phase === 'running') this.follow();
  }

  protected override get awaited(): number {
    return Math.max(0, this.#wanted - this.#active) + this.#coming;
  }

  protected begin(): void {
    this.follow();
  }

  protected follow(): void {
    while (this.#active < this.#wanted) this.#activate(this.#active++);
    while (this.#active > this.#wanted) this.#deactivate(--this.#active);
  }

  #activate(index: number): void {
    this.#slots[index] ??= { active: false, vu: null, requested: false };
    const slot = this.#slots[index];
    slot.active = true;
    if (slot.vu !== null || slot.requested) return;
    slot.requested = true;
    if (index < this.#planned) this.request((vu) => this.#seat(vu, index));
    else void this.#make(index);
  }

  /** Makes a virtual user that nobody planned. */
  async #make(index: number): Promise<void> {
    this.#coming++;
    this.claim();
    const vu = await this.host.createVu();
    this.#coming--;
    this.claim();
    if (vu === null) this.#slots[index].requested = false;
    else if (this.phase === 'running') {
      this.hold(vu);
      this.#seat(vu, index);
    } else this.host.releaseVu(vu);
    this.finishIfIdle();
  }

  #seat(vu: ExecutorVu, index: number): void {
    const slot = this.#slots[index];
    slot.requested = false;
    slot.vu = vu;
    vu.slot = index;
    if (slot.active) this.startIteration(vu);
    else this.retire(vu);
  }

  /** There is no grace: whoever takes a virtual user away wants less load now. */
  #deactivate(index: number): void {
    const slot = this.#slots[index];
    slot.active = false;
    slot.vu?.interrupt();
  }

  protected startIteration(vu: ExecutorVu): void {
    this.startNext(vu, this.host.share);
  }

  protected mayContinue(vu: ExecutorVu, now: number): boolean {
    return this.phase === 'running' && now < this.endMs && this.#slots[vu.slot as number].active;
  }

  protected override retire(vu: ExecutorVu): void {
    this.#slots[vu.slot as number].vu = null;
    super.retire(vu);
  }

  protected override get isBusy(): boolean {
    return this.#coming > 0;
  }

  protected wind(): void {}
}
