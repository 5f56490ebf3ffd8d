import type { Rope } from '../rope.ts';
import type { AwaitExpression, YieldExpression } from '../syntax.ts';
import type { Emitter } from './emitter.ts';
import { Level } from './precedence.ts';
import { type Printed, primary } from './printed.ts';

/** `await value` (of level Assignment): leaves the VU to others, and takes it back before going on. */
export function emitAwaited(e: Emitter, value: Rope, at: number): Rope {
  const { activation } = e;
  const p = e.context.shared('p');
  return [
    `(${p}=`,
    { text: 'await', at },
    ` ${activation.a}(`,
    value,
    `),${activation.r}()&&${activation.s}(await ${activation.t}()),${p})`,
  ];
}

export function emitAwait(e: Emitter, node: AwaitExpression): Printed {
  return primary(emitAwaited(e, e.expression(node.argument, Level.Assignment), node.start));
}

export function emitYield(e: Emitter, node: YieldExpression): Printed {
  const { prefix: $, runtime, activation } = e;
  const { delegate } = node;
  const printArgument = (): Rope => (node.argument ? e.expression(node.argument, Level.Assignment) : 'void 0');
  if (e.context.kind === 'async-generator') {
    const yielded: Rope = delegate
      ? ['yield* ', e.settle([`${runtime.adeleg}(${$}d,`, printArgument(), ')'], node.start)]
      : [`yield ${activation.a}(`, printArgument(), ')'];
    const p = e.context.shared('p');
    return primary([`(${p}=`, yielded, `,${activation.r}()&&${activation.s}(await ${activation.t}()),${p})`]);
  }
  if (e.context.kind === 'generator' && delegate) return primary([`(yield* ${runtime.deleg}(`, printArgument(), '))']);
  return e.copied(node);
}
