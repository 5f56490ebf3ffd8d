import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { emitStaticRun } from './classes.ts';
import type { Emitter } from './emitter.ts';
import { emitWrapped, isCompiled } from './functions.ts';
import { patternSource, target } from './members.ts';

export type ListLevel = 'function' | 'block';

/** A list of statements: compiled function declarations come first, as they would by hoisting. */
export function emitStatements(
  e: Emitter,
  statements: readonly Node[],
  start: number,
  end: number,
  level: ListLevel,
): Rope {
  const hoisted: Rope[] = [];
  const parts: Rope[] = [];
  let at = start;
  for (const statement of statements) {
    if (statement.start > at) parts.push({ start: at, end: statement.start });
    at = statement.end;
    if (statement.type === 'FunctionDeclaration' && isCompiled(e, statement))
      hoisted.push(hoistFunction(e, statement, level));
    else parts.push(emitStatement(e, statement));
  }
  if (end > at) parts.push({ start: at, end });
  return hoisted.length === 0 ? parts : [hoisted, parts];
}

export function hoistFunction(e: Emitter, statement: Node, level: ListLevel): Rope {
  const name = (statement['id'] as Node)['name'] as string;
  return [level === 'function' ? 'var ' : 'let ', name, '=', emitWrapped(e, statement, name), ';'];
}

/** A statement of a list; one without its semicolon gets it, since what follows may begin with a parenthesis of ours. */
export function emitStatement(e: Emitter, statement: Node): Rope {
  const rope = e.emit(statement);
  if (statement.type === 'VariableDeclaration') return endStatement(e, statement, rope);
  if (statement.type === 'ClassDeclaration') return [rope, emitStaticRun(e, statement)];
  return rope;
}

function endStatement(e: Emitter, statement: Node, rope: Rope): Rope {
  return e.source[statement.end - 1] === ';' ? rope : [rope, ';'];
}

export function emitSimpleStatement(e: Emitter, node: Node): Rope {
  return endStatement(e, node, e.copy(node));
}

export function emitExpressionStatement(e: Emitter, node: Node): Rope {
  const rope = e.copy(node);
  // A destructuring assignment as written keeps its parentheses; ours never begin with a brace.
  return endStatement(e, node, rope);
}

export function emitBlock(e: Emitter, node: Node): Rope {
  const level: ListLevel = e.functionBody === node ? 'function' : 'block';
  e.functionBody = null;
  return ['{', emitStatements(e, node['body'] as Node[], node.start + 1, node.end - 1, level), '}'];
}

export function emitReturn(e: Emitter, node: Node): Rope {
  const { kind } = e.context;
  const argument = node['argument'] as Node | null;
  if (kind === 'plain' || kind === 'generator') return emitSimpleStatement(e, node);
  const { prefix: $ } = e;
  if (kind === 'async-generator')
    return [{ text: 'return', at: node.start }, ` ${$}d.a(`, argument === null ? 'void 0' : e.operand(argument), ');'];
  e.context.shared('v');
  const value: Rope = argument === null ? 'void 0' : ['(', e.emit(argument), ')'];
  return [{ text: `{${$}v=`, at: node.start }, value, `;break ${$}b}`];
}

export function emitDeclarator(e: Emitter, node: Node): Rope {
  const id = node['id'] as Node;
  const init = node['init'] as Node | null;
  if (init === null) return e.copy(node);
  if (id.type === 'Identifier') {
    const rope = e.emit(init, id['name'] as string);
    return [{ start: id.start, end: init.start }, rope, { start: init.end, end: node.end }];
  }
  return [target(e, id), '=', patternSource(e, id, ['(', e.emit(init), ')'])];
}

/** At the start of a catch or finally block of an async function: a rejected await resumed without the VU's lock. */
function reentry(e: Emitter): string {
  const { prefix: $, context } = e;
  const armed = hasArmedSites(e) && context.kind !== 'plain' ? `${$}.a=0;` : '';
  if (context.kind !== 'async' && context.kind !== 'async-generator') return armed;
  return `if(${$}d.awaiting&&${$}d.r())${$}d.s(await ${$}d.t());${armed}`;
}

function hasArmedSites(e: Emitter): boolean {
  const { getters, setters, traps } = e.marks.features;
  return getters.size > 0 || setters.size > 0 || traps;
}

export function emitTry(e: Emitter, node: Node): Rope {
  const block = node['block'] as Node;
  const handler = node['handler'] as Node | null;
  const finalizer = node['finalizer'] as Node | null;
  const parts: Rope[] = ['try', e.emit(block)];
  if (handler !== null) {
    const param = handler['param'] as Node | null;
    const body = handler['body'] as Node;
    parts.push('catch');
    const inside = emitStatements(e, body['body'] as Node[], body.start + 1, body.end - 1, 'block');
    if (param === null) parts.push('{', reentry(e), inside, '}');
    else if (param.type === 'Identifier')
      parts.push('(', { start: param.start, end: param.end }, '){', reentry(e), inside, '}');
    else {
      const caught = e.unique('e');
      parts.push(
        `(${caught}){`,
        reentry(e),
        'let ',
        target(e, param),
        '=',
        patternSource(e, param, caught),
        ';{',
        inside,
        '}}',
      );
    }
  }
  if (finalizer !== null) {
    e.context.hasFinally = true;
    parts.push(
      'finally{',
      reentry(e),
      emitStatements(e, finalizer['body'] as Node[], finalizer.start + 1, finalizer.end - 1, 'block'),
      '}',
    );
  }
  return parts;
}

