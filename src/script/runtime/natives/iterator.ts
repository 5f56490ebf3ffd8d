import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Iteration, Steps } from '../twin-call.ts';

/** Twins of the iterator helpers (ECMA-262 §27.1.4); evaluated in the realm (self-contained). */
export function installIteratorNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply, tw } = p;
  const { trunc } = Math;
  const iteratorSymbol = Symbol.iterator;
  const IteratorClass = (globalThis as unknown as { Iterator?: { prototype: object } }).Iterator;
  if (IteratorClass === undefined) return;
  const { prototype } = IteratorClass;
  const blocks = (self: unknown): boolean =>
    spec.isObject(self) && (p.armed || tw((self as unknown as { next?: unknown }).next) !== undefined);

  function* direct(self: unknown): Steps<Iteration> {
    return {
      value: undefined,
      done: false,
      err: false,
      list: null,
      index: 0,
      iterator: self,
      next: yield* spec.get(self as object, 'next'),
      up: undefined,
    };
  }

  /** Runs a callback; if it throws, the source is closed. */
  function* guarded(open: Iteration, fn: unknown, args: unknown[]): Steps {
    try {
      return yield* p.call(fn, undefined, args);
    } catch (error) {
      yield* spec.closeQuietly(open);
      throw error;
    }
  }

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

  /** A helper object whose `next` and `return` may block. */
  function helper(
    source: Iteration | (() => Iteration | undefined),
    advance: () => Generator<unknown, { value: unknown } | undefined, unknown>,
  ): object {
    const object = Object.create(prototype) as object;
    let done = false;
    const method = (name: string, steps: () => Steps): void =>
      void Object.defineProperty(object, name, {
        value: spec.make(name, 0, steps),
        writable: true,
        configurable: true,
        enumerable: false,
      });
    method('next', function* () {
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
    });
    method('return', function* () {
      if (!done) {
        done = true;
        const open = typeof source === 'function' ? source() : source;
        if (open !== undefined) yield* spec.close(open);
      }
      return { value: undefined, done: true };
    });
    Object.defineProperty(object, Symbol.toStringTag, { value: 'Iterator Helper', configurable: true });
    return object;
  }

  type Lazy = (open: Iteration, arg: unknown) => () => Generator<unknown, { value: unknown } | undefined, unknown>;
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
        return helper(open, body(open, argument));
      },
      blocks,
    );
  defineLazy('map', true, (open, fn) => {
    let k = 0;
    return function* () {
      const step = yield* spec.next(open);
      return step && { value: yield* guarded(open, fn, [step.value, k++]) };
    };
  });
  defineLazy('filter', true, (open, fn) => {
    let k = 0;
    return function* () {
      for (let step = yield* spec.next(open); step; step = yield* spec.next(open)) {
        if (yield* guarded(open, fn, [step.value, k++])) return step;
      }
      return undefined;
    };
  });
  defineLazy('take', false, (open, limit) => {
    let left = trunc(limit as number);
    return function* () {
      if (left <= 0) {
        yield* spec.close(open);
        return undefined;
      }
      left--;
      return yield* spec.next(open);
    };
  });
  defineLazy('drop', false, (open, limit) => {
    let left = trunc(limit as number);
    return function* () {
      for (; left > 0; left--) if (!(yield* spec.next(open))) return undefined;
      return yield* spec.next(open);
    };
  });
  defineLazy('flatMap', true, (open, fn) => {
    let k = 0;
    let inner: Iteration | undefined;
    return function* () {
      for (;;) {
        if (inner !== undefined) {
          let step: { value: unknown } | undefined;
          try {
            step = yield* spec.next(inner);
          } catch (error) {
            yield* spec.closeQuietly(open);
            throw error;
          }
          if (step !== undefined) return step;
          inner = undefined;
        }
        const outer = yield* spec.next(open);
        if (outer === undefined) return undefined;
        const mapped = yield* guarded(open, fn, [outer.value, k++]);
        if (!spec.isObject(mapped)) {
          yield* spec.closeQuietly(open);
          throw new TypeError(`${String(mapped)} is not an object`);
        }
        const method = yield* spec.get(mapped, iteratorSymbol);
        inner = method === undefined || method === null ? yield* direct(mapped) : yield* spec.open(mapped, method);
      }
    };
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
        () => inner,
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
      return open.iterator instanceof (IteratorClass as unknown as new () => object)
        ? open.iterator
        : helper(open, () => spec.next(open));
    },
    (_self, args) => spec.iteratesBlocking(args[0]),
  );
}
