import type { Rope } from '../rope.ts';
import type { CallExpression, Expression, MemberExpression, Super } from '../syntax.ts';
import { emitArguments } from './arguments.ts';
import type { Emitter } from './emitter.ts';
import { emitComputedKey, isBlockingRead, memberTail } from './members.ts';
import { Level } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

/** Where a call's parenthesis opens: what stack traces show. */
export function callPosition(e: Emitter, call: CallExpression): number {
  const open = e.source.indexOf('(', call.callee.end);
  return open === -1 || open >= call.end ? call.start : open;
}

/** Ends a call whose twin, if there is one, is in `s`: fetches or waits for the result. */
export function emitCallEnd(e: Emitter, s: string, at: number): Rope {
  const p = e.context.shared('p');
  return [',', s, '===undefined?', p, e.fragments.takeOtherwise, e.suspend(p, at), ')'];
}

/** True for references that can be read twice: local names and `this`. */
function isRepeatable(e: Emitter, node: Expression | Super): boolean {
  return node.type === 'ThisExpression' || (node.type === 'Identifier' && Boolean(e.scopes.references.get(node)));
}

interface Method {
  /** Brings the function; of level Assignment. */
  readonly method: Rope;
  readonly receiver: Rope;
  close(): void;
}

/** Reads the method that a call names, keeping what it is read from. */
export function openMethod(e: Emitter, callee: MemberExpression): Method {
  const { object, property } = callee;
  const isSimple = !callee.computed || property.type === 'Literal' || property.type === 'Identifier';
  const isBlocking = isBlockingRead(e, callee);
  const close = (): void => {};
  if (object.type === 'Super') return { method: e.expression(callee, Level.Assignment), receiver: 'this', close };
  if (isRepeatable(e, object) && isSimple && !isBlocking) {
    const receiver = e.expression(object, Level.Call);
    return { method: [receiver, memberTail(e, callee, receiver)], receiver, close };
  }
  if (isSimple && !isBlocking) {
    const o = e.context.shared('o');
    return { method: readInto(e, callee, o, e.value(object)), receiver: o, close };
  }
  const o = e.context.take('o');
  return {
    method: readInto(e, callee, o, e.value(object)),
    receiver: o,
    close: () => e.context.release(o),
  };
}

/** `(o=OBJECT).x`, armed if a getter of that name may block; of level Call. `object` is of level Assignment. */
export function readInto(e: Emitter, member: MemberExpression, o: string, object: Rope): Rope {
  const { property } = member;
  if (!isBlockingRead(e, member)) return [`(${o}=`, object, ')', memberTail(e, member, o)];
  if (!member.computed || property.type === 'PrivateIdentifier')
    return [`(${o}=`, object, ',', e.armed([o, memberTail(e, member)], property.start), ')'];
  const key = e.context.take('q');
  const rope: Rope = [
    `(${o}=`,
    object,
    `,${key}=`,
    emitComputedKey(e, property, o),
    ',',
    e.armed(`${o}[${key}]`, property.start),
    ')',
  ];
  e.context.release(key);
  return rope;
}

/** A call with a receiver; `method` and `receiver` are of level Assignment. */
export function emitCallOn(e: Emitter, node: CallExpression, at: number, method: Rope, receiver: Rope): Printed {
  const { fragments, context } = e;
  const m = context.shared('m');
  const p = context.shared('p');
  const s = context.take('s');
  const rope: Rope = [
    ['(', m, '=', method, ',', s, fragments.twin, m, '),', p, '=(', s, fragments.method, m],
    [',', e.label(node.callee), ')).'],
    { text: 'call', at },
    '(',
    emitArguments(e, node.arguments, receiver),
    ')',
    emitCallEnd(e, s, at),
  ];
  context.release(s);
  return primary(rope);
}

/** A call without a receiver, of a callee of level Assignment; a known function's is a name that can be read twice. */
export function emitCallOf(e: Emitter, node: CallExpression, at: number, callee: Rope, isKnown: boolean): Printed {
  const { fragments, context } = e;
  const m = context.shared('m');
  const p = context.shared('p');
  const s = context.take('s');
  const start: Rope = isKnown
    ? ['(', s, fragments.twin, callee, '),', p, '=(', s, '??', callee, ')']
    : [
        ['(', m, '=', callee, ',', s, fragments.twin, m, '),', p, '=(', s, fragments.function, m],
        [',', e.label(node.callee), '))'],
      ];
  const rope: Rope = [start, { text: '(', at }, emitArguments(e, node.arguments), ')', emitCallEnd(e, s, at)];
  context.release(s);
  return primary(rope);
}
