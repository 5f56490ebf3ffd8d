/**
 * Output under construction: literal text, slices of the source (which keep their exact position), text that stands for a
 * source position, and lists of these. Unedited subtrees stay one slice.
 */
export type Rope = string | Slice | Anchor | readonly Rope[];

export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Generated text that stack traces are to show at a source position. */
export interface Anchor {
  readonly text: string;
  readonly at: number;
}

export interface Flattened {
  readonly code: string;
  /** Triples (offset in `code`, offset in the source, length), sorted by the first. */
  readonly segments: Int32Array;
}

/** Joins the rope, noting where each piece of source text went. */
export function flatten(rope: Rope, source: string): Flattened {
  let code = '';
  const segments: number[] = [];
  /** The last character so far, and how far the source has been copied if it was the source's. */
  let last = Number.NaN;
  let sourceEnd = -1;
  const append = (text: string): void => {
    const first = text.charCodeAt(0);
    const kind = joins(first);
    if (kind !== 0 && wouldJoin(kind, last, first)) code += ' ';
    code += text;
    last = text.charCodeAt(text.length - 1);
  };
  const addSlice = (start: number, end: number): void => {
    const text = source.slice(start, end);
    if (start === sourceEnd) {
      const length = segments.length - 1;
      segments[length] = (segments[length] as number) + text.length;
      code += text;
      last = text.charCodeAt(text.length - 1);
    } else {
      append(text);
      segments.push(code.length - text.length, start, text.length);
    }
    sourceEnd = end;
  };
  const add = (piece: Rope): void => {
    if (typeof piece === 'string') {
      if (piece.length === 0) return;
      append(piece);
      sourceEnd = -1;
    } else if (isList(piece)) {
      for (let i = 0; i < piece.length; i++) add(piece[i] as Rope);
    } else if ('text' in piece) {
      const { text, at } = piece;
      if (text.length === 0) return;
      append(text);
      segments.push(code.length - text.length, at, 1);
      sourceEnd = -1;
    } else if (piece.end > piece.start) addSlice(piece.start, piece.end);
  };
  add(rope);
  return { code, segments: Int32Array.from(segments) };
}

const WORD = 1;
const OPERATOR = 2;

/** What a token's first character may join with: letters, digits, `$`, `_`, the backslash of an escape are parts of words. */
const JOINS = new Uint8Array(128);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$_\\') JOINS[c.charCodeAt(0)] = WORD;
for (const c of '+-/*!') JOINS[c.charCodeAt(0)] = OPERATOR;

function joins(code: number): number {
  return code < 128 ? (JOINS[code] as number) : WORD;
}

/** Whether two tokens would become one (or a comment) without a space between them. `last` is NaN at the beginning. */
function wouldJoin(kind: number, last: number, first: number): boolean {
  if (kind === WORD) return !Number.isNaN(last) && joins(last) === WORD;
  switch (String.fromCharCode(last, first)) {
    case '++':
    case '--':
    case '//':
    case '/*':
    case '<!':
      return true;
    default:
      return false;
  }
}

function isList(piece: Rope): piece is readonly Rope[] {
  return Array.isArray(piece);
}
