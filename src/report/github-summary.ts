// The outcome of a run as GitHub Actions show it: a summary in Markdown, and annotations as commands on standard output
// (docs.github.com, "Workflow commands for GitHub Actions").
import { findCode } from '../codes/catalogue.ts';
import { EXIT } from '../exit/exit-error.ts';
import type { OutcomeCase, RunOutcome } from './outcome.ts';
import { formatMeasuredTime, formatPercent } from './value-format.ts';

/** GitHub takes 1 MiB from a step, and nothing of more. */
export const MOST_OCTETS = 1024 * 1024;
/** Rows of a table; a longer one nobody reads. */
const MOST_ROWS = 100;
/** GitHub shows ten annotations of a kind. */
const MOST_ANNOTATIONS = 10;

const MARKS: Readonly<Record<OutcomeCase['state'], string>> = { held: '✅', failed: '❌', noted: '⚠️' };

export function renderGithubSummary(outcome: RunOutcome): string {
  const { script, durationMs, thresholds, checks, summary } = outcome;
  const { concerns = [] } = summary.meta;
  const text = [
    `## ${verdictOf(outcome)}`,
    '',
    `${code(script)} · ${formatMeasuredTime(durationMs)}`,
    '',
    ...concerns.flatMap((concern) => [`> ${escapeText(concern.text).replaceAll('\n', '<br>')}`, '']),
    ...table('Thresholds', ['Metric', 'Threshold', 'Found'], thresholds),
    ...table('Checks', ['Group', 'Check', 'Found'], checks),
    ...failures(outcome),
  ].join('\n');
  return `${cut(text)}\n`;
}

/** @returns a line per crossed threshold, per failed check that is judged, and per concern */
export function renderAnnotations(outcome: RunOutcome): string[] {
  const { exitCode, reason, thresholds, checks, summary } = outcome;
  const wrong = [...thresholds, ...checks].filter(({ state }) => state === 'failed');
  return [
    ...(exitCode !== 0 && exitCode !== EXIT.thresholdsFailed && reason !== null
      ? [annotation('error', 'Run', reason)]
      : []),
    ...wrong
      .slice(0, MOST_ANNOTATIONS)
      .map(({ place, name, text }) => annotation('error', place === '' ? name : `${place}: ${name}`, text)),
    ...(summary.meta.concerns ?? []).map(({ text }) => annotation('warning', 'Run', text)),
  ];
}

function verdictOf({ exitCode, thresholds }: RunOutcome): string {
  const crossed = thresholds.filter(({ state }) => state === 'failed').length;
  if (crossed > 0) return `❌ Not passed: ${crossed} of ${thresholds.length} thresholds crossed`;
  if (exitCode !== 0) return `❌ Not passed: exit code ${exitCode}`;
  return thresholds.length > 0 ? `✅ Passed: all ${thresholds.length} thresholds held` : '✅ Came to its end';
}

function table(title: string, heads: readonly string[], cases: readonly OutcomeCase[]): string[] {
  if (cases.length === 0) return [];
  // What is wrong comes first.
  const order = { failed: 0, noted: 1, held: 2 };
  const sorted = cases.toSorted((a, b) => order[a.state] - order[b.state]);
  return [
    `### ${title}`,
    '',
    `| | ${heads.join(' | ')} |`,
    `|-|${heads.map(() => '-').join('|')}|`,
    ...sorted
      .slice(0, MOST_ROWS)
      .map(
        ({ place, name, state, text }) => `| ${MARKS[state]} | ${code(place)} | ${code(name)} | ${escapeText(text)} |`,
      ),
    ...(cases.length > MOST_ROWS ? ['', `and ${cases.length - MOST_ROWS} more`] : []),
    '',
  ];
}

function failures({ summary }: RunOutcome): string[] {
  if (summary.failures.length === 0) return [];
  return [
    '### Failures',
    '',
    '| Code | Count | Most | Look first |',
    '|-|-|-|-|',
    ...summary.failures.slice(0, MOST_ROWS).map(({ code: number, count, total, names }) => {
      const entry = findCode(number);
      const where = names[0] === undefined ? '' : code(names[0].name);
      return `| ${number} ${escapeText(entry?.title ?? '')} | ${count} (${formatPercent(count, total)}) | ${where} | ${escapeText(entry?.look ?? '')} |`;
    }),
    '',
  ];
}

/** Text that is neither Markdown nor HTML, in one cell of a table. */
function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#|~!+-]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\r\n]+/g, '<br>');
}

function code(text: string): string {
  return text === '' ? '' : `<code>${escapeText(text)}</code>`;
}

function annotation(kind: 'error' | 'warning', title: string, text: string): string {
  const value = (raw: string) => raw.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${kind} title=${value(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${value(text)}`;
}

function cut(text: string): string {
  const note = '\n\n… there was no room for more.';
  const most = MOST_OCTETS - Buffer.byteLength(note) - 1;
  if (Buffer.byteLength(text) <= most) return text;
  // At the end of a line: a row that is cut would break its table.
  const head = Buffer.from(text).subarray(0, most).toString('utf8');
  return head.slice(0, head.lastIndexOf('\n')) + note;
}
