import { type Options, Parser } from 'acorn';
import { Emitter } from './emit/emitter.ts';
import { EXPRESSION_HANDLERS, PART_HANDLERS } from './emit/handlers.ts';
import { emitText, type TextKind } from './emit/text.ts';
import { markBlocking } from './marking.ts';
import { pickPrefix } from './names.ts';
import { flatten } from './rope.ts';
import { analyseScopes } from './scope.ts';
import { findSloppyThis, isStrict } from './sloppy-code.ts';
import type { Program } from './syntax.ts';

/** What a script has made from strings. */
export interface TextOptions {
  readonly text: string;
  /**
   * `function`: the text of one function in parentheses; `eval`: a script for the global `eval`; `direct`: one for
   * `eval(…)` in a function, strict as all modules are.
   */
  readonly kind: TextKind;
  /** Names that the text sees of the function around it. */
  readonly names: readonly string[];
  /** Names of the language that the script has given another meaning. */
  readonly overridden: readonly string[];
  /** The program has implicit calls that may block. */
  readonly isArmed: boolean;
}

/** In strict mode throughout. */
class StrictParser extends Parser {
  declare strict: boolean;

  protected constructor(options: Options, input: string, startPos?: number) {
    super(options, input, startPos);
    this.strict = true;
  }
}

/** The text may be a function's: `new.target` is allowed. */
class StrictFunctionParser extends StrictParser {
  get allowNewDotTarget(): boolean {
    return true;
  }
}

/**
 * Compiles code made from a string, which the engine has found to be correct.
 * @throws SyntaxError for a text of `direct`, which the engine cannot judge by itself
 * @returns the source text of a function of the runtime protocol, which gives that of the names that the text sees; null where the
 * text is correct in sloppy mode only (`with`, octal numbers)
 */
export function compileText({ text, kind, names, overridden, isArmed }: TextOptions): string | null {
  let program: Program;
  try {
    const Strict = kind === 'direct' ? StrictFunctionParser : StrictParser;
    program = Strict.parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowHashBang: true,
    });
  } catch (error) {
    if (kind === 'direct') throw new SyntaxError((error as Error).message.replace(/ \(\d+:\d+\)$/, ''));
    return null;
  }
  const scopes = analyseScopes(program);
  for (const name of [...names, ...overridden]) scopes.assignedGlobals.add(name);
  // What the names that it does not know stand for, and what they define, nobody can tell.
  const own = markBlocking(program, scopes, 'conservative');
  const marks = isArmed ? markBlocking(program, scopes, 'conservative', true) : own;
  const prefix = pickPrefix([text, ...names].join('\n'));
  const isSloppy = kind !== 'direct' && !isStrict(program, kind);
  const e = new Emitter(text, prefix, scopes, marks, EXPRESSION_HANDLERS, PART_HANDLERS, {
    names: new Set(names),
    isSloppy,
    sloppyThis: isSloppy ? findSloppyThis(program) : new Set(),
  });
  return flatten(emitText(e, program, kind, own.features), text).code;
}
