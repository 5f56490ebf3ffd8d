import type { Rope } from '../rope.ts';
import type {
  CallExpression,
  ChainExpression,
  Expression,
  MemberExpression,
  Super,
  UnaryExpression,
} from '../syntax.ts';
import { callPosition, emitCallOf, emitCallOn, readInto } from './call-protocol.ts';
import type { Emitter } from './emitter.ts';
import { emitAccess, emitComputedKey, isBlockingRead, isConvertedKey, memberTail } from './members.ts';
import { Level } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

type Link = MemberExpression | CallExpression;

/** What a chain ends in: its value, the deletion of its last member, or a member whose object is to be kept in `keep`. */
interface Ending {
  readonly isDelete?: boolean;
  readonly keep?: string;
}

/** `a?.b(c)?.[d]`. */
export function emitChain(e: Emitter, node: ChainExpression): Printed {
  const { base, links } = takeApart(node);
  return links.some((link) => isRewritten(e, link)) ? rewrite(e, base, links, {}) : copyChain(e, node);
}

/** `delete a?.b`, which is true where the chain ends early. */
export function emitDeletedChain(e: Emitter, node: UnaryExpression): Printed {
  const chain = node.argument as ChainExpression;
  const { base, links } = takeApart(chain);
  const mayWait = e.marks.features.traps && e.context.kind !== 'plain';
  if (mayWait || links.some((link) => isRewritten(e, link))) return rewrite(e, base, links, { isDelete: true });
  return { rope: ['delete ', copyChain(e, chain).rope], level: Level.Unary };
}

/** The function that `(a?.b)` names in a call, its receiver going into `keep`; of level Assignment. */
export function emitChainReference(e: Emitter, node: ChainExpression, keep: string): Rope {
  const { base, links } = takeApart(node);
  return rewrite(e, base, links, { keep }).rope;
}

/** `(a?.b)`, whose receiver survives the parentheses. */
export function isMemberChain(node: Expression): node is ChainExpression {
  return node.type === 'ChainExpression' && node.expression.type === 'MemberExpression';
}

function takeApart(node: ChainExpression): { base: Expression | Super; links: Link[] } {
  const links: Link[] = [];
  let base: Expression | Super = node.expression;
  for (;;) {
    if (base.type === 'MemberExpression') {
      links.push(base);
      base = base.object;
    } else if (base.type === 'CallExpression' && base.callee.type !== 'Super') {
      links.push(base);
      base = base.callee;
    } else return { base, links: links.reverse() };
  }
}

function isRewritten(e: Emitter, link: Link): boolean {
  if (e.context.kind === 'plain') return false;
  if (link.type === 'CallExpression') return !e.marks.isInert(link);
  return isBlockingRead(e, link) || (link.computed && isConvertedKey(e, link.property));
}

/** The chain as written: its links are not expressions of their own, which a `?.` before them could not skip. */
function copyChain(e: Emitter, node: ChainExpression): Printed {
  const copyLink = (link: Expression | Super): Rope => {
    if (link.type === 'MemberExpression')
      return e.copy(link, undefined, (child) => (child === link.object ? copyLink(link.object) : null));
    if (link.type === 'CallExpression' && link.callee.type !== 'Super')
      return e.copy(link, undefined, (child) => (child === link.callee ? copyLink(link.callee as Expression) : null));
    return e.inPlace(link as Expression);
  };
  return { rope: copyLink(node.expression), level: Level.LeftHandSide };
}

/** Nested conditionals, each link evaluated once. */
function rewrite(e: Emitter, base: Expression | Super, links: readonly Link[], ending: Ending): Printed {
  const { context } = e;
  const taken: string[] = [];
  const take = (letter: string): string => {
    const name = context.take(letter);
    taken.push(name);
    return name;
  };
  const stored = ({ rope, isAnonymous }: Printed): Rope => (isAnonymous ? ['(0,', rope, ')'] : rope);

  const owner = ({ rope, level }: Printed): Rope => (level >= Level.Call ? rope : ['(', rope, ')']);
  const access = (link: MemberExpression, value: Printed): Rope =>
    link.computed && isConvertedKey(e, link.property)
      ? emitAccess(e, link, stored(value))
      : [owner(value), memberTail(e, link)];

  /** Emits the links from `i` on; `value` is what the links before brought, `receiver` the object it was read from. */
  const from = (i: number, value: Printed, receiver: Rope | null): Printed => {
    const link = links[i];
    if (link === undefined) return value;
    if (!link.optional) return rest(i, link, value, receiver);
    const c = take('c');
    const skipped = ending.isDelete ? 'true' : 'void 0';
    return primary([`((${c}=`, stored(value), `)==null?${skipped}:`, rest(i, link, primary(c), receiver).rope, ')']);
  };
  const rest = (i: number, link: Link, value: Printed, receiver: Rope | null): Printed => {
    if (link.type === 'CallExpression') {
      const at = callPosition(e, link);
      const call =
        receiver === null
          ? emitCallOf(e, link, at, stored(value), false)
          : emitCallOn(e, link, at, stored(value), receiver);
      return from(i + 1, call, null);
    }
    const isLast = i === links.length - 1;
    if (isLast && ending.isDelete) return deleteMember(link, value);
    const isCalled = links[i + 1]?.type === 'CallExpression' || (isLast && ending.keep !== undefined);
    if (link.object.type === 'Super') {
      const inherited: Rope = ['super', memberTail(e, link)];
      const read: Rope = isBlockingRead(e, link) ? e.armed(inherited, link.property.start) : inherited;
      const kept: Rope = isLast && ending.keep !== undefined ? ['(', `${ending.keep}=this,`, read, ')'] : read;
      return from(i + 1, { rope: kept, level: Level.Call }, 'this');
    }
    if (isCalled || isBlockingRead(e, link)) {
      const o = isLast && ending.keep !== undefined ? ending.keep : take('o');
      return from(i + 1, { rope: readInto(e, link, o, stored(value)), level: Level.Call }, isCalled ? o : null);
    }
    return from(i + 1, { rope: access(link, value), level: Level.Call }, null);
  };
  const deleteMember = (link: MemberExpression, value: Printed): Printed => {
    if (!e.marks.features.traps || context.kind === 'plain')
      return { rope: ['delete ', access(link, value)], level: Level.Unary };
    const o = take('o');
    const q = take('q');
    const { property } = link;
    const isComputed = link.computed && property.type !== 'PrivateIdentifier';
    const key: Rope = isComputed ? [`${q}=`, emitComputedKey(e, property, o), ','] : '';
    const deleted: Rope = ['delete ', o, isComputed ? `[${q}]` : memberTail(e, link)];
    const after = e.armed(deleted, link.start, (v) => ['!!', v]);
    return primary(['(', `${o}=`, stored(value), ',', key, after, ')']);
  };
  const begin = (): Printed => {
    if (base.type === 'Super') return from(0, primary('super'), null);
    if (links[0]?.type !== 'CallExpression' || !isMemberChain(base)) return from(0, printOperand(e, base), null);
    const o = take('o');
    return from(0, primary(emitChainReference(e, base, o)), o);
  };
  const printed = begin();
  for (const name of taken.reverse()) context.release(name);
  return printed;
}

function printOperand(e: Emitter, node: Expression): Printed {
  const printed = e.print(node);
  return printed.level >= Level.Assignment ? printed : primary(['(', printed.rope, ')']);
}
