// `exec.test`: abort, fail and the options in force.
import { Suspension } from '../../script/runtime/suspension.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

/** The object, of the realm, shared by all virtual users of a worker. */
export function createTestObject(environment: VuEnvironment): object {
  const { realm } = environment;
  const never = new Promise<never>(() => {});
  let shown: unknown;
  const options = realm.hostFunction('get options', 0, () => {
    (realm.vu as VirtualUser).forbidInit('getting test options');
    shown ??= freezeDeep(realm.fromHost(environment.options.shown));
    return shown;
  });
  const test = new realm.intrinsics.Object();
  Object.defineProperty(test, 'options', { get: options, enumerable: true, configurable: true });
  return Object.assign(test, {
    /** Cannot be caught, as nothing is thrown: the caller waits for what never comes. */
    abort: realm.blockingFunction(
      'abort',
      1,
      (message: unknown) => {
        (realm.vu as VirtualUser).hasAborted = true;
        environment.test.abort(message === undefined ? '' : String(message));
        return new Suspension(never);
      },
      { refuse: 'callbacks' },
    ),
    fail: realm.hostFunction('fail', 1, (message: unknown) => {
      (realm.vu as VirtualUser).forbidInit('test.fail()');
      environment.test.markFailed(message === undefined ? '' : String(message));
    }),
  });
}

function freezeDeep(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) freezeDeep(item);
  }
  return value;
}
