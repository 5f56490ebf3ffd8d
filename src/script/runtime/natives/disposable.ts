import type { Disposal, Resources } from '../compiled-protocol.ts';
import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/**
 * `using`, and twins of DisposableStack and AsyncDisposableStack (Explicit Resource Management, §12.3 and §12.4); evaluated in the realm
 * (self-contained). What is to be disposed of stands in the engine's own stack as a function that tells what is to be called:
 * disposing of a stack gathers these, in the language's order, and then calls each in its turn.
 */
export function installDisposableNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply } = p;
  const { dispose: disposeSymbol, asyncDispose: asyncDisposeSymbol } = Symbol;
  const { prototype } = DisposableStack;
  const adopt = prototype.adopt as AnyFunction;
  const NativeSuppressedError = SuppressedError;
  const always = (): boolean => true;

  const hold = (): Resources => ({ list: [], failure: undefined });
  const add = ({ list }: Resources, disposal: Disposal): void => p.put(list, list.length, disposal);
  const spoil = (held: Resources, error: unknown): void => {
    const { failure } = held;
    held.failure = {
      error:
        failure === undefined
          ? error
          : new NativeSuppressedError(error, failure.error, 'An error was suppressed during disposal'),
    };
  };
  const disposed = ({ failure }: Resources): void => {
    if (failure !== undefined) throw failure.error;
  };
  function* disposeLast({ list }: Resources): Steps {
    const { method, self, args, awaits } = list[list.length - 1] as Disposal;
    list.length--;
    if (method === undefined) return undefined;
    const result = yield* p.call(method, self, args);
    return awaits === 'result' ? result : undefined;
  }
  /** GetDisposeMethod */
  function* disposalOf(value: unknown, isAsync: boolean): Steps<Disposal | null> {
    if (value === undefined || value === null)
      return isAsync ? { method: undefined, self: undefined, args: [], awaits: 'turn' } : null;
    if (!spec.isObject(value)) throw new TypeError(`${spec.show(value)} is not an object`);
    let awaits: Disposal['awaits'] = isAsync ? 'result' : 'nothing';
    let method = isAsync ? yield* spec.get(value, asyncDisposeSymbol) : undefined;
    if (method === undefined || method === null) {
      method = yield* spec.get(value, disposeSymbol);
      if (isAsync) awaits = 'turn';
    }
    if (typeof method !== 'function')
      throw new TypeError(`Symbol(${isAsync ? 'Symbol.asyncDispose' : 'Symbol.dispose'}) is not a function`);
    return { method, self: value, args: [], awaits };
  }

  p.uses = hold;
  p.use = (held, value, isAsync) =>
    p.drive(
      (function* () {
        const disposal = yield* disposalOf(value, isAsync);
        if (disposal !== null) add(held, disposal);
        return value;
      })(),
    );
  p.holds = ({ list }) => {
    if (list.length === 0) return 0;
    return (list[list.length - 1] as Disposal).awaits === 'nothing' ? 1 : 2;
  };
  p.dispose = (held) => p.drive(disposeLast(held));
  p.spoil = spoil;
  p.disposed = disposed;

  /** Set while the engine disposes of a stack for a twin. */
  let gathered: Disposal[] | undefined;
  const tell = (disposal: Disposal): void => {
    if (gathered !== undefined) gathered[gathered.length] = disposal;
    else apply(disposal.method as AnyFunction, disposal.self, disposal.args);
  };

  spec.define(
    prototype,
    'use',
    function* (self, args, native) {
      const value = args[0];
      if (!spec.isObject(value)) return apply(native, self, args);
      const method = yield* spec.get(value, disposeSymbol);
      // The engine says what is wrong with it, and with the stack.
      if (typeof method !== 'function') return apply(native, self, [{ [disposeSymbol]: method }]);
      apply(adopt, self, [value, () => tell({ method, self: value, args: [], awaits: 'nothing' })]);
      return value;
    },
    always,
  );
  const adopting = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const value = args[0];
    const method = args[1];
    if (typeof method !== 'function') return apply(native, self, args);
    return apply(native, self, [value, () => tell({ method, self: undefined, args: [value], awaits: 'nothing' })]);
  };
  spec.define(prototype, 'adopt', adopting, always);
  const deferring = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const method = args[0];
    if (typeof method !== 'function') return apply(native, self, args);
    return apply(native, self, [() => tell({ method, self: undefined, args: [], awaits: 'nothing' })]);
  };
  spec.define(prototype, 'defer', deferring, always);
  spec.define(
    prototype,
    'dispose',
    function* (self, args, native) {
      const before = gathered;
      const disposals: Disposal[] = (gathered = []);
      const held = hold();
      try {
        apply(native, self, args);
      } catch (error) {
        spoil(held, error);
      } finally {
        gathered = before;
      }
      for (let i = disposals.length; i-- > 0; ) add(held, disposals[i] as Disposal);
      while (held.list.length > 0) {
        try {
          yield* disposeLast(held);
        } catch (error) {
          spoil(held, error);
        }
      }
      disposed(held);
      return undefined;
    },
    always,
  );

  /**
   * What a stack of asynchronous disposals holds, beside the engine's: that waits between two calls, so it cannot be asked for them. What a
   * twin has taken over, its own functions leave alone.
   */
  const stacks = new p.WeakMap<object, Resources & { isTaken: boolean }>();
  const { prototype: asyncPrototype } = AsyncDisposableStack;
  const nativeDefer = asyncPrototype.defer as AnyFunction;
  const isDisposed = Object.getOwnPropertyDescriptor(asyncPrototype, 'disposed')?.get as AnyFunction;
  const resolve = Promise.resolve as unknown as AnyFunction;
  const reject = Promise.reject as unknown as AnyFunction;
  const { then } = Promise.prototype as unknown as { then: AnyFunction };

  /** Puts a disposal on a stack. @throws what the engine says of the stack */
  const push = (stack: object, disposal: Disposal): void => {
    const held = stacks.get(stack) ?? { ...hold(), isTaken: false };
    const { list } = held;
    apply(nativeDefer, stack, [
      () => {
        if (held.isTaken || disposal.method === undefined) return undefined;
        const result = apply(disposal.method as AnyFunction, disposal.self, disposal.args);
        return disposal.awaits === 'result' ? result : undefined;
      },
    ]);
    p.put(list, list.length, disposal);
    stacks.set(stack, held);
  };
  spec.define(
    asyncPrototype,
    'use',
    function* (self, args) {
      push(self as object, (yield* disposalOf(args[0], true)) as Disposal);
      return args[0];
    },
    always,
  );
  // biome-ignore lint/correctness/useYield: steps that never wait
  const adoptingLater = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const value = args[0];
    const method = args[1];
    if (typeof method !== 'function') return apply(native, self, args);
    push(self as object, { method, self: undefined, args: [value], awaits: 'result' });
    return value;
  };
  spec.define(asyncPrototype, 'adopt', adoptingLater, always);
  // biome-ignore lint/correctness/useYield: steps that never wait
  const deferringLater = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const method = args[0];
    if (typeof method !== 'function') return apply(native, self, args);
    push(self as object, { method, self: undefined, args: [], awaits: 'result' });
    return undefined;
  };
  spec.define(asyncPrototype, 'defer', deferringLater, always);
  // biome-ignore lint/correctness/useYield: steps that never wait
  const moving = function* (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) {
    const moved = apply(native, self, args) as object;
    const held = stacks.get(self as object);
    if (held !== undefined) {
      stacks.set(moved, held);
      stacks.delete(self as object);
    }
    return moved;
  };
  spec.define(asyncPrototype, 'move', moving, always);
  spec.define(
    asyncPrototype,
    'disposeAsync',
    function* (self, args, native) {
      const held = spec.isObject(self) ? stacks.get(self) : undefined;
      if (held === undefined || apply(isDisposed, self, [])) return apply(native, self, args);
      held.isTaken = true;
      const own: unknown = apply(native, self, args);
      function* whenSettled(value: unknown, goOn: () => Steps): Steps {
        const awaited = yield* p.awaitable(value);
        const failed = function* (_self: unknown, reasons: ArrayLike<unknown>): Steps {
          spoil(held as Resources, reasons[0]);
          return yield* goOn();
        };
        return apply(then, apply(resolve, Promise, [awaited]), [spec.make('', 1, goOn), spec.make('', 1, failed)]);
      }
      // biome-ignore lint/correctness/useYield: for where steps are asked for
      function* end(): Steps {
        disposed(held as Resources);
        return undefined;
      }
      function* next(): Steps {
        while ((held as Resources).list.length > 0) {
          let result: unknown;
          try {
            result = yield* disposeLast(held as Resources);
          } catch (error) {
            spoil(held as Resources, error);
            continue;
          }
          return yield* whenSettled(result, next);
        }
        return yield* whenSettled(own, end);
      }
      try {
        return apply(resolve, Promise, [yield* next()]);
      } catch (error) {
        return apply(reject, Promise, [error]);
      }
    },
    always,
  );
}
