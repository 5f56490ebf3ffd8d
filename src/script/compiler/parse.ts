import { parse } from 'acorn';

/** An ESTree node as any ESTree parser makes it; offsets are UTF-16 code units of the source. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // biome-ignore lint/suspicious/noExplicitAny: the fields depend on `type`, which the emitters switch on
  readonly [field: string]: any;
}

/** A syntax error with its position: line from 1, column from 1. */
export class ScriptSyntaxError extends Error {
  override readonly name = 'SyntaxError';
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(message: string, offset: number, line: number, column: number) {
    super(message);
    this.offset = offset;
    this.line = line;
    this.column = column;
  }
}

/** Parses an ES module; with `allowReturn` its top level may return. The one place that knows which parser is used. */
export function parseModule(code: string, { allowReturn = false } = {}): Node {
  try {
    return parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      allowReturnOutsideFunction: allowReturn,
      allowAwaitOutsideFunction: true,
    }) as unknown as Node;
  } catch (error) {
    const { message, pos, loc } = error as { message: string; pos: number; loc: { line: number; column: number } };
    throw new ScriptSyntaxError(message.replace(/ \(\d+:\d+\)$/, ''), pos, loc.line, loc.column + 1);
  }
}
