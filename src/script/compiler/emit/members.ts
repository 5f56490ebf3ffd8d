import { PLAIN_ASSIGNMENTS, STRICT_OPERATORS, staticKey } from '../marking.ts';
import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { STANDARD_NAMES } from '../standard-names.ts';
import { emitChain } from './calls.ts';
import type { Emitter } from './emitter.ts';

/** Reading this member may run a getter that blocks. */
export function isBlockingRead(e: Emitter, member: Node): boolean {
  const { getters } = e.marks.features;
  if (getters.size === 0 || e.context.kind === 'plain') return false;
  const key = staticKey(member);
  return key === null || (getters.has('*') && !key.startsWith('#')) || getters.has(key);
}

function isBlockingWrite(e: Emitter, member: Node): boolean {
  const { setters } = e.marks.features;
  if (setters.size === 0 || e.context.kind === 'plain' || member.type !== 'MemberExpression') return false;
  const key = staticKey(member);
  return key === null || (setters.has('*') && !key.startsWith('#')) || setters.has(key);
}

/** What stands in brackets; an object there may have a conversion that blocks. */
export function emitComputedKey(e: Emitter, key: Node): Rope {
  if (!e.marks.features.conversions || e.context.kind === 'plain' || key.type === 'Literal') return e.operand(key);
  return e.settle([`${e.prefix}.key(`, e.operand(key), ')'], key.start);
}

export function emitMember(e: Emitter, node: Node): Rope {
  if (!isBlockingRead(e, node)) {
    if (!e.marks.features.conversions || node['computed'] !== true) return e.copy(node);
    const object = node['object'] as Node;
    return [object.type === 'Super' ? 'super' : e.operand(object), memberTail(e, node)];
  }
  const place = openPlace(e, node);
  const rope: Rope = ['(', place.before, e.armed(place.access, (node['property'] as Node).start), ')'];
  place.close();
  return rope;
}

interface Place {
  /** Evaluates object and key once, ending with a comma. */
  readonly before: Rope;
  readonly access: Rope;
  close(): void;
}

/** Takes a member expression apart: object and computed key go into temporaries. */
function openPlace(e: Emitter, member: Node): Place {
  const { context } = e;
  const object = member['object'] as Node;
  const property = member['property'] as Node;
  const computed = member['computed'] === true;
  const taken: string[] = [];
  const before: Rope[] = [];
  let target: Rope = 'super';
  if (object.type !== 'Super') {
    const o = context.take('o');
    taken.push(o);
    before.push(`${o}=`, e.operand(object), ',');
    target = o;
  }
  let access: Rope = [target, '.', { start: property.start, end: property.end }];
  if (computed) {
    const q = context.take('q');
    taken.push(q);
    before.push(`${q}=`, emitComputedKey(e, property), ',');
    access = [target, `[${q}]`];
  }
  return {
    before,
    access,
    close: () => {
      for (const name of taken.reverse()) context.release(name);
    },
  };
}

/** `place = value`, waiting for a setter that blocks; brings the value. */
function writeTo(e: Emitter, place: Place, value: Rope, at: number): Rope {
  const v = e.context.take('v');
  const { prefix: $ } = e;
  const rope: Rope = [
    `(${v}=`,
    value,
    `,${$}.a=1,`,
    place.access,
    `=${v},${$}.a=0,${$}.pend===undefined?${v}:(`,
    e.suspend(`${$}.takePend()`, at),
    `,${v}))`,
  ];
  e.context.release(v);
  return rope;
}

