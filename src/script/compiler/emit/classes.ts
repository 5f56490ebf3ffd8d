import { inheritsBlocking } from '../marking.ts';
import type { Rope } from '../rope.ts';
import { staticKey } from '../static-key.ts';
import type { ClassExpression, ClassNode, Expression } from '../syntax.ts';
import { emitClassMember, emitFieldMethod, isNamedByKey } from './class-members.ts';
import type { ClassPlan } from './class-plan.ts';
import { emitConstructor } from './constructors.ts';
import { type Emitter, nameFunction } from './emitter.ts';
import { Level } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

export function emitClassExpression(e: Emitter, node: ClassExpression, name: string | null): Printed {
  const rope = emitClass(e, node, name);
  const isAnonymous = !node.id && !isGivenName(e, node);
  if (!e.marks.statics.has(node)) return { rope, level: Level.Primary, isAnonymous };
  const c = e.context.take('x');
  const made: Rope = !isAnonymous ? rope : name === null ? ['(0,', rope, ')'] : nameFunction(rope, name);
  const run: Rope = [`(${c}=`, made, ',', e.settle(`${e.runtime.statics}(${c})`, node.start), `,${c})`];
  e.context.release(c);
  return primary(run);
}

/** Whether a class without a name has to be given one, by which its constructor or its fields find it. */
function isGivenName(e: Emitter, node: ClassNode): boolean {
  return (
    e.marks.constructors.has(node) ||
    node.body.body.some((m) => m.type === 'PropertyDefinition' && !m.static && isNamedByKey(e, m))
  );
}

/** The class; `name` is what an anonymous one would be called. */
export function emitClass(e: Emitter, node: ClassNode, name: string | null): Rope {
  const { prefix: $, runtime, marks } = e;
  const parent = node.superClass ?? null;
  const constructs = marks.constructors.has(node);
  const isGiven = !node.id && isGivenName(e, node);
  const id = node.id ? node.id.name : isGiven ? e.unique('C') : null;
  const own = constructs && parent !== null ? e.unique('c') : id;
  const plan: ClassPlan = {
    node,
    id,
    self: `${runtime.gp}(${own})`,
    alias: own === id ? '' : `const ${own}=${id};`,
    shownName: isGiven ? (name ?? '') : null,
    constructs,
    fields: marks.fields.has(node) ? `#${$}f` : null,
    statics: marks.statics.has(node) ? `#${$}s` : null,
    fixes: [],
    keys: new Map(),
  };
  const members = node.body.body;
  const hasOwn = members.some((m) => m.type === 'MethodDefinition' && m.kind === 'constructor');
  const waitsForParent = e.context.kind !== 'plain' && inheritsBlocking(marks.features, node);
  const body: Rope[] = [];
  if (constructs && !hasOwn) body.push('constructor', emitConstructor(e, null, plan, parent !== null));
  for (const member of members) body.push(emitClassMember(e, member, plan), ' ');
  body.push(emitFieldMethod(e, members, false, plan), emitFieldMethod(e, members, true, plan));
  const namesItself = members.some((m) => m.type !== 'StaticBlock' && m.static && staticKey(m) === 'name');
  const first: string[] = [];
  if (waitsForParent) first.push(`${runtime.inherit}(this);`);
  if (constructs) first.push(`${runtime.mc}(this);`);
  if (plan.shownName !== null && !namesItself) first.push(`${runtime.named}(this,${JSON.stringify(plan.shownName)});`);
  first.push(...plan.fixes);
  if (plan.statics !== null) first.push(`${runtime.reg}(this,()=>this.${plan.statics}());`);
  return [
    'class',
    id === null ? '' : ` ${id}`,
    emitHeritage(e, parent, constructs, waitsForParent),
    `{${e.marker(node)}`,
    first.length > 0 ? `static{${first.join('')}}` : '',
    body,
    '}',
  ];
}

function emitHeritage(e: Emitter, parent: Expression | null, constructs: boolean, waits: boolean): Rope {
  const { runtime } = e;
  if (parent === null) return constructs ? ` extends ${runtime.Base}` : '';
  return [
    ' extends ',
    waits
      ? e.settle([`${runtime.heir}(`, e.value(parent), ')'], parent.start)
      : e.expression(parent, Level.LeftHandSide),
  ];
}
