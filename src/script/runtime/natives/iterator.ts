import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Iteration, Steps } from '../twin-call.ts';

/** Twins of the iterator helpers (ECMA-262 §27.1.4); evaluated in the realm (self-contained). */
export function installIteratorNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply } = p;
  const { begin } = p.iteration;
  const { trunc } = Math;
  const { create } = Object;
  const iteratorSymbol = Symbol.iterator;
  const IteratorClass = (globalThis as unknown as { Iterator?: { prototype: object } }).Iterator;
  if (IteratorClass === undefined) return;
  const { prototype } = IteratorClass;
  const blocks = (self: unknown): boolean => spec.isObject(self) && (p.armed || spec.stepBlocks(self));

  function* direct(self: unknown): Steps<Iteration> {
    return begin(null, self, yield* spec.get(self as object, 'next'));
  }

  /** If the steps throw, the source is closed. */
  function* orClosed<Result>(open: Iteration, steps: Steps<Result>): Steps<Result> {
    try {
      return yield* steps;
    } catch (error) {
      yield* spec.closeQuietly(open);
      throw error;
    }
  }
  const guarded = (open: Iteration, fn: unknown, args: unknown[]): Steps => orClosed(open, p.call(fn, undefined, args));

  type Eager = (open: Iteration, fn: unknown, args: ArrayLike<unknown>) => Steps;
  const defineEager = (key: string, body: Eager, takesFunction = true): void =>
    spec.define(
      prototype,
      key,
      function* (self, args, native) {
        if (!spec.isObject(self) || (takesFunction && typeof args[0] !== 'function'))
          return yield* p.invoke(native, self, args);
        return yield* body(yield* direct(self), args[0], args);
      },
      blocks,
    );
  defineEager('forEach', function* (open, fn) {
    let k = 0;
    for (let step = yield* spec.next(open); step; step = yield* spec.next(open))
      yield* guarded(open, fn, [step.value, k++]);
    return undefined;
  });
  const defineSearch = (key: string, stopsAt: boolean, found: (value: unknown) => unknown, none: unknown): void =>
    defineEager(key, function* (open, fn) {
      let k = 0;
      for (let step = yield* spec.next(open); step; step = yield* spec.next(open)) {
        if (Boolean(yield* guarded(open, fn, [step.value, k++])) !== stopsAt) continue;
        yield* spec.close(open);
        return found(step.value);
      }
      return none;
    });
  defineSearch('some', true, () => true, false);
  defineSearch('every', false, () => false, true);
  defineSearch('find', true, (value) => value, undefined);
  defineEager('reduce', function* (open, fn, args) {
    let value: unknown;
    let k = 0;
    if (args.length > 1) value = args[1];
    else {
      const first = yield* spec.next(open);
      if (!first) throw new TypeError('Reduce of a done iterator with no initial value');
      value = first.value;
      k = 1;
    }
    for (let step = yield* spec.next(open); step; step = yield* spec.next(open))
      value = yield* guarded(open, fn, [value, step.value, k++]);
    return value;
  });
  defineEager(
    'toArray',
    function* (open) {
      const values: unknown[] = [];
      for (let step = yield* spec.next(open); step; step = yield* spec.next(open)) values[values.length] = step.value;
      return values;
    },
    false,
  );

  /** What a helper of ours does when it is asked. */
  interface Helper {
    readonly next: () => Steps;
    readonly return: () => Steps;
  }
  const helpers: WeakMap<object, Helper> = new p.WeakMap();
  /** Lets objects of ours, too, be asked by the methods that the engine's own inherit. */
  const share = (shared: object): void => {
    for (const key of ['next', 'return'] as const) {
      const native = (shared as Record<string, AnyFunction>)[key] as AnyFunction;
      const twin = function (this: unknown): unknown {
        const own = helpers.get(this as object);
        if (own !== undefined) return p.drive(own[key]());
        try {
          return p.ret(apply(native, this, []));
        } catch (error) {
          return p.thr(error);
        }
      };
      const method = {
        [key](this: unknown): unknown {
          return helpers.has(this as object) ? p.sync(twin, this, []) : apply(native, this, []);
        },
      }[key] as AnyFunction;
      const value = p.native(p.st(method, twin)) as AnyFunction;
      // The engine makes those of its own only of what does not block.
      spec.blocksFor(value, (self) => helpers.has(self));
      Object.defineProperty(shared, key, { value, writable: true, configurable: true, enumerable: false });
    }
  };
  const empty = { __proto__: prototype, next: () => ({ done: true }) } as unknown as IteratorObject<unknown>;
  const helperPrototype = Object.getPrototypeOf(empty.take(0)) as object;
  const wrapPrototype = Object.getPrototypeOf(
    (IteratorClass as unknown as { from(value: object): object }).from({ next: () => ({ done: true }) }),
  ) as object;
  share(helperPrototype);
  share(wrapPrototype);
  const made = (shared: object, own: Helper): object => {
    const object = create(shared) as object;
    helpers.set(object, own);
    return object;
  };

  /** A helper object whose `next` and `return` may block; `close` ends what it takes from. */
  function helper(
    advance: () => Generator<unknown, { value: unknown } | undefined, unknown>,
    close: () => Steps,
  ): object {
    let done = false;
    let isRunning = false;
    function* alone(steps: () => Steps): Steps {
      if (isRunning) throw new TypeError('Generator is already running');
      isRunning = true;
      try {
        return yield* steps();
      } finally {
        isRunning = false;
      }
    }
    return made(helperPrototype, {
      next: () =>
        alone(function* () {
          if (done) return { value: undefined, done: true };
          try {
            const step = yield* advance();
            if (step !== undefined) return { value: step.value, done: false };
          } catch (error) {
            done = true;
            throw error;
          }
          done = true;
          return { value: undefined, done: true };
        }),
      return: () =>
        alone(function* () {
          if (!done) {
            done = true;
            yield* close();
          }
          return { value: undefined, done: true };
        }),
    });
  }

  type Lazy = (
    open: Iteration,
    arg: unknown,
  ) => {
    readonly advance: () => Generator<unknown, { value: unknown } | undefined, unknown>;
    /** What is to be closed before the source. */
    readonly inner?: () => Iteration | undefined;
  };
  const defineLazy = (key: string, takesFunction: boolean, body: Lazy): void =>
    spec.define(
      prototype,
      key,
      function* (self, args, native) {
        if (!spec.isObject(self)) return yield* p.invoke(native, self, args);
        const argument = takesFunction ? args[0] : yield* spec.toNumber(args[0]);
        if (takesFunction ? typeof argument !== 'function' : !((argument as number) >= 0))
          return yield* p.invoke(native, self, [argument]);
        const open = yield* direct(self);
        const { advance, inner } = body(open, argument);
        return helper(advance, function* () {
          const first = inner?.();
          if (first !== undefined) yield* orClosed(open, spec.close(first));
          return yield* spec.close(open);
        });
      },
      blocks,
    );
  defineLazy('map', true, (open, fn) => {
    let k = 0;
    const advance = function* () {
      const step = yield* spec.next(open);
      return step && { value: yield* guarded(open, fn, [step.value, k++]) };
    };
    return { advance };
  });
  defineLazy('filter', true, (open, fn) => {
    let k = 0;
    const advance = function* () {
      for (let step = yield* spec.next(open); step; step = yield* spec.next(open)) {
        if (yield* guarded(open, fn, [step.value, k++])) return step;
      }
      return undefined;
    };
    return { advance };
  });
  defineLazy('take', false, (open, limit) => {
    let left = trunc(limit as number);
    const advance = function* () {
      if (left <= 0) {
        yield* spec.close(open);
        return undefined;
      }
      left--;
      return yield* spec.next(open);
    };
    return { advance };
  });
  defineLazy('drop', false, (open, limit) => {
    let left = trunc(limit as number);
    const advance = function* () {
      for (; left > 0; left--) if (!(yield* spec.next(open))) return undefined;
      return yield* spec.next(open);
    };
    return { advance };
  });
  defineLazy('flatMap', true, (open, fn) => {
    let k = 0;
    let inner: Iteration | undefined;
    /** GetIteratorFlattenable */
    function* flattened(mapped: unknown): Steps<Iteration> {
      if (!spec.isObject(mapped)) throw new TypeError(`${String(mapped)} is not an object`);
      const method = yield* spec.get(mapped, iteratorSymbol);
      return method === undefined || method === null ? yield* direct(mapped) : yield* spec.open(mapped, method);
    }
    const advance = function* () {
      for (;;) {
        if (inner !== undefined) {
          const step = yield* orClosed(open, spec.next(inner));
          if (step !== undefined) return step;
          inner = undefined;
        }
        const outer = yield* spec.next(open);
        if (outer === undefined) return undefined;
        inner = yield* orClosed(open, flattened(yield* guarded(open, fn, [outer.value, k++])));
      }
    };
    return { advance, inner: () => inner };
  });
  spec.define(
    IteratorClass as object,
    'concat',
    function* (self, args, native: AnyFunction) {
      const sources: { readonly iterable: object; readonly method: unknown }[] = [];
      for (let i = 0; i < args.length; i++) {
        const iterable = args[i];
        const method = spec.isObject(iterable) ? yield* spec.get(iterable, iteratorSymbol) : undefined;
        // The engine says what is wrong with it.
        if (typeof method !== 'function') return apply(native, self, [spec.isObject(iterable) ? {} : iterable]);
        p.put(sources, i, { iterable: iterable as object, method });
      }
      let at = 0;
      let inner: Iteration | undefined;
      return helper(
        function* () {
          for (;;) {
            if (inner === undefined) {
              const source = sources[at++];
              if (source === undefined) return undefined;
              inner = yield* spec.open(source.iterable, source.method);
            }
            const step = yield* spec.next(inner);
            if (step !== undefined) return step;
            inner = undefined;
          }
        },
        function* () {
          if (inner !== undefined) yield* spec.close(inner);
          return undefined;
        },
      );
    },
    (_self, args) => {
      for (let i = 0; i < args.length; i++) if (spec.iteratesBlocking(args[i])) return true;
      return false;
    },
  );
  spec.define(
    IteratorClass as object,
    'from',
    function* (self, args, native: AnyFunction) {
      const source = args[0];
      if (!spec.isObject(source) || !spec.iteratesBlocking(source)) return yield* p.invoke(native, self, args);
      const method = yield* spec.get(source, iteratorSymbol);
      const open = method === undefined || method === null ? yield* direct(source) : yield* spec.open(source, method);
      // Of an array nothing has been asked yet.
      if (open.list !== null) return yield* p.call(method, source, []);
      return open.iterator instanceof (IteratorClass as unknown as new () => object)
        ? open.iterator
        : made(wrapPrototype, {
            next: () => p.call(open.next, open.iterator, []),
            *return() {
              const method = yield* spec.get(open.iterator as object, 'return');
              if (method === undefined || method === null) return { value: undefined, done: true };
              return yield* p.call(method, open.iterator, []);
            },
          });
    },
    (_self, args) => spec.iteratesBlocking(args[0]),
  );
}
