import { PLAIN_ASSIGNMENTS } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type { AssignmentExpression, Pattern, UpdateExpression } from '../syntax.ts';
import { emitPatternAssignment, isSpelledOut } from './destructuring.ts';
import type { Emitter } from './emitter.ts';
import { emitWrittenName, keepsName } from './identifiers.ts';
import { isBlockingRead, isBlockingWrite, isConvertedKey, openPlace, writeTo } from './members.ts';
import { emitBinaryOperation } from './operators.ts';
import { emitTarget } from './patterns.ts';
import { Level } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

/** The name that `left = function () {}` gives, if any: `(left) = …` gives none. */
function nameGivenBy(node: AssignmentExpression): string | null {
  return node.left.type === 'Identifier' && node.left.start === node.start ? node.left.name : null;
}

export function emitAssignment(e: Emitter, node: AssignmentExpression): Printed {
  const { left, right, operator } = node;
  const converts = e.marks.features.conversions && e.context.kind !== 'plain' && !PLAIN_ASSIGNMENTS.has(operator);
  if (left.type !== 'MemberExpression' && isSpelledOut(e, left))
    return primary(emitPatternAssignment(e, left, e.value(right)));
  if (left.type === 'MemberExpression') {
    const reads = operator !== '=' && isBlockingRead(e, left);
    const writes = isBlockingWrite(e, left);
    const isPlain = operator === '=';
    const convertsKey = isPlain && left.computed && isConvertedKey(e, left.property);
    if (!reads && !writes && !converts && !convertsKey) return emitNativeAssignment(e, node);
    const place = openPlace(e, left, isPlain);
    const at = left.end;
    const write = (value: Rope): Rope => (writes ? writeTo(e, place, value, at) : ['(', place.access, '=', value, ')']);
    const read: Rope = reads ? e.armed(place.access, at) : place.access;
    let rope: Rope;
    if (convertsKey) {
      const t = e.context.take('t');
      rope = [`${t}=`, e.value(right), ',', place.convert, write(t)];
      e.context.release(t);
    } else if (isPlain) rope = write(e.value(right));
    else if (PLAIN_ASSIGNMENTS.has(operator)) rope = [read, operator.slice(0, -1), write(e.value(right))];
    else {
      const t = e.context.take('t');
      const value: Rope = converts
        ? emitBinaryOperation(e, operator.slice(0, -1), t, e.value(right), at)
        : [t, operator.slice(0, -1), e.expression(right, Level.Primary)];
      rope = [`${t}=`, read, ',', write(value)];
      e.context.release(t);
    }
    const whole: Rope = ['(', place.before, rope, ')'];
    place.close();
    return primary(whole);
  }
  if (converts && left.type === 'Identifier') {
    const t = e.context.take('t');
    const rope: Rope = [
      `(${t}=`,
      e.expression(left, Level.Assignment),
      ',',
      emitWrittenName(e, left),
      '=',
      emitBinaryOperation(e, operator.slice(0, -1), t, e.value(right), left.end),
      ')',
    ];
    e.context.release(t);
    return primary(rope);
  }
  return emitNativeAssignment(e, node);
}

/** The assignment that the engine performs; an anonymous function on the right gets the name of its target. */
function emitNativeAssignment(e: Emitter, node: AssignmentExpression): Printed {
  const { left, right } = node;
  const name = nameGivenBy(node);
  // A free name is written as a member of the global object, which names nothing.
  const isMember = left.type === 'Identifier' && name !== null && !keepsName(e, left);
  const rope = e.copy(node, undefined, (child) => {
    if (child === left) return emitTarget(e, left);
    return isMember ? e.named(right, name) : e.inPlace(right, name);
  });
  return { rope, level: Level.Assignment };
}

export function emitUpdate(e: Emitter, node: UpdateExpression): Printed {
  const { argument, prefix: isPrefix } = node;
  const converts = e.marks.features.conversions && e.context.kind !== 'plain';
  const member = argument.type === 'MemberExpression' ? argument : null;
  const reads = member !== null && isBlockingRead(e, member);
  const writes = isBlockingWrite(e, argument);
  const at = argument.end;
  if (!converts && !reads && !writes) {
    const rope = e.copy(node, undefined, () => emitTarget(e, argument as Pattern));
    return { rope, level: isPrefix ? Level.Unary : Level.Postfix };
  }
  const { runtime } = e;
  const place = member === null ? null : openPlace(e, member);
  const t = e.context.take('t');
  const old: Rope =
    place === null ? e.expression(argument, Level.Assignment) : reads ? e.armed(place.access, at) : place.access;
  const updated = `${runtime.up}(${t},'${node.operator[0]}')`;
  const write: Rope =
    place !== null && writes
      ? writeTo(e, place, updated, at)
      : ['(', place === null ? emitTarget(e, argument as Pattern) : place.access, '=', updated, ')'];
  const number: Rope = converts ? e.settle([`${runtime.numeric}(`, old, ')'], at) : [`${runtime.num}(`, old, ')'];
  const rope: Rope = ['(', place?.before ?? '', `${t}=`, number, ',', write, isPrefix ? ')' : `,${t})`];
  e.context.release(t);
  place?.close();
  return primary(rope);
}
