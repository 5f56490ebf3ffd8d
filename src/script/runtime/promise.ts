import type { AnyFunction, Protocol, Steps, VuHandle } from './protocol.ts';
import type { Replay } from './replay.ts';

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

  interface Found {
    readonly value: unknown;
    readonly replay: Replay;
  }
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
   * A thenable that reaches a native resolve function would have its `then` called outside of the VU's lock, and by the
   * engine, which cannot wait.
   */
  function adopted(vu: VuHandle, value: unknown): unknown {
    if (!isObject(value) || value instanceof Later || value instanceof Adoption || isNativePromise(value)) return value;
    if (awaitsThenables ? !mayBeThenable(value) : typeof (value as { then?: unknown }).then !== 'function')
      return value;
    return new Adoption(vu, value);
  }
  /** Stands for such a thenable: native code calls its `then`, which calls the thenable's in a turn of the VU. */
  class Adoption {
    #vu: VuHandle;
    #value: object;
    constructor(vu: VuHandle, value: object) {
      this.#vu = vu;
      this.#value = value;
    }
    then(resolve: (x: unknown) => void, reject: (x: unknown) => void): void {
      const vu = this.#vu;
      const value = this.#value;
      let settled = false;
      const settle = (act: (x: unknown) => void, x: unknown): void => {
        if (settled) return;
        settled = true;
        act(x);
      };
      const fail = (error: unknown): void => settle(reject, error);
      const done = (v: unknown): void => settle(resolve, adopted(vu, v));
      function* adopting(): Steps {
        const { value: then, replay } = (yield* (p['lookUp'] as Protocol['read'])(value, 'then')) as Found;
        if (typeof then === 'function') yield* p.call(then, value, [done, fail]);
        // The engine reads it again.
        else (p['under'] as (replay: Replay, act: () => void) => void)(replay, () => settle(resolve, value));
        return undefined;
      }
      const job = p.st(
        () => {},
        () => p.drive(adopting()),
      );
      reaction(vu, undefined, () => p.job(vu, job, undefined, [], () => {}, fail))(undefined);
    }
  }
  p['awaitThenables'] = (): void => {
    if (awaitsThenables) return;
    awaitsThenables = true;
    const nativeResolve = NativePromise.resolve as AnyFunction;
    const resolve = {
      resolve(this: unknown, value: unknown): unknown {
        return apply(nativeResolve, this, [p.vu === undefined ? value : adopted(p.vu, value)]);
      },
    }.resolve;
    const nativeResolvers = NativePromise.withResolvers as AnyFunction;
    const resolvers = {
      withResolvers(this: unknown): unknown {
        const made = apply(nativeResolvers, this, []) as { resolve: AnyFunction };
        made.resolve = (p['resolver'] as (f: AnyFunction) => AnyFunction)(made.resolve);
        return made;
      },
    }.withResolvers;
    for (const [key, value] of [
      ['resolve', resolve],
      ['withResolvers', resolvers],
    ] as const)
      (p['redefineBuiltIn'] as (holder: object, key: string, descriptor: PropertyDescriptor) => void)(
        NativePromise,
        key,
        {
          value: p.native(value),
          writable: true,
          configurable: true,
        },
      );
  };
  const withResolvers = NativePromise.withResolvers as AnyFunction;
  const promiseTry = (NativePromise as unknown as Record<string, AnyFunction | undefined>)['try'];
  if (promiseTry !== undefined)
    p.define(promiseTry, function* (self, args) {
      const made = apply(withResolvers, self, []) as { promise: unknown; resolve: AnyFunction; reject: AnyFunction };
      const list: unknown[] = [];
      for (let i = 1; i < args.length; i++) list[i - 1] = args[i];
      try {
        (p['resolver'] as (f: AnyFunction) => AnyFunction)(made.resolve)(yield* p.call(args[0], undefined, list));
      } catch (error) {
        made.reject(error);
      }
      return made.promise;
    });
  /** What an executor gets in place of the engine's own resolve function. */
  p['resolver'] = (resolve: AnyFunction): AnyFunction => {
    const { vu } = p;
    if (!awaitsThenables || vu === undefined) return resolve;
    return (value: unknown) => resolve(adopted(vu, value));
  };
  p['awaitable'] = (value: unknown): unknown => (p.vu === undefined ? value : adopted(p.vu, value));
  p['resolvesThenables'] = (): boolean => awaitsThenables;

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
      if (twin === undefined) return adopted(vu, apply(plain, undefined, [value]));
      const promise = apply(twin, undefined, [value]);
      if (p.d !== 0) return adopted(vu, p.take());
      const later = new Later();
      const { epoch } = vu;
      apply(nativeThen, promise, [
        (x: unknown) => {
          if (vu.epoch !== epoch) return;
          try {
            later.settle(1, adopted(vu, vu.un(x)));
          } catch (error) {
            p.last = vu;
            later.settle(2, error);
          }
          p.vu = undefined;
          vu.release();
        },
      ]);
      return later;
    } finally {
      p.vu = undefined;
    }
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
      const passed = (value: unknown): unknown => value;
      const thrown = (error: unknown): never => {
        throw error;
      };
      const both = (after: (x: unknown) => unknown): AnyFunction => {
        const f: AnyFunction = (x) => p.sync(tw(f) as AnyFunction, undefined, [x]);
        p.define(f, function* (_self, args) {
          const result = yield* p.call(onFinally, undefined, []);
          return apply(
            nativeThen,
            apply(nativeResolve, NativePromise, [(p['awaitable'] as (v: unknown) => unknown)(result)]),
            [() => after(args[0])],
          );
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
      this.awaiting = true;
      const awaited = adopted(this.vu, value);
      this.leave();
      return awaited;
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
    /** The end of an async generator's body. */
    end(): void {
      if (!this.awaiting) this.leave();
      this.awaiting = true;
    }
    done(value: unknown): void {
      if (this.vu.epoch !== this.epoch) return;
      this.#resolve(adopted(this.vu, value));
      this.leave();
    }
    fail(error: unknown): void {
      p.a = 0;
      if (this.vu.epoch !== this.epoch) return;
      owners.set(this.promise, this.vu);
      this.#reject(error);
      // A rejected await that nothing catches: this job never got the VU, so it has nothing to give back.
      if (!this.awaiting) this.leave();
    }
  }

  const asyncPrototype = Object.getPrototypeOf(async () => {}) as object;
  const { setPrototypeOf } = Object;
  /** The wrapper of an async function, which can be told from other functions. */
  p['asyncw'] = (f: object, twin: unknown): object => setPrototypeOf(p.st(f, twin), asyncPrototype) as object;
  /** Twin protocol for calling an async function: completes with its promise once the call phase is over. */
  p['acall'] = (body: (activation: Activation, ...args: unknown[]) => void, args: ArrayLike<unknown>): unknown => {
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
  /** The activation of an async generator whose body begins. */
  p['agen'] = (): Activation => {
    const activation = starting as Activation;
    activation.left = false;
    return activation;
  };
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
  p['relay'] = (activation: Activation, iterator: Record<string, unknown>, next: (value: unknown) => Steps): object => {
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
    const relayed: Record<PropertyKey, unknown> = { next: (value: unknown) => request(() => next(value)) };
    for (const method of ['return', 'throw']) {
      const own = iterator[method];
      if (own !== undefined && own !== null)
        relayed[method] = (value: unknown) => request(() => p.call(own, iterator, [value]));
    }
    relayed[Symbol.asyncIterator] = () => relayed;
    return relayed;
  };

  p['ownerOf'] = (promise: object): unknown => (owners.get(promise) ?? p.last)?.host;
}
