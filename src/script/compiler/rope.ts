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
  /** The last character so far, and how far the source has been copied, if it is the source's. */
  let last = 0;
  let sourceEnd = -1;
  const separate = (first: number): void => {
    if (!wouldJoin(last, first)) return;
    parts.push(' ');
    offset++;
    last = 0;
  };
  const append = (text: string): void => {
    separate(text.charCodeAt(0));
    parts.push(text);
    offset += text.length;
    last = text.charCodeAt(text.length - 1);
    sourceEnd = -1;
  };
  const add = (piece: Rope): void => {
    if (typeof piece === 'string') {
      if (piece.length > 0) append(piece);
    } else if (isList(piece)) {
      for (const part of piece) add(part);
    } else if ('text' in piece) {
      if (piece.text.length === 0) return;
      separate(piece.text.charCodeAt(0));
      segments.push(offset, piece.at, 1);
      append(piece.text);
    } else if (piece.end > piece.start) {
      const length = piece.end - piece.start;
      if (piece.start !== sourceEnd) separate(source.charCodeAt(piece.start));
      note(piece.start, length);
      parts.push(source.slice(piece.start, piece.end));
      offset += length;
      last = source.charCodeAt(piece.end - 1);
      sourceEnd = piece.end;
    }
  };
  add(rope);
  return { code: parts.join(''), segments: Int32Array.from(segments) };
}

/** Whether two tokens would become one (or a comment) without a space between them. */
function wouldJoin(last: number, first: number): boolean {
  if (isWordPart(last) && isWordPart(first)) return true;
  if (last === PLUS || last === MINUS) return first === last;
  if (last === SLASH) return first === SLASH || first === STAR;
  return last === LESS && first === BANG;
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;
const LESS = 0x3c;
const BANG = 0x21;

/** Letters, digits, `$`, `_`, the backslash of an escape, and all beyond ASCII. */
function isWordPart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x24 ||
    code === 0x5f ||
    code === 0x5c ||
    code > 0x7f
  );
}

function isList(piece: Rope): piece is readonly Rope[] {
  return Array.isArray(piece);
}
