// randomSeed(n): makes Math.random repeatable for one virtual user, though all share the realm's Math.
import type { RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { createLaggedFibonacci } from './lagged-fibonacci.ts';

const SEEDED = Symbol('randomSeed');

interface SeededRandom {
  next: (() => number) | null;
}

/** `randomSeed` of the realm. Math.random is only replaced once a script asks for it. */
export function createRandomSeed({ realm }: VuEnvironment): RealmFunction {
  let replaced = false;
  return realm.hostFunction('randomSeed', 1, (seed: unknown) => {
    const vu = realm.vu as VirtualUser;
    vu.state<SeededRandom>(SEEDED, () => ({ next: null })).next = createLaggedFibonacci(Number(seed));
    if (replaced) return;
    replaced = true;
    const { Math: realmMath } = realm.intrinsics;
    const native = realmMath.random;
    const random = realm.hostFunction('random', 0, () => {
      const seeded = (realm.vu as VirtualUser).state<SeededRandom>(SEEDED, () => ({ next: null })).next;
      return seeded === null ? native() : seeded();
    });
    Object.defineProperty(realmMath, 'random', {
      value: random,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  });
}
