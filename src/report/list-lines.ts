// Runs as a table of text.
import { fitText, padText, widthOf } from './fit-text.ts';
import { describeResult, type ListedRun } from './listed-run.ts';
import type { TextStyle } from './text-style.ts';
import { formatMeasuredTime, formatPercent } from './value-format.ts';

const HEADS = ['', 'run', 'began', 'script', 'took', 'requests', 'failed', 'p95', 'result'];
/** Columns of numbers. */
const RIGHT = new Set([4, 5, 6, 7]);
const LONGEST_NAME = 32;

/** @returns lines, the first one with what the columns are */
export function listLines(runs: readonly ListedRun[], style: TextStyle): string[] {
  const rows = runs.map(toCells);
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((row) => widthOf(row[column]!))));
  const show = (cells: readonly string[]): string[] =>
    cells.map((cell, column) => (RIGHT.has(column) ? cell.padStart(widths[column]!) : padText(cell, widths[column]!)));
  return [
    style.faint(show(HEADS).join('  ').trimEnd()),
    ...rows.map((row, index) => {
      const cells = show(row);
      const result = cells.pop()!.trimEnd();
      return `${cells.join('  ')}  ${paintResult(runs[index]!, style)(result)}`;
    }),
  ];
}

function toCells(run: ListedRun): string[] {
  const { id, name, startedAtMs, isPinned, headline } = run;
  return [
    isPinned ? '*' : '',
    id,
    formatDate(startedAtMs),
    fitText(printable(name), LONGEST_NAME),
    headline === null ? '' : formatMeasuredTime(Math.round(headline.durationMs / 100) * 100),
    headline === null ? '' : headline.requests.toLocaleString('en-US'),
    headline === null || headline.requests === 0 ? '' : formatPercent(headline.failed, headline.requests),
    headline?.p95 == null ? '' : formatMeasuredTime(headline.p95),
    describeResult(run),
  ];
}

function paintResult({ state, exitCode }: ListedRun, style: TextStyle): (text: string) => string {
  if (state === 'running') return style.value;
  return state === 'ended' && exitCode === 0 ? style.good : style.bad;
}

/** In the time of this machine: `2026-11-28 09:12`. */
function formatDate(ms: number): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What came from elsewhere may hold what a terminal obeys. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}