/** A switch whose cases declare functions that are compiled: the declarations move in front. */
export function emitSwitch(e: Emitter, node: Node): Rope {
  const cases = node['cases'] as Node[];
  const functions = cases.flatMap((one) =>
    (one['consequent'] as Node[]).filter((s) => s.type === 'FunctionDeclaration' && isCompiled(e, s)),
  );
  const rope = emitCases(e, node, cases);
  return functions.length === 0 ? rope : ['{', functions.map((f) => hoistFunction(e, f, 'block')), rope, '}'];
}

function emitCases(e: Emitter, node: Node, cases: readonly Node[]): Rope {
  const discriminant = node['discriminant'] as Node;
  return [
    'switch(',
    e.emit(discriminant),
    '){',
    cases.map((one): Rope => {
      const test = one['test'] as Node | null;
      const body = (one['consequent'] as Node[]).map((statement) => emitStatement(e, statement));
      return [test === null ? 'default:' : ['case ', '(', e.emit(test), ')', ':'], body];
    }),
    '}',
  ];
}

export function emitLabeled(e: Emitter, node: Node): Rope {
  const labels: string[] = [];
  let body = node;
  while (body.type === 'LabeledStatement') {
    labels.push(`${(body['label'] as Node)['name'] as string}:`);
    body = body['body'] as Node;
  }
  if (body.type === 'ForOfStatement' && isRewritten(e, body)) return emitIteration(e, body, labels.join(''));
  return [labels.join(''), e.emit(body)];
}

function isRewritten(e: Emitter, loop: Node): boolean {
  if (e.context.kind === 'plain') return false;
  return e.marks.features.iterators || loop['await'] === true || patternReads(e, loop);
}

function patternReads(e: Emitter, loop: Node): boolean {
  const left = loop['left'] as Node;
  const id = left.type === 'VariableDeclaration' ? ((left['declarations'] as Node[])[0] as Node)['id'] : left;
  return (id as Node).type.endsWith('Pattern') && e.marks.features.getters.size > 0;
}

export function emitForOf(e: Emitter, node: Node): Rope {
  return isRewritten(e, node) ? emitIteration(e, node, '') : emitForIn(e, node);
}

export function emitForIn(e: Emitter, node: Node): Rope {
  const left = node['left'] as Node;
  const right = node['right'] as Node;
  const body = node['body'] as Node;
  const declared =
    left.type === 'VariableDeclaration' ? (((left['declarations'] as Node[])[0] as Node)['id'] as Node) : null;
  const head: Rope = declared === null ? target(e, left) : [`${left['kind'] as string} `, target(e, declared)];
  const isOf = node.type === 'ForOfStatement';
  return [
    'for(',
    head,
    isOf ? ' of ' : ' in ',
    isOf ? e.operand(right) : ['(', e.emit(right), ')'],
    ')',
    emitLoopBody(e, body),
  ];
}

function emitLoopBody(e: Emitter, body: Node): Rope {
  return body.type === 'BlockStatement' ? e.emit(body) : ['{', e.emit(body), '}'];
}

/** The iteration protocol spelled out, so that `next` and `return` may block (or be awaited). */
function emitIteration(e: Emitter, node: Node, labels: string): Rope {
  const { prefix: $ } = e;
  const left = node['left'] as Node;
  const at = node.start;
  const i = e.unique('i');
  const isAwait = node['await'] === true;
  const value = `${i}.value`;
  const declared =
    left.type === 'VariableDeclaration' ? (((left['declarations'] as Node[])[0] as Node)['id'] as Node) : null;
  const pattern = declared ?? left;
  const bind: Rope = [
    declared === null ? '' : `${left['kind'] as string} `,
    declared === null && pattern.type === 'ObjectPattern'
      ? ['(', target(e, pattern), '=', patternSource(e, pattern, value), ')']
      : [target(e, pattern), '=', patternSource(e, pattern, value)],
    ';',
  ];
  const open = e.settle([`${$}.${isAwait ? 'aiter' : 'iter'}(`, e.operand(node['right'] as Node), ')'], at);
  const test: Rope = isAwait
    ? [`${$}.astep(${i},`, emitAwaited(e, e.settle(`${$}.anext(${i})`, at), at), ')']
    : e.settle(`${$}.step(${i})`, at);
  const close: Rope = isAwait
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
    emitLoopBody(e, node['body'] as Node),
    `}}catch(${$}e){${reentry(e)}${i}.err=true;throw ${$}e}finally{${reentry(e)}if(!${i}.done)`,
    close,
    ';}}',
  ];
}

/** `await value`: leaves the VU to others, and takes it back before going on. */
function emitAwaited(e: Emitter, value: Rope, at: number): Rope {
  const { prefix: $ } = e;
  const p = e.context.shared('p');
  return [`(${p}=`, { text: 'await', at }, ` ${$}d.a(`, value, `),${$}d.r()&&${$}d.s(await ${$}d.t()),${p})`];
}

export function emitAwait(e: Emitter, node: Node): Rope {
  return emitAwaited(e, e.operand(node['argument'] as Node), node.start);
}

export function emitYield(e: Emitter, node: Node): Rope {
  const argument = node['argument'] as Node | null;
  const { prefix: $ } = e;
  if (e.context.kind === 'async-generator') {
    const yielded: Rope =
      node['delegate'] === true
        ? ['yield* ', e.settle([`${$}.adeleg(${$}d,`, e.operand(argument as Node), ')'], node.start)]
        : [`yield ${$}d.a(`, argument === null ? 'void 0' : e.operand(argument), ')'];
    const p = e.context.shared('p');
    return [`(${p}=`, yielded, `,${$}d.r()&&${$}d.s(await ${$}d.t()),${p})`];
  }
  if (e.context.kind === 'generator' && node['delegate'] === true)
    return [`(yield* ${$}.deleg(`, e.operand(argument as Node), '))'];
  return e.copy(node);
}
