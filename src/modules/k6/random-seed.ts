// randomSeed(n): makes Math.random repeatable for one virtual user, though all share the realm's Math.
import type { RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

const SEEDED = Symbol('randomSeed');

interface SeededRandom {
  next: (() => number) | null;
}

/** `randomSeed` of the realm. Math.random is only replaced once a script asks for it. */
export function createRandomSeed({ realm }: VuEnvironment): RealmFunction {
  let replaced = false;
  return realm.hostFunction('randomSeed', 1, (seed: unknown) => {
    const vu = realm.vu as VirtualUser;
    vu.state<SeededRandom>(SEEDED, () => ({ next: null })).next = createGenerator(Number(seed));
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

/** sfc32 (Chris Doty-Humphrey, PractRand), with 53 bits of two words: 0 ≤ x < 1. */
export function createGenerator(seed: number): () => number {
  const whole = Number.isFinite(seed) ? Math.trunc(seed) : 0;
  let a = whole | 0;
  let b = Math.floor(whole / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) word(); // the seed's bits have to spread first
  return () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 2 ** 53;
}
