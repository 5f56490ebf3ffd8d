// A screen of a terminal, with its escape sequences, as an SVG.

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

export interface Run {
  readonly text: string;
  readonly column: number;
  readonly style: Style;
}

export const PLAIN: Style = { colour: FOREGROUND, bold: false, faint: false };

export const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

/** @returns the runs of one style of each line, without the empty lines at the end */
export function readScreen(screen: readonly string[]): Run[][] {
  let style = PLAIN;
  const lines = screen.map((line) => {
    const { runs, after } = readLine(line, style);
    style = after;
    return runs;
  });
  while (lines.length > 0 && textOf(lines.at(-1)!).trim() === '') lines.pop();
  return lines;
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

/** @returns the picture */
export function drawScreen(lines: readonly Run[][], columns: number, title: string): string {
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
