import type { Rope } from '../rope.ts';
import type { CallExpression, FunctionExpression } from '../syntax.ts';
import { emitArguments } from './arguments.ts';
import { type Construction, Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import { emitParts, lengthOf, type Parts } from './parameters.ts';
import { type Printed, primary } from './printed.ts';
import { wrapTwinBody } from './twins.ts';

/**
 * A constructor that may block. Its body runs in an async arrow inside the constructor, which may use `super(…)`, `this`
 * and `new.target` even after the constructor has returned; the constructor itself returns what the arrow brought, or a
 * carrier that the place of construction waits for. Called with `RET, object` at the end (a bound
 * function puts arguments before them) it only hands the object through, which is
 * how a derived class binds `this` to what its parent has built.
 */
export function emitConstructor(
  e: Emitter,
  node: FunctionExpression | null,
  construction: Construction,
  isDerived: boolean,
): Rope {
  const { prefix: $, runtime } = e;
  const context = new Context('twin', $, construction);
  const { params, prelude, body } = e.within(context, (): Parts => {
    context.shared('v');
    if (node !== null) return emitParts(e, node);
    return { params: `...${$}a`, prelude: '', body: isDerived ? [superWith(e, `...${$}a`, 0), ';'] : '' };
  });
  const start: Rope = e.within(context, () =>
    isDerived ? '' : [`super(${runtime.RET},`, newObject(e), ');', runFields(e, 0), ';'],
  );
  const otherwise = isDerived ? `${$}v===void 0?this:${runtime.noObject}()` : 'this';
  const end = `${$}v=${runtime.isObject}(${$}v)?${$}v:${otherwise};`;
  const counted = node === null ? [] : Array.from({ length: lengthOf(node) }, (_, i) => `${$}_${i}`);
  return [
    `(${counted.join(',')}){if(arguments[arguments.length-2]===${runtime.RET})return arguments[arguments.length-1];${construction.alias}return ${runtime.sync}(async(`,
    params,
    ')=>',
    wrapTwinBody(e, context, [start, prelude], body, end),
    ',void 0,arguments)}',
  ];
}

/** What a class without a parent constructs; the prototype is read of a proxy, perhaps. */
function newObject(e: Emitter): Rope {
  const { runtime } = e;
  return e.marks.features.traps ? e.settle(`${runtime.mks}(new.target)`, 0) : `${runtime.mk}(new.target)`;
}

/** `super(…)` in a constructor that may block, or in an arrow in it. */
export function emitSuperCall(e: Emitter, node: CallExpression): Printed {
  if (e.context.construction === null || e.context.kind === 'plain') return e.copied(node);
  return primary(superWith(e, emitArguments(e, node.arguments), node.start));
}

/** The parent builds first; its product is bound to `this`, then the fields are initialised. */
function superWith(e: Emitter, args: Rope, at: number): Rope {
  const { runtime } = e;
  const { self } = e.context.construction as Construction;
  const built = e.settle([`${runtime.sup}(${self},[`, args, '],new.target)'], at);
  const x = e.context.take('x');
  const rope: Rope = [
    `(${x}=`,
    built,
    `,super(...${x}),`,
    e.settle(`${runtime.born}(${x},this)`, at),
    ',',
    runFields(e, at),
    ',this)',
  ];
  e.context.release(x);
  return rope;
}

function runFields(e: Emitter, at: number): Rope {
  const { fields } = e.context.construction as Construction;
  return fields === null ? '0' : e.settle(`this.${fields}()`, at);
}
