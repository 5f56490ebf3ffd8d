import type { Protocol } from '../protocol.ts';
import type { AnyFunction } from '../twin-call.ts';

/**
 * Twins of DisposableStack (Explicit Resource Management, §12.3); evaluated in the realm (self-contained). What is to be disposed of
 * stands in the engine's own stack as a function that tells what is to be called: disposing of it gathers these, in the
 * language's order, and then calls each in its turn.
 */
export function installDisposableNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply } = p;
  const symbol = Symbol.dispose;
  const { prototype } = DisposableStack;
  const adopt = prototype.adopt as AnyFunction;
  const NativeSuppressedError = SuppressedError;

  interface Disposal {
    readonly method: unknown;
    readonly self: unknown;
    readonly args: readonly unknown[];
  }
  /** Set while the engine disposes of a stack for a twin. */
  let gathered: Disposal[] | undefined;
  const dispose = (disposal: Disposal): void => {
    if (gathered !== undefined) gathered[gathered.length] = disposal;
    else apply(disposal.method as AnyFunction, disposal.self, disposal.args);
  };
  const always = (): boolean => true;

  spec.define(
    prototype,
    'use',
    function* (self, args, native) {
      const value = args[0];
      if (!spec.isObject(value)) return apply(native, self, args);
      const method = yield* spec.get(value, symbol);
      // The engine says what is wrong with it, and with the stack.
      if (typeof method !== 'function') return apply(native, self, [{ [symbol]: method }]);
      apply(adopt, self, [value, () => dispose({ method, self: value, args: [] })]);
      return value;
    },
    always,
  );
  const adopting = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const value = args[0];
    const method = args[1];
    if (typeof method !== 'function') return apply(native, self, args);
    return apply(native, self, [value, () => dispose({ method, self: undefined, args: [value] })]);
  };
  spec.define(prototype, 'adopt', adopting, always);
  const deferring = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const method = args[0];
    if (typeof method !== 'function') return apply(native, self, args);
    return apply(native, self, [() => dispose({ method, self: undefined, args: [] })]);
  };
  spec.define(prototype, 'defer', deferring, always);
  spec.define(
    prototype,
    'dispose',
    function* (self, args, native) {
      const before = gathered;
      const disposals: Disposal[] = (gathered = []);
      let failure: { readonly error: unknown } | undefined;
      const fail = (error: unknown): void => {
        failure = { error: failure === undefined ? error : new NativeSuppressedError(error, failure.error) };
      };
      try {
        apply(native, self, args);
      } catch (error) {
        fail(error);
      } finally {
        gathered = before;
      }
      for (let i = 0; i < disposals.length; i++) {
        const disposal = disposals[i] as Disposal;
        try {
          yield* p.call(disposal.method, disposal.self, disposal.args);
        } catch (error) {
          fail(error);
        }
      }
      if (failure !== undefined) throw (failure as { error: unknown }).error;
      return undefined;
    },
    always,
  );
}
