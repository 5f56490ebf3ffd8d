// What a run shows while it goes on: the announcement, the line of totals and a bar per scenario. Text only; the command line
// decides when to print it: every 100 ms on a terminal, else once a second, and never when it is to be quiet.
import { fitText, padText, widthOf } from './fit-text.ts';
import { formatMeasuredTime } from './value-format.ts';

/** How often to show progress, in ms. */
export const REFRESH_MS = { terminal: 100, plain: 1000 } as const;

export interface Announcement {
  /** `local`, or how else the test runs. */
  readonly execution: string;
  readonly script: string;
  /** Descriptions of the outputs; empty prints `-`. */
  readonly outputs: readonly string[];
  /** Address of the live page, where there is one. */
  readonly dashboard?: string;
  /** 0 to 1: the share of the whole test that this instance has. */
  readonly share: number;
  readonly maxVus: number;
  /** With graceful stops, in ms. */
  readonly maxDurationMs: number;
  readonly scenarios: readonly { readonly name: string; readonly description: string }[];
}

export interface ScenarioBar {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
  readonly state: 'waiting' | 'running' | 'stopping' | 'done' | 'interrupted';
  /** What stands right of the bar. */
  readonly details: readonly string[];
}

export interface ProgressView {
  readonly elapsedMs: number;
  readonly activeVus: number;
  readonly maxVus: number;
  readonly complete: number;
  readonly interrupted: number;
  readonly scenarios: readonly ScenarioBar[];
}

const BAR_WIDTH = 40;
/** Narrower bars tell nothing: the name and details are left. */
const LEAST_BAR_WIDTH = 8;
/** A name keeps so many columns, whatever becomes of its bar. */
const LEAST_NAME_WIDTH = 8;
/** Around a bar: the mark with its space, and a space on either side, twice. */
const BETWEEN = 6;
const MARKS: Readonly<Record<ScenarioBar['state'], string>> = {
  waiting: '•',
  running: ' ',
  stopping: '↓',
  done: '✓',
  interrupted: '✗',
};

/** @returns what stands above the progress */
export function renderAnnouncement(announcement: Announcement): string {
  const count = `${announcement.scenarios.length} scenario${announcement.scenarios.length === 1 ? '' : 's'}`;
  const lines = [
    `     execution: ${announcement.execution}`,
    `        script: ${announcement.script}`,
    ...(announcement.dashboard === undefined ? [] : [` web dashboard: ${announcement.dashboard}`]),
    `        output: ${announcement.outputs.join(', ') || '-'}`,
    '',
    `     scenarios: (${(announcement.share * 100).toFixed(2)}%) ${count}, ${announcement.maxVus} max VUs, ` +
      `${formatMeasuredTime(announcement.maxDurationMs)} max duration (incl. graceful stop):`,
    ...announcement.scenarios.map(({ name, description }) => `              * ${name}: ${description}`),
  ];
  return `${lines.join('\n')}\n\n`;
}

/** A moment of the run as `0m05.0s`: always the same width within an hour, so that lines do not jump. */
export function formatClock(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  const minutes = Math.floor(tenths / 600);
  return minutes < 60
    ? `${minutes}m${seconds}s`
    : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m${seconds}s`;
}

/** @returns the line of totals and one line per scenario, none wider than the terminal */
export function renderProgress(progress: ProgressView, columns: number): string[] {
  const { elapsedMs, activeVus, maxVus, complete, interrupted, scenarios } = progress;
  const vus = `${String(activeVus).padStart(String(maxVus).length, '0')}/${maxVus} VUs`;
  const header = `running (${formatClock(elapsedMs)}), ${vus}, ${complete} complete and ${interrupted} interrupted iterations`;
  // A long name gives way before its bar does.
  const details = Math.max(0, ...scenarios.map((scenario) => widthOf(scenario.details.join('  '))));
  const room = Math.max(LEAST_NAME_WIDTH, columns - details - LEAST_BAR_WIDTH - BETWEEN);
  const names = scenarios.map(({ name }) => fitText(withoutControls(name), room));
  const nameWidth = Math.max(0, ...names.map(widthOf));
  return [
    header,
    ...scenarios.map((scenario, index) => renderBar(scenario, padText(names[index]!, nameWidth), columns)),
  ].map((line) => fitText(line, columns));
}

/** What would move the cursor shows as a space. */
function withoutControls(name: string): string {
  return name.replace(/\p{Cc}/gu, ' ');
}

function renderBar({ share, state, details }: ScenarioBar, name: string, columns: number): string {
  const left = `${name} ${MARKS[state]}`;
  const right = details.join('  ');
  const width = Math.min(BAR_WIDTH, columns - widthOf(left) - widthOf(right) - 4);
  if (width < LEAST_BAR_WIDTH) return `${left} ${Math.floor(share * 100)}%  ${right}`;
  return `${left} [${fill(share, width - 2)}] ${right}`;
}

/** `====>-----`. */
function fill(share: number, width: number): string {
  const done = Math.floor(Math.min(1, Math.max(0, share)) * width);
  if (done === width) return '='.repeat(width);
  return `${'='.repeat(Math.max(0, done - 1))}${done > 0 ? '>' : ''}${'-'.repeat(width - done)}`;
}
