import type { Rope } from '../rope.ts';
import { staticKey } from '../static-key.ts';
import type { Expression, MethodDefinition, PrivateIdentifier, PropertyDefinition, StaticBlock } from '../syntax.ts';
import { emitAccessorBody } from './accessors.ts';
import type { ClassPlan } from './class-plan.ts';
import { emitConstructor } from './constructors.ts';
import { Context } from './context.ts';
import { type Emitter, sliceOf } from './emitter.ts';
import { emitPlain } from './functions.ts';
import { emitComputedKey } from './members.ts';
import { Level } from './precedence.ts';
import { replacementOf } from './replacement.ts';
import { emitStatements } from './statements.ts';
import {
  declare,
  emitCallable,
  emitNativeAsyncGenerator,
  isAnonymousFunction,
  isCompiled,
  kindOf,
  wrapperFactory,
  wrapTwinBody,
} from './twins.ts';

type Member = MethodDefinition | PropertyDefinition | StaticBlock;

export function emitClassMember(e: Emitter, member: Member, plan: ClassPlan): Rope {
  switch (member.type) {
    case 'StaticBlock':
      return plan.statics === null ? emitStaticBlock(e, member) : '';
    case 'PropertyDefinition':
      return emitField(e, member, plan);
    case 'MethodDefinition':
      return emitMethod(e, member, plan);
  }
}

/** The statements between the braces of a static block. */
function emitStaticStatements(e: Emitter, block: StaticBlock, level: 'function' | 'block'): Rope {
  return emitStatements(e, block.body, e.source.indexOf('{', block.start) + 1, block.end - 1, level);
}

function emitStaticBlock(e: Emitter, block: StaticBlock): Rope {
  const context = new Context('plain', e.prefix);
  const inside = e.within(context, () => emitStaticStatements(e, block, 'function'));
  return ['static{', declare(context, e.prefix), inside, '}'];
}

function emitKey(e: Emitter, { key, computed }: MethodDefinition | PropertyDefinition): Rope {
  return computed && key.type !== 'PrivateIdentifier' ? ['[', emitComputedKey(e, key), ']'] : sliceOf(key);
}

/** A computed key as an expression that brings the name or symbol. */
function emitKeyName(e: Emitter, key: Expression | PrivateIdentifier): Rope {
  return [`${e.runtime.name}(`, key.type === 'PrivateIdentifier' ? sliceOf(key) : emitComputedKey(e, key), ')'];
}

function emitMethod(e: Emitter, member: MethodDefinition, plan: ClassPlan): Rope {
  const { prefix: $, runtime } = e;
  const { key, value, kind: role } = member;
  const modifier = member.static ? 'static ' : '';
  e.owners.set(value, member);
  if (role === 'constructor') {
    const isDerived = plan.node.superClass !== null && plan.node.superClass !== undefined;
    return ['constructor', plan.constructs ? emitConstructor(e, value, plan, isDerived) : emitPlain(e, value)];
  }
  if (role === 'get' || role === 'set') {
    const body = (): Rope => (e.marks.functions.has(value) ? emitAccessorBody(e, value, role) : emitPlain(e, value));
    return [modifier, `${role} `, emitKey(e, member), body()];
  }
  const kind = kindOf(e, value);
  if (kind === 'async-generator') return [modifier, 'async *', emitKey(e, member), emitNativeAsyncGenerator(e, value)];
  if (!isCompiled(e, value)) return [modifier, value.generator ? '*' : '', emitKey(e, member), emitPlain(e, value)];
  const syntax = kind === 'twin' || kind === 'begun-async-generator' ? 'async ' : kind === 'generator' ? '*' : '';
  if (key.type === 'PrivateIdentifier') {
    const hidden = `#${$}m_${key.name}`;
    const factory = wrapperFactory(e, value, `#${key.name}`, false);
    return [
      modifier,
      syntax,
      hidden,
      emitCallable(e, value, kind, false, key.name),
      ` ${modifier}get #${key.name}(){return ${runtime.pm}(this.${hidden},${factory})}`,
    ];
  }
  const name = staticKey(member);
  const target = member.static ? 'this' : 'this.prototype';
  const shown = name === null ? '' : name.startsWith('@@') ? `[Symbol.${name.slice(2)}]` : name;
  const factory = wrapperFactory(e, value, shown, false);
  const replacement = replacementOf(member, plan.node.body.body);
  const mark = replacement === 'perhaps' ? `,"${e.mark(value)}"` : '';
  if (!member.computed) {
    const place = JSON.stringify(name);
    if (replacement !== 'always')
      plan.fixes.push(`${runtime.m}(${target},${place},${factory}${mark === '' ? '' : `,false${mark}`});`);
    return [modifier, syntax, emitKey(e, member), emitCallable(e, value, kind, false, name)];
  }
  const k = e.context.take('y');
  if (replacement !== 'always') plan.fixes.push(`${runtime.m}(${target},${k},${factory},${name === null}${mark});`);
  return [modifier, syntax, `[${k}=`, emitKeyName(e, key), ']', emitCallable(e, value, kind, false, name)];
}

