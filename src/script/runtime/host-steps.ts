import type { Protocol } from './protocol.ts';
import type { Suspension } from './suspension.ts';
import type { AnyFunction, Steps } from './twin-call.ts';

/** A call that a host function asks for: `yield` gives what it returns, or throws what it throws. */
export interface HostCall {
  readonly fn: unknown;
  readonly self?: unknown;
  readonly args: readonly unknown[];
}

/**
 * The body of a host function that calls back into the script: it yields the calls, and suspensions of its own. It is
 * suspended with the virtual user, and goes on as that virtual user.
 */
export type HostSteps = Generator<HostCall | Suspension, unknown, unknown>;

/** One call of a function of the script, and what is to be done when it is over: the same as steps, for a fraction of their cost. */
export abstract class HostScope {
  /** Called without arguments; what it returns or throws is the outcome. */
  readonly fn: unknown;

  constructor(fn: unknown) {
    this.fn = fn;
  }

  /** Called once, however the function has ended; never, where the iteration is interrupted. Must not throw. */
  abstract leave(): void;
}

/** Makes functions of the realm out of host generators; evaluated in the realm (self-contained). */
export function installHostSteps(p: Protocol): void {
  const { host, apply } = p;
  const { defineProperty } = Object;

  function* run(steps: HostSteps): Steps {
    let step: IteratorResult<HostCall | Suspension, unknown>;
    try {
      step = steps.next();
    } catch (error) {
      throw p.adopt(error);
    }
    while (!step.done) {
      const wanted = step.value;
      let value: unknown;
      let failed = false;
      try {
        if (host.isSuspension(wanted)) value = p.un(yield p.block(wanted));
        else {
          const { fn, self: target, args: list } = wanted as HostCall;
          const twin = p.tw(fn);
          if (twin === undefined) value = apply(fn as AnyFunction, target, list);
          else {
            const promise = apply(twin, target, list);
            value = p.d !== 0 ? p.take() : p.un(yield promise);
          }
        }
      } catch (error) {
        value = error;
        failed = true;
      }
      try {
        step = failed ? steps.throw(value) : steps.next(value);
      } catch (error) {
        throw p.adopt(error);
      }
    }
    return p.own(step.value);
  }

  /** What it comes to is the outcome of the call that made the scope. */
  function enter(scope: HostScope): unknown {
    const twin = p.tw(scope.fn);
    try {
      if (twin === undefined) p.ret(apply(scope.fn as AnyFunction, undefined, []));
      else {
        const promise = apply(twin, undefined, []);
        if (p.d === 0) return leaveAfter(promise, scope);
      }
    } catch (error) {
      p.thr(p.adopt(error));
    }
    scope.leave();
    return undefined;
  }

  /** @param promise of a twin: it never rejects, and what it resolves to is for whoever waits for the call */
  function leaveAfter(promise: unknown, scope: HostScope): unknown {
    return apply(p.nativeThen, promise, [
      (outcome: unknown) => {
        scope.leave();
        return outcome;
      },
    ]);
  }

  p.hostSteps = (name, length, start) => {
    const f = {
      [name](this: unknown, ...args: unknown[]) {
        return p.sync(twin, this, args);
      },
    }[name] as AnyFunction;
    const twin = function (this: unknown, ...args: unknown[]): unknown {
      let begun: unknown;
      try {
        begun = start(this, args);
      } catch (error) {
        p.d = 0;
        return p.thr(p.adopt(error));
      }
      if ((typeof begun !== 'object' || begun === null) && typeof begun !== 'function') return p.ret(begun);
      if (host.isScope(begun)) return enter(begun as HostScope);
      return host.isSteps(begun) ? p.drive(run(begun as HostSteps)) : p.ret(p.own(begun));
    };
    defineProperty(f, 'length', { __proto__: null, value: length, configurable: true } as PropertyDescriptor);
    return p.st(f, twin) as AnyFunction;
  };
}
