import type { Rope } from '../rope.ts';
import { isConvertingPlace, staticKey } from '../static-key.ts';
import type { Expression, MemberExpression, Pattern, PrivateIdentifier } from '../syntax.ts';
import { type Emitter, sliceOf } from './emitter.ts';
import { Level } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

/** Reading this member may run a getter that blocks. */
export function isBlockingRead(e: Emitter, member: MemberExpression): boolean {
  const { getters } = e.marks.features;
  if (getters.size === 0 || e.context.kind === 'plain') return false;
  const key = staticKey(member);
  return key === null || (getters.has('*') && !key.startsWith('#')) || getters.has(key);
}

/** Writing to this target may run a setter that blocks. */
export function isBlockingWrite(e: Emitter, target: Pattern | Expression): boolean {
  const { setters, conversions } = e.marks.features;
  if (e.context.kind === 'plain' || target.type !== 'MemberExpression') return false;
  const key = staticKey(target);
  if (conversions && isConvertingPlace(key)) return true;
  if (setters.size === 0) return false;
  return key === null || (setters.has('*') && !key.startsWith('#')) || setters.has(key);
}

/** Whether a key in brackets may be an object with a conversion that blocks. */
export function isConvertedKey(e: Emitter, key: Expression | PrivateIdentifier): boolean {
  return e.marks.features.conversions && e.context.kind !== 'plain' && key.type !== 'Literal';
}

/**
 * What stands in brackets.
 * @param owner what brings the object that the key is of, if any: of null and undefined no key is converted
 */
export function emitComputedKey(e: Emitter, key: Expression, owner: Rope | null = null): Rope {
  if (!isConvertedKey(e, key)) return e.expression(key, Level.Assignment);
  return e.settle(convertKey(e, e.value(key), owner), key.start);
}

/** A key that is in a temporary already, converted. @param at where it stands in the source */
export function emitKey(e: Emitter, key: string, at: number): Rope {
  return e.settle(convertKey(e, key, null), at);
}

function convertKey({ runtime }: Emitter, key: Rope, owner: Rope | null): Rope {
  return owner === null ? [`${runtime.key}(`, key, ')'] : [`${runtime.keyOf}(`, key, ',', owner, ')'];
}

/** `.x` or `[k]`; `owner` as above. */
export function memberTail(e: Emitter, member: MemberExpression, owner: Rope | null = null): Rope {
  const { property } = member;
  if (member.computed && property.type !== 'PrivateIdentifier') return ['[', emitComputedKey(e, property, owner), ']'];
  return ['.', sliceOf(property)];
}

/** The member itself, its key converted if that may block; of level Call. `object` is of level Assignment. */
export function emitAccess(e: Emitter, member: MemberExpression, object: Rope | null = null): Rope {
  if (member.object.type === 'Super' || !member.computed || !isConvertedKey(e, member.property))
    return [object === null ? emitOwner(e, member) : ['(', object, ')'], memberTail(e, member)];
  const o = e.context.take('o');
  const rope: Rope = [`(${o}=`, object ?? e.value(member.object), ')', memberTail(e, member, o)];
  e.context.release(o);
  return rope;
}

/** What a member is read from, as it stands before `.` or `[`. */
function emitOwner(e: Emitter, member: MemberExpression): Rope {
  return member.object.type === 'Super' ? 'super' : e.expression(member.object, Level.Call);
}

export function emitMember(e: Emitter, node: MemberExpression): Printed {
  if (isBlockingRead(e, node)) {
    const place = openPlace(e, node);
    const rope: Rope = ['(', place.before, e.armed(place.access, node.property.start), ')'];
    place.close();
    return primary(rope);
  }
  if (!node.computed || !isConvertedKey(e, node.property)) return e.copied(node);
  return { rope: emitAccess(e, node), level: Level.Call };
}

export interface Place {
  /** Evaluates object and key once, ending with a comma. */
  readonly before: Rope;
  /** The member, to be read and written any number of times: of level Call. */
  readonly access: Rope;
  /** Where the conversion of the key was put off: performs it, ending with a comma. */
  readonly convert: Rope;
  close(): void;
}

/**
 * Takes a member expression apart: object and computed key go into temporaries.
 * @param putsOff the key is converted only when something is written
 */
export function openPlace(e: Emitter, member: MemberExpression, putsOff = false): Place {
  const { context } = e;
  const { object, property } = member;
  const taken: string[] = [];
  const before: Rope[] = [];
  let owner: Rope = 'super';
  let convert: Rope = '';
  if (object.type !== 'Super') {
    const o = context.take('o');
    taken.push(o);
    before.push(`${o}=`, e.value(object), ',');
    owner = o;
  }
  let access: Rope = [owner, '.', sliceOf(property)];
  if (member.computed && property.type !== 'PrivateIdentifier') {
    const q = context.take('q');
    taken.push(q);
    const converts = isConvertedKey(e, property);
    const known = owner === 'super' ? null : owner;
    before.push(`${q}=`, converts && !putsOff ? emitComputedKey(e, property, known) : e.value(property), ',');
    if (converts && putsOff) convert = [`${q}=`, e.settle(convertKey(e, q, known), property.start), ','];
    access = [owner, `[${q}]`];
  }
  return {
    before,
    access,
    convert,
    close: () => {
      for (const name of taken.reverse()) context.release(name);
    },
  };
}

/** `place = value`, waiting for a setter that blocks; brings the value. `value` is of level Assignment. */
export function writeTo(e: Emitter, place: Place, value: Rope, at: number): Rope {
  const v = e.context.take('v');
  const { runtime } = e;
  if (e.marks.features.traps || e.marks.features.conversions) {
    const replayed: Rope = [
      `(${v}=`,
      value,
      ',',
      e.settle([`${runtime.replay}(()=>`, place.access, `=${v})`], at),
      `,${v})`,
    ];
    e.context.release(v);
    return replayed;
  }
  const rope: Rope = [
    `(${v}=`,
    value,
    `,${runtime.a}=1,`,
    place.access,
    `=${v},${runtime.a}=0,${runtime.pend}===undefined?${v}:(`,
    e.suspend(`${runtime.takePend}()`, at),
    `,${v}))`,
  ];
  e.context.release(v);
  return rope;
}