function emitField(e: Emitter, member: PropertyDefinition, plan: ClassPlan): Rope {
  const { key } = member;
  const modifier = member.static ? 'static ' : '';
  const value = member.value ?? null;
  const isMoved = member.static ? plan.statics !== null : plan.fields !== null;
  // A private field must exist before anything is assigned to it; a public one is defined when its turn comes.
  if (isMoved) {
    if (key.type === 'PrivateIdentifier') return [modifier, emitKey(e, member), ';'];
    if (!member.computed || key.type === 'Literal') return '';
    return keepKey(e, member, plan);
  }
  if (value === null) return [modifier, emitKey(e, member), ';'];
  if (isNamedByKey(e, member)) {
    const { prefix: $, runtime } = e;
    const kept = keepKey(e, member, plan);
    const made: Rope = [
      `${runtime.def}(this,${plan.keys.get(member)},`,
      emitInitialiser(e, member, value),
      member.static ? ',true)}' : ',true);',
    ];
    return [kept, member.static ? 'static{' : `#${$}n${plan.keys.size}=`, made];
  }
  return [modifier, emitKey(e, member), '=', emitInitialiser(e, member, value), ';'];
}

/** Whether a field's function or class has to be given the name of its key, which is known at run time only. */
export function isNamedByKey(e: Emitter, member: PropertyDefinition): boolean {
  const value = member.value ?? null;
  if (value === null || !member.computed || staticKey(member) !== null || !isAnonymousFunction(value)) return false;
  return value.type === 'ClassExpression'
    ? e.marks.constructors.has(value)
    : (value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression') && isCompiled(e, value);
}

/** A field's key as the name of a method that is not to be: evaluated in its turn, kept in a private field, removed by the first block. */
function keepKey(e: Emitter, member: PropertyDefinition, plan: ClassPlan): Rope {
  const { prefix: $, runtime } = e;
  const k = e.context.take('y');
  const kept = `#${$}y${plan.keys.size}`;
  plan.keys.set(member, member.static ? `this.${kept}` : `${plan.id}.${kept}`);
  plan.fixes.push(`delete this[${runtime.UNNAMED}];`);
  return [`static [(${k}=`, emitKeyName(e, member.key), `,${runtime.UNNAMED})](){}static ${kept}=${k};`];
}

/** A field's value, evaluated where it stands. */
function emitInitialiser(e: Emitter, member: PropertyDefinition, value: Expression): Rope {
  const context = new Context('plain', e.prefix);
  const key = staticKey(member);
  const name = key?.startsWith('@@') ? `[Symbol.${key.slice(2)}]` : key;
  const rope = e.within(context, () => e.expression(value, Level.Assignment, name));
  if (context.temps.size === 0) return rope;
  const inner = e.within(new Context('plain', e.prefix), () => e.named(value, name));
  return ['(()=>{', declare(context, e.prefix), 'return ', inner, '})()'];
}

/** The initialisers as a private method: the scope of the class body, but able to wait. */
export function emitFieldMethod(e: Emitter, members: readonly Member[], isStatic: boolean, plan: ClassPlan): Rope {
  const { prefix: $ } = e;
  const name = isStatic ? plan.statics : plan.fields;
  if (name === null) return '';
  const context = new Context('twin', $);
  const body = e.within(context, () =>
    members.map((member): Rope => {
      if (member.type === 'StaticBlock') return isStatic ? ['{', emitStaticStatements(e, member, 'block'), '}'] : '';
      return member.type === 'PropertyDefinition' && member.static === isStatic ? emitDefinition(e, member, plan) : '';
    }),
  );
  return [`${isStatic ? 'static ' : ''}async ${name}()`, wrapTwinBody(e, context, '', body)];
}

/** Defines a field by a call. */
function emitDefinition(e: Emitter, member: PropertyDefinition, plan: ClassPlan): Rope {
  const { runtime } = e;
  const { key } = member;
  const value = member.value ?? null;
  const name = staticKey(member);
  const shown = name?.startsWith('@@') ? `[Symbol.${name.slice(2)}]` : name;
  if (key.type === 'PrivateIdentifier')
    return value === null ? '' : ['this.', sliceOf(key), '=', e.named(value, shown), ';'];
  const place = plan.keys.get(member) ?? JSON.stringify(name);
  const named = name === null && value !== null && isAnonymousFunction(value) ? ',true' : '';
  return [`${runtime.def}(this,`, place, ',', value === null ? 'void 0' : e.named(value, shown), `${named});`];
}
