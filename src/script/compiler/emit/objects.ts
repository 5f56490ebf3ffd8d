import { iteratesImplicitly } from '../marking.ts';
import type { Rope } from '../rope.ts';
import { staticKey } from '../static-key.ts';
import type { ArrayExpression, FunctionExpression, ObjectExpression, ObjectMember, Property } from '../syntax.ts';
import { emitAccessorBody } from './accessors.ts';
import { emitListItem } from './arguments.ts';
import { type Emitter, isSliceOf, sliceOf } from './emitter.ts';
import { emitPlain } from './functions.ts';
import { emitComputedKey } from './members.ts';
import { Level } from './precedence.ts';
import { called, type Printed, primary } from './printed.ts';
import { replacementOf } from './replacement.ts';
import {
  emitCallable,
  emitNativeAsyncGenerator,
  emitTwin,
  isAnonymousFunction,
  isCompiled,
  kindOf,
  occurs,
  wrapperFactory,
} from './twins.ts';

export function emitArray(e: Emitter, node: ArrayExpression): Printed {
  if (e.context.kind === 'plain' || !iteratesImplicitly(e.marks.features)) return e.copied(node);
  return primary(['[', node.elements.map((item) => [item === null ? '' : emitListItem(e, item), ',']), ']']);
}

export function emitObject(e: Emitter, node: ObjectExpression): Printed {
  const { prefix: $, runtime } = e;
  const fixes: string[] = [];
  const literal = e.copy(node, undefined, (child) => emitObjectMember(e, child as ObjectMember, node, fixes));
  if (fixes.length === 0) return primary(literal);
  return called([`${runtime.ob}(`, literal, `,${$}o=>{${fixes.join('')}})`]);
}

function emitObjectMember(e: Emitter, member: ObjectMember, object: ObjectExpression, fixes: string[]): Rope {
  if (member.type === 'SpreadElement') {
    const { argument } = member;
    if (e.context.kind === 'plain' || e.marks.features.getters.size === 0) return e.copy(member);
    const value = e.expression(argument, Level.Assignment);
    return ['...', e.settle([`${e.runtime.copy}(`, value, ')'], argument.start)];
  }
  if (member.method || member.kind !== 'init') return emitMethod(e, member, object, fixes);
  if (member.shorthand) return emitShorthand(e, member);
  return emitNamedValue(e, member);
}

/** `key: value` of a key that is the name of the property, also where it is `__proto__`. */
function emitOwnKey(e: Emitter, { key, computed }: Property): Rope {
  if (computed) return ['[', emitComputedKey(e, key), ']'];
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : null;
  return name === '__proto__' ? '["__proto__"]' : sliceOf(key);
}

function emitShorthand(e: Emitter, property: Property): Rope {
  const { rope } = e.print(property.value);
  return isSliceOf(rope, property) ? rope : [emitOwnKey(e, property), ':', rope];
}

/** The name that a property gives to an anonymous function; null if it is known at run time only. */
function nameGivenBy(property: Property): string | null {
  const key = staticKey(property);
  return key?.startsWith('@@') ? `[Symbol.${key.slice(2)}]` : key;
}

function emitNamedValue(e: Emitter, property: Property): Rope {
  const { key, value, computed } = property;
  const name = nameGivenBy(property);
  // `__proto__: value` sets the prototype, and names nothing.
  if (!computed) {
    const given = name === '__proto__' ? null : name;
    return e.copy(property, undefined, (child) => (child === key ? sliceOf(key) : e.inPlace(value, given)));
  }
  const printed = e.print(value, name);
  const rope: Rope = printed.level >= Level.Assignment ? printed.rope : ['(', printed.rope, ')'];
  const isNamedByKey = name === null && isAnonymousFunction(value) && !printed.isAnonymous;
  if (!isNamedByKey) return ['[', emitComputedKey(e, key), ']:', rope];
  return [`...${e.runtime.property}(`, emitComputedKey(e, key), ',', rope, ')'];
}

function emitMethod(e: Emitter, property: Property, object: ObjectExpression, fixes: string[]): Rope {
  const { prefix: $, runtime } = e;
  const { kind: role, computed } = property;
  const value = property.value as FunctionExpression;
  e.owners.set(value, property);
  if (role !== 'init' && e.marks.functions.has(value))
    return [`${role} `, emitKey(e, property), emitAccessorBody(e, value, role)];
  const kind = kindOf(e, value);
  if (role === 'init' && kind === 'async-generator')
    return ['async *', emitKey(e, property), emitNativeAsyncGenerator(e, value)];
  if (role !== 'init' || !isCompiled(e, value))
    return e.copy(property, undefined, (child) =>
      child === value ? emitPlain(e, value) : emitKeyInPlace(e, property),
    );
  const name = nameGivenBy(property);
  const factory = wrapperFactory(e, value, name ?? '', false);
  if (!occurs(value, (inner) => inner.type === 'Super')) {
    if (name !== null) return [emitOwnKey(e, property), ':', factory, '(', emitTwin(e, value, name), ')'];
    const wrapper: Rope = [factory, '(', emitTwin(e, value, ''), ')'];
    return [`...${runtime.property}(`, emitComputedKey(e, property.key), ',', wrapper, ')'];
  }
  const syntax = kind === 'twin' || kind === 'begun-async-generator' ? 'async ' : kind === 'generator' ? '*' : '';
  const replacement = replacementOf(property, object.properties);
  const mark = replacement === 'perhaps' ? `,"${e.mark(value)}"` : '';
  if (!computed) {
    if (replacement !== 'always') fixes.push(`${runtime.m}(${$}o,${JSON.stringify(name)},${factory},true${mark});`);
    return [syntax, emitKey(e, property), emitCallable(e, value, kind, false, name)];
  }
  const k = e.context.take('y');
  if (replacement !== 'always') fixes.push(`${runtime.m}(${$}o,${k},${factory},true${mark});`);
  const key: Rope = [`[${k}=${runtime.name}(`, emitComputedKey(e, property.key), ')]'];
  return [syntax, key, emitCallable(e, value, kind, false, name)];
}

function emitKey(e: Emitter, { key, computed }: Property): Rope {
  return computed ? ['[', emitComputedKey(e, key), ']'] : sliceOf(key);
}

function emitKeyInPlace(e: Emitter, { key, computed }: Property): Rope {
  return computed ? emitComputedKey(e, key) : sliceOf(key);
}
