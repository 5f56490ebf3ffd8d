// The text of functions as their author wrote it, where the bundler has printed it anew.
import type { FunctionRanges } from '../compiler/function-ranges.ts';
import type { Program } from '../program.ts';
import { findSource } from './code-origin.ts';

/** A file of the user's, as its functions are looked up. */
interface SourceFile {
  readonly text: string;
  readonly lineStarts: readonly number[];
  readonly ranges: FunctionRanges;
}

const files = new WeakMap<object, Map<string, SourceFile | null>>();

/**
 * What the author wrote for a function.
 * @param program whose text holds it
 * @param code that text
 * @param start offset of the function in it
 * @param findFunctions reads a file's functions; throws where it cannot
 * @returns undefined where nothing but the text itself tells: of TypeScript, which shows itself without its types, and of what the
 * bundler has added
 */
export function findOriginalText(
  { origin, lineStarts }: Pick<Program, 'origin' | 'lineStarts'>,
  code: string,
  start: number,
  findFunctions: (source: string) => FunctionRanges,
): string | undefined {
  const line = lineStarts.findLastIndex((at) => at <= start);
  const column = start - (lineStarts[line] as number);
  const found = findSource(origin, line + 1, column + 1);
  if (found === null || /\.[cm]?ts$/.test(found.name)) return undefined;
  // Words and brackets that the bundler puts before a function have no place of their own.
  const between = code.slice((lineStarts[line] as number) + found.generatedColumn, start);
  if (!/^(?:static |\(+)?$/.test(between)) return undefined;
  let known = files.get(origin);
  if (known === undefined) files.set(origin, (known = new Map()));
  let file = known.get(found.name);
  if (file === undefined) known.set(found.name, (file = read(found.text, findFunctions)));
  if (file === null) return undefined;
  const range = file.ranges.get((file.lineStarts[found.line] as number) + found.column);
  return range && file.text.slice(range.start, range.end);
}

function read(text: string, findFunctions: (source: string) => FunctionRanges): SourceFile | null {
  try {
    // What ends a line is the bundler's to say here.
    const ends = text.matchAll(/\r\n|[\n\r\u2028\u2029]/g);
    const lineStarts = [0, ...ends.map(({ 0: { length }, index }) => index + length)];
    return { text, lineStarts, ranges: findFunctions(text) };
  } catch {
    return null;
  }
}
