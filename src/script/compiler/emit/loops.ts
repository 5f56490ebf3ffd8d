import type { Rope } from '../rope.ts';
import type {
  ForInStatement,
  ForOfStatement,
  ForStatement,
  LabeledStatement,
  Pattern,
  Statement,
  VariableDeclarator,
} from '../syntax.ts';
import { emitAwaited } from './awaiting.ts';
import type { Emitter } from './emitter.ts';
import { emitTarget, patternSource } from './patterns.ts';
import { Level } from './precedence.ts';
import { reentry } from './reentry.ts';

/** What follows `for (`: a declaration's kind, with its space, and the pattern. */
function headOf(node: ForInStatement | ForOfStatement): { kind: string; pattern: Pattern } {
  const { left } = node;
  if (left.type !== 'VariableDeclaration') return { kind: '', pattern: left };
  return { kind: `${left.kind} `, pattern: (left.declarations[0] as VariableDeclarator).id };
}

export function emitFor(e: Emitter, node: ForStatement): Rope {
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
  const target = emitTarget(e, pattern);
  const isOf = node.type === 'ForOfStatement';
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

function emitLoopBody(e: Emitter, body: Statement): Rope {
  return body.type === 'BlockStatement' ? e.part(body) : ['{', e.part(body), '}'];
}

function isRewritten(e: Emitter, loop: ForOfStatement): boolean {
  if (e.context.kind === 'plain') return false;
  return e.marks.features.iterators || loop.await || patternReads(e, loop);
}

function patternReads(e: Emitter, loop: ForOfStatement): boolean {
  return headOf(loop).pattern.type.endsWith('Pattern') && e.marks.features.getters.size > 0;
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
  return body.type === 'ForOfStatement' && isRewritten(e, body)
    ? emitIteration(e, body, labels.join(''))
    : e.copy(node);
}

/** The iteration protocol spelled out, so that `next` and `return` may block (or be awaited). */
function emitIteration(e: Emitter, node: ForOfStatement, labels: string): Rope {
  const { prefix: $ } = e;
  const at = node.start;
  const i = e.unique('i');
  const value = `${i}.value`;
  const { kind, pattern } = headOf(node);
  const assignment: Rope = [emitTarget(e, pattern), '=', patternSource(e, pattern, () => value) ?? value];
  const bind: Rope = kind === '' ? ['(', assignment, ');'] : [kind, assignment, ';'];
  const iterable = e.expression(node.right, Level.Assignment);
  const open = e.settle([`${$}.${node.await ? 'aiter' : 'iter'}(`, iterable, ')'], at);
  const test: Rope = node.await
    ? [`${$}.astep(${i},`, emitAwaited(e, e.settle(`${$}.anext(${i})`, at), at), ')']
    : e.settle(`${$}.step(${i})`, at);
  const close: Rope = node.await
    ? emitAwaited(e, e.settle(`${$}.aclose(${i})`, at), at)
    : e.settle(`${$}.close(${i})`, at);
  e.context.hasFinally = true;
  return [
    `{const ${i}=`,
    open,
    `;try{${labels}for(;`,
    test,
    ';){',
    bind,
    emitLoopBody(e, node.body),
    `}}catch(${$}e){${reentry(e)}${i}.err=true;throw ${$}e}finally{${reentry(e)}if(!${i}.done)`,
    close,
    ';}}',
  ];
}