export function emitAssignment(e: Emitter, node: Node): Rope {
  const left = node['left'] as Node;
  const right = node['right'] as Node;
  const operator = node['operator'] as string;
  const name = left.type === 'Identifier' ? (left['name'] as string) : null;
  if (e.context.kind === 'plain') return emitNamedAssignment(e, node, name);
  const converts = e.marks.features.conversions && !PLAIN_ASSIGNMENTS.has(operator);
  if (left.type === 'MemberExpression') {
    const reads = operator !== '=' && isBlockingRead(e, left);
    const writes = isBlockingWrite(e, left);
    if (!reads && !writes && !converts) return emitNamedAssignment(e, node, null);
    const place = openPlace(e, left);
    const at = left.end;
    const write = (value: Rope): Rope => (writes ? writeTo(e, place, value, at) : ['(', place.access, '=', value, ')']);
    const read: Rope = reads ? e.armed(place.access, at) : place.access;
    let rope: Rope;
    if (operator === '=') rope = write(e.operand(right));
    else if (PLAIN_ASSIGNMENTS.has(operator)) rope = ['(', read, operator.slice(0, -1), write(e.operand(right)), ')'];
    else {
      const t = e.context.take('t');
      const value: Rope = converts
        ? binary(e, operator.slice(0, -1), t, e.operand(right), at)
        : [t, operator.slice(0, -1), '(', e.emit(right), ')'];
      rope = [`${t}=`, read, ',', write(value)];
      e.context.release(t);
    }
    const whole: Rope = ['(', place.before, rope, ')'];
    place.close();
    return whole;
  }
  if (converts && left.type === 'Identifier') {
    const t = e.context.take('t');
    const rope: Rope = [
      `(${t}=`,
      e.emit(left),
      ',',
      target(e, left),
      '=',
      binary(e, operator.slice(0, -1), t, e.operand(right), left.end),
      ')',
    ];
    e.context.release(t);
    return rope;
  }
  return emitNamedAssignment(e, node, name);
}

/** Copies an assignment; an anonymous function on the right gets the name of its target. */
function emitNamedAssignment(e: Emitter, node: Node, name: string | null): Rope {
  const left = node['left'] as Node;
  const right = node['right'] as Node;
  const value = e.emit(right, name);
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
    const source = patternSource(e, left, right.type === 'SequenceExpression' ? ['(', value, ')'] : value);
    return [target(e, left), { start: left.end, end: right.start }, source, { start: right.end, end: node.end }];
  }
  return [target(e, left), { start: left.end, end: right.start }, value, { start: right.end, end: node.end }];
}

/**
 * The value that a pattern takes apart. Where an iterator or a getter may block, what the pattern will read is fetched
 * first, so that the native destructuring meets plain data.
 */
export function patternSource(e: Emitter, pattern: Node, value: Rope): Rope {
  const { features } = e.marks;
  if (e.context.kind === 'plain' || (!features.iterators && features.getters.size === 0)) return value;
  const shape = patternShape(e, pattern);
  return shape === null ? value : e.settle([`${e.prefix}.pick(`, value, `,${shape})`], pattern.start);
}

/** What a pattern reads, as a literal: [n | -1 for a rest, [shapes]] for arrays, {keys} for objects; null if nothing. */
function patternShape(e: Emitter, pattern: Node): string | null {
  switch (pattern.type) {
    case 'AssignmentPattern':
      return patternShape(e, pattern['left'] as Node);
    case 'ArrayPattern': {
      const elements = pattern['elements'] as (Node | null)[];
      const hasRest = elements.at(-1)?.type === 'RestElement';
      const shapes = elements.map((element) =>
        element === null || element.type === 'RestElement' ? 'null' : (patternShape(e, element) ?? 'null'),
      );
      return `{n:${hasRest ? -1 : elements.length},e:[${shapes.join(',')}]}`;
    }
    case 'ObjectPattern': {
      const properties = pattern['properties'] as Node[];
      const hasRest = properties.some((property) => property.type === 'RestElement');
      const keys: string[] = [];
      for (const property of properties) {
        if (property.type === 'RestElement') continue;
        const key = staticKey(property);
        if (key === null || key.startsWith('@@')) continue;
        keys.push(`[${JSON.stringify(key)},${patternShape(e, property['value'] as Node) ?? 'null'}]`);
      }
      return `{r:${hasRest},k:[${keys.join(',')}]}`;
    }
    default:
      return null;
  }
}

function isReference(node: Node): boolean {
  return node.type === 'Identifier' || node.type === 'ThisExpression' || node.type === 'MemberExpression';
}

