import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { emitArguments } from './calls.ts';
import { type Construction, Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import { emitParts, wrapTwinBody } from './functions.ts';

/**
 * A constructor that may block. Its body runs in an async arrow inside the constructor, which may use `super(…)`, `this`
 * and `new.target` even after the constructor has returned; the constructor itself returns what the arrow brought, or a
 * carrier that the place of construction waits for. Called as `C(RET, object)` it only hands the object through, which is
 * how a derived class binds `this` to what its parent has built.
 */
export function emitConstructor(e: Emitter, node: Node | null, construction: Construction, isDerived: boolean): Rope {
  const { prefix: $ } = e;
  const context = new Context('twin', $, construction);
  const { params, prelude, body } = e.within(context, (): { params: Rope; prelude: Rope; body: Rope } => {
    context.shared('v');
    if (node === null) {
      const list = `...${$}a`;
      return { params: list, prelude: '', body: isDerived ? [superWith(e, `...${$}a`, 0), ';'] : '' };
    }
    return emitParts(e, node);
  });
  const start: Rope = e.within(context, () =>
    isDerived ? '' : [`super(${$}.RET,${$}.mk(new.target));`, runFields(e, 0), ';'],
  );
  const end = `${$}v=${$}.isObject(${$}v)?${$}v:this;`;
  return [
    `(...${$}A){if(${$}A[0]===${$}.RET)return ${$}A[1];return ${$}.sync(async(`,
    params,
    ')=>',
    wrapTwinBody(e, context, [start, prelude], body, end),
    `,void 0,${$}A)}`,
  ];
}

/** `super(…)` in a constructor that may block, or in an arrow in it. */
export function emitSuperCall(e: Emitter, node: Node): Rope {
  if (e.context.construction === null || e.context.kind === 'plain') return e.copy(node);
  return superWith(e, emitArguments(e, node), node.start);
}

/** The parent builds first; its product is bound to `this`, then the fields are initialised. */
function superWith(e: Emitter, args: Rope, at: number): Rope {
  const { prefix: $ } = e;
  const { self } = e.context.construction as Construction;
  const built = e.settle([`${$}.sup(${self},[`, args, '],new.target)'], at);
  const x = e.context.take('x');
  const rope: Rope = [
    `(${x}=`,
    built,
    `,super(...${x}),`,
    e.settle(`${$}.born(${x},this)`, at),
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
