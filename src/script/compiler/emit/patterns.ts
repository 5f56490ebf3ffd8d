import type { Rope } from '../rope.ts';
import type { AssignmentPattern, Pattern } from '../syntax.ts';
import { type Emitter, sliceOf } from './emitter.ts';
import { emitWrittenName, keepsName } from './identifiers.ts';
import { emitAccess, emitComputedKey, isConvertedKey } from './members.ts';
import { Level } from './precedence.ts';

/** An assignment or binding target: defaults and computed keys are emitted, names stay. */
export function emitTarget(e: Emitter, node: Pattern): Rope {
  switch (node.type) {
    case 'Identifier':
      return emitWrittenName(e, node);
    case 'MemberExpression':
      return node.computed && isConvertedKey(e, node.property) ? emitAccess(e, node) : e.copy(node);
    case 'AssignmentPattern':
      return emitDefault(e, node);
    case 'RestElement':
      return ['...', emitTarget(e, node.argument)];
    case 'ArrayPattern': {
      const parts: Rope[] = ['['];
      for (const element of node.elements) {
        if (element !== null) parts.push(emitTarget(e, element));
        parts.push(',');
      }
      if (node.elements.at(-1)?.type === 'RestElement') parts.pop();
      parts.push(']');
      return parts;
    }
    case 'ObjectPattern': {
      const parts: Rope[] = [];
      for (const property of node.properties) {
        if (parts.length > 0) parts.push(',');
        if (property.type === 'RestElement') {
          parts.push('...', emitTarget(e, property.argument));
          continue;
        }
        const { key } = property;
        parts.push(property.computed ? ['[', emitComputedKey(e, key), ']'] : sliceOf(key));
        parts.push(':', emitTarget(e, property.value));
      }
      return ['{', parts, '}'];
    }
  }
}

/** `target = default` in a pattern. */
export function emitDefault(e: Emitter, node: AssignmentPattern): Rope {
  const { left, right } = node;
  const { context } = e;
  const target = emitTarget(e, left);
  // `[(a) = …]` gives no name.
  const isBracketed = node.start < left.start;
  const name = left.type === 'Identifier' && !isBracketed ? left.name : null;
  const isKept = left.type === 'Identifier' && keepsName(e, left);
  const before = context.temps.size;
  const print = (): Rope =>
    name !== null && isKept ? e.expression(right, Level.Assignment, name) : e.named(right, name);
  let value = print();
  if (context.isInParameters && context.temps.size > before) {
    context.splitTemps(before);
    value = e.named(right, name);
    value = ['(()=>{let ', context.splitTemps(before).join(','), ';return ', value, '})()'];
  }
  return [isBracketed ? ['(', target, ')'] : target, '=', value];
}
