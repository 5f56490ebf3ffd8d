import type { Protocol } from './protocol.ts';
import type { AnyFunction, Replay, Steps } from './twin-call.ts';

/**
 * Built-ins that call the script implicitly – getters, conversions, proxy traps, iterators – and cannot wait; evaluated in the
 * realm (self-contained).
 *
 * The built-in simply runs. A function of the script that it calls leaves its result in the replay; one that suspends makes the
 * built-in throw. Once that call has ended the built-in runs again from its beginning, and every call that was made before
 * is answered from the replay: the script's functions run once, in the engine's own order, whatever that is. This is exact
 * for all that call before they change anything and hand nothing out that they have just made; built-ins that do otherwise
 * have steps of their own (see natives/). Each suspension costs one more run.
 */
export function installReplay(p: Protocol): void {
  const { apply, nativeThen, NativePromise, tw } = p;
  const ABORT = Object.freeze(Object.create(null)) as object;
  const ignore = (): void => {};
  let spare: Replay | undefined;

  /** A call by a built-in that may have to run again. */
  p.replayed = (replay, twin, self, args) => {
    if (replay.pending !== undefined) throw ABORT;
    const known = replay.log[replay.at];
    if (known !== undefined) {
      replay.at++;
      if (known.failed) throw known.value;
      return known.value;
    }
    p.r = undefined;
    p.a = 0;
    let promise: unknown;
    try {
      promise = apply(twin, self, args);
    } finally {
      p.r = replay;
    }
    if (p.d === 0) {
      replay.pending = promise;
      throw ABORT;
    }
    const failed = p.d === 2;
    const value = p.v;
    p.d = 0;
    p.v = undefined;
    replay.log[replay.at++] = { value, failed };
    if (failed) throw value;
    return value;
  };

  /** Runs the operation until its end or until a call suspends: then false. */
  const attempt = (replay: Replay, operation: () => unknown, outcome: { value: unknown; failed: boolean }): boolean => {
    const outer = p.r;
    const a = p.a;
    replay.at = 0;
    p.r = replay;
    p.a = 0;
    try {
      outcome.value = operation();
      outcome.failed = false;
    } catch (error) {
      outcome.value = error;
      outcome.failed = true;
    } finally {
      p.r = outer;
      p.a = a;
    }
    if (replay.pending === undefined) return true;
    // A built-in that makes promises has turned the throw into a rejection.
    if (outcome.value instanceof NativePromise) apply(nativeThen, outcome.value, [ignore, ignore]);
    return false;
  };

  function* goOn(replay: Replay, operation: () => unknown): Steps {
    const outcome = { value: undefined as unknown, failed: false };
    do {
      const promise = replay.pending;
      replay.pending = undefined;
      const at = replay.log.length;
      try {
        const value = p.un(yield promise);
        replay.log[at] = { value, failed: false };
      } catch (error) {
        replay.log[at] = { value: error, failed: true };
      }
    } while (!attempt(replay, operation, outcome));
    if (outcome.failed) throw outcome.value;
    return outcome.value;
  }

  const take = (): Replay => {
    const replay = spare;
    if (replay === undefined) return { at: 0, log: [], pending: undefined };
    spare = undefined;
    return replay;
  };
  const giveBack = (replay: Replay): void => {
    if (replay.log.length === 0) spare = replay;
  };

  p.again = function* (operation) {
    const replay = take();
    const outcome = { value: undefined as unknown, failed: false };
    if (!attempt(replay, operation, outcome)) return yield* goOn(replay, operation);
    giveBack(replay);
    if (outcome.failed) throw outcome.value;
    return outcome.value;
  };
  p.invoke = (native, self, args) => p.again(() => apply(native as AnyFunction, self, args));

  p.foresee = function* (operation) {
    const replay: Replay = { at: 0, log: [], pending: undefined };
    const outcome = { value: undefined as unknown, failed: false };
    if (!attempt(replay, operation, outcome)) outcome.value = yield* goOn(replay, operation);
    else if (outcome.failed) throw outcome.value;
    return { value: outcome.value, replay };
  };
  p.under = (replay, operation) => {
    if (!attempt(replay, operation, { value: undefined, failed: false })) throw p.refuse('a function that blocks');
  };

  /** The same under the twin protocol; nothing is allocated where nothing is called. */
  p.replay = (operation) => {
    const replay = take();
    const outcome = { value: undefined as unknown, failed: false };
    if (!attempt(replay, operation, outcome)) return p.drive(goOn(replay, operation));
    giveBack(replay);
    return outcome.failed ? p.thr(outcome.value) : p.ret(outcome.value);
  };

  const isPrimitive = (value: unknown): boolean =>
    (typeof value !== 'object' && typeof value !== 'function') || value === null;
  const allPrimitive = (args: ArrayLike<unknown>): boolean => {
    for (let i = 0; i < args.length; i++) if (!isPrimitive(args[i])) return false;
    return true;
  };
  const twinOf = (native: AnyFunction): AnyFunction =>
    function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
      const args = arguments;
      if (isPrimitive(this) && allPrimitive(args)) {
        let value: unknown;
        try {
          value = apply(native, this, args);
        } catch (error) {
          return p.thr(error);
        }
        return p.ret(value);
      }
      return p.replay(() => apply(native, this, args));
    };

  p.armBuiltIn = (f) => {
    if (p.armed && tw(f) === undefined) p.st(f, twinOf(f));
  };
  p.arm = (exotic, thenables) => {
    if (exotic) p.exotic = true;
    if (thenables) p.awaitThenables();
    if (p.armed) return;
    p.armed = true;
    p.armPromises();
    const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
    const seen = new WeakSet<object>();
    const visit = (value: unknown): void => {
      if (isPrimitive(value) || seen.has(value as object)) return;
      const object = value as object;
      seen.add(object);
      if (typeof value === 'function' && tw(value) === undefined) p.st(value, twinOf(value as AnyFunction));
      visit(getPrototypeOf(object));
      for (const key of ownKeys(object)) {
        const descriptor = getOwnPropertyDescriptor(object, key);
        visit(descriptor?.value);
        visit(descriptor?.get);
        visit(descriptor?.set);
      }
    };
    for (const root of roots) visit(root);
    stampMade();
  };
  /** Built-ins that make functions: what they bring must be able to wait, too. */
  function stampMade(): void {
    const { getOwnPropertyDescriptor, defineProperty } = Reflect;
    const stamp = (f: unknown): void => {
      if (typeof f === 'function' && tw(f) === undefined) p.st(f, twinOf(f as AnyFunction));
    };
    for (const [holder, key] of [
      [Intl.NumberFormat.prototype, 'format'],
      [Intl.DateTimeFormat.prototype, 'format'],
      [Intl.Collator.prototype, 'compare'],
    ] as const) {
      const get = getOwnPropertyDescriptor(holder, key)?.get as AnyFunction;
      const stamping = {
        get [key](): unknown {
          const f = apply(get, this, []);
          stamp(f);
          return f;
        },
      };
      defineProperty(holder, key, {
        get: p.native(getOwnPropertyDescriptor(stamping, key)?.get as () => unknown),
        configurable: true,
      });
    }
    /** An accessor that is called as a function. */
    const after = (native: AnyFunction, look: (found: unknown) => void): void => {
      p.st(native, function (this: unknown, ...args: unknown[]) {
        return p.drive(
          (function* (self: unknown): Steps {
            const found = yield* p.invoke(native, self, args);
            look(found);
            return found;
          })(this),
        );
      });
    };
    const lookAt = (descriptor: unknown): void => {
      if (isPrimitive(descriptor)) return;
      stamp((descriptor as PropertyDescriptor).get);
      stamp((descriptor as PropertyDescriptor).set);
    };
    after(Object.getOwnPropertyDescriptor as AnyFunction, lookAt);
    after(Reflect.getOwnPropertyDescriptor as AnyFunction, lookAt);
    after(Object.getOwnPropertyDescriptors as AnyFunction, (found) => {
      for (const key of Reflect.ownKeys(found as object)) lookAt((found as Record<PropertyKey, unknown>)[key]);
    });
    for (const key of ['__lookupGetter__', '__lookupSetter__'])
      after((Object.prototype as unknown as Record<string, AnyFunction>)[key] as AnyFunction, stamp);
  }
  const roots: unknown[] = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value = Object.getOwnPropertyDescriptor(globalThis, name)?.value as unknown;
    if (value !== globalThis && name !== 'console') roots[roots.length] = value;
  }
  roots[roots.length] = Object.getPrototypeOf([][Symbol.iterator]());
  roots[roots.length] = Object.getPrototypeOf(new Map()[Symbol.iterator]());
  roots[roots.length] = Object.getPrototypeOf(new Set()[Symbol.iterator]());
  roots[roots.length] = Object.getPrototypeOf(''[Symbol.iterator]());
  roots[roots.length] = Object.getPrototypeOf(''.matchAll(/./g));
}
