import type { Features } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type { Expression, Program, Statement } from '../syntax.ts';
import { Context } from './context.ts';
import { declareModuleNames } from './direct-eval.ts';
import type { Emitter } from './emitter.ts';
import { armFor } from './module.ts';
import { Level } from './precedence.ts';
import { emitStatements } from './statements.ts';
import { wrapTwinBody } from './twins.ts';

/** See `compileText`. */
export type TextKind = 'function' | 'eval' | 'direct';

/**
 * Code made from a string: a function of the runtime that returns what makes it, given the names around it and `new.target`. What it
 * makes is the function itself, or the twin of what `eval` runs.
 * @param features what the text itself has implicit calls for
 */
export function emitText(e: Emitter, program: Program, kind: TextKind, features: Features): Rope {
  const { prefix: $, runtime } = e;
  const made = kind === 'function' ? emitFunction(e, program) : emitScript(e, program, kind);
  return [
    `(${$}=>{'use strict';`,
    [...e.factories].map(([text, name]) => `const ${name}=${text};`),
    `${runtime.hide}("${$}");${runtime.source}(${JSON.stringify(e.program)},${$}text);`,
    armFor(e, features),
    `return (${$}s,${$}t)=>`,
    made,
    `;function ${$}text(){return ${JSON.stringify(e.source)}}})`,
  ];
}

function emitFunction(e: Emitter, program: Program): Rope {
  const [statement] = program.body;
  if (statement?.type !== 'ExpressionStatement') throw new Error('the text of one function was expected');
  const context = new Context('plain', e.prefix);
  return e.within(context, () => ['(', e.expression(statement.expression as Expression, Level.Assignment), ')']);
}

function emitScript(e: Emitter, program: Program, kind: 'eval' | 'direct'): Rope {
  const { prefix: $ } = e;
  const context = new Context('twin', $);
  context.hasNewTarget = kind === 'direct';
  context.completes = true;
  context.shared('v');
  const statements = program.body as readonly Statement[];
  const body = e.within(
    context,
    (): Rope => [
      e.script?.isSloppy ? declareGlobals(e, statements) : '',
      declareModuleNames(e),
      emitStatements(e, statements, program.start, program.end, 'function'),
    ],
  );
  // No `return` of its own can be undone by a `finally`.
  context.hasFinally = false;
  return ['async function()', wrapTwinBody(e, context, '', body)];
}

/** What a sloppy script declares by `var` and `function` are properties of the global object. */
function declareGlobals(e: Emitter, statements: readonly Statement[]): Rope {
  const { prefix: $, runtime } = e;
  const functions = statements.flatMap((s) => (s.type === 'FunctionDeclaration' ? [s.id.name] : []));
  const program = e.scopes.module;
  const names = [...program.names.values()].filter(({ kind }) => kind === 'var' || kind === 'function');
  if (names.length === 0) return '';
  const known = new Set(functions);
  const accessors = names.map(({ name }) => `get ${name}(){return ${name}},set ${name}(${$}x){${name}=${$}x}`);
  const variables = names.map(({ name }) => name).filter((name) => !known.has(name));
  return `${runtime.globals}({__proto__:null,${accessors.join(',')}},${JSON.stringify(variables)});`;
}
