import { type Program, parse } from 'acorn';

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
export function parseModule(code: string, { allowReturn = false } = {}): Program {
  try {
    return parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      allowReturnOutsideFunction: allowReturn,
      allowAwaitOutsideFunction: true,
    });
  } catch (error) {
    const { message, pos, loc } = error as { message: string; pos: number; loc: { line: number; column: number } };
    throw new ScriptSyntaxError(message.replace(/ \(\d+:\d+\)$/, ''), pos, loc.line, loc.column + 1);
  }
}
