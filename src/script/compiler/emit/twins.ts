import { childrenOf, isClass, isFunction } from '../keys.ts';
import { callsImplicitly } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type { Expression, FunctionNode, Node } from '../syntax.ts';
import { Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import {
  declareApart,
  emitBody,
  emitParameterDeclarations,
  emitParametersInPlace,
  emitParts,
  hasSimpleParameters,
  lengthOf,
  redeclaredNames,
} from './parameters.ts';
import { unwinding } from './reentry.ts';

/** 'async-generator' is the native form; 'begun-async-generator' that of one whose call evaluates parameters, which may wait. */
export type FunctionKind = 'plain' | 'twin' | 'async' | 'generator' | 'async-generator' | 'begun-async-generator';

const CALLING: ReadonlySet<string> = new Set(['CallExpression', 'NewExpression', 'TaggedTemplateExpression']);

/** How a function is compiled. */
export function kindOf(e: Emitter, node: FunctionNode): FunctionKind {
  if (node.async && node.generator) return mayWaitForParameters(e, node) ? 'begun-async-generator' : 'async-generator';
  if (node.async) return 'async';
  if (!e.marks.functions.has(node)) return 'plain';
  return node.generator ? 'generator' : 'twin';
}

/** Whether evaluating the parameters of a function may wait. */
function mayWaitForParameters(e: Emitter, node: FunctionNode): boolean {
  const { functions, features } = e.marks;
  if (hasSimpleParameters(node) || !functions.has(node)) return false;
  if (callsImplicitly(features)) return true;
  const mayWait = (inner: Node): boolean =>
    CALLING.has(inner.type) ? !e.marks.isInert(inner) : isClass(inner) || e.scopes.evals.has(inner);
  return node.params.some((param) => mayWait(param) || occurs(param, mayWait));
}

/** Whether a function becomes a wrapper and its twin. */
export function isCompiled(e: Emitter, node: FunctionNode): boolean {
  const kind = kindOf(e, node);
  return kind !== 'plain' && kind !== 'async-generator';
}

/** What the language names by its place. */
export function isAnonymousFunction(node: Expression): boolean {
  return (
    node.type === 'ArrowFunctionExpression' ||
    ((node.type === 'FunctionExpression' || node.type === 'ClassExpression') && !node.id)
  );
}

/** Whether the function itself, or an arrow in it, reads `new.target` – and may be what `new` is applied to. */
function asksForNewTarget(e: Emitter, node: FunctionNode): boolean {
  const mayBeConstructed = node.type !== 'ArrowFunctionExpression' && kindOf(e, node) === 'twin' && !e.owners.has(node);
  if (!mayBeConstructed) return false;
  return occurs(
    node,
    (inner) => e.scopes.evals.has(inner) || (inner.type === 'MetaProperty' && e.text(inner).startsWith('new')),
  );
}

/** Whether a node is found in a function itself or in the arrows in it. */
export function occurs(node: Node, isWanted: (node: Node) => boolean): boolean {
  return childrenOf(node).some(
    (child) =>
      isWanted(child) || ((!isFunction(child) || child.type === 'ArrowFunctionExpression') && occurs(child, isWanted)),
  );
}

/** The wrapper of a function that is compiled, made by its factory from its twin; of level Call. */
export function emitWrapped(e: Emitter, node: FunctionNode, name: string): Rope {
  const factory = wrapperFactory(e, node, name, node.type !== 'ArrowFunctionExpression');
  const twin = emitTwin(e, node, name);
  return asksForNewTarget(e, node) ? [factory, `(${e.runtime.wt}(`, twin, '))'] : [factory, '(', twin, ')'];
}

/** Name of the factory that makes `twin => wrapper` for this function. */
export function wrapperFactory(e: Emitter, node: FunctionNode, name: string, constructible: boolean): string {
  const { runtime } = e;
  const params = Array.from({ length: lengthOf(node) }, (_, i) => `a${i}`).join(',');
  const key = JSON.stringify(name);
  const property = name === '__proto__' ? `[${key}]` : key;
  switch (kindOf(e, node)) {
    case 'generator':
      if (!hasSimpleParameters(node))
        return e.factory(
          `T=>{const f={${property}(${params}){return ${runtime.sync}(B,this,arguments)}}[${key}],B=${runtime.gbeg}(T,f);return ${runtime.st}(${runtime.genw}(f,T),B)}`,
        );
      return e.factory(
        `T=>{const f={${property}(${params}){return ${runtime.gst}(T,f,this,arguments)}}[${key}];return ${runtime.genw}(f,T)}`,
      );
    case 'begun-async-generator':
      return e.factory(
        `T=>{const f={${property}(${params}){return ${runtime.sync}(B,this,arguments)}}[${key}],B=${runtime.agbeg}(T,f);return ${runtime.st}(${runtime.agenw}(f,T),B)}`,
      );
    case 'async':
      return e.factory(
        // Methods show themselves as ordinary functions, as in k6.
        e.owners.has(node)
          ? `T=>${runtime.st}({${property}(${params}){return ${runtime.sync}(T,this,arguments)}}[${key}],T)`
          : `T=>${runtime.asyncw}({${property}(${params}){return ${runtime.sync}(T,this,arguments)}}[${key}],T)`,
      );
    default:
      return constructible
        ? e.factory(
            `T=>${runtime.st}({${property}:function(${params}){return new.target?${runtime.cons}(T,new.target,arguments):${runtime.sync}(T,this,arguments)}}[${key}],T)`,
          )
        : e.factory(`T=>${runtime.st}({${property}(${params}){return ${runtime.sync}(T,this,arguments)}}[${key}],T)`);
  }
}

/** The twin as an expression (of level Assignment), named for stack traces. */
export function emitTwin(e: Emitter, node: FunctionNode, name: string): Rope {
  const kind = kindOf(e, node);
  const isArrow = node.type === 'ArrowFunctionExpression';
  let head: string;
  if (kind === 'generator') head = 'function*';
  else if (kind === 'async') head = isArrow ? '' : 'function';
  else head = isArrow ? 'async' : 'async function';
  const rope: Rope = [head, emitCallable(e, node, kind, isArrow, name)];
  if (name === '' || name === '__proto__') return rope;
  const key = JSON.stringify(name);
  return [`({${key}:`, rope, `})[${key}]`];
}

/**
 * Parameters and body of the twin, as they follow `async function` or a method's name.
 * @param name what stack traces are to call the function where it goes on after an `await`
 */
export function emitCallable(
  e: Emitter,
  node: FunctionNode,
  kind: FunctionKind,
  isArrow: boolean,
  name: string | null,
): Rope {
  const { prefix: $, runtime, activation } = e;
  if (kind === 'async') {
    const context = new Context('async', $, isArrow ? e.context.construction : null);
    context.hasNewTarget = isArrow && e.context.hasNewTarget;
    const { params, prelude, body } = e.within(context, () => emitParts(e, node));
    const unwinds = e.within(context, () => unwinding(e));
    const inner: Rope = [
      `async(${$}d`,
      params === '' ? '' : [',', params],
      `)=>{`,
      declare(context, $),
      `try{`,
      prelude,
      `${$}b:{`,
      body,
      context.hasFinally ? `;${$}v=void 0` : '',
      `}}catch(${$}e){`,
      unwinds,
      `return ${activation.fail}(${$}e)}${activation.done}(${$}v)}`,
    ];
    const head = `(...${$}a)${isArrow ? '=>' : ''}`;
    if (name === null || !/^[\w$]+$/.test(name))
      return isArrow
        ? [head, e.marker(node), `${runtime.acall}(`, inner, `,${$}a)`]
        : [head, e.marker(node), `{return ${runtime.acall}(`, inner, `,${$}a)}`];
    const f = `${$}f_${name}`;
    return [head, e.marker(node), `{const ${f}=`, inner, `;return ${runtime.acall}(${f},${$}a)}`];
  }
  if (kind === 'generator') {
    const context = new Context('generator', $);
    const { params, prelude: evaluation, body } = e.within(context, () => emitParts(e, node));
    // What is evaluated for the parameters belongs to the call, which ends here.
    const prelude: Rope = evaluation === '' ? '' : [evaluation, 'yield;'];
    const unwinds = e.within(context, () => unwinding(e));
    if (unwinds === '') return ['(', params, `)${e.marker(node)}{`, declare(context, $), prelude, '{', body, '}}'];
    return [
      '(',
      params,
      `)${e.marker(node)}{`,
      declare(context, $),
      'try{',
      prelude,
      '{',
      body,
      '}}finally{',
      unwinds,
      '}}',
    ];
  }
  if (kind === 'begun-async-generator') return emitBegunAsyncGenerator(e, node, name);
  const context = new Context('twin', $, isArrow ? e.context.construction : null);
  const asks = asksForNewTarget(e, node);
  context.hasNewTarget = asks || (isArrow && e.context.hasNewTarget);
  const { params, prelude, body } = e.within(context, () => emitParts(e, node));
  const start: Rope = asks ? [`const ${$}t=${runtime.nt}();`, prelude] : prelude;
  return ['(', params, isArrow ? ')=>' : ')', e.marker(node), wrapTwinBody(e, context, start, body)];
}

/**
 * Parameters and body of the twin of an async generator: it evaluates the parameters, and brings the generator, whose function is within
 * it and sees what they declare.
 */
function emitBegunAsyncGenerator(e: Emitter, node: FunctionNode, name: string | null): Rope {
  const { prefix: $, runtime } = e;
  const context = new Context('twin', $);
  const f = name !== null && /^[\w$]+$/.test(name) ? `${$}f_${name}` : `${$}f`;
  const { prelude, body } = e.within(context, () => {
    const kept = redeclaredNames(e, node).map((own, i): [kept: string, own: string] => [`${$}q${i}`, own]);
    const generator = emitAsyncGeneratorBody(e, node, '', kept.map(([value, own]) => `var ${own}=${value};`).join(''));
    const values = kept.map(([value, own]) => `const ${value}=${own};`).join('');
    // A method has its `super` from the object that it was made in: that of the function within asks the twin.
    const made: Rope = occurs(node, (inner) => inner.type === 'Super')
      ? [
          `({__proto__:${runtime.asks}(${$}k=>super[${$}k],(${$}k,${$}x)=>{super[${$}k]=${$}x}),async*${f}`,
          generator,
          `}).${f}`,
        ]
      : [`async function*${f}`, generator];
    return {
      prelude: emitParameterDeclarations(e, node),
      body: [values, `${$}v=${runtime.apply}(`, made, `,this,${$}a);`],
    };
  });
  return [`(...${$}a)`, e.marker(node), wrapTwinBody(e, context, prelude, body)];
}

/** What follows the name of an async generator in its native form, whose parameters cannot wait. */
export function emitNativeAsyncGenerator(e: Emitter, node: FunctionNode): Rope {
  const context = new Context('plain', e.prefix);
  context.isInParameters = true;
  return emitAsyncGeneratorBody(
    e,
    node,
    e.within(context, () => emitParametersInPlace(e, node)),
    '',
  );
}

function emitAsyncGeneratorBody(e: Emitter, node: FunctionNode, params: Rope, declarations: string): Rope {
  const { prefix: $, runtime, activation } = e;
  const context = new Context('async-generator', $);
  const body = e.within(context, () => [declareApart(e, node), emitBody(e, node)]);
  return [
    '(',
    params,
    `)${e.marker(node)}{const ${$}d=${runtime.agen}();`,
    declare(context, $),
    `try{${declarations}{`,
    body,
    `}}finally{${activation.end}()}}`,
  ];
}

/** `{ temporaries; try { body } … }`: the twin protocol around a body whose `return` is `v = …; break b`. */
export function wrapTwinBody(e: Emitter, context: Context, prelude: Rope, body: Rope, end: Rope = ''): Rope {
  const { prefix: $, runtime } = e;
  context.shared('w');
  const unwinds = e.within(context, () => unwinding(e));
  return [
    '{',
    declare(context, $),
    'try{',
    prelude,
    `${$}b:{`,
    body,
    context.hasFinally ? `;${$}v=void 0` : '',
    '}',
    end,
    `}catch(${$}e){`,
    unwinds,
    `return ${$}w?${runtime.ebox}(${$}e):${runtime.thr}(${$}e)}return ${$}w?${runtime.box}(${$}v):${runtime.ret}(${$}v)}`,
  ];
}

/** Declares the temporaries that the emission of a body has taken. */
export function declare(context: Context, $: string): string {
  if (context.kind !== 'generator' && context.kind !== 'plain') context.temps.add(`${$}v`);
  const names = [...context.temps];
  return names.length === 0 ? '' : `let ${names.join(',')};`;
}
