import type { Rope } from '../rope.ts';
import type { Binding } from '../scope.ts';
import { STANDARD_NAMES } from '../standard-names.ts';
import type { Identifier, MetaProperty, ThisExpression } from '../syntax.ts';
import { type Emitter, sliceOf } from './emitter.ts';
import { type Printed, primary } from './printed.ts';

/** Whether a free name is the language's own, the same for every virtual user. */
export function isStandard(e: Emitter, id: Identifier): boolean {
  return STANDARD_NAMES.has(id.name) && !e.scopes.assignedGlobals.has(id.name);
}

/** Whether the author's text of a name may stay: then an anonymous function that is assigned to it is named by it. */
export function keepsName(e: Emitter, node: Identifier): boolean {
  const binding = e.scopes.references.get(node);
  if (binding === null || isGuarded(e, node)) return false;
  return binding === undefined || e.newNameOf(binding) === undefined;
}

/** Whether a name is used that may be in its dead zone, and the engine does not know. */
function isGuarded({ deadZones: { bindings, initialised }, scopes }: Emitter, node: Identifier): boolean {
  if (bindings.size === 0 || initialised.has(node)) return false;
  const binding = scopes.references.get(node);
  return Boolean(binding) && bindings.has(binding as Binding);
}

/** The value of a variable, unless it is in its dead zone. */
function emitGuarded({ deadZones, prefix, runtime }: Emitter, name: string, at?: number): Rope {
  const fail: Rope = at === undefined ? runtime.early : [`${prefix}.`, { text: 'early', at }];
  return [`(${name}===${deadZones.unset}?`, fail, `(${JSON.stringify(name)}):${name})`];
}

/** Declares the accessors by which names are written that may be in their dead zone: the value comes before the name is asked for. */
export function declareGuarded(e: Emitter): Rope {
  const { bindings } = e.deadZones;
  if (bindings.size === 0) return '';
  return [`const ${e.prefix}z={`, [...bindings].map((binding) => emitAccessors(e, binding)), '};'];
}

/** Properties of an object literal that stand for a variable. */
export function emitAccessors(e: Emitter, binding: Binding): Rope {
  const { name } = binding;
  const own = e.newNameOf(binding) ?? name;
  const value = `${e.prefix}x`;
  const isGuarded = e.deadZones.bindings.has(binding);
  const read = isGuarded ? emitGuarded(e, own) : own;
  return [`get ${name}(){return `, read, `},set ${name}(${value}){`, isGuarded ? [read, ';'] : '', `${own}=${value}},`];
}

/** A name of the program's own as it is printed. */
function emitOwnName(e: Emitter, node: Identifier, binding: Binding | undefined): Rope {
  const name = binding === undefined ? undefined : e.newNameOf(binding);
  return name === undefined ? sliceOf(node) : { text: name, at: node.start };
}

/** A name that is read. */
export function emitIdentifier(e: Emitter, node: Identifier): Printed {
  const { prefix: $, runtime } = e;
  const binding = e.scopes.references.get(node);
  if (isGuarded(e, node)) return primary(emitGuarded(e, node.name, node.start));
  if (binding !== null) return primary(emitOwnName(e, node, binding));
  if (e.script?.names.has(node.name)) return primary(`(0,${$}s.${node.name})`);
  if (node.name === 'globalThis') return primary(e.global);
  if (isStandard(e, node)) return primary(sliceOf(node));
  return primary([
    '(',
    { text: e.global, at: node.start },
    `.${node.name}??${runtime.chk}(${e.global},${JSON.stringify(node.name)}))`,
  ]);
}

/** A name that is written. */
export function emitWrittenName(e: Emitter, node: Identifier): Rope {
  const binding = e.scopes.references.get(node);
  const { prefix: $, runtime } = e;
  if (isGuarded(e, node)) return [`${$}z.`, { text: node.name, at: node.start }];
  if (binding !== null) return emitOwnName(e, node, binding);
  if (e.script?.names.has(node.name)) return `${$}s.${node.name}`;
  if (e.script?.isSloppy) return `${e.global}.${node.name}`;
  return `${e.global}[${runtime.gs}(${e.global},${JSON.stringify(node.name)})]`;
}

export function emitMetaProperty(e: Emitter, node: MetaProperty): Printed {
  if (node.meta.name === 'import') return primary(`(${e.runtime.meta}(${e.global}))`);
  return primary(e.context.hasNewTarget ? `${e.prefix}t` : sliceOf(node));
}

export function emitThis(e: Emitter, node: ThisExpression): Printed {
  return primary(e.script?.sloppyThis.has(node) ? `${e.runtime.self}(this)` : sliceOf(node));
}
