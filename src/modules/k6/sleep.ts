// sleep(seconds): the virtual user alone waits.
import type { RealmFunction } from '../../script/realm-interface.ts';
import { DirectSuspension } from '../../script/runtime/suspension.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

const LONGEST_MS = 2 ** 31 - 1;

/** `sleep` of the realm; ends early, for good, when the iteration is interrupted. */
export function createSleep({ realm }: VuEnvironment): RealmFunction {
  return realm.blockingFunction('sleep', 1, (seconds: unknown) => {
    const ms = Number(seconds) * 1000;
    if (!(ms > 0)) return undefined;
    const vu = realm.vu as VirtualUser;
    const suspension = new DirectSuspension();
    const timer = setTimeout(
      () => {
        forget();
        suspension.resume(undefined);
      },
      Math.min(ms, LONGEST_MS),
    );
    const forget = vu.onInterrupt(() => clearTimeout(timer));
    return suspension;
  });
}