/** An assignment or binding target: defaults and computed keys are emitted, names stay. */
export function target(e: Emitter, node: Node): Rope {
  switch (node.type) {
    case 'Identifier': {
      if (e.scopes.references.get(node) !== null) return { start: node.start, end: node.end };
      const key = JSON.stringify(node['name']);
      return `${e.prefix}g[${e.prefix}.gs(${e.prefix}g,${key})]`;
    }
    case 'MemberExpression': {
      const object = node['object'] as Node;
      const owner: Rope =
        object.type === 'Super' ? 'super' : isReference(object) ? e.emit(object) : ['(', e.emit(object), ')'];
      return [owner, memberTail(e, node)];
    }
    case 'AssignmentPattern': {
      const left = node['left'] as Node;
      const right = node['right'] as Node;
      const name = left.type === 'Identifier' ? (left['name'] as string) : null;
      // Up to the node's end: the default may be in parentheses.
      return [
        target(e, left),
        { start: left.end, end: right.start },
        e.operand(right, name),
        { start: right.end, end: node.end },
      ];
    }
    case 'RestElement':
      return ['...', target(e, node['argument'] as Node)];
    case 'ArrayPattern': {
      const parts: Rope[] = ['['];
      for (const element of node['elements'] as (Node | null)[]) {
        if (element !== null) parts.push(target(e, element));
        parts.push(',');
      }
      const elements = node['elements'] as (Node | null)[];
      if (elements.at(-1)?.type === 'RestElement') parts.pop();
      parts.push(']');
      return parts;
    }
    case 'ObjectPattern': {
      const parts: Rope[] = [];
      for (const property of node['properties'] as Node[]) {
        if (parts.length > 0) parts.push(',');
        if (property.type === 'RestElement') {
          parts.push('...', target(e, property['argument'] as Node));
          continue;
        }
        const key = property['key'] as Node;
        if (property['computed'] === true) parts.push('[', emitComputedKey(e, key), ']');
        else parts.push({ start: key.start, end: key.end });
        parts.push(':', target(e, property['value'] as Node));
      }
      return ['{', parts, '}'];
    }
    default:
      return e.emit(node);
  }
}

export function emitUpdate(e: Emitter, node: Node): Rope {
  const argument = node['argument'] as Node;
  const isPrefix = node['prefix'] === true;
  const converts = e.marks.features.conversions && e.context.kind !== 'plain';
  const isMember = argument.type === 'MemberExpression';
  const reads = isMember && isBlockingRead(e, argument);
  const writes = isBlockingWrite(e, argument);
  if (!converts && !reads && !writes) {
    return isPrefix
      ? [{ start: node.start, end: argument.start }, target(e, argument)]
      : [target(e, argument), { start: argument.end, end: node.end }];
  }
  const { prefix: $ } = e;
  const place = isMember ? openPlace(e, argument) : null;
  const t = e.context.take('t');
  const old: Rope = place === null ? e.emit(argument) : reads ? e.armed(place.access, argument.end) : place.access;
  const updated = `${$}.up(${t},'${(node['operator'] as string)[0]}')`;
  const write: Rope =
    place !== null && writes
      ? writeTo(e, place, updated, argument.end)
      : ['(', place === null ? target(e, argument) : place.access, '=', updated, ')'];
  const number: Rope = converts ? e.settle([`${$}.numeric(`, old, ')'], argument.end) : [`${$}.num(`, old, ')'];
  const rope: Rope = ['(', place?.before ?? '', `${t}=`, number, ',', write, isPrefix ? ')' : `,${t})`];
  e.context.release(t);
  place?.close();
  return rope;
}

/** `a operator b` under the twin protocol, for operands whose conversion may block. */
function binary(e: Emitter, operator: string, a: Rope, b: Rope, at: number): Rope {
  return e.settle([`${e.prefix}.bin('${operator}',`, a, ',', b, ')'], at);
}

