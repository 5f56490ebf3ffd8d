// The timeline of a run, kept for whoever wants one: the live page, the report, the history.

import type { RunState } from '../execution/control-plane/run-listener.ts';
import type { SeriesReceiver } from '../metrics/sinks/sink.ts';
import type { Tags } from '../metrics/timeline/series-role.ts';
import { Timeline } from '../metrics/timeline/timeline.ts';
import { regularDuration, type ScenarioConfig } from '../options/scenario-config.ts';
import type { RunObserver, RunPlan, RunSnapshot } from './run-observer.ts';

/** Threads hand over their samples every 50 ms: what is this old is complete. */
const LATENESS_MS = 150;

const epochNow = (): number => performance.timeOrigin + performance.now();

export class RunTimeline implements RunObserver {
  readonly #snapshot: () => RunSnapshot;
  #timeline = new Timeline(null);
  #plannedMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failed = 0;
  #cpu = process.cpuUsage();
  #cpuAt = performance.now();

  /** @param snapshot the run at the moment */
  constructor(snapshot: () => RunSnapshot) {
    this.#snapshot = snapshot;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** How long the run is to take, in ms; null where its work and not the time decides. */
  get plannedMs(): number | null {
    return this.#plannedMs;
  }

  onReady({ scenarios }: RunPlan): void {
    this.#plannedMs = planOf(scenarios);
    this.#timeline = new Timeline(this.#plannedMs);
  }

  onSeries(metric: string, tags: Tags): SeriesReceiver[] {
    return this.#timeline.receiversFor(metric, tags);
  }

  onState(state: RunState): void {
    if ((state === 'setup' || state === 'running') && this.#timer === null) {
      this.#timeline.begin(epochNow());
      // Twice in a cell, so that none is without.
      this.#timer = setInterval(() => this.#look(), this.#timeline.cellMs / 2);
      this.#timer.unref();
    }
    if (state === 'ended' && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#look();
    }
  }

  async onDrain(): Promise<void> {
    this.#timeline.finish(epochNow());
  }

  /** Notes what no sample says. */
  #look(): void {
    const now = epochNow();
    const { activeVus, failed, busyShare } = this.#snapshot();
    const cpu = process.cpuUsage(this.#cpu);
    const sinceMs = performance.now() - this.#cpuAt;
    this.#timeline.note('vus', activeVus, now);
    this.#timeline.note('failedIterations', failed - this.#failed, now);
    this.#timeline.note('busy', Math.round(busyShare * 1000), now);
    if (sinceMs > 50) this.#timeline.note('cpu', Math.round((cpu.user + cpu.system) / sinceMs), now);
    this.#failed = failed;
    this.#cpu = process.cpuUsage();
    this.#cpuAt = performance.now();
    this.#timeline.closeUntil(now - LATENESS_MS);
  }
}

/** @returns ms by the plan, from the start of the test; null where some scenario ends when its iterations are done, or never */
function planOf(scenarios: readonly ScenarioConfig[]): number | null {
  const isTimed = scenarios.every(
    (scenario) => !('iterations' in scenario) && Number.isFinite(regularDuration(scenario)),
  );
  if (!isTimed) return null;
  return Math.max(...scenarios.map((scenario) => scenario.startTimeMs + regularDuration(scenario)));
}
