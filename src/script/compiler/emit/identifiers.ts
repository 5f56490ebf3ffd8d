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
  return binding !== null && (binding === undefined || e.newNameOf(binding) === undefined);
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
  if (binding !== null) return emitOwnName(e, node, binding);
  const { prefix: $, runtime } = e;
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
