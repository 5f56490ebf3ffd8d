import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/**
 * Twins of the static methods of promises (ECMA-262 §27.2.4), for programs where an iterator, a `then` or the constructor of a
 * subclass may block; evaluated in the realm (self-contained).
 */
export function installPromiseStatics(p: Protocol): void {
  const spec = p.spec;
  const { apply, NativePromise } = p;
  const nativeResolvers = NativePromise.withResolvers as AnyFunction;
  const NativeAggregateError = AggregateError;
  const { defineProperty } = Object;

  /** A promise and the functions that settle it. */
  interface Capability {
    readonly promise: unknown;
    readonly resolve: AnyFunction;
    readonly reject: AnyFunction;
  }
  /** NewPromiseCapability */
  function* capabilityOf(C: unknown): Generator<unknown, Capability, unknown> {
    if (C === NativePromise) {
      const made = apply(nativeResolvers, C, []) as Capability;
      const settle = p.resolvers;
      const [resolve, reject] = settle(made.resolve, made.reject);
      return { promise: made.promise, resolve, reject };
    }
    let resolve: unknown;
    let reject: unknown;
    const executor = (a: unknown, b: unknown): void => {
      if (resolve !== undefined || reject !== undefined)
        throw new TypeError('Promise executor has already been invoked');
      resolve = a;
      reject = b;
    };
    defineProperty(executor, 'name', { value: '', configurable: true });
    const promise = yield* p.construct(C, [p.native(executor)]);
    if (typeof resolve !== 'function' || typeof reject !== 'function')
      throw new TypeError('Promise resolve or reject function is not callable');
    return { promise, resolve: resolve as AnyFunction, reject: reject as AnyFunction };
  }

  /** Only the first call counts. */
  function once(steps: (value: unknown) => Steps): AnyFunction {
    let wasCalled = false;
    return p.native(
      spec.make('', 1, function* (_self, args) {
        if (wasCalled) return undefined;
        wasCalled = true;
        return yield* steps(args[0]);
      }),
    );
  }

  /** What `all`, `allSettled` and `any` gather: one of each promise, and the end when there is one of all. */
  class Gathering {
    readonly values: unknown[] = [];
    /** One for the walk through the promises itself. */
    missing = 1;
    readonly finish: (values: unknown[]) => Steps;
    constructor(finish: (values: unknown[]) => Steps) {
      this.finish = finish;
    }
    *count(): Steps {
      return --this.missing === 0 ? yield* this.finish(this.values) : undefined;
    }
    /** A function that puts one of what is gathered in its place. */
    place(index: number, shape: (value: unknown) => unknown): AnyFunction {
      return once((value) => this.put(index, shape(value)));
    }
    put(index: number, value: unknown): Steps {
      p.put(this.values, index, value);
      return this.count();
    }
  }

  /** What each promise gets for its `then`, in its turn; and what is to do when there are no more. */
  interface Combination {
    handlers(index: number): readonly [AnyFunction, AnyFunction];
    end(): Steps;
  }
  const same = (value: unknown): unknown => value;
  function gather(gathering: Gathering, handlers: (index: number) => readonly [AnyFunction, AnyFunction]): Combination {
    return {
      handlers(index) {
        gathering.missing++;
        p.put(gathering.values, index, undefined);
        return handlers(index);
      },
      end: () => gathering.count(),
    };
  }
  const COMBINATIONS: Readonly<Record<string, (capability: Capability) => Combination>> = {
    // The first that settles ends it.
    race: ({ resolve, reject }) => ({ handlers: () => [resolve, reject], end: function* () {} as () => Steps }),
    all({ resolve, reject }) {
      const gathering = new Gathering((values) => p.call(resolve, undefined, [values]));
      return gather(gathering, (index) => [gathering.place(index, same), reject]);
    },
    allSettled({ resolve }) {
      const gathering = new Gathering((values) => p.call(resolve, undefined, [values]));
      return gather(gathering, (index) => {
        // Of the two functions of a promise, the first that is called counts.
        let wasCalled = false;
        const settled = (shape: (value: unknown) => unknown): AnyFunction =>
          once(function* (value) {
            if (wasCalled) return undefined;
            wasCalled = true;
            return yield* gathering.put(index, shape(value));
          });
        return [
          settled((value) => ({ status: 'fulfilled', value })),
          settled((reason) => ({ status: 'rejected', reason })),
        ];
      });
    },
    any({ resolve, reject }) {
      const gathering = new Gathering((errors) =>
        p.call(reject, undefined, [new NativeAggregateError(errors, 'All promises were rejected')]),
      );
      return gather(gathering, (index) => [resolve, gathering.place(index, same)]);
    },
  };

  const blocks = (self: unknown, args: ArrayLike<unknown>): boolean =>
    typeof self === 'function' && spec.iteratesBlocking(args[0]);
  for (const key of ['race', 'all', 'allSettled', 'any'] as const) {
    spec.define(
      NativePromise,
      key,
      function* (self, args, native) {
        if (typeof self !== 'function') return yield* p.invoke(native, self, args);
        const capability = yield* capabilityOf(self);
        try {
          yield* combine(self, args[0], (COMBINATIONS[key] as (capability: Capability) => Combination)(capability));
        } catch (error) {
          yield* p.call(capability.reject, undefined, [error]);
        }
        return capability.promise;
      },
      blocks,
    );
  }
  function* combine(C: object, iterable: unknown, { handlers, end }: Combination): Steps {
    const resolve = yield* spec.get(C, 'resolve');
    if (typeof resolve !== 'function') throw new TypeError('Promise resolve or reject function is not callable');
    const open = yield* spec.open(iterable);
    let index = 0;
    for (let step = yield* spec.next(open); step !== undefined; step = yield* spec.next(open)) {
      try {
        const promise = yield* p.call(resolve, C, [step.value]);
        const [done, fail] = handlers(index++);
        yield* p.call(yield* spec.get(promise as object, 'then'), promise, [done, fail]);
      } catch (error) {
        yield* spec.closeQuietly(open);
        throw error;
      }
    }
    return yield* end();
  }

  // Of a subclass, whose constructor may block.
  const isSubclass = (self: unknown): boolean => typeof self === 'function' && self !== NativePromise && p.armed;
  /** PromiseResolve for such a class. */
  function* resolveIn(C: unknown, value: unknown): Steps {
    if (value instanceof NativePromise && (yield* spec.get(value, 'constructor')) === C) return value;
    const { promise, resolve } = yield* capabilityOf(C);
    yield* p.call(resolve, undefined, [value]);
    return promise;
  }
  p.resolveIn = resolveIn;
  spec.define(NativePromise, 'resolve', (self, args) => resolveIn(self, args[0]), isSubclass);
  spec.define(
    NativePromise,
    'reject',
    function* (self, args) {
      const { promise, reject } = yield* capabilityOf(self);
      yield* p.call(reject, undefined, [args[0]]);
      return promise;
    },
    isSubclass,
  );
  spec.define(
    NativePromise,
    'withResolvers',
    function* (self) {
      const { promise, resolve, reject } = yield* capabilityOf(self);
      return { promise, resolve, reject };
    },
    isSubclass,
  );
}
