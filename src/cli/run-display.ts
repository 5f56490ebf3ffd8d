// What a person sees of a run while it goes on: the announcement, the progress bars, the state line.
import { describeScenario, describeProgress } from '../execution/progress.ts';
import type { ScenarioConfig } from '../execution/options/scenario-config.ts';
import { findShare } from '../execution/segment.ts';
import type { TestRun } from '../execution/test-run.ts';
import { longestDuration, planVus } from '../execution/vu-plan.ts';
import { renderAnnouncement, renderProgress } from '../report/progress.ts';
import type { Options } from '../vu/options.ts';
import type { Terminal } from './terminal.ts';

/** Between two pictures, in ms: where it can be drawn anew, and where each is a line of its own. */
const REDRAW_PERIOD = 100;
const LINE_PERIOD = 1000;

export interface Announcement {
  readonly script: string;
  readonly outputs: readonly string[];
  readonly scenarios: readonly ScenarioConfig[];
  readonly options: Options;
}

export class RunDisplay {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #colour: boolean;
  #timer: NodeJS.Timeout | null = null;
  #show: (() => void) | null = null;

  constructor(terminal: Terminal, style: { quiet: boolean; colour: boolean }) {
    this.#terminal = terminal;
    this.#quiet = style.quiet;
    this.#colour = style.colour && terminal.isInteractive;
  }
}
