import { staticKey } from '../marking.ts';
import type { Rope } from '../rope.ts';
import type { AssignmentPattern, Pattern } from '../syntax.ts';
import { type Emitter, sliceOf } from './emitter.ts';
import { emitWrittenName } from './identifiers.ts';
import { emitComputedKey, emitOwner, isConvertedKey, memberTail } from './members.ts';
import { Level } from './precedence.ts';

/**
 * What a pattern takes apart (the value and the result are of level Assignment), where an iterator or a getter may block: what the pattern will read is
 * fetched first, so that the native destructuring meets plain data. Null if the value may be used as it is.
 */
export function patternSource(e: Emitter, pattern: Pattern, value: () => Rope): Rope | null {
  const { features } = e.marks;
  if (e.context.kind === 'plain' || (!features.iterators && features.getters.size === 0)) return null;
  const shape = patternShape(e, pattern);
  if (shape === null) return null;
  return e.settle([`${e.prefix}.pick(`, value(), `,${shape})`], pattern.start);
}

/** What a pattern reads, as a literal: [n | -1 for a rest, [shapes]] for arrays, {keys} for objects; null if nothing. */
function patternShape(e: Emitter, pattern: Pattern): string | null {
  switch (pattern.type) {
    case 'AssignmentPattern':
      return patternShape(e, pattern.left);
    case 'ArrayPattern': {
      const { elements } = pattern;
      const hasRest = elements.at(-1)?.type === 'RestElement';
      const shapes = elements.map((element) =>
        element === null || element.type === 'RestElement' ? 'null' : (patternShape(e, element) ?? 'null'),
      );
      return `{n:${hasRest ? -1 : elements.length},e:[${shapes.join(',')}]}`;
    }
    case 'ObjectPattern': {
      const hasRest = pattern.properties.some((property) => property.type === 'RestElement');
      const keys: string[] = [];
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') continue;
        const key = staticKey(property);
        if (key === null || key.startsWith('@@')) continue;
        keys.push(`[${JSON.stringify(key)},${patternShape(e, property.value) ?? 'null'}]`);
      }
      return `{r:${hasRest},k:[${keys.join(',')}]}`;
    }
    default:
      return null;
  }
}

/** An assignment or binding target: defaults and computed keys are emitted, names stay. */
export function emitTarget(e: Emitter, node: Pattern): Rope {
  switch (node.type) {
    case 'Identifier':
      return emitWrittenName(e, node);
    case 'MemberExpression':
      return node.computed && isConvertedKey(e, node.property)
        ? [emitOwner(e, node), memberTail(e, node)]
        : e.copy(node);
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
  const isFree = left.type === 'Identifier' && e.scopes.references.get(left) === null;
  const before = context.temps.size;
  const print = (): Rope =>
    name !== null && !isFree ? e.expression(right, Level.Assignment, name) : e.named(right, name);
  let value = print();
  if (context.isInParameters && context.temps.size > before) {
    context.splitTemps(before);
    value = e.named(right, name);
    value = ['(()=>{let ', context.splitTemps(before).join(','), ';return ', value, '})()'];
  }
  return [isBracketed ? ['(', target, ')'] : target, '=', value];
}
