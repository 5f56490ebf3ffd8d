import type { Primordials } from './primordials.ts';
import type { Protocol, ProtocolCore } from './protocol.ts';
import type { JobEnd, ProtocolHost, VuHandle, VuOwner } from './protocol-host.ts';
import type { AnyFunction, Boxed, Steps } from './twin-call.ts';

/** Installs the core; evaluated in the realm. */
export function installProtocol(host: ProtocolHost, primordials: Primordials): Protocol {
  const apply = Reflect.apply;
  const NativePromise = Promise;
  const nativeThen = Promise.prototype.then as unknown as AnyFunction;
  const nativeCall = Function.prototype.call;
  const resolved = Promise.resolve();
  // Of the engine: generators of scripts get another one, which would be a detour here (iteration.ts).
  const nativeNext = (Object.getPrototypeOf(function* () {}) as { prototype: { next: AnyFunction } }).prototype.next;
  const NativeTypeError = TypeError;
  const NativeRangeError = RangeError;

  /** Returning its argument lets Stamp add a private field to any object: invisible to scripts, and not copied. */
  const Identity = function (this: unknown, o: object) {
    return o;
  } as unknown as new (
    o: object,
  ) => object;
  class Stamp extends Identity {
    #twin: AnyFunction;
    constructor(f: object, twin: AnyFunction) {
      super(f);
      this.#twin = twin;
    }
    static get(f: unknown): AnyFunction | undefined {
      return typeof f === 'function' && #twin in f ? (f as unknown as Stamp).#twin : undefined;
    }
    static has(f: object): boolean {
      return #twin in f;
    }
    static set(f: unknown, twin: AnyFunction): void {
      (f as Stamp).#twin = twin;
    }
  }
  const tw = Stamp.get;

  class Box implements Boxed {
    value: unknown;
    failed: boolean;
    constructor(value: unknown, failed: boolean) {
      this.value = value;
      this.failed = failed;
    }
  }
  /** Errors that the host made while a virtual user waited: they know nothing yet of where it did. */
  const unplaced = new primordials.WeakSet<object>();
  const captureStackTrace = Error.captureStackTrace;
  /** Gives such an error the stack of the call that waited, when that goes on. */
  function placed(error: unknown): unknown {
    if (typeof error === 'object' && error !== null && unplaced.delete(error)) captureStackTrace(error);
    return error;
  }

  /** What an armed wrapper returns in place of a result; the operation's site replaces it. */
  const carrier = Object.freeze(Object.create(null)) as object;

  class Vu implements VuHandle {
    host: unknown;
    global: object | undefined = undefined;
    locked = false;
    epoch = 0;
    readonly micro = new primordials.Queue();
    readonly tasks = new primordials.Queue();
    sticky: unknown = undefined;
    scheduled = false;
    freeSince = NaN;
    waiting = false;
    owner: VuOwner | undefined = undefined;
    constructor(scriptVu: unknown) {
      this.host = scriptVu;
    }
    un(x: unknown): unknown {
      p.vu = this;
      if (x instanceof Box) {
        if (x.failed) throw placed(x.value);
        return x.value;
      }
      return x;
    }
    release(): void {
      this.locked = false;
      this.schedule();
    }
    /** Reactions go first, as microtasks; a job waits until no microtask is left. */
    schedule(): void {
      this.freeSince = NaN;
      if (this.scheduled) return;
      this.scheduled = true;
      if (this.micro.isEmpty) host.afterMicrotasks(this);
      else apply(nativeThen, resolved, [() => this.#drainMicro()]);
    }
    endJob(): void {
      this.locked = false;
      if (this.scheduled || !this.micro.isEmpty) {
        this.schedule();
        return;
      }
      this.scheduled = true;
      host.afterJob(this);
    }
    #drainMicro(): void {
      this.scheduled = false;
      while (!this.locked && !this.micro.isEmpty) (this.micro.shift() as () => void)();
      if (!this.locked) this.schedule();
    }
    goOn(): void {
      this.scheduled = false;
      if (this.locked) return;
      if (!this.micro.isEmpty) {
        this.schedule();
        return;
      }
      const task = this.tasks.shift();
      if (task === undefined) {
        this.owner?.onFree();
        return;
      }
      task();
      if (!this.locked) this.schedule();
    }
  }

  /** One executor for all waits: a closure for each is worth saving. */
  let lastResolve: ((value: unknown) => void) | undefined;
  const takeResolve = (resolve: (value: unknown) => void): void => {
    lastResolve = resolve;
  };
  /** Resumes a suspended VU, unless it has been interrupted meanwhile. */
  class Waiter implements JobEnd {
    vu: VuHandle;
    epoch: number;
    resolve: (value: unknown) => void;
    constructor(vu: VuHandle, resolve: (value: unknown) => void) {
      this.vu = vu;
      this.epoch = vu.epoch;
      this.resolve = resolve;
    }
    done(value: unknown): void {
      this.vu.waiting = false;
      if (this.vu.epoch === this.epoch) this.resolve(p.box(p.own(value)));
    }
    fail(error: unknown): void {
      this.vu.waiting = false;
      if (this.vu.epoch !== this.epoch) return;
      const adopted = p.adopt(error);
      if (host.lacksPlace(adopted)) unplaced.add(adopted as object);
      this.resolve(p.ebox(adopted));
    }
  }

  const core: Omit<ProtocolCore, 'seen' | 'replayed' | 'again' | 'replay' | 'invoke' | 'construct'> = {
    d: 0,
    v: undefined,
    a: 0,
    pend: undefined,
    r: undefined,
    armed: false,
    exotic: false,
    isShared: false,
    // Replaced by the installer of code from strings.
    global: () => globalThis,
    n: 0,
    vu: undefined,
    last: undefined,
    host,
    Box,
    apply,
    nativeThen,
    NativePromise,
    ...primordials,
    adopt(error) {
      try {
        return host.adopt(error);
      } catch {
        // The host had no stack left even for that: what it threw then is of the main realm, and stays here.
        return new NativeRangeError('Maximum call stack size exceeded');
      }
    },
    own(value) {
      if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return value;
      if (!host.isForeign(value)) return value;
      const copied = p.fromHost(value);
      if (((typeof copied === 'object' && copied !== null) || typeof copied === 'function') && host.isForeign(copied))
        throw new NativeTypeError('internal error: a value of the host was about to reach the script');
      return copied;
    },
    tw,
    st(f, twin) {
      if (Stamp.has(f as object)) Stamp.set(f, twin as AnyFunction);
      else new Stamp(f as object, twin as AnyFunction);
      return f;
    },
    take() {
      const value = p.v;
      p.v = undefined;
      if (p.d === 1) {
        p.d = 0;
        return value;
      }
      p.d = 0;
      throw value;
    },
    ret(value) {
      p.d = 1;
      p.v = value;
    },
    thr(error) {
      p.seen(error);
      p.a = 0;
      p.d = 2;
      p.v = error;
    },
    box(value) {
      return (typeof value === 'object' && value !== null) || typeof value === 'function'
        ? new Box(value, false)
        : value;
    },
    ebox(error) {
      p.seen(error);
      p.a = 0;
      return new Box(error, true);
    },
    un(x) {
      if (x instanceof Box) {
        if (x.failed) throw placed(x.value);
        return x.value;
      }
      return x;
    },
    sync(twin, self, args) {
      if (p.r !== undefined) return p.replayed(p.r, twin, self, args);
      if (p.a === 1) {
        p.a = 0;
        const promise = apply(twin, self, args);
        if (p.d !== 0) return p.take();
        p.pend = promise;
        return carrier;
      }
      p.n++;
      try {
        apply(twin, self, args);
      } finally {
        p.n--;
      }
      if (p.d !== 0) return p.take();
      throw p.refuse('a function that blocks');
    },
    refuse(what) {
      const error = new Error(
        `${what} cannot wait here: it was called by code that is not compiled for blocking calls (a package's or the engine's own). ` +
          'Call it outside of that callback, or name the package with --instrument',
      );
      if (p.vu !== undefined && p.vu.sticky === undefined) p.vu.sticky = error;
      return error;
    },
    fn(f, text) {
      if (typeof f === 'function') {
        if (f.call === nativeCall) return f as AnyFunction;
        return function (this: unknown, ...args: unknown[]) {
          return apply(f as AnyFunction, this, args);
        };
      }
      return () => {
        throw new TypeError(`${text} is not a function`);
      };
    },
    takePend() {
      const promise = p.pend;
      p.pend = undefined;
      return promise;
    },
    takeRead(seen) {
      const promise = p.takePend();
      if (seen === carrier) return promise;
      const refusal = p.ebox(p.refuse('a function that blocks'));
      return apply(nativeThen, promise, [() => refusal]);
    },
    drive(steps) {
      const vu = p.vu;
      let step: IteratorResult<unknown, unknown>;
      try {
        step = apply(nativeNext, steps, []) as IteratorResult<unknown>;
      } catch (error) {
        return p.thr(error);
      }
      if (step.done) return p.ret(step.value);
      return driveOn(vu, steps, step.value);
    },
    *call(fn, self, args) {
      const twin = tw(fn);
      if (twin === undefined) return apply(fn as AnyFunction, self, args);
      const promise = apply(twin, self, args);
      return p.d !== 0 ? p.take() : p.un(yield promise);
    },
    read(object, key) {
      return p.again(() => (object as Record<PropertyKey, unknown>)[key]);
    },
    *write(object, key, value) {
      yield* p.again(() => {
        (object as Record<PropertyKey, unknown>)[key] = value;
      });
      return value;
    },
    anyTwin(args) {
      for (let i = 0; i < args.length; i++) if (tw(args[i]) !== undefined) return true;
      return false;
    },
    define(native, steps) {
      p.st(native, function (this: unknown) {
        // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
        return p.drive(steps(this, arguments));
      });
    },
    native: (f) => f,
    block(suspension) {
      const vu = p.vu as VuHandle;
      // What a stack that ended has left of an earlier call must reach neither this one nor its caller.
      p.d = 0;
      lastResolve = undefined;
      const promise = new NativePromise(takeResolve);
      const resolve = lastResolve as ((value: unknown) => void) | undefined;
      if (resolve === undefined) throw new NativeRangeError('Maximum call stack size exceeded');
      const waiter = new Waiter(vu, resolve);
      vu.locked = true;
      vu.waiting = true;
      try {
        host.attach(suspension, waiter);
      } catch (error) {
        waiter.epoch = -1;
        vu.locked = false;
        vu.waiting = false;
        throw p.adopt(error);
      }
      return promise;
    },
    createVu(scriptVu) {
      return new Vu(scriptVu);
    },
    job(vu, fn, self, args, done, fail) {
      p.start(vu, fn, self, args, { done, fail });
    },
    start(vu, fn, self, args, job) {
      const epoch = vu.epoch;
      const twin = tw(fn);
      let value: unknown;
      p.vu = vu;
      p.last = vu;
      try {
        if (twin === undefined) value = apply(fn as AnyFunction, self, args);
        else {
          const promise = apply(twin, self, args);
          if (p.d === 0) {
            apply(nativeThen, promise, [
              (x: unknown) => {
                if (vu.epoch !== epoch) return;
                const staysLocked = end(vu, x, job);
                p.vu = undefined;
                if (!staysLocked) vu.endJob();
              },
            ]);
            p.vu = undefined;
            return;
          }
          value = p.take();
        }
      } catch (error) {
        end(vu, p.ebox(error), job);
        p.vu = undefined;
        return;
      }
      end(vu, new Box(value, false), job);
      p.vu = undefined;
    },
  };
  // The installers that come next add what is missing.
  const p = core as Protocol;

  /**
   * The side channel must be empty when a job ends: what is left in it nobody fetched, so somebody went on without a result –
   * code that is not compiled, or a mistake of ours – and the next job would take it for its own. True if something is
   * still suspended: the VU is free only once that has ended.
   */
  function refuseLeftovers(vu: VuHandle): boolean {
    if (p.d === 0 && p.a === 0 && p.pend === undefined) return false;
    const { pend } = p;
    p.vu = vu;
    p.refuse(pend === undefined ? 'internal error: a result was not fetched; a call' : 'a function that blocks');
    p.d = 0;
    p.v = undefined;
    p.a = 0;
    p.pend = undefined;
    if (pend === undefined) return false;
    const { epoch } = vu;
    vu.locked = true;
    apply(nativeThen, pend, [
      () => {
        if (vu.epoch === epoch) vu.release();
      },
    ]);
    return true;
  }

  /** Ends a job: a refusal it met wins over its own result. True if the VU stays locked. */
  function end(vu: VuHandle, x: unknown, job: JobEnd): boolean {
    const staysLocked = refuseLeftovers(vu);
    const sticky = vu.sticky;
    vu.sticky = undefined;
    if (sticky !== undefined) job.fail(sticky);
    else if (!(x instanceof Box)) job.done(x);
    else if (x.failed) job.fail(x.value);
    else job.done(x.value);
    return staysLocked;
  }

  async function driveOn(vu: VuHandle | undefined, steps: Steps, first: unknown): Promise<unknown> {
    try {
      for (let waited = first; ; ) {
        let value: unknown;
        try {
          value = await waited;
        } catch (error) {
          // The stack has ended where a twin was about to settle it.
          value = new Box(error, true);
        }
        p.vu = vu;
        const step = apply(nativeNext, steps, [value]) as IteratorResult<unknown>;
        if (step.done) return p.box(step.value);
        waited = step.value;
      }
    } catch (error) {
      return p.ebox(error);
    }
  }
  return p;
}
