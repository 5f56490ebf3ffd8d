import type { Rope } from '../rope.ts';
import type { CallExpression, ImportExpression, NewExpression } from '../syntax.ts';
import { emitArguments } from './arguments.ts';
import { callPosition, emitCallOf, emitCallOn, openMethod } from './call-protocol.ts';
import { emitChainReference, isMemberChain } from './chains.ts';
import { emitSuperCall } from './constructors.ts';
import { emitDirectEval, isDirectEval } from './direct-eval.ts';
import type { Emitter } from './emitter.ts';
import { Level } from './precedence.ts';
import { called, type Printed, primary } from './printed.ts';

export function emitCall(e: Emitter, node: CallExpression): Printed {
  const { callee } = node;
  if (callee.type === 'Super') return emitSuperCall(e, node);
  if (e.context.kind === 'plain' || e.marks.isInert(node)) return e.copied(node);
  if (isDirectEval(e, node)) return emitDirectEval(e, node);
  const at = callPosition(e, node);
  if (callee.type === 'MemberExpression') {
    const { method, receiver, close } = openMethod(e, callee);
    const call = emitCallOn(e, node, at, method, receiver);
    close();
    return call;
  }
  if (isMemberChain(callee)) {
    const o = e.context.take('o');
    const call = emitCallOn(e, node, at, emitChainReference(e, callee, o), o);
    e.context.release(o);
    return call;
  }
  const binding = callee.type === 'Identifier' ? e.scopes.references.get(callee) : null;
  const isKnown = binding?.value !== null && binding?.value !== undefined && !binding.reassigned;
  return emitCallOf(e, node, at, e.value(callee), isKnown);
}

export function emitNew(e: Emitter, node: NewExpression): Printed {
  if (e.context.kind === 'plain' || e.marks.isInert(node)) return e.copied(node);
  const { callee } = node;
  const construction: Rope = [
    e.operationAt('new', node.start),
    '(',
    e.expression(callee, Level.Assignment),
    ',[',
    emitArguments(e, node.arguments),
    `],${e.label(callee)})`,
  ];
  return primary(e.settle(construction, node.start));
}

export function emitImport(e: Emitter, node: ImportExpression): Printed {
  return called([`${e.runtime.imp}(`, e.expression(node.source, Level.Assignment), ')']);
}
