import type { Rope } from '../rope.ts';
import type { TaggedTemplateExpression, TemplateLiteral } from '../syntax.ts';
import { emitCallEnd, openMethod } from './call-protocol.ts';
import { emitChainReference, isMemberChain } from './chains.ts';
import type { Emitter } from './emitter.ts';
import { type Printed, primary } from './printed.ts';

/** A template whose values become text, which a conversion that blocks may have to make. */
export function emitTemplate(e: Emitter, node: TemplateLiteral): Printed {
  if (!e.marks.features.conversions || e.context.kind === 'plain') return e.copied(node);
  const parts: Rope[] = [];
  node.quasis.forEach((quasi, i) => {
    const before = i === 0 ? node.start : quasi.start - 1;
    const after = i === node.quasis.length - 1 ? node.end : quasi.end + 2;
    parts.push({ start: before, end: after });
    const expression = node.expressions[i];
    if (expression !== undefined)
      parts.push(e.settle([`${e.runtime.str}(`, e.value(expression), ')'], expression.start));
  });
  return primary(parts);
}

/** A template that a function is called with: it gets the values themselves. */
export function emitTagged(e: Emitter, node: TaggedTemplateExpression): Printed {
  if (e.context.kind === 'plain') return e.copied(node);
  const { runtime, context } = e;
  const { tag, quasi } = node;
  const m = context.shared('m');
  const p = context.shared('p');
  const s = context.take('s');
  const start = (method: Rope, receiver: Rope): Rope => [
    `(${m}=`,
    method,
    `,${s}=${runtime.tw}(${m}),${p}=${runtime.tag}(${s}??${m},`,
    receiver,
    `,${e.label(tag)})`,
  ];
  let callee: Rope;
  if (tag.type === 'MemberExpression') {
    const { method, receiver, close } = openMethod(e, tag);
    callee = start(method, receiver);
    close();
  } else if (isMemberChain(tag)) {
    const o = context.take('o');
    callee = start(emitChainReference(e, tag, o), o);
    context.release(o);
  } else callee = start(e.value(tag), 'void 0');
  const rope: Rope = [callee, e.copy(quasi), emitCallEnd(e, s, quasi.start)];
  context.release(s);
  return primary(rope);
}
