import { STRICT_OPERATORS } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type { BinaryExpression, Expression, UnaryExpression } from '../syntax.ts';
import { emitDeletedChain } from './chains.ts';
import type { Emitter } from './emitter.ts';
import { isStandard } from './identifiers.ts';
import { emitAccess, emitKey, isConvertedKey, openPlace } from './members.ts';
import { Level, levelOf } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

/** `a operator b` under the twin protocol, for operands (of level Assignment) whose conversion may block. */
export function emitBinaryOperation(e: Emitter, operator: string, a: Rope, b: Rope, at: number): Rope {
  return e.settle([`${e.runtime.bin}('${operator}',`, a, ',', b, ')'], at);
}

export function emitBinary(e: Emitter, node: BinaryExpression): Printed {
  const { features } = e.marks;
  const { operator, left, right } = node;
  if (left.type === 'PrivateIdentifier' || e.context.kind === 'plain') return emitNativeBinary(e, node);
  if (features.traps && (operator === 'in' || operator === 'instanceof')) {
    const t = e.context.take('t');
    const o = e.context.take('o');
    const rope: Rope = [
      `(${t}=`,
      e.value(left),
      `,${o}=`,
      e.value(right),
      ',',
      e.armed(`${t} ${operator} ${o}`, node.start, (v) => ['!!', v]),
      ')',
    ];
    e.context.release(o);
    e.context.release(t);
    return primary(rope);
  }
  if (features.conversions && operator === 'in') return emitIn(e, node, left, right);
  if (!features.conversions || STRICT_OPERATORS.has(operator) || (left.type === 'Literal' && right.type === 'Literal'))
    return emitNativeBinary(e, node);
  return primary(emitBinaryOperation(e, operator, e.value(left), e.value(right), node.start));
}

/** Both operands come first, and of what is no object the engine complains before it converts the key (ECMA-262 §13.10.1). */
function emitIn(e: Emitter, node: BinaryExpression, left: Expression, right: Expression): Printed {
  if (!isConvertedKey(e, left)) return emitNativeBinary(e, node);
  const t = e.context.take('t');
  const o = e.context.take('o');
  const isObject = `(typeof ${o}==='object'?${o}!==null:typeof ${o}==='function')`;
  const rope: Rope = [
    `(${t}=`,
    e.value(left),
    `,${o}=`,
    e.value(right),
    `,(${isObject}?`,
    emitKey(e, t, left.start),
    `:${t}) in ${o})`,
  ];
  e.context.release(o);
  e.context.release(t);
  return primary(rope);
}

/** The operator as the engine has it. Text that a script (unlike a module) takes for a comment is kept apart. */
function emitNativeBinary(e: Emitter, node: BinaryExpression): Printed {
  const { operator, left, right } = node;
  const level = levelOf(node);
  const opensComment = operator.endsWith('<') && e.source.startsWith('<!--', right.start - 1);
  if (opensComment) {
    const a = left.type === 'PrivateIdentifier' ? e.copy(left) : e.inPlace(left);
    const rope: Rope = [
      { start: node.start, end: left.start },
      a,
      { start: left.end, end: right.start },
      ' ',
      e.inPlace(right),
      { start: right.end, end: node.end },
    ];
    return { rope, level };
  }
  const rope = e.copy(node);
  return operator === 'in' && e.isInForInit ? primary(['(', rope, ')']) : { rope, level };
}

export function emitUnary(e: Emitter, node: UnaryExpression): Printed {
  const { operator, argument } = node;
  const { features } = e.marks;
  if (operator === 'typeof' && argument.type === 'Identifier') {
    const isFree = e.scopes.references.get(argument) === null && !isStandard(e, argument);
    const isOuter = e.script?.names.has(argument.name) === true;
    const rope: Rope = isFree && !isOuter ? `typeof ${e.global}[${JSON.stringify(argument.name)}]` : e.copy(node);
    return { rope, level: Level.Unary };
  }
  if (operator === 'delete') {
    if (argument.type === 'ChainExpression') return emitDeletedChain(e, node);
    // A meta property is written as a name of ours, which cannot be deleted.
    if (argument.type === 'MetaProperty') return primary(['(', e.value(argument), ',true)']);
    if (argument.type !== 'MemberExpression') return e.copied(node);
    if (!features.traps || e.context.kind === 'plain')
      return { rope: ['delete ', emitAccess(e, argument)], level: Level.Unary };
    const place = openPlace(e, argument);
    const rope: Rope = ['(', place.before, e.armed(['delete ', place.access], node.start, (v) => ['!!', v]), ')'];
    place.close();
    return primary(rope);
  }
  if (features.conversions && '+-~'.includes(operator) && e.context.kind !== 'plain' && argument.type !== 'Literal')
    return primary(e.settle([`${e.runtime.unary}('${operator}',`, e.value(argument), ')'], node.start));
  return e.copied(node);
}
