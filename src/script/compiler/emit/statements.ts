import type { Rope } from '../rope.ts';
import type {
  BlockStatement,
  ExpressionStatement,
  FunctionDeclaration,
  ReturnStatement,
  Statement,
  VariableDeclarator,
} from '../syntax.ts';
import { emitStaticRun } from './class-statics.ts';
import { emitPatternDeclarations, isSpelledOut } from './destructuring.ts';
import { emitDisposing, resourcesOf } from './disposal.ts';
import { type Emitter, isSliceOf, sliceOf } from './emitter.ts';
import { emitWrittenName, keepsName } from './identifiers.ts';
import { emitTarget } from './patterns.ts';
import { Level } from './precedence.ts';
import { startsLikeStatement } from './printed.ts';
import { declare, emitWrapped, isCompiled } from './twins.ts';

/** Whose statements a list holds: functions that a case declares are made by the switch. */
export type ListLevel = 'function' | 'block' | 'case';

/** A list of statements: compiled function declarations come first, as they would by hoisting. */
export function emitStatements(
  e: Emitter,
  statements: readonly Statement[],
  start: number,
  end: number,
  level: ListLevel,
): Rope {
  const resources = resourcesOf(e, statements);
  const emit = (): Rope => emitList(e, statements, start, end, level);
  return resources.length === 0 ? emit() : emitDisposing(e, resources, emit);
}

function emitList(e: Emitter, statements: readonly Statement[], start: number, end: number, level: ListLevel): Rope {
  const hoisted: Rope[] = [];
  const parts: Rope[] = [];
  let at = start;
  let isChanged = false;
  statements.forEach((statement, i) => {
    if (statement.start > at) parts.push({ start: at, end: statement.start });
    at = statement.end;
    if (statement.type === 'FunctionDeclaration' && (isCompiled(e, statement) || !keepsName(e, statement.id))) {
      isChanged = true;
      if (level !== 'case' && !isDeclaredAgain(statement, statements, i))
        hoisted.push(hoistFunction(e, statement, level));
      return;
    }
    const rope = emitStatement(e, statement);
    const missing = endOf(e, statement);
    // What parts two cases in the source – a line break may – is not printed between them.
    isChanged ||= !isSliceOf(rope, statement) || (level === 'case' && missing !== '');
    parts.push(rope, missing);
  });
  if (!isChanged) return { start, end };
  if (end > at) parts.push({ start: at, end });
  return hoisted.length === 0 ? parts : [hoisted, parts];
}

/** The last of several functions of one name is the one that is seen. */
function isDeclaredAgain(statement: FunctionDeclaration, statements: readonly Statement[], i: number): boolean {
  return statements.some((s, k) => k > i && s.type === 'FunctionDeclaration' && s.id.name === statement.id.name);
}

/** The semicolon that a statement lacks. */
export function endOf(e: Emitter, statement: Statement): string {
  return isOpenEnded(e, statement) ? ';' : '';
}

/** Whether a statement ends without a semicolon of its own, so that a parenthesis of ours could continue it. */
function isOpenEnded(e: Emitter, statement: Statement): boolean {
  switch (statement.type) {
    case 'IfStatement':
      return isOpenEnded(e, statement.alternate ?? statement.consequent);
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'LabeledStatement':
    case 'WhileStatement':
      return isOpenEnded(e, statement.body);
    case 'BlockStatement':
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
    case 'SwitchStatement':
    case 'TryStatement':
      return false;
    default:
      return e.source[statement.end - 1] !== ';';
  }
}

export function hoistFunction(e: Emitter, statement: FunctionDeclaration, level: ListLevel): Rope {
  const made = isCompiled(e, statement) ? emitWrapped(e, statement, statement.id.name) : e.part(statement);
  return [level === 'function' ? 'var ' : 'let ', emitWrittenName(e, statement.id), '=', made, ';'];
}

/** Statements that have no value of their own do not keep that of the one before. */
const STARTS_ANEW: ReadonlySet<string> = new Set(
  'DoWhileStatement ForInStatement ForOfStatement ForStatement IfStatement SwitchStatement TryStatement WhileStatement'.split(
    ' ',
  ),
);

/** A statement of a list. */
export function emitStatement(e: Emitter, statement: Statement): Rope {
  const rope = e.part(statement);
  if (e.context.completes && STARTS_ANEW.has(statement.type)) return [`${e.prefix}v=void 0;`, rope];
  return statement.type === 'ClassDeclaration' ? [rope, emitStaticRun(e, statement)] : rope;
}

export function emitExpressionStatement(e: Emitter, node: ExpressionStatement): Rope {
  if (e.context.completes) return [`${e.prefix}v=`, e.value(node.expression), ';'];
  const rope = e.copy(node);
  if (isSliceOf(rope, node) || !startsLikeStatement(rope, e.source)) return rope;
  return ['(', e.expression(node.expression, Level.Sequence), ');'];
}

export function emitBlock(e: Emitter, node: BlockStatement): Rope {
  const inside = emitStatements(e, node.body, node.start + 1, node.end - 1, 'block');
  return isInside(inside, node) ? sliceOf(node) : ['{', inside, '}'];
}

export function emitFunctionBody(e: Emitter, node: BlockStatement): Rope {
  return emitStatements(e, node.body, node.start + 1, node.end - 1, 'function');
}

/** The body of a plain function, with the temporaries that its classes need. */
export function emitFunctionBlock(e: Emitter, node: BlockStatement): Rope {
  const inside = emitFunctionBody(e, node);
  return isInside(inside, node) ? sliceOf(node) : ['{', declare(e.context, e.prefix), inside, '}'];
}

function isInside(rope: Rope, block: BlockStatement): boolean {
  return isSliceOf(rope, { start: block.start + 1, end: block.end - 1 });
}

export function emitReturn(e: Emitter, node: ReturnStatement): Rope {
  const { kind } = e.context;
  if (kind === 'plain' || kind === 'generator') return e.copy(node);
  const { prefix: $, activation } = e;
  const argument = node.argument ?? null;
  if (kind === 'async-generator') {
    const returned = argument === null ? 'void 0' : e.expression(argument, Level.Assignment);
    return [{ text: 'return', at: node.start }, ` ${activation.a}(`, returned, ');'];
  }
  e.context.shared('v');
  return [{ text: `{${$}v=`, at: node.start }, argument === null ? 'void 0' : e.value(argument), `;break ${$}b}`];
}

export function emitDeclarator(e: Emitter, node: VariableDeclarator): Rope {
  const { id } = node;
  const init = node.init ?? null;
  if (init === null || (id.type !== 'Identifier' && e.context.kind === 'plain')) return e.copy(node);
  if (id.type === 'Identifier') {
    const isKept = keepsName(e, id);
    return e.copy(node, undefined, (child) =>
      child !== init ? null : isKept ? e.inPlace(init, id.name) : e.named(init, id.name),
    );
  }
  if (isSpelledOut(e, id)) return emitPatternDeclarations(e, id, e.value(init));
  return [emitTarget(e, id), '=', e.expression(init, Level.Assignment)];
}
