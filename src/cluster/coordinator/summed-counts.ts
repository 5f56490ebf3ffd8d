// Counts over all agents, as each has told them last.
import type { RunCounts } from '../../execution/load-host.ts';
import type { AgentCounts } from '../messages.ts';

export class SummedCounts implements RunCounts {
  readonly #parts = new Map<number, AgentCounts>();
  readonly #onBegin: (epochMs: number) => void;
  #startedAt: number | null = null;

  /** @param onBegin hears when the run begins */
  constructor(onBegin: (epochMs: number) => void) {
    this.#onBegin = onBegin;
  }

  set(agent: number, counts: AgentCounts): void {
    this.#parts.set(agent, counts);
  }

  /** Virtual users of an agent that is gone are no more; what it has done stands. */
  lose(agent: number): void {
    const counts = this.#parts.get(agent);
    if (counts !== undefined) this.#parts.set(agent, { ...counts, vusActive: 0, vusInitialised: 0 });
  }

  #sum(name: keyof AgentCounts): number {
    let sum = 0;
    for (const counts of this.#parts.values()) sum += counts[name];
    return sum;
  }

  get iterationsCompleted(): number {
    return this.#sum('iterationsCompleted');
  }
  get iterationsInterrupted(): number {
    return this.#sum('iterationsInterrupted');
  }
  get iterationsFailed(): number {
    return this.#sum('iterationsFailed');
  }
  get vusActive(): number {
    return this.#sum('vusActive');
  }
  get vusInitialised(): number {
    return this.#sum('vusInitialised');
  }
  get lostLogLines(): number {
    return this.#sum('lostLogLines');
  }
  get testRunDurationMs(): number {
    return this.#startedAt === null ? 0 : performance.timeOrigin + performance.now() - this.#startedAt;
  }

  start(epochMs: number): void {
    this.#startedAt = epochMs;
    this.#onBegin(epochMs);
  }

  // Agents measure the time of virtual users and hold up their logs themselves: nothing of it is done here.
  pause(): void {}
  resume(): void {}
  releaseLog(): void {}
  changeBodyBytes(): number {
    return 0;
  }
}
