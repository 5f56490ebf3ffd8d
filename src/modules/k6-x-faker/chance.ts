// One instance of the library serves a whole worker (it takes tens of kB): what differs from Faker to Faker is the chance it draws on.
import type { Faker } from '@faker-js/faker';
import { faker as english } from '@faker-js/faker/locale/en';
import { createSmallFastChaotic } from './small-fast-chaotic.ts';

/** Where random numbers come from: 0 ≤ x < 1. */
type Chance = () => number;

let current: Chance = Math.random;

const Library = english.constructor as typeof Faker;
const shared = new Library({
  locale: english.rawDefinitions,
  randomizer: { next: () => current(), seed: () => {} },
});

/** @param seed a whole number; undefined: another sequence each time */
export function createChance(seed: number | undefined): Chance {
  return seed === undefined ? Math.random : createSmallFastChaotic(seed);
}

/** Draws a value on that chance. */
export function drawOn<T>(chance: Chance, draw: (faker: Faker) => T): T {
  const before = current;
  current = chance;
  try {
    return draw(shared);
  } finally {
    current = before;
  }
}
