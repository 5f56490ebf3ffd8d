import type { Rope } from '../rope.ts';
import type { FunctionExpression } from '../syntax.ts';
import { Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import { emitParts, lengthOf } from './parameters.ts';
import { wrapTwinBody } from './twins.ts';

/** Getters and setters wait by being armed: their body is a twin that the accessor runs itself. */
export function emitAccessorBody(e: Emitter, value: FunctionExpression, kind: 'get' | 'set'): Rope {
  const { prefix: $, runtime } = e;
  const context = new Context('twin', $);
  const { params, prelude, body } = e.within(context, () => emitParts(e, value));
  const inner = ['async(', params, ')=>', wrapTwinBody(e, context, prelude, body)];
  const marker = e.marker(value);
  if (kind === 'get') return [`()${marker}{return ${runtime.sync}(`, inner, ',void 0,[])}'];
  const param = lengthOf(value) === 0 ? `${$}a0=void 0` : `${$}a0`;
  return [`(${param})${marker}{return ${runtime.sync}(`, inner, `,void 0,[${$}a0])}`];
}
