// How far the scenarios of a run are over all places of its load, and what is left of them where one of these is lost.
import { goesByTime, regularDuration, type ScenarioConfig } from '../../options/scenario-config.ts';
import type { ExecutorProgress } from '../executor.ts';
import type { Remainder } from '../load-host.ts';
import { mergeProgress } from '../scenario-progress.ts';
import type { LoadEvent } from '../worker-protocol.ts';

export class RunProgress {
  readonly #progress = new Map<number, ReadonlyMap<string, ExecutorProgress>>();
  readonly #busy = new Map<number, number>();

  /** Takes what a host says. @param host its position */
  hear(host: number, { scenarios, busyShare }: Extract<LoadEvent, { type: 'progress' }>): void {
    this.#progress.set(host, new Map(scenarios.map(({ name, progress }) => [name, progress])));
    // About the last half second: a single report is too short to mean much.
    this.#busy.set(host, 0.8 * (this.#busy.get(host) ?? busyShare) + 0.2 * busyShare);
  }

  /** What a host has in hand is somebody else's now. */
  forget(host: number): void {
    this.#progress.delete(host);
    this.#busy.delete(host);
  }

  /** How busy the busiest host was when it was last heard of, 0 to 1. */
  get busyShare(): number {
    return Math.max(0, ...this.#busy.values());
  }

  /** @param areInstances whether hosts have segments of their own @returns where a scenario stands; null: nothing is known of it yet */
  of(scenario: string, areInstances: boolean | undefined): ExecutorProgress | null {
    const parts = [...this.#progress.values()].flatMap((scenarios) => scenarios.get(scenario) ?? []);
    return parts.length === 0 ? null : mergeProgress(parts, areInstances);
  }

  /**
   * @param host that is lost
   * @param elapsedMs since the scenarios began; null: for this share they have not
   * @returns how many scenarios somebody else can go on with, and the names of those that nobody can
   */
  whatIsLeft(host: number, scenarios: readonly ScenarioConfig[], elapsedMs: number | null): Remainder {
    const isAhead = ({ startTimeMs }: ScenarioConfig): boolean => elapsedMs === null || elapsedMs < startTimeMs;
    const isInTime = (config: ScenarioConfig): boolean =>
      goesByTime(config) && elapsedMs! < config.startTimeMs + regularDuration(config);
    const isDone = ({ name }: ScenarioConfig): boolean => this.#progress.get(host)?.get(name)?.phase === 'done';
    return {
      left: scenarios.filter((config) => isAhead(config) || isInTime(config)).length,
      broken: scenarios
        .filter((config) => !isAhead(config) && !goesByTime(config) && !isDone(config))
        .map(({ name }) => name),
    };
  }
}
