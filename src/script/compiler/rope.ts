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
  const parts: string[] = [];
  const segments: number[] = [];
  let offset = 0;
  const note = (at: number, length: number): void => {
    const last = segments.length - 3;
    if (last >= 0) {
      const end = (segments[last] as number) + (segments[last + 2] as number);
      const sourceEnd = (segments[last + 1] as number) + (segments[last + 2] as number);
      if (end === offset && sourceEnd === at) {
        segments[last + 2] = (segments[last + 2] as number) + length;
        return;
      }
    }
    segments.push(offset, at, length);
  };
  /** The last piece, and how far the source has been copied if it was the source's. */
  let last = '';
  let sourceEnd = -1;
  const append = (text: string): void => {
    const kind = joins(text.charCodeAt(0));
    if (kind !== 0 && wouldJoin(kind, last.charCodeAt(last.length - 1), text.charCodeAt(0))) {
      parts.push(' ');
      offset++;
    }
    parts.push(text);
    last = text;
  };
  const add = (piece: Rope): void => {
    if (typeof piece === 'string') {
      if (piece.length === 0) return;
      append(piece);
      offset += piece.length;
      sourceEnd = -1;
    } else if (isList(piece)) {
      for (let i = 0; i < piece.length; i++) add(piece[i] as Rope);
    } else if ('text' in piece) {
      const { text } = piece;
      if (text.length === 0) return;
      append(text);
      segments.push(offset, piece.at, 1);
      offset += text.length;
      sourceEnd = -1;
    } else if (piece.end > piece.start) {
      const { start, end } = piece;
      const text = source.slice(start, end);
      if (start === sourceEnd) {
        parts.push(text);
        last = text;
      } else append(text);
      note(start, end - start);
      offset += end - start;
      sourceEnd = end;
    }
  };
  add(rope);
  return { code: parts.join(''), segments: Int32Array.from(segments) };
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
