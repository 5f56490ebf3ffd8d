import { staticKey } from '../marking.ts';
import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { emitConstructor } from './constructors.ts';
import { Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import {
  emitAsyncGenerator,
  emitCallable,
  emitParts,
  emitPlain,
  isCompiled,
  kindOf,
  wrapperFactory,
  wrapTwinBody,
} from './functions.ts';
import { emitComputedKey } from './members.ts';
import { emitStatements } from './statements.ts';

/** Getters and setters wait by being armed: their body is a twin that the accessor runs itself. */
export function emitAccessorBody(e: Emitter, value: Node, kind: 'get' | 'set'): Rope {
  const { prefix: $ } = e;
  const context = new Context('twin', $);
  const { params, prelude, body } = e.within(context, () => emitParts(e, value));
  const inner = ['async(', params, ')=>', wrapTwinBody(e, context, prelude, body)];
  const marker = e.marker(value);
  return kind === 'get'
    ? [`()${marker}{return ${$}.sync(`, inner, ',void 0,[])}']
    : [`(${$}a0)${marker}{return ${$}.sync(`, inner, `,void 0,[${$}a0])}`];
}

interface ClassPlan {
  readonly node: Node;
  /** Name of the class inside its body. */
  readonly self: string;
  readonly id: string | null;
  /** What `name` must show if the class had to be given an identifier. */
  readonly shownName: string | null;
  readonly constructs: boolean;
  /** Private methods that initialise instance fields and the static part. */
  readonly fields: string | null;
  readonly statics: string | null;
  readonly fixes: string[];
  /** Where a field that the methods above initialise finds its computed key, which is evaluated with the class. */
  readonly keys: Map<Node, string>;
}

export function emitClassExpression(e: Emitter, node: Node, name: string | null): Rope {
  const rope = emitClass(e, node, name);
  if (!e.marks.statics.has(node)) return rope;
  const c = e.context.take('x');
  const run: Rope = [`(${c}=`, rope, ',', e.settle(`${e.prefix}.statics(${c})`, node.start), `,${c})`];
  e.context.release(c);
  return run;
}

export function emitClassDeclaration(e: Emitter, node: Node): Rope {
  return emitClass(e, node, null);
}

/** What follows a class declaration whose static part may block. */
export function emitStaticRun(e: Emitter, node: Node): Rope {
  if (!e.marks.statics.has(node)) return '';
  return [';', e.settle(`${e.prefix}.statics(${(node['id'] as Node)['name'] as string})`, node.start), ';'];
}

function emitClass(e: Emitter, node: Node, name: string | null): Rope {
  const { prefix: $, marks } = e;
  const id = node['id'] as Node | null;
  const parent = node['superClass'] as Node | null;
  const constructs = marks.constructors.has(node);
  const isGiven = id === null && constructs;
  const plan: ClassPlan = {
    node,
    id: id !== null ? (id['name'] as string) : isGiven ? e.unique('C') : null,
    self: '',
    shownName: isGiven ? (name ?? '') : null,
    constructs,
    fields: marks.fields.has(node) ? `#${$}f` : null,
    statics: marks.statics.has(node) ? `#${$}s` : null,
    fixes: [],
    keys: new Map(),
  };
  const members = (node['body'] as Node)['body'] as Node[];
  const own = members.find((m) => m.type === 'MethodDefinition' && m['kind'] === 'constructor');
  const construction = { self: `${$}.gp(${plan.id})`, fields: plan.fields };
  const heritage: Rope =
    parent === null ? (constructs ? ` extends ${$}.Base` : '') : [' extends (', e.emit(parent), ')'];
  const body: Rope[] = [];
  if (constructs && own === undefined)
    body.push('constructor', emitConstructor(e, null, construction, parent !== null));
  for (const member of members) body.push(emitMember(e, member, plan, construction, parent !== null), ' ');
  if (plan.fields !== null) body.push(emitFieldMethod(e, members, false, plan));
  if (plan.statics !== null) body.push(emitFieldMethod(e, members, true, plan));
  const first: string[] = [];
  if (plan.constructs) first.push(`${$}.mc(this);`);
  if (plan.shownName !== null && !members.some((m) => m['static'] === true && staticKey(m) === 'name'))
    first.push(`${$}.named(this,${JSON.stringify(plan.shownName)});`);
  first.push(...plan.fixes);
  if (plan.statics !== null) first.push(`${$}.reg(this,()=>this.${plan.statics}());`);
  const head: Rope = [
    'class',
    plan.id === null ? '' : ` ${plan.id}`,
    heritage,
    `{${e.marker(node)}`,
    first.length > 0 ? `static{${first.join('')}}` : '',
    body,
    '}',
  ];
  return head;
}

function emitKey(e: Emitter, member: Node): Rope {
  const key = member['key'] as Node;
  return member['computed'] === true ? ['[', emitComputedKey(e, key), ']'] : { start: key.start, end: key.end };
}

function emitMember(
  e: Emitter,
  member: Node,
  plan: ClassPlan,
  construction: { self: string; fields: string | null },
  isDerived: boolean,
): Rope {
  const isStatic = member['static'] === true;
  const modifier = isStatic ? 'static ' : '';
  if (member.type === 'StaticBlock') {
    if (plan.statics !== null) return '';
    const context = new Context('plain', e.prefix);
    return e.within(context, () => [
      'static{',
      emitStatements(e, member['body'] as Node[], bodyStart(e, member), member.end - 1, 'function'),
      '}',
    ]);
  }
  if (member.type === 'PropertyDefinition') return emitField(e, member, plan, modifier);
  const value = member['value'] as Node;
  const key = member['key'] as Node;
  const isPrivate = key.type === 'PrivateIdentifier';
  const { prefix: $ } = e;
  e.owners.set(value, member);
  switch (member['kind']) {
    case 'constructor':
      if (plan.constructs) return ['constructor', emitConstructor(e, value, construction, isDerived)];
      return ['constructor', emitPlain(e, value)];
    case 'get':
    case 'set': {
      const accessor = member['kind'] as 'get' | 'set';
      const body = e.marks.functions.has(value) ? emitAccessorBody(e, value, accessor) : emitPlain(e, value);
      return [modifier, `${accessor} `, emitKey(e, member), body];
    }
    default: {
      const kind = kindOf(e, value);
      if (kind === 'async-generator')
        return [modifier, 'async *', emitKey(e, member), emitAsyncGenerator(e, value, true)];
      if (!isCompiled(e, value))
        return [modifier, value['generator'] === true ? '*' : '', emitKey(e, member), emitPlain(e, value)];
      const syntax = kind === 'twin' ? 'async ' : kind === 'generator' ? '*' : '';
      const name = staticKey(member);
      if (isPrivate) {
        const hidden = `#${$}${key['name'] as string}`;
        const factory = wrapperFactory(e, value, `#${key['name'] as string}`, false);
        return [
          modifier,
          syntax,
          hidden,
          emitCallable(e, value, kind, false),
          ` ${modifier}get #${key['name'] as string}(){return ${$}.pm(this.${hidden},${factory})}`,
        ];
      }
      const target = isStatic ? 'this' : 'this.prototype';
      const shown = name === null ? '' : name.startsWith('@@') ? `[Symbol.${name.slice(2)}]` : name;
      const factory = wrapperFactory(e, value, shown, false);
      const callable = emitCallable(e, value, kind, false);
      if (member['computed'] !== true) {
        plan.fixes.push(`${$}.m(${target},${JSON.stringify(name)},${factory});`);
        return [modifier, syntax, emitKey(e, member), callable];
      }
      const k = e.context.take('y');
      plan.fixes.push(`${$}.m(${target},${k},${factory},${name === null});`);
      return [modifier, syntax, `[${k}=${$}.name(`, emitComputedKey(e, key), ')]', callable];
    }
  }
}

function bodyStart(e: Emitter, block: Node): number {
  return e.source.indexOf('{', block.start) + 1;
}

function emitField(e: Emitter, member: Node, plan: ClassPlan, modifier: string): Rope {
  const key = member['key'] as Node;
  const value = member['value'] as Node | null;
  const moved = modifier === '' ? plan.fields !== null : plan.statics !== null;
  // A private field must exist before anything is assigned to it; a public one is defined when its turn comes.
  if (moved) {
    if (key.type === 'PrivateIdentifier') return [modifier, emitKey(e, member), ';'];
    if (member['computed'] !== true || key.type === 'Literal') return '';
    // The name of a method that is not to be: evaluated in its turn, kept in a private field, removed by the first block.
    const { prefix: $ } = e;
    const k = e.context.take('y');
    const kept = `#${$}y${plan.keys.size}`;
    plan.keys.set(member, modifier === '' ? `${plan.id}.${kept}` : `this.${kept}`);
    plan.fixes.push(`delete this[${$}.UNNAMED];`);
    return [`static [(${k}=${$}.name(`, emitComputedKey(e, key), `),${$}.UNNAMED)](){}static ${kept}=${k};`];
  }
  if (value === null) return [modifier, emitKey(e, member), ';'];
  return [
    modifier,
    emitKey(e, member),
    '=',
    e.within(new Context('plain', e.prefix), () => e.operand(value, staticKey(member))),
    ';',
  ];
}

/** The initialisers as a private method: the scope of the class body, but able to wait. */
function emitFieldMethod(e: Emitter, members: readonly Node[], isStatic: boolean, plan: ClassPlan): Rope {
  const { prefix: $ } = e;
  const context = new Context('twin', $);
  const body = e.within(context, () =>
    members
      .filter((m) =>
        isStatic
          ? m.type === 'StaticBlock' || (m.type === 'PropertyDefinition' && m['static'] === true)
          : m.type === 'PropertyDefinition' && m['static'] !== true,
      )
      .map((member): Rope => {
        if (member.type === 'StaticBlock') {
          return ['{', emitStatements(e, member['body'] as Node[], bodyStart(e, member), member.end - 1, 'block'), '}'];
        }
        const key = member['key'] as Node;
        const value = member['value'] as Node | null;
        const initial: Rope = value === null ? 'void 0' : e.operand(value, staticKey(member));
        if (key.type === 'PrivateIdentifier')
          return value === null ? '' : ['this.', { start: key.start, end: key.end }, '=', initial, ';'];
        const shown = plan.keys.get(member) ?? JSON.stringify(staticKey(member));
        return [`${$}.def(this,`, shown, ',', initial, ');'];
      }),
  );
  return [isStatic ? `static async ${plan.statics}()` : `async ${plan.fields}()`, wrapTwinBody(e, context, '', body)];
}
