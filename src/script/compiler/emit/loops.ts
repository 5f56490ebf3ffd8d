import { isResource } from '../keys.ts';
import { iteratesImplicitly } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type {
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Identifier,
  LabeledStatement,
  Node,
  Pattern,
  Statement,
  VariableDeclaration,
  VariableDeclarator,
} from '../syntax.ts';
import { emitAwaited } from './awaiting.ts';
import { emitPatternAssignment, emitPatternDeclarations, isSpelledOut } from './destructuring.ts';
import { emitDeclaration, emitDisposing, emitResource } from './disposal.ts';
import type { Emitter } from './emitter.ts';
import { emitTarget } from './patterns.ts';
import { Level } from './precedence.ts';
import { reentry } from './reentry.ts';

/** What follows `for (`: a declaration's kind, with its space, and the pattern. */
function headOf(node: ForInStatement | ForOfStatement): { kind: string; pattern: Pattern } {
  const { left } = node;
  if (left.type !== 'VariableDeclaration') return { kind: '', pattern: left };
  return { kind: `${left.kind} `, pattern: (left.declarations[0] as VariableDeclarator).id };
}

export function emitFor(e: Emitter, node: ForStatement, labels = ''): Rope {
  const { init, test, update } = node;
  if (isHeld(e, init))
    return emitDisposing(e, [init], () => [
      emitDeclaration(e, init),
      `${labels}for(;`,
      test ? e.expression(test, Level.Sequence) : '',
      ';',
      update ? e.expression(update, Level.Sequence) : '',
      ')',
      emitLoopBody(e, node.body),
    ]);
  return e.copy(node, undefined, (child) => {
    if (child !== node.init) return null;
    const outer = e.isInForInit;
    e.isInForInit = true;
    try {
      return e.inPlace(node.init);
    } finally {
      e.isInForInit = outer;
    }
  });
}

export function emitForIn(e: Emitter, node: ForInStatement | ForOfStatement): Rope {
  if (e.context.kind === 'plain' && node.left.type === 'VariableDeclaration') return e.copy(node);
  const { kind, pattern } = headOf(node);
  const isOf = node.type === 'ForOfStatement';
  const listsByTraps = !isOf && e.context.kind !== 'plain' && e.marks.features.traps;
  if (listsByTraps || isSpelledOut(e, pattern) || isHeld(e, node.left))
    return emitSpelledOut(e, node, kind, pattern, listsByTraps);
  const target = emitTarget(e, pattern);
  return [
    isOf && node.await ? 'for await(' : 'for(',
    kind,
    // `for (async of` would begin an arrow function.
    kind === '' && pattern.type === 'Identifier' ? ['(', target, ')'] : target,
    isOf ? ' of ' : ' in ',
    e.expression(node.right, isOf ? Level.Assignment : Level.Sequence),
    ')',
    emitLoopBody(e, node.body),
  ];
}

/** Each turn binds or assigns what the head declares, before the body. */
function emitBinding(e: Emitter, kind: string, pattern: Pattern, value: string): Rope {
  if (isSpelledOut(e, pattern))
    return kind === ''
      ? [emitPatternAssignment(e, pattern, value), ';']
      : [kind, emitPatternDeclarations(e, pattern, value), ';'];
  const assignment: Rope = [emitTarget(e, pattern), '=', value];
  return kind === '' ? ['(', assignment, ');'] : [kind, assignment, ';'];
}

/** Whether the head of a loop declares a resource whose disposal may wait. */
function isHeld(e: Emitter, head: Node | null | undefined): head is VariableDeclaration {
  return e.context.kind !== 'plain' && isResource(head);
}

/** A turn of a loop: what the head declares gets its value, and the body runs. */
function emitTurn(
  e: Emitter,
  { left, body }: ForInStatement | ForOfStatement,
  kind: string,
  pattern: Pattern,
  value: string,
): Rope {
  if (isHeld(e, left))
    return emitDisposing(e, [left], () => [emitResource(e, left, pattern as Identifier, value), emitLoopBody(e, body)]);
  return [emitBinding(e, kind, pattern, value), emitLoopBody(e, body)];
}

/** Binding may wait, or listing the names: the engine only walks through what is there then. */
function emitSpelledOut(
  e: Emitter,
  node: ForInStatement | ForOfStatement,
  kind: string,
  pattern: Pattern,
  listsByTraps: boolean,
): Rope {
  const turn = e.unique('n');
  const isOf = node.type === 'ForOfStatement' || listsByTraps;
  const right = listsByTraps
    ? e.settle([`${e.runtime.names}(`, e.value(node.right), ')'], node.right.start)
    : e.expression(node.right, isOf ? Level.Assignment : Level.Sequence);
  return [`for(const ${turn} ${isOf ? 'of' : 'in'} `, right, '){', emitTurn(e, node, kind, pattern, turn), '}'];
}

function emitLoopBody(e: Emitter, body: Statement): Rope {
  return body.type === 'BlockStatement' ? e.part(body) : ['{', e.part(body), '}'];
}

function isRewritten(e: Emitter, loop: ForOfStatement): boolean {
  if (e.context.kind === 'plain') return false;
  return loop.await || iteratesImplicitly(e.marks.features);
}

export function emitForOf(e: Emitter, node: ForOfStatement): Rope {
  return isRewritten(e, node) ? emitIteration(e, node, '') : emitForIn(e, node);
}

export function emitLabeled(e: Emitter, node: LabeledStatement): Rope {
  const labels: string[] = [];
  let body: Statement = node;
  while (body.type === 'LabeledStatement') {
    labels.push(`${body.label.name}:`);
    body = body.body;
  }
  if (body.type === 'ForStatement' && isHeld(e, body.init)) return emitFor(e, body, labels.join(''));
  return body.type === 'ForOfStatement' && isRewritten(e, body)
    ? emitIteration(e, body, labels.join(''))
    : e.copy(node);
}

/** The iteration protocol spelled out, so that `next` and `return` may block (or be awaited). */
function emitIteration(e: Emitter, node: ForOfStatement, labels: string): Rope {
  const { prefix: $, runtime } = e;
  const at = node.start;
  const i = e.unique('i');
  const value = `${i}.value`;
  const { kind, pattern } = headOf(node);
  const iterable = e.expression(node.right, Level.Assignment);
  const open = e.settle([`${node.await ? runtime.aiter : runtime.iter}(`, iterable, ')'], at);
  const test: Rope = node.await
    ? e.settle([`${runtime.astep}(${i},`, emitAwaited(e, e.settle(`${runtime.anext}(${i})`, at), at), ')'], at)
    : e.settle(`${runtime.step}(${i})`, at);
  const close: Rope = node.await
    ? [`${runtime.aclosed}(`, emitAwaited(e, e.settle(`${runtime.aclose}(${i})`, at), at), ')']
    : e.settle(`${runtime.close}(${i})`, at);
  const turn = emitTurn(e, node, kind, pattern, value);
  e.context.hasFinally = true;
  return [
    `{const ${i}=`,
    open,
    `;try{${labels}for(;`,
    test,
    ';){',
    turn,
    `}}catch(${$}e){`,
    reentry(e),
    `${i}.err=true;throw ${$}e}finally{`,
    reentry(e),
    `if(!${i}.done)`,
    close,
    ';}}',
  ];
}
