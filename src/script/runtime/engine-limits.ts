import type { Protocol } from './protocol.ts';
import type { AnyFunction } from './twin-call.ts';

/** What the engine offers that would reach beyond one virtual user; evaluated in the realm (self-contained). */
export function installEngineLimits(p: Protocol): void {
  const { apply } = p;
  const construct = Reflect.construct;
  const NativeTypeError = TypeError;
  const define = Object.defineProperty as (target: object, key: PropertyKey, descriptor: object) => object;
  const replace = (holder: object, key: string, value: unknown): void => {
    define(holder, key, { __proto__: null, value: p.native(value), writable: true, configurable: true });
  };

  // It would stop the thread, and with it every virtual user of the worker.
  const { wait } = {
    wait(): never {
      throw new NativeTypeError('Atomics.wait() is not available in test scripts: use sleep()');
    },
  };
  replace(Atomics, 'wait', wait);

  // The engine calls back between the turns of the virtual users, with nobody to catch: each call is a job of its own.
  const Native = FinalizationRegistry;
  const asJob = (vu: NonNullable<Protocol['vu']>, callback: unknown): AnyFunction => {
    const report = (error: unknown): void => {
      (vu.host as { loop: { onUnhandledRejection(reason: unknown): void } }).loop.onUnhandledRejection(error);
    };
    return (held) => {
      vu.tasks.push(() => p.job(vu, callback, undefined, [held], () => {}, report));
      if (!vu.locked) vu.schedule();
    };
  };
  const guarded = new p.NativeProxy(Native, {
    __proto__: null,
    construct(_target: object, args: unknown[], newTarget: AnyFunction) {
      const { vu } = p;
      const callback = args[0];
      const registered = vu === undefined || typeof callback !== 'function' ? callback : asJob(vu, callback);
      return construct(Native, [registered], newTarget === (guarded as unknown) ? Native : newTarget) as object;
    },
    apply: (target: AnyFunction, self: unknown, args: unknown[]) => apply(target, self, args),
  } as unknown as ProxyHandler<typeof Native>);
  replace(globalThis, 'FinalizationRegistry', guarded);
  define(Native.prototype, 'constructor', { __proto__: null, value: guarded, writable: true, configurable: true });
}
