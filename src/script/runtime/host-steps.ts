import type { AnyFunction, Protocol, Steps } from './protocol.ts';
import type { Suspension } from './suspension.ts';

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

/** Begins one call: gives the steps, or its result when nothing has to wait. */
export type StartSteps = (self: unknown, args: unknown[]) => unknown;

/** Makes functions of the realm out of host generators; evaluated in the realm (self-contained). */
export function installHostSteps(p: Protocol): void {
  const { host } = p;
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
          value = yield* p.call(fn, target, list);
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

  p['hostSteps'] = (name: string, length: number, start: StartSteps): AnyFunction => {
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
      return host.isSteps(begun) ? p.drive(run(begun as HostSteps)) : p.ret(p.own(begun));
    };
    defineProperty(f, 'length', { __proto__: null, value: length, configurable: true } as PropertyDescriptor);
    return p.st(f, twin) as AnyFunction;
  };
}
