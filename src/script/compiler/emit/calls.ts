import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { emitSuperCall } from './constructors.ts';
import type { Emitter } from './emitter.ts';
import { emitComputedKey, isBlockingRead } from './members.ts';

/** `(a, ...b)` with its parentheses; positions of `(` stay exact, since V8 reports calls there. */
export function emitArguments(e: Emitter, call: Node, first: Rope | null = null): Rope {
  const parts: Rope[] = [];
  if (first !== null) parts.push(first);
  for (const argument of call['arguments'] as Node[]) {
    if (parts.length > 0) parts.push(',');
    parts.push(emitListItem(e, argument));
  }
  return parts;
}

/** An element of an argument list or array literal. */
export function emitListItem(e: Emitter, item: Node): Rope {
  if (item.type !== 'SpreadElement') return e.operand(item);
  const argument = item['argument'] as Node;
  const { features } = e.marks;
  if (!features.iterators || e.context.kind === 'plain') return ['...', e.operand(argument)];
  return ['...', e.settle([`${e.prefix}.drain(`, e.operand(argument), ')'], argument.start)];
}

/** Where a call's parenthesis opens: what stack traces show. */
function callPosition(e: Emitter, call: Node): number {
  const callee = call['callee'] as Node;
  const open = e.source.indexOf('(', callee.end);
  return open === -1 || open >= call.end ? call.start : open;
}

function tail(e: Emitter, s: string, at: number): Rope {
  const { prefix: $ } = e;
  const p = e.context.shared('p');
  return [`,${s}===undefined?${p}:${$}.d?${$}.take():`, e.suspend(p, at), ')'];
}

/** True for references that can be read twice: local names and `this`. */
function isRepeatable(e: Emitter, node: Node): boolean {
  return node.type === 'ThisExpression' || (node.type === 'Identifier' && Boolean(e.scopes.references.get(node)));
}

export function emitCall(e: Emitter, node: Node): Rope {
  const callee = node['callee'] as Node;
  if (callee.type === 'Super') return emitSuperCall(e, node);
  if (e.context.kind === 'plain' || e.marks.isInert(node)) return e.copy(node);
  const at = callPosition(e, node);
  if (callee.type === 'MemberExpression') {
    const object = callee['object'] as Node;
    if (object.type === 'Super') return callOn(e, node, at, superMember(e, callee), 'this', callee);
    const simple =
      callee['computed'] !== true ||
      (callee['property'] as Node).type === 'Literal' ||
      (callee['property'] as Node).type === 'Identifier';
    if (isRepeatable(e, object) && simple && !isBlockingRead(e, callee)) {
      return callOn(e, node, at, [e.emit(object), memberAccess(e, callee)], e.emit(object), callee);
    }
    const o = simple && !isBlockingRead(e, callee) ? e.context.shared('o') : e.context.take('o');
    const read = readOf(e, callee, o, e.operand(object));
    const call = callOn(e, node, at, read, o, callee);
    if (o !== `${e.prefix}o`) e.context.release(o);
    return call;
  }
  if (callee.type === 'ChainExpression' && (callee['expression'] as Node).type === 'MemberExpression') {
    // (a?.b)(c): the receiver survives the parentheses.
    return emitChain(e, {
      type: 'ChainExpression',
      start: node.start,
      end: node.end,
      expression: { ...node, callee: callee['expression'] as Node },
    });
  }
  return callPlain(e, node, at, e.operand(callee), callee);
}

/** `.x` or `[k]` as written. */
function memberAccess(e: Emitter, member: Node): Rope {
  const property = member['property'] as Node;
  if (member['computed'] === true) return ['[', emitComputedKey(e, property), ']'];
  return ['.', { start: property.start, end: property.end }];
}

function superMember(e: Emitter, member: Node): Rope {
  return ['super', memberAccess(e, member)];
}

/** `(o=OBJECT).x`, armed if a getter of that name may block. */
function readOf(e: Emitter, member: Node, o: string, object: Rope): Rope {
  if (!isBlockingRead(e, member)) return [`(${o}=`, object, ')', memberAccess(e, member)];
  if (member['computed'] !== true)
    return [`(${o}=`, object, ',', e.armed([o, memberAccess(e, member)], (member['property'] as Node).start), ')'];
  const key = e.context.take('q');
  const rope: Rope = [
    `(${o}=`,
    object,
    `,${key}=`,
    emitComputedKey(e, member['property'] as Node),
    ',',
    e.armed(`${o}[${key}]`, (member['property'] as Node).start),
    ')',
  ];
  e.context.release(key);
  return rope;
}

/** A call with a receiver. */
function callOn(e: Emitter, node: Node, at: number, method: Rope, receiver: Rope, label: Node): Rope {
  const { prefix: $, context } = e;
  const m = context.shared('m');
  const p = context.shared('p');
  const s = context.take('s');
  const rope: Rope = [
    `(${m}=`,
    method,
    `,${s}=${$}.tw(${m}),${p}=(${s}??${$}.fn(${m},${e.label(label)})).`,
    { text: 'call', at },
    '(',
    emitArguments(e, node, receiver),
    ')',
    tail(e, s, at),
  ];
  context.release(s);
  return rope;
}

