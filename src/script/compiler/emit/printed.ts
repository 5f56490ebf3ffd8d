import type { Rope } from '../rope.ts';
import { Level } from './precedence.ts';

/** An expression as it is emitted. */
export interface Printed {
  readonly rope: Rope;
  readonly level: Level;
  /**
   * It is a function or class without a name, as the language understands that: `x = …`, `{ x: … }` and the like would
   * name it.
   */
  readonly isAnonymous?: boolean;
}

/** What has its own parentheses, brackets or is a single token: may stand anywhere. */
export function primary(rope: Rope): Printed {
  return { rope, level: Level.Primary };
}

/** `f(…)` of ours. */
export function called(rope: Rope): Printed {
  return { rope, level: Level.Call };
}

const START = /^(?:\{|function\b|class\b|async\s+function\b|let\s*\[)/;

/** Whether emitted text begins like a block or declaration, which an expression at the start of a statement must not. */
export function startsLikeStatement(rope: Rope, source: string): boolean {
  return START.test(firstText(rope, source));
}

/** Whether emitted text begins with a brace, which the body of an arrow function must not. */
export function startsWithBrace(rope: Rope, source: string): boolean {
  return firstText(rope, source).startsWith('{');
}

/** The beginning of the text, with at least its first token. */
function firstText(rope: Rope, source: string): string {
  let text = '';
  const add = (piece: Rope): boolean => {
    if (typeof piece === 'string') text += piece;
    else if (isList(piece)) return piece.some(add);
    else if ('text' in piece) text += piece.text;
    else text += source.slice(piece.start, Math.min(piece.end, piece.start + 24));
    return text.length >= 24;
  };
  add(rope);
  return text;
}

function isList(piece: Rope): piece is readonly Rope[] {
  return Array.isArray(piece);
}
