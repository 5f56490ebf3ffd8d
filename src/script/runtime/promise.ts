import type { AnyFunction, Protocol, VuHandle } from './protocol.ts';

/**
 * Promises under the lock of a virtual user; evaluated in the realm (self-contained). A reaction or a continuation after
 * `await` runs only while no job of its VU is suspended, one at a time, in the order in which it became due. Reactions
 * that need not wait run in exactly the tick in which they would without us.
 */
export function installPromises(p: Protocol): void {
  const { apply, nativeThen, NativePromise, tw } = p;
  const resolved = NativePromise.resolve();
  const owners = new WeakMap<object, VuHandle>();

  const isObject = (v: unknown): v is object => (typeof v === 'object' && v !== null) || typeof v === 'function';

  /** A thenable that reaches a native resolve function would have its `then` called outside of the VU's lock. */
  function adopted(vu: VuHandle, value: unknown): unknown {
    if (!isObject(value) || value instanceof NativePromise || value instanceof Later) return value;
    const then = (value as { then?: unknown }).then;
    if (typeof then !== 'function') return value;
    return new NativePromise((resolve, reject) => {
      apply(nativeThen, resolved, [
        reaction(vu, undefined, () => {
          p.job(vu, then, value, [(v: unknown) => resolve(adopted(vu, v)), reject], () => {}, reject);
        }),
      ]);
    });
  }

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
      if (!vu.locked && vu.micro.length === 0) return react(vu, twin, plain, value);
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
          return NativePromise.resolve(result).then(() => after(args[0]));
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
    #leave(): void {
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
      this.#leave();
      return awaited;
    }
    /** Resumed: true if the VU is not free, then wait for the turn. */
    r(): boolean {
      const { vu } = this;
      this.awaiting = false;
      if (vu.epoch !== this.epoch || vu.locked || vu.micro.length > 0) return true;
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
    done(value: unknown): void {
      if (this.vu.epoch !== this.epoch) return;
      this.#resolve(adopted(this.vu, value));
      this.#leave();
    }
    fail(error: unknown): void {
      if (this.vu.epoch !== this.epoch) return;
      owners.set(this.promise, this.vu);
      this.#reject(error);
      // A rejected await that nothing catches: this job never got the VU, so it has nothing to give back.
      if (!this.awaiting) this.#leave();
    }
  }

  /** Twin protocol for calling an async function: completes with its promise once the call phase is over. */
  p['acall'] = (body: (activation: Activation, ...args: unknown[]) => void, args: ArrayLike<unknown>): unknown => {
    const activation = new Activation(p.vu as VuHandle);
    const list: [Activation, ...unknown[]] = [activation];
    for (let i = 0; i < args.length; i++) list.push(args[i]);
    apply(body, undefined, list);
    if (activation.left) return p.ret(activation.promise);
    return new NativePromise((resolve) => {
      activation.wake = resolve;
    });
  };

  /** An async generator's body: its consumer drives it, so it only gives back a VU that it has itself locked. */
  p['AsyncGeneratorActivation'] = class extends Activation {
    constructor() {
      super(p.vu as VuHandle);
      this.left = true;
    }
    #owns = false;
    override a(value: unknown): unknown {
      this.awaiting = true;
      const awaited = adopted(this.vu, value);
      this.y(undefined);
      return awaited;
    }
    /** Resumed from a blocking call, which had locked the VU. */
    bl(x: unknown): unknown {
      this.#owns = true;
      return this.vu.un(x);
    }
    /** About to yield, or at the end. */
    y(value: unknown): unknown {
      if (this.#owns) {
        this.#owns = false;
        if (this.vu.locked) this.vu.release();
      }
      return value;
    }
  };

  p['ownerOf'] = (promise: object): unknown => (owners.get(promise) ?? p.last)?.host;
}
