import type { Protocol } from './protocol.ts';
import type { VuHandle } from './protocol-host.ts';
import type { AnyFunction, Replay, Steps } from './twin-call.ts';

/**
 * Promises under the lock of a virtual user; evaluated in the realm (self-contained). A reaction or a continuation after
 * `await` runs only while no job of its VU is suspended, one at a time, in the order in which it became due. Reactions
 * that need not wait run in exactly the tick in which they would without us.
 */
export function installPromises(p: Protocol): void {
  const { apply, nativeThen, NativePromise, tw } = p;
  const nativeResolve = NativePromise.resolve as AnyFunction;
  const owners = new p.WeakMap<object, VuHandle>();

  const isObject = (v: unknown): v is object => (typeof v === 'object' && v !== null) || typeof v === 'function';

  /** The program has objects whose `then` may block. */
  let awaitsThenables = false;
  const isNativePromise = (value: object): boolean =>
    value instanceof NativePromise && (!awaitsThenables || (value as { then?: unknown }).then === methods.then);

  const { getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  /** Calls nothing: what cannot be seen without a call may be one. */
  function mayBeThenable(value: object): boolean {
    for (let object: object | null = value; object !== null; object = getPrototypeOf(object)) {
      if (p.host.isProxy(object)) return true;
      const descriptor = getOwnPropertyDescriptor(object, 'then');
      if (descriptor !== undefined) return !('value' in descriptor) || typeof descriptor.value === 'function';
    }
    return false;
  }

  /**
   * Whether a promise that is resolved with the value would have the engine call its `then`, or what brings it: outside of the
   * VU's lock, and without waiting.
   */
  function isAdopted(value: unknown): value is object {
    if (!isObject(value) || value instanceof Later || value instanceof Adoption || isNativePromise(value)) return false;
    return awaitsThenables ? mayBeThenable(value) : typeof (value as { then?: unknown }).then === 'function';
  }
  /** The same of what a promise follows: the engine would resolve it with what another promise brings. */
  const isFollowed = (value: unknown): value is object =>
    isAdopted(value) || (awaitsThenables && isObject(value) && isNativePromise(value));
  const ignore = (): void => {};
  /** Reads the `then` of such a value, at once as the language does, and brings what stands for it. */
  function* adopt(value: object): Steps {
    // Its `then` is called later, which must not make it one that nobody handles.
    if (isNativePromise(value)) apply(nativeThen, value, [ignore, ignore]);
    const { value: then, replay } = yield* p.foresee(() => (value as { then: unknown }).then);
    return new Adoption(p.vu as VuHandle, value, then, replay);
  }
  /** Hands on what a promise is resolved with: at once, unless reading its `then` has to wait. */
  function resolveWith(vu: VuHandle, value: unknown, done: (value: unknown) => void, fail: (e: unknown) => void): void {
    if (!isFollowed(value)) {
      done(value);
      return;
    }
    const blocked = p.drive(adopt(value));
    const settle = (take: () => unknown): void => {
      let awaited: unknown;
      try {
        awaited = take();
      } catch (error) {
        fail(error);
        return;
      }
      done(awaited);
    };
    if (p.d !== 0) settle(() => p.take());
    else apply(nativeThen, blocked, [(x: unknown) => settle(() => vu.un(x))]);
  }
  /** Stands for such a thenable: native code calls its `then`, which calls the thenable's in a turn of the VU. */
  class Adoption {
    #vu: VuHandle;
    #value: object;
    #then: unknown;
    #replay: Replay;
    constructor(vu: VuHandle, value: object, then: unknown, replay: Replay) {
      this.#vu = vu;
      this.#value = value;
      this.#then = then;
      this.#replay = replay;
    }
    /** Settles a promise by its own functions: what has no `then` to be called settles it at once, as in the language. */
    static settle(awaited: unknown, resolve: (value: unknown) => void): void {
      if (awaited instanceof Adoption && typeof awaited.#then !== 'function')
        awaited.then(resolve as AnyFunction, ignore);
      else resolve(awaited);
    }
    then(resolve: AnyFunction, reject: AnyFunction): void {
      const value = this.#value;
      const then = this.#then;
      if (typeof then !== 'function') {
        // The engine reads it again.
        p.under(this.#replay, () => resolve(value));
        return;
      }
      const vu = this.#vu;
      const [done, fail] = resolvers(resolve, reject);
      const job = p.st(
        () => {},
        () => p.drive(p.call(then, value, [done, fail])),
      );
      reaction(vu, undefined, () => p.job(vu, job, undefined, [], () => {}, fail as (e: unknown) => void))(undefined);
    }
  }
  /** The two functions that settle a promise, in place of the engine's: only the first call of either counts. */
  function resolvers(resolve: AnyFunction, reject: AnyFunction): readonly [AnyFunction, AnyFunction] {
    let isSettled = false;
    const done: AnyFunction = (value) => p.sync(tw(done) as AnyFunction, undefined, [value]);
    p.define(done, function* (_self, args) {
      if (isSettled) return undefined;
      isSettled = true;
      try {
        const value = args[0];
        Adoption.settle(isFollowed(value) && p.vu !== undefined ? yield* adopt(value) : value, resolve);
      } catch (error) {
        reject(error);
      }
      return undefined;
    });
    const fail: AnyFunction = (error) => {
      if (isSettled) return undefined;
      isSettled = true;
      return reject(error);
    };
    return [p.native(unnamed(done)), p.native(unnamed(fail))];
  }
  /** The functions that the language hands out have no name. */
  const unnamed = (f: AnyFunction): AnyFunction =>
    Object.defineProperty(f, 'name', { value: '', configurable: true }) as AnyFunction;
  p.awaitThenables = () => {
    if (awaitsThenables) return;
    awaitsThenables = true;
    const nativeReject = NativePromise.reject as AnyFunction;
    const nativeResolvers = NativePromise.withResolvers as AnyFunction;
    const redefine = (key: 'resolve' | 'withResolvers', value: AnyFunction): void =>
      p.redefineBuiltIn(NativePromise, key, { value: p.native(value), writable: true, configurable: true });
    const resolve = {
      resolve(this: unknown, value: unknown): unknown {
        return p.sync(tw(resolve) as AnyFunction, this, [value]);
      },
    }.resolve as AnyFunction;
    p.define(resolve, function* (self, args) {
      const value = args[0];
      if (typeof self === 'function' && self !== NativePromise) return yield* p.resolveIn(self, value);
      if (self === NativePromise && isObject(value) && isNativePromise(value) && p.vu !== undefined) {
        const { value: C, replay } = yield* p.foresee(() => value.constructor as unknown);
        if (C === self) return value;
        let made: unknown;
        p.under(replay, () => {
          made = apply(nativeResolve, self, [value]);
        });
        return made;
      }
      if (!isAdopted(value) || p.vu === undefined) return apply(nativeResolve, self, [value]);
      let awaited: unknown;
      try {
        awaited = yield* adopt(value);
      } catch (error) {
        return apply(nativeReject, self, [error]);
      }
      const made = apply(nativeResolvers, self, []) as { promise: unknown; resolve: AnyFunction };
      Adoption.settle(awaited, made.resolve);
      return made.promise;
    });
    redefine('resolve', resolve);
    const making = {
      withResolvers(this: unknown): unknown {
        const made = apply(nativeResolvers, this, []) as { resolve: AnyFunction; reject: AnyFunction };
        const [done, fail] = p.resolvers(made.resolve, made.reject);
        made.resolve = done;
        made.reject = fail;
        return made;
      },
    }.withResolvers as AnyFunction;
    redefine('withResolvers', making);
  };
  const withResolvers = NativePromise.withResolvers as AnyFunction;
  const promiseTry = (NativePromise as unknown as Record<string, AnyFunction | undefined>)['try'];
  if (promiseTry !== undefined)
    p.define(promiseTry, function* (self, args) {
      const made = apply(withResolvers, self, []) as { promise: unknown; resolve: AnyFunction; reject: AnyFunction };
      const list: unknown[] = [];
      for (let i = 1; i < args.length; i++) list[i - 1] = args[i];
      try {
        const value = yield* p.call(args[0], undefined, list);
        Adoption.settle(isFollowed(value) ? yield* adopt(value) : value, made.resolve);
      } catch (error) {
        made.reject(error);
      }
      return made.promise;
    });
  p.resolvers = (resolve, reject) =>
    awaitsThenables && p.vu !== undefined ? resolvers(resolve, reject) : [resolve, reject];
  p.awaitable = function* (value) {
    return isAdopted(value) && p.vu !== undefined ? yield* adopt(value) : value;
  };
  p.resolvesThenables = () => awaitsThenables;

  /** Stands for the result of a reaction that could not finish at once; native code calls `then` on it. */
  class Later {
    #resolve: ((v: unknown) => void) | undefined;
    #reject: ((e: unknown) => void) | undefined;
    #state: 0 | 1 | 2 = 0;
    #value: unknown;
    then(resolve: (v: unknown) => void, reject: (e: unknown) => void): void {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#state !== 0) this.settle(this.#state, this.#value);
    }
    settle(state: 1 | 2, value: unknown): void {
      this.#state = state;
      this.#value = value;
      if (state === 1) this.#resolve?.(value);
      else this.#reject?.(value);
    }
  }

  /** Runs a reaction now. Returns its result, throws, or returns a Later if it is suspended. */
  function react(vu: VuHandle, twin: AnyFunction | undefined, plain: AnyFunction, value: unknown): unknown {
    p.vu = vu;
    p.last = vu;
    try {
      let result: unknown;
      if (twin === undefined) result = apply(plain, undefined, [value]);
      else {
        const promise = apply(twin, undefined, [value]);
        if (p.d === 0) return goOnLater(vu, promise);
        result = p.take();
      }
      if (!isFollowed(result)) return result;
      const blocked = p.drive(adopt(result));
      return p.d === 0 ? goOnLater(vu, blocked) : p.take();
    } finally {
      p.vu = undefined;
    }
  }

  /** The result of a reaction that has been suspended. */
  function goOnLater(vu: VuHandle, suspended: unknown): Later {
    const later = new Later();
    const { epoch } = vu;
    const end = (state: 1 | 2, value: unknown): void => {
      if (state === 2) p.last = vu;
      later.settle(state, value);
      p.vu = undefined;
      vu.release();
    };
    const fail = (error: unknown): void => end(2, error);
    apply(nativeThen, suspended, [
      (x: unknown) => {
        if (vu.epoch !== epoch) return;
        let value: unknown;
        try {
          value = vu.un(x);
        } catch (error) {
          fail(error);
          return;
        }
        resolveWith(vu, value, (v) => end(1, v), fail);
      },
    ]);
    return later;
  }

  function reaction(vu: VuHandle, twin: AnyFunction | undefined, plain: AnyFunction): (value: unknown) => unknown {
    const { epoch } = vu;
    return (value) => {
      if (vu.epoch !== epoch) return new Later();
      if (!vu.locked && vu.micro.isEmpty) return react(vu, twin, plain, value);
      const later = new Later();
      vu.micro.push(() => {
        try {
          const result = react(vu, twin, plain, value);
          if (result instanceof Later)
            result.then(
              (v) => later.settle(1, v),
              (e) => later.settle(2, e),
            );
          else later.settle(1, result);
        } catch (error) {
          later.settle(2, error);
        }
      });
      return later;
    };
  }

  const { species } = Symbol;
  /** SpeciesConstructor */
  function speciesOf(promise: object): unknown {
    const C = promise.constructor as unknown;
    const found = isObject(C) ? (C as unknown as Record<symbol, unknown>)[species] : undefined;
    return found === undefined || found === null ? NativePromise : found;
  }

  const methods = {
    then(this: unknown, onFulfilled: unknown, onRejected: unknown): unknown {
      const { vu } = p;
      if (vu === undefined) return apply(nativeThen, this, [onFulfilled, onRejected]);
      return apply(nativeThen, this, [
        typeof onFulfilled === 'function' ? reaction(vu, tw(onFulfilled), onFulfilled as AnyFunction) : onFulfilled,
        typeof onRejected === 'function' ? reaction(vu, tw(onRejected), onRejected as AnyFunction) : onRejected,
      ]);
    },
    finally(this: unknown, onFinally: unknown): unknown {
      if (typeof onFinally !== 'function')
        return (this as Promise<unknown>).then(onFinally as never, onFinally as never);
      const C = speciesOf(this as object);
      const passed = (value: unknown): unknown => value;
      const thrown = (error: unknown): never => {
        throw error;
      };
      const both = (after: (x: unknown) => unknown): AnyFunction => {
        const f: AnyFunction = (x) => p.sync(tw(f) as AnyFunction, undefined, [x]);
        p.define(f, function* (_self, args) {
          const result = yield* p.call(onFinally, undefined, []);
          if (C !== NativePromise) {
            const waited = yield* p.resolveIn(C, result);
            const then = yield* p.read(waited, 'then');
            return yield* p.call(then, waited, [() => after(args[0])]);
          }
          const awaited = isAdopted(result) ? yield* adopt(result) : result;
          return apply(nativeThen, apply(nativeResolve, NativePromise, [awaited]), [() => after(args[0])]);
        });
        return f;
      };
      return (this as Promise<unknown>).then(both(passed), both(thrown));
    },
  };
  for (const key of ['then', 'finally'] as const) {
    Object.defineProperty(methods[key], 'length', { value: key === 'then' ? 2 : 1, configurable: true });
    Object.defineProperty(NativePromise.prototype, key, {
      value: p.native(methods[key]),
      writable: true,
      configurable: true,
    });
  }

  /**
   * Only which constructor makes its promise is asked for beforehand: the engine could not run it again once it has begun to construct a
   * promise of a subclass.
   */
  p.armPromises = () =>
    p.define(methods.then, function* (self, args) {
      const then = (): unknown => apply(methods.then as AnyFunction, self, args);
      if (!isObject(self) || !isNativePromise(self)) return then();
      const { replay } = yield* p.foresee(() => speciesOf(self as object));
      if (replay.log.length === 0) return then();
      let made: unknown;
      p.under(replay, () => {
        made = then();
      });
      return made;
    });

  /** One activation of an async function of the script (or of the module's top level). */
  class Activation {
    vu: VuHandle;
    epoch: number;
    /** The call phase is over: the caller has its promise, what runs now is a job of its own. */
    left = false;
    /** At an `await`: the VU may be another job's. */
    awaiting = false;
    /** Of an async generator: resumed by the call of `next` (…) that is going on, so within its caller's turn. */
    requested = false;
    promise: Promise<unknown>;
    #resolve!: (v: unknown) => void;
    #reject!: (e: unknown) => void;
    wake: ((v: unknown) => void) | undefined;
    constructor(vu: VuHandle) {
      this.vu = vu;
      this.epoch = vu.epoch;
      this.promise = new NativePromise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      });
    }
    leave(): void {
      if (!this.left) {
        this.left = true;
        this.wake?.(p.box(this.promise));
        return;
      }
      p.vu = undefined;
      if (this.vu.locked) this.vu.release();
    }
    /** About to await `value`: ends the call phase, or this job. */
    a(value: unknown): unknown {
      if (isAdopted(value)) return this.#adopt(value);
      this.awaiting = true;
      this.leave();
      return value;
    }
    #adopt(value: object): Promise<unknown> {
      return new NativePromise((resolve, reject) => {
        const goOn =
          (act: (x: unknown) => void) =>
          (x: unknown): void => {
            this.awaiting = true;
            this.leave();
            act(x);
          };
        resolveWith(
          this.vu,
          value,
          goOn((awaited) => Adoption.settle(awaited, resolve)),
          goOn(reject),
        );
      });
    }
    /** Resumed: true if the VU is not free, then wait for the turn. */
    r(): boolean {
      const { vu } = this;
      this.awaiting = false;
      if (this.requested) {
        this.left = false;
        return false;
      }
      if (vu.epoch !== this.epoch || vu.locked || !vu.micro.isEmpty) return true;
      p.vu = vu;
      p.last = vu;
      return false;
    }
    t(): Promise<unknown> {
      const { vu } = this;
      return new NativePromise((resolve) => {
        if (vu.epoch !== this.epoch) return;
        vu.micro.push(() => {
          // Handed over: the continuation runs a tick later, nothing else of this VU may come between.
          vu.locked = true;
          resolve(undefined);
        });
      });
    }
    s(): void {
      p.vu = this.vu;
      p.last = this.vu;
    }
    /** The end of an async generator's body, which may have thrown within an armed operation. */
    end(): void {
      p.a = 0;
      if (!this.awaiting) this.leave();
      this.awaiting = true;
    }
    done(value: unknown): void {
      if (this.vu.epoch !== this.epoch) return;
      resolveWith(
        this.vu,
        value,
        (awaited) => {
          Adoption.settle(awaited, this.#resolve);
          this.leave();
        },
        (error) => this.fail(error),
      );
    }
    fail(error: unknown): void {
      p.seen(error);
      p.a = 0;
      if (this.vu.epoch !== this.epoch) return;
      owners.set(this.promise, this.vu);
      this.#reject(error);
      // A rejected await that nothing catches: this job never got the VU, so it has nothing to give back.
      if (!this.awaiting) this.leave();
    }
  }

  const asyncPrototype = Object.getPrototypeOf(async () => {}) as object;
  const { create, defineProperty, freeze, setPrototypeOf } = Object;
  const NativeProxy = Proxy;
  p.asyncw = (f, twin) => setPrototypeOf(p.st(f, twin), asyncPrototype) as object;
  /** Twin protocol for calling an async function: completes with its promise once the call phase is over. */
  p.acall = (body, args) => {
    const activation = new Activation(p.vu as VuHandle);
    const list: [Activation, ...unknown[]] = [activation];
    for (let i = 0; i < args.length; i++) p.put(list, i + 1, args[i]);
    apply(body, undefined, list);
    if (activation.left) return p.ret(activation.promise);
    return new NativePromise((resolve) => {
      activation.wake = resolve;
    });
  };

  // Async generators keep their native form. Each request runs the body as a call does, to its first `await` or `yield`.
  const asyncGeneratorPrototype = Object.getPrototypeOf(async function* () {}).prototype as Record<string, AnyFunction>;
  const activations = new p.WeakMap<object, Activation>();
  let starting: Activation | undefined;
  p.agen = () => {
    const activation = starting as Activation;
    activation.left = false;
    return activation;
  };
  const asyncGeneratorFunctionPrototype = Object.getPrototypeOf(async function* () {}) as object;
  p.agenw = (f, body) => {
    p.bodyOf(f, body);
    setPrototypeOf(f, asyncGeneratorFunctionPrototype);
    return defineProperty(f, 'prototype', { value: create(asyncGeneratorPrototype), writable: true });
  };
  p.agbeg = (twin, f) =>
    function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
      return p.drive(begin(twin, f, this, arguments));
    };
  function* begin(twin: AnyFunction, f: { prototype: unknown }, self: unknown, args: ArrayLike<unknown>): Steps {
    const promise = apply(twin, self, args);
    const generator = p.d !== 0 ? p.take() : p.un(yield promise);
    const { prototype } = f;
    return setPrototypeOf(generator as object, isObject(prototype) ? prototype : asyncGeneratorPrototype);
  }
  const nothing = freeze({});
  p.asks = (get, set) =>
    new NativeProxy(nothing, {
      get: (_, key) => get(key),
      set(_, key, value) {
        set(key, value);
        return true;
      },
    });

  for (const method of ['next', 'return', 'throw']) {
    const native = asyncGeneratorPrototype[method] as AnyFunction;
    const twin = function (this: object, ...args: unknown[]): unknown {
      let activation = activations.get(this);
      if (activation === undefined) {
        activation = new Activation(p.vu as VuHandle);
        activation.left = true;
        if (isObject(this)) activations.set(this, activation);
      }
      const { left, requested } = activation;
      const before = starting;
      starting = activation;
      activation.requested = true;
      const promise = apply(native, this, args);
      activation.requested = requested;
      starting = before;
      if (!left || activation.left) return p.ret(promise);
      return new NativePromise((resolve) => {
        activation.wake = () => resolve(p.box(promise));
      });
    };
    const wrapper = {
      [method](this: unknown, ...args: unknown[]): unknown {
        return p.vu === undefined ? apply(native, this, args) : p.sync(twin as AnyFunction, this, args);
      },
    }[method] as AnyFunction;
    Object.defineProperty(wrapper, 'length', { value: 1, configurable: true });
    Object.defineProperty(asyncGeneratorPrototype, method, {
      value: p.native(p.st(wrapper, twin)),
      writable: true,
      configurable: true,
    });
  }

  /** `yield* iterator` in an async generator: every request takes the VU, and gives it back to wait for the answer. */
  p.relay = (activation, asked) => {
    const { vu } = activation;
    const request = (steps: () => Steps): Promise<unknown> =>
      new NativePromise((resolve, reject) => {
        const settle = (x: () => unknown): void => {
          try {
            resolve(activation.a(x()));
          } catch (error) {
            activation.a(undefined);
            reject(error);
          }
        };
        const run = (): void => {
          const blocked = p.drive(steps());
          if (p.d !== 0) settle(() => p.take());
          else apply(nativeThen, blocked, [(x: unknown) => settle(() => vu.un(x))]);
        };
        if (!activation.awaiting || !activation.r()) run();
        else
          apply(nativeThen, activation.t(), [
            () => {
              activation.s();
              run();
            },
          ]);
      });
    const relayed: Record<PropertyKey, unknown> = {};
    for (const method of ['next', 'return', 'throw'] as const)
      relayed[method] = (value: unknown) => request(() => asked[method](value));
    relayed[Symbol.asyncIterator] = () => relayed;
    return relayed;
  };

  p.ownerOf = (promise) => (owners.get(promise) ?? p.last)?.host;
}
