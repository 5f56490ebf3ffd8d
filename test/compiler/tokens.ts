/** A token of JavaScript, with what may stand around it. */
export interface Token {
  readonly text: string;
  /** `glued`: no line break may follow (return, throw, async, before => and postfix operators). */
  readonly glued?: boolean;
  /** A semicolon that ends a statement: a line break may take its place where the grammar inserts one. */
  readonly ends?: 'statement' | 'field';
}

/** How tokens become text: `minified` leaves out whatever can be; otherwise spaces, line breaks and comments are drawn. */
export type Layout = { readonly minified: true } | { readonly minified: false; readonly random: () => number };

const WORD = /[\w$#\u0080-\uffff]/;
/** What a line break before it does not part from the line above. */
const CONTINUES = /^(?:[([/+\-`.,*%=<>&|^?:!~]|in$|instanceof$|of$|as$)/;

/** Whether two tokens would read as something else without a space between them. */
function needsSpace(left: string, right: string): boolean {
  const [a, b] = [left.at(-1) as string, right[0] as string];
  if (WORD.test(a) && (WORD.test(b) || b === '\\')) return true;
  if ((a === '+' || a === '-') && b === a) return true;
  if (a === '/' && (b === '/' || b === '*')) return true;
  if (a === '<' && b === '!') return true;
  if (left === '--' && b === '>') return true;
  // A number's dot: `1 .x` and `1..x` are members, `1.x` is an error.
  return /^\d+$/.test(left) && b === '.';
}

/** Joins tokens to text that reads as the same tokens. */
export function layOut(tokens: readonly Token[], layout: Layout): string {
  let text = '';
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const next = tokens[i + 1];
    if (token.ends !== undefined && next !== undefined) {
      if (next.text === '}') {
        if (layout.minified || layout.random() < 0.5) continue;
      } else if (!layout.minified && layout.random() < 0.3 && breaks(token.ends, next.text, tokens[i - 1]?.text)) {
        text += '\n';
        continue;
      }
    }
    text += token.text;
    if (next === undefined) break;
    if (needsSpace(token.text, next.text)) text += layout.minified || token.glued ? ' ' : space(layout.random, true);
    else if (!layout.minified && !token.glued) text += space(layout.random, false);
  }
  return text;
}

/** Whether a line break ends a statement or field before this token. */
function breaks(kind: 'statement' | 'field', next: string, before: string | undefined): boolean {
  if (CONTINUES.test(next)) return false;
  return kind === 'statement' || (before !== 'static' && before !== 'get' && before !== 'set');
}

const GAPS = [' ', ' ', '  ', '\n', ' /* c */ ', ' // c\n', '\t', '/**/', '\n\n'];

function space(random: () => number, needed: boolean): string {
  if (!needed && random() < 0.5) return '';
  if (random() < 0.7) return ' ';
  return GAPS[Math.floor(random() * GAPS.length)] as string;
}
