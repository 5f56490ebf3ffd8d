// ramping-vus: the number of looping virtual users follows stages.

import type { RampingVusConfig } from '../../options/scenario-config.ts';
import type { TimerHandle } from '../clock.ts';
import type { ExecutorHost, ExecutorVu } from '../executor.ts';
import { BaseExecutor } from './base-executor.ts';
import { findCut, listVuSteps, type VuStep } from './vu-ramp.ts';

/**
 * A place for one virtual user. Active ones loop; one that is ramped down may finish its iteration, and goes on looping when the
 * number rises again before that.
 */
interface Slot {
  active: boolean;
  vu: ExecutorVu | null;
  /** Asked for a virtual user that has not come yet. */
  requested: boolean;
  /** Interrupts the iteration that was in progress at the ramp-down. */
  cut: TimerHandle | null;
}

export class RampingVus extends BaseExecutor<RampingVusConfig> {
  readonly #steps: readonly VuStep[];
  readonly #slots: Slot[];
  #nextStep = 0;
  /** As many are to be active by now. */
  #target = 0;
  /** Slots below this are active. */
  #active = 0;
  #stepTimer: TimerHandle | null = null;

  constructor(config: RampingVusConfig, host: ExecutorHost) {
    super(config, host);
    this.#steps = listVuSteps(config, host.share);
    const most = this.#steps.reduce((max, { vus }) => Math.max(max, vus), 0);
    this.#slots = Array.from({ length: most }, () => ({ active: false, vu: null, requested: false, cut: null }));
  }

  protected get maxVus(): number {
    return this.#slots.length;
  }

  protected override get awaited(): number {
    return Math.max(0, this.#target - this.#active);
  }

  protected begin(): void {
    if (this.#slots.length === 0) this.complete();
    else {
      if (this.beginsInMiddle) this.#skipPast();
      this.follow();
    }
  }

  /** Of the steps that are over only the last one counts. */
  #skipPast(): void {
    const elapsedMs = this.host.clock.now() - this.startMs;
    while (this.#nextStep + 1 < this.#steps.length && this.#steps[this.#nextStep + 1].atMs <= elapsedMs)
      this.#nextStep++;
  }

  /** Applies all steps that are due and waits for the next. */
  protected follow(): void {
    this.#stepTimer?.clear();
    const now = this.host.clock.now();
    while (this.#nextStep < this.#steps.length && this.startMs + this.#steps[this.#nextStep].atMs <= now) {
      const { atMs, vus } = this.#steps[this.#nextStep];
      this.#rampTo(vus, this.startMs + atMs);
      this.#nextStep++;
    }
    this.claim();
    this.#stepTimer =
      this.#nextStep < this.#steps.length && this.phase === 'running'
        ? this.host.clock.setTimer(this.startMs + this.#steps[this.#nextStep].atMs, () => this.follow())
        : null;
  }

  #rampTo(vus: number, atMs: number): void {
    this.#target = vus;
    while (this.#active < vus) this.#activate(this.#active++);
    while (this.#active > vus) this.#deactivate(this.#slots[--this.#active], atMs);
  }

  #activate(index: number): void {
    const slot = this.#slots[index];
    slot.active = true;
    slot.cut?.clear();
    slot.cut = null;
    if (slot.vu !== null || slot.requested) return;
    slot.requested = true;
    this.request((vu) => {
      slot.requested = false;
      slot.vu = vu;
      vu.slot = index;
      this.claim();
      if (slot.active) this.startIteration(vu);
      else this.retire(vu);
    });
  }

  #deactivate(slot: Slot, atMs: number): void {
    slot.active = false;
    const { vu } = slot;
    if (vu === null) return;
    const cutMs = Math.min(atMs + this.config.gracefulRampDownMs, this.endMs + this.config.gracefulStopMs);
    if (cutMs <= this.host.clock.now()) vu.interrupt();
    else slot.cut = this.host.clock.setTimer(cutMs, () => vu.interrupt());
  }

  protected startIteration(vu: ExecutorVu): void {
    this.startNext(vu, this.host.share);
  }

  protected mayContinue(vu: ExecutorVu, now: number): boolean {
    return this.phase === 'running' && now < this.endMs && this.#slots[vu.slot as number].active;
  }

  protected override retire(vu: ExecutorVu): void {
    const slot = this.#slots[vu.slot as number];
    slot.cut?.clear();
    slot.cut = null;
    slot.vu = null;
    super.retire(vu);
  }

  /** Where there is one alone, the plan tells when it gets company, and when it is cut off. */
  protected override claim(): void {
    super.claim();
    const [alone, another] = this.held;
    if (alone?.slot === undefined || another !== undefined) return;
    const { claims } = this.host;
    const { slot } = alone;
    const most = slot === 0 ? 1 : 0;
    const next =
      this.phase === 'running' && this.#steps.find(({ vus }, index) => index >= this.#nextStep && vus > most);
    claims.nextMs = next ? this.startMs + next.atMs : Number.POSITIVE_INFINITY;
    const { gracefulRampDownMs, gracefulStopMs } = this.config;
    const lastMs = this.endMs - this.startMs + gracefulStopMs;
    claims.endMs = this.startMs + findCut(this.#steps, slot, this.#nextStep, gracefulRampDownMs, lastMs);
  }

  protected wind(): void {
    this.#stepTimer?.clear();
    this.#stepTimer = null;
    // A step at the very end still counts: it ramps down with gracefulRampDown, unlike those that are active until the end.
    if (this.phase !== 'stopping') return;
    while (this.#nextStep < this.#steps.length) {
      const { atMs, vus } = this.#steps[this.#nextStep++];
      if (vus < this.#active) this.#rampTo(vus, this.startMs + atMs);
    }
  }
}
