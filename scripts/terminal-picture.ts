// Draws what a program shows in a terminal as an SVG: runs it in tmux, captures the screen with its colours, keeps the parts named.
//
//   node bin/node.js scripts/terminal-picture.ts --out docs/images/summary.svg --columns 128 \
//     --keep '^\$ ' --keep '^ +scenarios:,^ +\* unlucky' --keep '^running,^unlucky' --keep 'TOTAL RESULTS,grpc_reqs' \
//     --keep 'FAILURES,most:' --keep '1220,most:' npm start
//
// A part is a regular expression for its first line and, behind a comma, one for its last. What is left out shows as "⋯".
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from './root.ts';

const ROWS = 400;
const LONGEST_MS = 120_000;
const FONT_SIZE = 13;
/** A column and a line, in px. */
const COLUMN = 7.8;
const LINE = 17;
const PADDING = 18;

const BACKGROUND = '#16181d';
const FOREGROUND = '#d4d7dd';
/** SGR 30–37 and 90–97. */
const COLOURS = ['#5c6370', '#ef6b73', '#8ccf7e', '#e5c76b', '#67b0e8', '#c47fd5', '#6cd0ca', '#d4d7dd'];

interface Style {
  readonly colour: string;
  readonly bold: boolean;
  readonly faint: boolean;
}

interface Run {
  readonly text: string;
  readonly column: number;
  readonly style: Style;
}

const PLAIN: Style = { colour: FOREGROUND, bold: false, faint: false };

/** Runs a command in a terminal of tmux until it ends. @returns the screen, a line per row, with its escape sequences */
async function capture(command: readonly string[], columns: number): Promise<string[]> {
  const socket = `sixfold-picture-${process.pid}`;
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], { cwd: ROOT, encoding: 'utf8' });
  const quoted = command.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  // The pane stays when the command is over, so that its last screen can be read.
  const shell = `printf '$ %s\\n' "${quoted}"; ${quoted}`;
  tmux('new-session', '-d', '-x', String(columns), '-y', String(ROWS), 'cat');
  try {
    tmux('set', '-w', 'remain-on-exit', 'on');
    tmux('respawn-pane', '-k', shell);
    const end = Date.now() + LONGEST_MS;
    while (tmux('display', '-p', '#{pane_dead}').trim() !== '1') {
      if (Date.now() > end) throw new Error(`"${quoted}" did not end within ${LONGEST_MS / 1000} s`);
      await wait(200);
    }
    // With its history: the note that the pane is dead moves the screen up.
    return tmux('capture-pane', '-e', '-p', '-N', '-S', '-').split('\n');
  } finally {
    tmux('kill-server');
  }
}

/** Splits a line at its escape sequences. @returns its runs of one style, and the style that the next line begins with */
function readLine(line: string, before: Style): { runs: Run[]; after: Style } {
  const runs: Run[] = [];
  let style = before;
  let column = 0;
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      for (const code of codes.split(';')) style = applyCode(style, Number(code));
    } else if (part !== '') {
      runs.push({ text: part, column, style });
      column += [...part].length;
    }
  }
  return { runs, after: style };
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, faint: true };
  if (code === 22) return { ...style, bold: false, faint: false };
  if (code === 39) return { ...style, colour: FOREGROUND };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...style, colour: COLOURS[code % 10]! };
  return style;
}

const CUT: Run = { text: '  ⋯', column: 0, style: { ...PLAIN, faint: true } };

const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

/** @param parts as in the head of this file; without any, everything is kept */
function keep(lines: readonly Run[][], parts: readonly string[]): Run[][] {
  if (parts.length === 0) return [...lines];
  const kept: Run[][] = [];
  let from = 0;
  for (const part of parts) {
    const [first, last = first] = part.split(',').map((text) => new RegExp(text));
    const start = lines.findIndex((runs, i) => i >= from && first!.test(textOf(runs)));
    const end = lines.findIndex((runs, i) => i >= start && last!.test(textOf(runs)));
    if (start < 0 || end < 0) throw new Error(`there is no part "${part}" in the output`);
    const skipped = lines.slice(from, start);
    const isEmpty = skipped.every((runs) => textOf(runs).trim() === '');
    kept.push(...(isEmpty ? skipped : [[], [CUT], []]), ...lines.slice(start, end + 1));
    from = end + 1;
  }
  return kept;
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);

/** Words get their place and width, so that columns agree whatever monospace font there is and however it treats spaces. */
function drawRun({ text, column, style }: Run, y: number): string[] {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
    const attributes = [
      `x="${(PADDING + (column + [...text.slice(0, index)].length) * COLUMN).toFixed(1)}"`,
      `y="${y}"`,
      `textLength="${([...words].length * COLUMN).toFixed(1)}"`,
      'lengthAdjust="spacingAndGlyphs"',
      ...(style.colour === FOREGROUND ? [] : [`fill="${style.colour}"`]),
      ...(style.bold ? ['font-weight="bold"'] : []),
      ...(style.faint ? ['opacity="0.65"'] : []),
    ];
    return `<text ${attributes.join(' ')}>${escapeXml(words)}</text>`;
  });
}

function draw(lines: readonly Run[][], columns: number, title: string): string {
  const width = Math.ceil(columns * COLUMN + 2 * PADDING);
  const height = lines.length * LINE + 2 * PADDING;
  const texts = lines.flatMap((runs, i) => runs.flatMap((run) => drawRun(run, PADDING + i * LINE + FONT_SIZE)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}" fill="${FOREGROUND}">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    columns: { type: 'string', default: '120' },
    keep: { type: 'string', multiple: true, default: [] },
  },
});
if (values.out === undefined || positionals.length === 0) {
  console.error('usage: scripts/terminal-picture.ts --out FILE.svg [--columns N] [--keep FIRST,LAST]… COMMAND…');
  process.exitCode = 2;
} else {
  const columns = Number(values.columns);
  let style = PLAIN;
  const lines = (await capture(positionals, columns)).map((line) => {
    const { runs, after } = readLine(line, style);
    style = after;
    return runs;
  });
  while (lines.length > 0 && textOf(lines.at(-1)!).trim() === '') lines.pop();
  writeFileSync(
    values.out,
    draw(keep(lines, values.keep), columns, `What "${positionals.join(' ')}" shows in a terminal`),
  );
}
