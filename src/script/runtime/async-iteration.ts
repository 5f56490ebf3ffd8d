import type { Protocol } from './protocol.ts';
import type { AnyFunction, Iteration, Steps } from './twin-call.ts';

/** `for await`, and `yield*` in async generators, under the twin protocol; evaluated in the realm (self-contained). */
export function installAsyncIteration(p: Protocol): void {
  const { apply } = p;
  const { create } = Object;
  const { begin, open, step, close, isPlainArray } = p.iteration;
  const nativeResolve = p.NativePromise.resolve as AnyFunction;
  /** Its reactions are the virtual user's, in its turn, and may wait. */
  const then = p.NativePromise.prototype.then as unknown as AnyFunction;
  const isObject = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  // for await: the loop is compiled, the protocol's calls are here.
  function* openAsync(iterable: unknown): Steps<Iteration> {
    const method = yield* p.read(iterable, Symbol.asyncIterator);
    if (method === undefined || method === null) return yield* open(iterable);
    const iterator = yield* p.call(method, iterable, []);
    return begin(null, iterator, yield* p.read(iterator, 'next'), false);
  }
  /** The next result of an iterator that is not asynchronous: its value is awaited. */
  function* nextOfSync(i: Iteration): Steps {
    if (!(yield* step(i))) return { done: true, value: undefined };
    const value = yield* p.awaitable(i.value);
    const awaited = apply(nativeResolve, p.NativePromise, [value]);
    return apply(p.nativeThen, awaited, [(settled: unknown) => ({ done: false, value: settled })]);
  }
  p.aiter = (iterable) => p.drive(openAsync(iterable));
  p.anext = (i) => {
    if (!i.sync) {
      i.done = true;
      return p.drive(p.call(i.next, i.iterator, []));
    }
    return p.drive(nextOfSync(i));
  };
  const refuseResult = (result: unknown): never => {
    throw new TypeError(`Iterator result ${String(result)} is not an object`);
  };
  function* take(i: Iteration, result: object): Steps<boolean> {
    const isDone = Boolean(yield* p.read(result, 'done'));
    i.value = isDone ? undefined : yield* p.read(result, 'value');
    i.done = isDone;
    return !isDone;
  }
  p.astep = (i, result) => {
    if (!isObject(result)) return refuseResult(result);
    if (p.armed) return p.drive(take(i, result));
    const isDone = Boolean(result.done);
    i.value = isDone ? undefined : result.value;
    i.done = isDone;
    return p.ret(!isDone);
  };
  /** What closing brings where there is nothing to be called. */
  const CLOSED = create(null) as object;
  const ignore = (): object => CLOSED;
  /** %AsyncFromSyncIteratorPrototype%.return */
  function* closeSync(iterator: object, method: unknown): Steps {
    const result = yield* p.call(method, iterator, []);
    if (!isObject(result)) throw new TypeError(`${String(result)} is not an object`);
    const value = yield* p.awaitable(yield* p.read(result, 'value'));
    return apply(p.nativeThen, apply(nativeResolve, p.NativePromise, [value]), [ignore]);
  }
  // AsyncIteratorClose: after a throw it keeps silent.
  p.aclose = (i) => {
    i.done = true;
    return p.drive(
      (function* (): Steps {
        const { iterator } = i;
        if (!isObject(iterator)) return CLOSED;
        try {
          const method = yield* p.read(iterator, 'return');
          if (method === undefined || method === null) return CLOSED;
          const result = i.sync ? yield* closeSync(iterator, method) : yield* p.call(method, iterator, []);
          if (!i.err) return result;
          const awaited = apply(nativeResolve, p.NativePromise, [yield* p.awaitable(result)]);
          return apply(p.nativeThen, awaited, [ignore, ignore]);
        } catch (error) {
          if (!i.err) throw error;
          return CLOSED;
        }
      })(),
    );
  };
  p.aclosed = (result) => {
    if (!isObject(result)) throw new TypeError(`${String(result)} is not an object`);
  };

  /** A promise of the same as the value. */
  function* promiseOf(value: unknown): Steps {
    return apply(nativeResolve, p.NativePromise, [yield* p.awaitable(value)]);
  }
  /** AsyncFromSyncIteratorContinuation; `closes` if the iterator is to be closed where its value is a promise that is rejected. */
  function* continuation(i: Iteration, result: unknown, closes: boolean): Steps {
    if (!isObject(result)) return refuseResult(result);
    const done = Boolean(yield* p.read(result, 'done'));
    const value = yield* promiseOf(yield* p.read(result, 'value'));
    const failed = p.spec.make('', 1, function* (_self, reasons) {
      i.err = true;
      yield* close(i);
      throw reasons[0];
    });
    return apply(then, value, [
      p.native((settled: unknown) => ({ value: settled, done })),
      done || !closes ? undefined : failed,
    ]);
  }
  function* nextOf(i: Iteration, received: unknown): Steps {
    if (!i.sync) return yield* p.call(i.next, i.iterator, [received]);
    if (i.list === null) return yield* continuation(i, yield* p.call(i.next, i.iterator, [received]), true);
    const done = !(yield* step(i));
    return yield* continuation(i, { value: i.value, done }, false);
  }
  function* returnOf(i: Iteration, received: unknown): Steps {
    const method = i.list === null ? yield* p.read(i.iterator, 'return') : undefined;
    if (method === undefined || method === null) {
      if (i.sync) return { value: received, done: true };
      return apply(then, yield* promiseOf(received), [p.native((value: unknown) => ({ value, done: true }))]);
    }
    const result = yield* p.call(method, i.iterator, [received]);
    return i.sync ? yield* continuation(i, result, false) : result;
  }
  function* throwOf(i: Iteration, error: unknown): Steps {
    const method = i.list === null ? yield* p.read(i.iterator, 'throw') : undefined;
    if (method !== undefined && method !== null) {
      const result = yield* p.call(method, i.iterator, [error]);
      return i.sync ? yield* continuation(i, result, true) : result;
    }
    const refuse = (): never => {
      throw new TypeError("The iterator does not provide a 'throw' method");
    };
    if (i.sync) {
      yield* close(i);
      return refuse();
    }
    const closing = yield* p.read(i.iterator, 'return');
    if (closing === undefined || closing === null) return refuse();
    const closed = yield* promiseOf(yield* p.call(closing, i.iterator, []));
    return apply(then, closed, [
      p.native((result: unknown) => {
        p.aclosed(result);
        return refuse();
      }),
    ]);
  }
  p.adeleg = (activation, iterable) => {
    if (isPlainArray(iterable) || typeof iterable === 'string') {
      activation.a(undefined);
      return p.ret(iterable);
    }
    return p.drive(
      (function* (): Steps {
        const i = yield* openAsync(iterable);
        return p.relay(activation, {
          next: (value) => nextOf(i, value),
          return: (value) => returnOf(i, value),
          throw: (error) => throwOf(i, error),
        });
      })(),
    );
  };
}
