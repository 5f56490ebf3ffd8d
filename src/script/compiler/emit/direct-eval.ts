import type { Rope } from '../rope.ts';
import type { Binding } from '../scope.ts';
import type { CallExpression } from '../syntax.ts';
import { emitArguments } from './arguments.ts';
import { callPosition } from './call-protocol.ts';
import type { Emitter } from './emitter.ts';
import { emitAccessors } from './identifiers.ts';
import { type Printed, primary } from './printed.ts';

/** Whether a call's text sees the names around it – unless `eval` turns out to be another function. */
export function isDirectEval(e: Emitter, node: CallExpression): boolean {
  return e.scopes.evals.has(node) && !e.scopes.assignedGlobals.has('eval');
}

/**
 * `eval(…)`: the runtime is given the names that are seen from here – as an object of accessors, which inherits from that of the
 * module's names –, `this` and `new.target`.
 */
export function emitDirectEval(e: Emitter, node: CallExpression): Printed {
  const { prefix: $ } = e;
  const { inner } = e.scopes.evals.get(node) ?? { inner: [] };
  const names = inner.map(({ name }) => name).join();
  const rope: Rope = [
    e.operationAt('eval', callPosition(e, node)),
    '([',
    emitArguments(e, node.arguments),
    `],{__proto__:${$}names,`,
    inner.map((binding) => emitAccess(e, binding)),
    `},"${names}"+${$}known,()=>this,`,
    e.context.hasNewTarget ? `${$}t)` : 'void 0)',
  ];
  return primary(e.settle(rope, node.start));
}

/** Declares what texts of `eval` see of the module's names, where there are any. */
export function declareModuleNames(e: Emitter): Rope {
  const { prefix: $ } = e;
  const [first] = e.scopes.evals.values();
  if (first === undefined) return '';
  const outer = e.script === null || e.script.names.size === 0 ? 'null' : `${$}s`;
  const known = [...first.outer.map(({ name }) => name), ...(e.script?.names ?? [])].map((name) => `,${name}`).join('');
  return [
    `const ${$}names={__proto__:${outer},`,
    first.outer.map((binding) => emitAccess(e, binding)),
    `},${$}known="${known}";`,
  ];
}

function emitAccess(e: Emitter, binding: Binding): Rope {
  const isArguments = binding.name === 'arguments' && binding.kind === 'param';
  return isArguments ? 'arguments,' : emitAccessors(e, binding);
}
