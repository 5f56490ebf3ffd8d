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
  const add = (piece: Rope): void => {
    if (typeof piece === 'string') {
      parts.push(piece);
      offset += piece.length;
    } else if (isList(piece)) {
      for (const part of piece) add(part);
    } else if ('text' in piece) {
      if (piece.text.length > 0) segments.push(offset, piece.at, 1);
      parts.push(piece.text);
      offset += piece.text.length;
    } else if (piece.end > piece.start) {
      const length = piece.end - piece.start;
      note(piece.start, length);
      parts.push(source.slice(piece.start, piece.end));
      offset += length;
    }
  };
  add(rope);
  return { code: parts.join(''), segments: Int32Array.from(segments) };
}

function isList(piece: Rope): piece is readonly Rope[] {
  return Array.isArray(piece);
}
