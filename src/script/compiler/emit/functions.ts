import { childrenOf, isFunction } from '../keys.ts';
import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { type Construction, Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import { patternSource, target } from './members.ts';
import { emitStatements } from './statements.ts';

export type FunctionKind = 'plain' | 'twin' | 'async' | 'generator' | 'async-generator';

/** How a function is compiled. */
export function kindOf(e: Emitter, node: Node): FunctionKind {
  if (node['async'] === true) return node['generator'] === true ? 'async-generator' : 'async';
  if (!e.marks.functions.has(node)) return 'plain';
  return node['generator'] === true ? 'generator' : 'twin';
}

export function isCompiled(e: Emitter, node: Node): boolean {
  const kind = kindOf(e, node);
  return kind !== 'plain' && kind !== 'async-generator';
}

/** Whether the function itself, or an arrow in it, reads `new.target` – and may be what `new` is applied to. */
function asksForNewTarget(e: Emitter, node: Node): boolean {
  const mayBeConstructed = node.type !== 'ArrowFunctionExpression' && kindOf(e, node) === 'twin' && !e.owners.has(node);
  return mayBeConstructed && occurs(node, (inner) => inner.type === 'MetaProperty' && e.text(inner).startsWith('new'));
}

/** Whether a node is found in a function itself or in the arrows in it. */
export function occurs(node: Node, isWanted: (node: Node) => boolean): boolean {
  return childrenOf(node).some(
    (child) =>
      isWanted(child) || ((!isFunction(child) || child.type === 'ArrowFunctionExpression') && occurs(child, isWanted)),
  );
}

/** The number that `length` shows: parameters before the first default or rest. */
function lengthOf(node: Node): number {
  const params = node['params'] as Node[];
  const end = params.findIndex((param) => param.type === 'AssignmentPattern' || param.type === 'RestElement');
  return end === -1 ? params.length : end;
}

/** A function in expression position. */
export function emitFunctionExpression(e: Emitter, node: Node, name: string | null): Rope {
  const id = node['id'] as Node | null | undefined;
  const own = id ? (id['name'] as string) : name;
  const kind = kindOf(e, node);
  if (kind === 'plain') return emitPlain(e, node);
  if (kind === 'async-generator') return emitAsyncGenerator(e, node);
  const made = emitWrapped(e, node, own ?? '');
  const binding = id ? e.scopes.references.get(id) : null;
  return binding?.used ? [`(()=>{const ${own}=`, made, `;return ${own}})()`] : made;
}

/** The wrapper of a function that is compiled, made by its factory from its twin. */
export function emitWrapped(e: Emitter, node: Node, name: string): Rope {
  const factory = wrapperFactory(e, node, name, node.type !== 'ArrowFunctionExpression');
  const twin = emitTwin(e, node, name);
  return asksForNewTarget(e, node) ? [factory, `(${e.prefix}.wt(`, twin, '))'] : [factory, '(', twin, ')'];
}

/** Name of the factory that makes `twin => wrapper` for this function. */
export function wrapperFactory(e: Emitter, node: Node, name: string, constructible: boolean): string {
  const { prefix: $ } = e;
  const params = Array.from({ length: lengthOf(node) }, (_, i) => `a${i}`).join(',');
  const key = JSON.stringify(name);
  const property = name === '__proto__' ? `[${key}]` : key;
  switch (kindOf(e, node)) {
    case 'generator':
      return e.factory(
        `T=>{const f={${property}(${params}){return ${$}.gst(T,f,this,arguments)}}[${key}];return ${$}.genw(f,T)}`,
      );
    case 'async':
      return e.factory(`T=>${$}.st({${property}(${params}){return ${$}.sync(T,this,arguments)}}[${key}],T)`);
    default:
      return constructible
        ? e.factory(
            `T=>${$}.st({${property}:function(${params}){return new.target?${$}.cons(T,new.target,arguments):${$}.sync(T,this,arguments)}}[${key}],T)`,
          )
        : e.factory(`T=>${$}.st({${property}(${params}){return ${$}.sync(T,this,arguments)}}[${key}],T)`);
  }
}

/** The twin as an expression, named for stack traces. */
export function emitTwin(e: Emitter, node: Node, name: string): Rope {
  const kind = kindOf(e, node);
  const isArrow = node.type === 'ArrowFunctionExpression';
  let head: string;
  if (kind === 'generator') head = 'function*';
  else if (kind === 'async') head = isArrow ? '' : 'function';
  else head = isArrow ? 'async' : 'async function';
  const rope: Rope = [head, emitCallable(e, node, kind, isArrow)];
  if (name === '' || name === '__proto__') return rope;
  const key = JSON.stringify(name);
  return [`({${key}:`, rope, `})[${key}]`];
}

/** Parameters and body of the twin, as they follow `async function` or a method's name. */
export function emitCallable(
  e: Emitter,
  node: Node,
  kind: FunctionKind,
  isArrow: boolean,
  construction?: Construction,
): Rope {
  const { prefix: $ } = e;
  if (kind === 'async') {
    const context = new Context('async', $, isArrow ? e.context.construction : null);
    context.hasNewTarget = isArrow && e.context.hasNewTarget;
    const { params, prelude, body } = e.within(context, () => emitParts(e, node));
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
      `}}catch(${$}e){return ${$}d.fail(${$}e)}${$}d.done(${$}v)}`,
    ];
    return isArrow
      ? [`(...${$}a)=>${e.marker(node)}${$}.acall(`, inner, `,${$}a)`]
      : [`(...${$}a)${e.marker(node)}{return ${$}.acall(`, inner, `,${$}a)}`];
  }
  if (kind === 'generator') {
    const context = new Context('generator', $);
    const { params, prelude, body } = e.within(context, () => emitParts(e, node));
    return ['(', params, `)${e.marker(node)}{`, declare(context, $), prelude, '{', body, '}}'];
  }
  const context = new Context('twin', $, construction ?? (isArrow ? e.context.construction : null));
  const asks = asksForNewTarget(e, node);
  context.hasNewTarget = asks || (isArrow && e.context.hasNewTarget);
  const { params, prelude, body } = e.within(context, () => emitParts(e, node));
  const start: Rope = asks ? [`const ${$}t=${$}.nt();`, prelude] : prelude;
  return ['(', params, isArrow ? ')=>' : ')', e.marker(node), wrapTwinBody(e, context, start, body)];
}

