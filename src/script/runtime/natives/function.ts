import type { AnyFunction, Protocol } from '../protocol.ts';
import type { Spec } from './spec.ts';

/** Twins of call, apply, bind and of Reflect's functions (ECMA-262 §20.2.3, §28.1); evaluated in the realm (self-contained). */
export function installFunctionNatives(p: Protocol): void {
  const spec = p['spec'] as Spec;
  const { apply, tw } = p;
  const { slice } = Array.prototype;
  const tail = (args: ArrayLike<unknown>, from: number): unknown[] =>
    apply(slice as AnyFunction, args, [from]) as unknown[];
  const nativeBind = Function.prototype.bind as unknown as AnyFunction;

  /** Hands over to the callee's own twin, which answers for itself. */
  const forward = (
    native: AnyFunction,
    pick: (self: unknown, args: ArrayLike<unknown>) => readonly [unknown, unknown, ArrayLike<unknown>],
  ): void => {
    p.st(native, function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
      const args = arguments;
      const [fn, self, list] = pick(this, args);
      const twin = tw(fn);
      if (twin !== undefined && list !== undefined) return apply(twin, self, list);
      let value: unknown;
      try {
        value = apply(native, this, args);
      } catch (error) {
        return p.thr(error);
      }
      return p.ret(value);
    });
  };
  /** CreateListFromArrayLike; what is no object is left to the native, which throws. */
  const toList = (value: unknown, orEmpty: boolean): ArrayLike<unknown> =>
    spec.isObject(value)
      ? (value as unknown as ArrayLike<unknown>)
      : orEmpty && (value === undefined || value === null)
        ? []
        : (undefined as never);

  forward(Function.prototype.call as AnyFunction, (self, args) => [self, args[0], tail(args, 1)]);
  forward(Function.prototype.apply as AnyFunction, (self, args) => [self, args[0], toList(args[1], true)]);
  forward(Reflect.apply as AnyFunction, (_self, args) => [args[0], args[1], toList(args[2], false)]);

  const bind = {
    bind(this: unknown, ...args: unknown[]) {
      const bound = apply(nativeBind, this, args) as AnyFunction;
      const before = tail(args, 1);
      (p['boundConstructor'] as (bound: object, target: unknown, before: readonly unknown[]) => void)(
        bound,
        this,
        before,
      );
      const twin = tw(this);
      if (twin === undefined) return bound;
      return p.st(bound, (...rest: unknown[]) => apply(twin, args[0], [...before, ...rest]));
    },
  }.bind;
  Object.defineProperty(bind, 'length', { value: 1, configurable: true });
  Object.defineProperty(Function.prototype, 'bind', {
    value: p.native(bind),
    writable: true,
    configurable: true,
    enumerable: false,
  });

  const always = (): boolean => true;
  spec.define(
    Reflect,
    'construct',
    function* (self, args, native) {
      const list = args[1];
      if (typeof args[0] !== 'function' || !spec.isObject(list)) return apply(native, self, args);
      const values = apply(Array.from as AnyFunction, Array, [list]) as unknown[];
      return args.length > 2 ? yield* p.construct(args[0], values, args[2]) : yield* p.construct(args[0], values);
    },
    always,
  );
  spec.define(
    Reflect,
    'get',
    function* (self, args, native) {
      if (!spec.isObject(args[0]) || (args.length > 2 && args[2] !== args[0])) return apply(native, self, args);
      return yield* p.read(args[0], args[1] as PropertyKey);
    },
    always,
  );
}
