// What a person sees of a run while it goes on: the announcement, then its state, drawn anew or line by line.
import type { RunState } from '../execution/control-plane/run-listener.ts';
import { describeProgress, describeScenario } from '../execution/scenario-progress.ts';
import { longestDuration, planVus } from '../execution/vu-plan.ts';
import { findShare } from '../options/segment.ts';
import { renderAgents } from '../report/agent-lines.ts';
import { REFRESH_MS, renderAnnouncement, renderProgress } from '../report/progress-lines.ts';
import type { RunObserver, RunPlan, RunSnapshot } from '../run/run-observer.ts';
import type { Terminal } from './terminal.ts';

export interface DisplayOptions {
  readonly quiet: boolean;
  /** Descriptions of the outputs. */
  readonly outputs: () => readonly string[];
  /** The run at the moment. */
  readonly snapshot: () => RunSnapshot;
  /** Where the load is made, in words; missing: here. */
  readonly execution?: string;
}

export class RunDisplay implements RunObserver {
  readonly #terminal: Terminal;
  readonly #options: DisplayOptions;
  #timer: NodeJS.Timeout | null = null;
  #maxVus = 0;

  constructor(terminal: Terminal, options: DisplayOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  /** Says what is going to be done, and shows from now on how the run is getting on. */
  onReady({ script, scenarios, shownScenarios, options }: RunPlan): void {
    const share = findShare(options.executionSegment, options.executionSegmentSequence);
    this.#maxVus = planVus(scenarios, share).max;
    if (this.#options.quiet) return;
    const announcement = renderAnnouncement({
      execution: this.#options.execution ?? 'local',
      script,
      outputs: this.#options.outputs(),
      share: share.fraction,
      maxVus: this.#maxVus,
      maxDurationMs: longestDuration(scenarios),
      scenarios: shownScenarios.map((config) => ({ name: config.name, description: describeScenario(config, share) })),
    });
    this.#terminal.stdout(`\n${announcement}`);
    this.#follow();
  }

  onState(state: RunState): void {
    if (state === 'paused' && !this.#options.quiet)
      this.#terminal.stdout('The test is paused: "sixfold resume" or the REST API starts it.\n');
    if (state === 'ended') this.finish();
  }

  #follow(): void {
    const interactive = this.#terminal.isInteractive;
    const show = (): void => {
      const snapshot = this.#options.snapshot();
      const lines = this.#render(snapshot);
      if (interactive) this.#terminal.draw(lines);
      else if (snapshot.state === 'running') this.#terminal.stdout(`${lines.join('\n')}\n`);
    };
    this.#timer = setInterval(show, interactive ? REFRESH_MS.terminal : REFRESH_MS.plain);
  }

  /** Shows the last state, which stays. */
  finish(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    const snapshot = this.#options.snapshot();
    // A run that ended before its scenarios has no state to show.
    if (snapshot.scenarios.length === 0) this.#terminal.settle();
    else this.#terminal.settle(this.#render(snapshot));
  }

  #render(run: RunSnapshot): string[] {
    const columns = this.#terminal.isInteractive ? this.#terminal.columns : Number.POSITIVE_INFINITY;
    const scenarios = renderProgress(
      {
        elapsedMs: run.elapsedMs,
        activeVus: run.activeVus,
        maxVus: this.#maxVus,
        complete: run.completed,
        interrupted: run.interrupted,
        scenarios: run.scenarios.map(({ config, progress }) => ({
          name: config.name,
          share: progress.share,
          state: progress.phase,
          details: describeProgress(config, progress),
        })),
      },
      columns,
    );
    return [...scenarios, ...renderAgents(run.agents ?? [], columns)];
  }
}
