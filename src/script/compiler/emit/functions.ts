import type { Rope } from '../rope.ts';
import type {
  AnonymousFunctionDeclaration,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  FunctionNode,
} from '../syntax.ts';
import { Context } from './context.ts';
import { type Emitter, sliceOf } from './emitter.ts';
import { Level } from './precedence.ts';
import { called, type Printed, primary, startsWithBrace } from './printed.ts';
import { emitFunctionBlock } from './statements.ts';
import { declare, emitNativeAsyncGenerator, emitWrapped, kindOf } from './twins.ts';

/** A function in expression position. */
export function emitFunctionExpression(
  e: Emitter,
  node: FunctionExpression | ArrowFunctionExpression,
  name: string | null,
): Printed {
  const id = node.id ?? null;
  const kind = kindOf(e, node);
  if (kind === 'plain' || kind === 'async-generator') {
    const rope = kind === 'plain' ? emitPlain(e, node) : emitAsyncGenerator(e, node);
    const level = node.type === 'ArrowFunctionExpression' ? Level.Assignment : Level.Primary;
    return { rope, level, isAnonymous: id === null };
  }
  const made = emitWrapped(e, node, id?.name ?? name ?? '');
  const isUsed = id !== null && e.scopes.references.get(id)?.used === true;
  return isUsed ? primary([`(()=>{const ${id.name}=`, made, `;return ${id.name}})()`]) : called(made);
}

/** A function that cannot block: as written, but functions inside it may be compiled. */
export function emitPlain(e: Emitter, node: FunctionNode): Rope {
  const isArrow = node.type === 'ArrowFunctionExpression';
  const context = new Context('plain', e.prefix, isArrow ? e.context.construction : null);
  context.hasNewTarget = isArrow && e.context.hasNewTarget;
  const { body } = node;
  context.isInParameters = true;
  const emitBody = (): Rope => {
    context.isInParameters = false;
    if (body.type === 'BlockStatement') return emitFunctionBlock(e, body);
    const rope = e.inPlace(body);
    // As a call, since the body may stand in parentheses.
    if (context.temps.size > 0) return ['(()=>{', declare(context, e.prefix), 'return(', rope, ')})()'];
    return startsWithBrace(rope, e.source) && e.source[body.start] !== '{' ? ['(', rope, ')'] : rope;
  };
  return e.within(context, () =>
    // Its own name stays, whatever the variable is called.
    e.copy(node, { before: body, text: e.marker(node) }, (child) =>
      child === body ? emitBody() : child === (node.id as object | null | undefined) ? sliceOf(child) : null,
    ),
  );
}

/** Async generators keep their native form; what they wait for respects the VU's lock. */
function emitAsyncGenerator(e: Emitter, node: FunctionNode): Rope {
  return ['async function*', node.id ? ` ${node.id.name}` : '', emitNativeAsyncGenerator(e, node)];
}

export function emitFunctionDeclaration(e: Emitter, node: FunctionDeclaration | AnonymousFunctionDeclaration): Rope {
  const kind = kindOf(e, node);
  if (kind === 'plain') return emitPlain(e, node);
  if (kind === 'async-generator') return emitAsyncGenerator(e, node);
  // Compiled declarations are hoisted by the list of statements that holds them.
  return '';
}