/** `{ temporaries; try { body } … }`: the twin protocol around a body whose `return` is `v = …; break b`. */
export function wrapTwinBody(e: Emitter, context: Context, prelude: Rope, body: Rope, end: Rope = ''): Rope {
  const { prefix: $ } = e;
  context.shared('w');
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
    `}catch(${$}e){return ${$}w?${$}.ebox(${$}e):${$}.thr(${$}e)}return ${$}w?${$}.box(${$}v):${$}.ret(${$}v)}`,
  ];
}

export function declare(context: Context, $: string): string {
  if (context.kind !== 'generator') context.temps.add(`${$}v`);
  const names = [...context.temps];
  return names.length === 0 ? '' : `let ${names.join(',')};`;
}

interface Parts {
  readonly params: Rope;
  /** Takes apart parameters that are more than names. */
  readonly prelude: Rope;
  readonly body: Rope;
}

/** Emits parameters and body in the present context. */
export function emitParts(e: Emitter, node: Node): Parts {
  const params = node['params'] as Node[];
  const isSimple = params.every(
    (param) =>
      param.type === 'Identifier' ||
      (param.type === 'RestElement' && (param['argument'] as Node).type === 'Identifier'),
  );
  let list: Rope;
  let prelude: Rope = '';
  if (isSimple) {
    const first = params[0];
    const last = params.at(-1);
    list = first && last ? { start: first.start, end: last.end } : '';
  } else {
    list = `...${e.prefix}a`;
    prelude = emitParameterDeclarations(e, node);
  }
  return { params: list, prelude, body: emitBody(e, node) };
}

function emitParameterDeclarations(e: Emitter, node: Node): Rope {
  const { prefix: $ } = e;
  const redeclared = e.scopes.bodyNames.get(node) ?? new Set();
  return (node['params'] as Node[]).map((param, i): Rope => {
    const value = `${$}a[${i}]`;
    let pattern = param;
    let source: Rope = value;
    if (param.type === 'RestElement') {
      pattern = param['argument'] as Node;
      source = `${$}.rest(${$}a,${i})`;
    } else if (param.type === 'AssignmentPattern') {
      pattern = param['left'] as Node;
      const name = pattern.type === 'Identifier' ? (pattern['name'] as string) : null;
      source = [`${value}===void 0?(`, e.operand(param['right'] as Node, name), `):${value}`];
    }
    const isVar = pattern.type === 'Identifier' && redeclared.has(pattern['name'] as string);
    const anyVar = isVar || (redeclared.size > 0 && pattern.type !== 'Identifier');
    return [
      anyVar ? 'var ' : 'let ',
      target(e, pattern),
      '=',
      pattern.type === 'Identifier' ? source : patternSource(e, pattern, ['(', source, ')']),
      ';',
    ];
  });
}

function emitBody(e: Emitter, node: Node): Rope {
  const body = node['body'] as Node;
  if (body.type === 'BlockStatement')
    return emitStatements(e, body['body'] as Node[], body.start + 1, body.end - 1, 'function');
  return [`${e.prefix}v=(`, e.emit(body), ')'];
}

/** A function that cannot block: as written, but functions inside it may be compiled. */
export function emitPlain(e: Emitter, node: Node): Rope {
  const isArrow = node.type === 'ArrowFunctionExpression';
  const context = new Context('plain', e.prefix, isArrow ? e.context.construction : null);
  context.hasNewTarget = isArrow && e.context.hasNewTarget;
  return e.within(context, () => {
    e.functionBody = node['body'] as Node;
    return e.copy(node, { before: node['body'] as Node, text: e.marker(node) });
  });
}

/** Async generators keep their native form; what they wait for respects the VU's lock. */
export function emitAsyncGenerator(e: Emitter, node: Node, isMethod = false): Rope {
  const { prefix: $ } = e;
  const context = new Context('async-generator', $);
  const { params, prelude, body } = e.within(context, () => emitParts(e, node));
  const id = node['id'] as Node | null | undefined;
  return [
    isMethod ? '' : ['async function*', id ? ` ${id['name'] as string}` : ''],
    '(',
    params,
    `)${e.marker(node)}{const ${$}d=${$}.agen();`,
    declare(context, $),
    `try{`,
    prelude,
    '{',
    body,
    `}}finally{${$}d.end()}}`,
  ];
}

export function emitFunctionDeclaration(e: Emitter, node: Node): Rope {
  const kind = kindOf(e, node);
  if (kind === 'plain') return emitPlain(e, node);
  if (kind === 'async-generator') return emitAsyncGenerator(e, node);
  // Compiled declarations are hoisted by the list of statements that holds them.
  return '';
}
