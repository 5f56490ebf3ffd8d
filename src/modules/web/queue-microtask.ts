// `queueMicrotask` (HTML section 8.7): a job of the virtual user that may block, like a callback of a promise.
import type { HostSteps, Realm, RealmFunction } from '../../script/realm-interface.ts';

/** The function of a realm. */
export function createQueueMicrotask(realm: Realm): RealmFunction {
  const then = realm.intrinsics.Promise.prototype.then as unknown as (...args: unknown[]) => unknown;
  const run = realm.steppedFunction('', 1, function* (_self, { 0: holder }): HostSteps {
    yield { fn: (holder as { fn: unknown }).fn, args: [] };
    return undefined;
  });
  // Without a prototype, so that it is no thenable whatever a script has put on Object.prototype.
  const hold = realm.evaluate('(fn) => ({ __proto__: null, fn })') as (fn: unknown) => object;
  return realm.hostFunction('queueMicrotask', 1, (fn: unknown) => {
    if (typeof fn !== 'function') throw realm.error('TypeError', 'queueMicrotask() requires a function');
    const { promise, resolve } = realm.deferred();
    resolve(hold(fn));
    realm.apply(then, promise, [run]);
  });
}
