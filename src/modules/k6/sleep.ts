// sleep(seconds): the virtual user alone waits.
import type { RealmFunction } from '../../script/realm-interface.ts';
import { DirectSuspension } from '../../script/runtime/suspension.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { InterruptHook } from '../../vu/interrupt-hooks.ts';
import { type Sleeper, sleepers } from '../../vu/sleepers.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

/** `sleep` of the realm; ends early, for good, when the iteration is interrupted. */
export function createSleep({ realm }: VuEnvironment): RealmFunction {
  return realm.blockingFunction('sleep', 1, (seconds: unknown) => {
    const ms = Number(seconds) * 1000;
    return ms > 0 ? new Sleep(realm.vu as VirtualUser, ms) : undefined;
  });
}

/** One call: what the virtual user waits for, and what is waiting in the queues, are one object, since many thousand may sleep at once. */
class Sleep extends DirectSuspension implements Sleeper, InterruptHook {
  readonly dueMs: number;
  place = -1;
  hookBefore: InterruptHook | null = null;
  hookAfter: InterruptHook | null = null;
  readonly #vu: VirtualUser;

  constructor(vu: VirtualUser, ms: number) {
    super();
    this.dueMs = performance.now() + ms;
    this.#vu = vu;
    vu.watchInterrupt(this);
    sleepers.add(this);
  }

  wake(): void {
    this.#vu.unwatchInterrupt(this);
    this.resume(undefined);
  }

  onInterrupt(): void {
    sleepers.remove(this);
  }
}
