// What a person sees of a run while it goes on: the announcement, then its state, drawn anew or line by line.

import type { TestRun } from '../execution/control-plane/test-run.ts';
import { describeProgress, describeScenario } from '../execution/progress.ts';
import { longestDuration, planVus } from '../execution/vu-plan.ts';
import type { Options } from '../options/options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import { findShare } from '../options/segment.ts';
import { REFRESH_MS, renderAnnouncement, renderProgress } from '../report/progress.ts';
import type { Terminal } from './terminal.ts';

export interface RunPlan {
  readonly script: string;
  /** Descriptions of the outputs. */
  readonly outputs: readonly string[];
  readonly scenarios: readonly ScenarioConfig[];
  readonly options: Options;
}

export class RunDisplay {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  #timer: NodeJS.Timeout | null = null;
  #show: (() => void) | null = null;
  #maxVus = 0;

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal;
    this.#quiet = quiet;
  }

  /** Says what is going to be done. */
  announce({ script, outputs, scenarios, options }: RunPlan): void {
    const share = findShare(options.executionSegment.segment, options.executionSegment.sequence);
    this.#maxVus = planVus(scenarios, share).max;
    if (this.#quiet) return;
    const announcement = renderAnnouncement({
      execution: 'local',
      script,
      outputs,
      share: share.fraction,
      maxVus: this.#maxVus,
      maxDurationMs: longestDuration(scenarios),
      scenarios: scenarios.map((config) => ({ name: config.name, description: describeScenario(config, share) })),
    });
    this.#terminal.stdout(`\n${announcement}`);
  }

  /** Shows how the run is getting on, until {@link finish}. */
  follow(run: TestRun): void {
    if (this.#quiet) return;
    const interactive = this.#terminal.isInteractive;
    const show = (): void => {
      const lines = this.#render(run);
      if (interactive) this.#terminal.draw(lines);
      else if (run.state === 'running') this.#terminal.stdout(`${lines.join('\n')}\n`);
    };
    this.#timer = setInterval(show, interactive ? REFRESH_MS.terminal : REFRESH_MS.plain);
    this.#show = show;
  }

  /** Shows the last state, which stays. */
  finish(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#terminal.isInteractive) this.#show?.();
    this.#terminal.settle();
  }

  #render(run: TestRun): string[] {
    const { counters } = run;
    return renderProgress(
      {
        elapsedMs: run.elapsedMs,
        activeVus: counters.vusActive,
        maxVus: this.#maxVus,
        complete: counters.iterationsCompleted,
        interrupted: counters.iterationsInterrupted,
        scenarios: run.progress.map(({ config, progress }) => ({
          name: config.name,
          share: progress.share,
          state: progress.phase,
          details: describeProgress(config, progress),
        })),
      },
      this.#terminal.isInteractive ? this.#terminal.columns : Number.POSITIVE_INFINITY,
    );
  }
}
