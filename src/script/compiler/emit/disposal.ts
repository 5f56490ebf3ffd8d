import { isResource } from '../keys.ts';
import type { Rope } from '../rope.ts';
import type { Identifier, Statement, VariableDeclaration } from '../syntax.ts';
import { emitAwaited } from './awaiting.ts';
import type { Emitter } from './emitter.ts';
import { emitWrittenName } from './identifiers.ts';
import { reentry } from './reentry.ts';

/** The resources that a list of statements declares itself, where disposing of them may wait: in compiled code. */
export function resourcesOf(e: Emitter, statements: readonly Statement[]): readonly VariableDeclaration[] {
  return e.context.kind === 'plain' ? [] : statements.filter(isResource);
}

/** Statements at whose end their resources are disposed of, last first; what that throws suppresses what was thrown before. */
export function emitDisposing(e: Emitter, resources: readonly VariableDeclaration[], emitInside: () => Rope): Rope {
  const { prefix: $, runtime, context } = e;
  const at = resources[0]?.start ?? 0;
  const held = e.unique('u');
  const outer = context.resources;
  context.resources = held;
  const inside = emitInside();
  context.resources = outer;
  context.hasFinally = true;
  const caught = (): Rope => [`catch(${$}e){`, reentry(e), `${runtime.seen}(${$}e);${runtime.spoil}(${held},${$}e)}`];
  const disposed = (): Rope => e.settle(`${runtime.dispose}(${held})`, at);
  const step: Rope = resources.some(({ kind }) => kind === 'await using')
    ? [`if(${runtime.holds}(${held})>1)`, emitAwaited(e, disposed(), at), ';else ', disposed(), ';']
    : [disposed(), ';'];
  return [
    `{const ${held}=${runtime.uses}();try{`,
    inside,
    '}',
    caught(),
    'finally{',
    reentry(e),
    `for(;${runtime.holds}(${held});)try{`,
    step,
    '}',
    caught(),
    `${runtime.disposed}(${held});}}`,
  ];
}

/** Binds one resource: how it is disposed of is asked for now. */
export function emitResource(e: Emitter, { kind, start }: VariableDeclaration, id: Identifier, value: Rope): Rope {
  const use: Rope = [`${e.runtime.use}(${e.context.resources},`, value, kind === 'await using' ? ',true)' : ',false)'];
  return ['const ', emitWrittenName(e, id), '=', e.settle(use, start), ';'];
}

export function emitDeclaration(e: Emitter, node: VariableDeclaration): Rope {
  if (!isResource(node) || e.context.resources === null) return e.copy(node);
  return node.declarations.map(({ id, init }) => {
    const name = id as Identifier;
    return emitResource(e, node, name, init ? e.named(init, name.name) : 'void 0');
  });
}