export function emitBinary(e: Emitter, node: Node): Rope {
  const { features } = e.marks;
  const operator = node['operator'] as string;
  const left = node['left'] as Node;
  const right = node['right'] as Node;
  if (e.context.kind === 'plain') return e.copy(node);
  if (features.traps && (operator === 'in' || operator === 'instanceof') && left.type !== 'PrivateIdentifier') {
    const t = e.context.take('t');
    const o = e.context.take('o');
    const rope: Rope = [
      `(${t}=`,
      e.operand(left),
      `,${o}=`,
      e.operand(right),
      ',',
      e.armed(`${t} ${operator} ${o}`, node.start, (v) => ['!!', v]),
      ')',
    ];
    e.context.release(o);
    e.context.release(t);
    return rope;
  }
  if (features.conversions && operator === 'in' && left.type !== 'PrivateIdentifier')
    return ['(', emitComputedKey(e, left), ' in ', e.operand(right), ')'];
  if (!features.conversions || STRICT_OPERATORS.has(operator) || (left.type === 'Literal' && right.type === 'Literal'))
    return e.copy(node);
  return binary(e, operator, e.operand(left), e.operand(right), node.start);
}

export function emitUnary(e: Emitter, node: Node): Rope {
  const operator = node['operator'] as string;
  const argument = node['argument'] as Node;
  if (operator === 'typeof' && argument.type === 'Identifier') {
    if (e.scopes.references.get(argument) === null && !isStandard(e, argument))
      return `typeof ${e.prefix}g[${JSON.stringify(argument['name'])}]`;
    return e.copy(node);
  }
  if (operator === 'delete' && argument.type === 'ChainExpression') return emitChain(e, argument, true);
  if (operator === 'delete' && argument.type === 'MemberExpression') {
    if (!e.marks.features.traps || e.context.kind === 'plain') {
      return ['delete ', e.operand(argument['object'] as Node), memberTail(e, argument)];
    }
    const place = openPlace(e, argument);
    const rope: Rope = ['(', place.before, e.armed(['delete ', place.access], node.start, (v) => ['!!', v]), ')'];
    place.close();
    return rope;
  }
  if (
    e.marks.features.conversions &&
    '+-~'.includes(operator) &&
    e.context.kind !== 'plain' &&
    argument.type !== 'Literal'
  ) {
    return e.settle([`${e.prefix}.unary('${operator}',`, e.operand(argument), ')'], node.start);
  }
  return e.copy(node);
}

function memberTail(e: Emitter, member: Node): Rope {
  const property = member['property'] as Node;
  return member['computed'] === true
    ? ['[', emitComputedKey(e, property), ']']
    : ['.', { start: property.start, end: property.end }];
}

export function emitTemplate(e: Emitter, node: Node): Rope {
  if (!e.marks.features.conversions || e.context.kind === 'plain') return e.copy(node);
  const quasis = node['quasis'] as Node[];
  const expressions = node['expressions'] as Node[];
  const parts: Rope[] = [];
  quasis.forEach((quasi, i) => {
    const before = i === 0 ? node.start : quasi.start - 1;
    const after = i === quasis.length - 1 ? node.end : quasi.end + 2;
    parts.push({ start: before, end: after });
    const expression = expressions[i];
    if (expression !== undefined)
      parts.push(e.settle([`${e.prefix}.str(`, e.operand(expression), ')'], expression.start));
  });
  return parts;
}

function isStandard(e: Emitter, id: Node): boolean {
  const name = id['name'] as string;
  return STANDARD_NAMES.has(name) && !e.scopes.assignedGlobals.has(name);
}

/** A name that is read. */
export function emitIdentifier(e: Emitter, node: Node): Rope {
  const name = node['name'] as string;
  const binding = e.scopes.references.get(node);
  if (binding !== null) return { start: node.start, end: node.end };
  const $ = e.prefix;
  if (name === 'globalThis') return `${$}g`;
  if (isStandard(e, node)) return { start: node.start, end: node.end };
  return [`(`, { text: `${$}g`, at: node.start }, `.${name}??${$}.chk(${$}g,${JSON.stringify(name)}))`];
}
