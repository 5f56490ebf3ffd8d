// Why a script cannot be run, with the place in the user's own file.
import { maskWithin } from '../../addresses/credentials.ts';

/** missing: the script itself; import: something it imports; syntax: the text. */
export type ScriptErrorKind = 'missing' | 'import' | 'syntax';

export interface ScriptPlace {
  /** As shown to the user: an absolute path, `file://` dropped, or an https URL, or `-` for standard input. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** The source line itself, where it is known. */
  readonly text?: string;
}

export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly kind: ScriptErrorKind;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The message without the place and the source line. */
  readonly reason: string;

  /** Of addresses in the reason and in the source line, names and passwords are not shown. */
  constructor(kind: ScriptErrorKind, given: string, place?: ScriptPlace) {
    const reason = maskWithin(given);
    super(place ? `${reason}\n${showPlace(place)}` : reason);
    this.kind = kind;
    this.reason = reason;
    this.file = place?.file ?? null;
    this.line = place?.line ?? null;
    this.column = place?.column ?? null;
    this.stack = `ScriptError: ${this.message}`; // our own frames say nothing to the author of a script
  }
}

const WIDEST = 160;

/** `\tat file:line:column` and, below it, the source line with a caret. */
function showPlace({ file, line, column: given, text: source }: ScriptPlace): string {
  const at = `\tat ${file}:${line}:${given}`;
  if (source === undefined || source.trim() === '') return at;
  const text = maskWithin(source);
  const column = text === source ? given : maskWithin(source.slice(0, given - 1)).length + 1;
  // A minified line would fill the screen: show the part around the column.
  const from = text.length > WIDEST ? Math.max(0, column - WIDEST / 2) : 0;
  const shown = text.slice(from, from + WIDEST).replaceAll('\t', ' ');
  const number = String(line);
  return `${at}\n${number} | ${shown}\n${' '.repeat(number.length)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`;
}

/** The line of `source` that a 1-based line number names. */
export function lineOf(source: string, line: number): string | undefined {
  return source.split(/\r\n|[\n\r\u2028\u2029]/, line)[line - 1];
}