/** A call without a receiver. */
function callPlain(e: Emitter, node: Node, at: number, callee: Rope, label: Node): Rope {
  const { prefix: $, context } = e;
  const m = context.shared('m');
  const p = context.shared('p');
  const s = context.take('s');
  const binding = label.type === 'Identifier' ? e.scopes.references.get(label) : null;
  const known = binding?.value !== null && binding?.value !== undefined && !binding.reassigned;
  const rope: Rope = known
    ? [`(${s}=${$}.tw(`, callee, `),${p}=(${s}??`, callee, ')']
    : [`(${m}=`, callee, `,${s}=${$}.tw(${m}),${p}=(${s}??${$}.f0(${m},${e.label(label)}))`];
  const done: Rope = [rope, { text: '(', at }, emitArguments(e, node), ')', tail(e, s, at)];
  context.release(s);
  return done;
}

interface Link {
  readonly node: Node;
  readonly optional: boolean;
}

/** `a?.b(c)?.[d]`: nested conditionals, each link evaluated once. */
export function emitChain(e: Emitter, node: Node, isDelete = false): Rope {
  const links: Link[] = [];
  let base = node['expression'] as Node;
  while (base.type === 'MemberExpression' || base.type === 'CallExpression') {
    links.unshift({ node: base, optional: base['optional'] === true });
    base = (base['object'] ?? base['callee']) as Node;
  }
  const blocking = links.some(({ node: link }) =>
    link.type === 'CallExpression' ? !e.marks.isInert(link) : isBlockingRead(e, link),
  );
  if (e.context.kind === 'plain' || (!blocking && !isDelete)) return e.copy(node);
  const { context } = e;
  const taken: string[] = [];
  const take = (letter: string): string => {
    const name = context.take(letter);
    taken.push(name);
    return name;
  };
  /** Emits the links from `i` on; `value` is what the links before brought, `receiver` the object it was read from. */
  const from = (i: number, value: Rope, receiver: Rope | null): Rope => {
    const link = links[i];
    if (link === undefined) return value;
    if (link.optional) {
      const c = take('c');
      return [`((${c}=`, value, `)==null?void 0:`, rest(i, c, receiver), ')'];
    }
    return rest(i, value, receiver);
  };
  const rest = (i: number, value: Rope, receiver: Rope | null): Rope => {
    const { node: link } = links[i] as Link;
    if (link.type === 'CallExpression') {
      const at = callPosition(e, link);
      const label = link['callee'] as Node;
      const call =
        receiver === null
          ? callPlain(e, link, at, value, { ...label, type: 'Expression' })
          : callOn(e, link, at, value, receiver, label);
      return from(i + 1, call, null);
    }
    if (isDelete && i === links.length - 1) return ['delete ', value, memberAccess(e, link)];
    if (links[i + 1]?.node.type === 'CallExpression') {
      if ((link['object'] as Node).type === 'Super') return from(i + 1, superMember(e, link), 'this');
      const o = take('o');
      return from(i + 1, readOf(e, link, o, value), o);
    }
    if (isBlockingRead(e, link)) {
      const o = take('o');
      return from(i + 1, readOf(e, link, o, value), null);
    }
    return from(i + 1, [value, memberAccess(e, link)], null);
  };
  const rope = from(0, base.type === 'Super' ? 'super' : ['(', e.operand(base), ')'], null);
  for (const name of taken.reverse()) context.release(name);
  return rope;
}

export function emitNew(e: Emitter, node: Node): Rope {
  if (e.context.kind === 'plain' || e.marks.isInert(node)) return e.copy(node);
  const callee = node['callee'] as Node;
  return e.settle(
    [
      `${e.prefix}.`,
      { text: 'new', at: node.start },
      '(',
      e.operand(callee),
      ',[',
      emitArguments(e, node),
      `],${e.label(callee)})`,
    ],
    node.start,
  );
}

export function emitTagged(e: Emitter, node: Node): Rope {
  if (e.context.kind === 'plain') return e.copy(node);
  const { prefix: $, context } = e;
  const tag = node['tag'] as Node;
  const m = context.shared('m');
  const p = context.shared('p');
  const s = context.take('s');
  const at = (node['quasi'] as Node).start;
  const isMethod = tag.type === 'MemberExpression' && (tag['object'] as Node).type !== 'Super';
  const o = context.shared('o');
  const method: Rope = isMethod ? readOf(e, tag, o, e.operand(tag['object'] as Node)) : e.operand(tag);
  const receiver = tag.type === 'MemberExpression' ? (isMethod ? o : 'this') : 'undefined';
  const rope: Rope = [
    `(${m}=`,
    method,
    `,${s}=${$}.tw(${m}),${p}=${$}.tag(${s}??${m},${receiver},${e.label(tag)})`,
    e.emit(node['quasi'] as Node),
    tail(e, s, at),
  ];
  context.release(s);
  return rope;
}
