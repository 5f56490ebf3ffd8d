// Numbers and strings.
import type { Faker } from '@faker-js/faker';
import type { Category, Generator } from './generator.ts';

const MOST_CHARACTERS = 1_000_000;

const signed =
  (bits: number): Generator =>
  (faker) =>
    faker.number.int({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const unsigned =
  (bits: number): Generator =>
  (faker) =>
    faker.number.int({ min: 0, max: 2 ** bits - 1 });
const hex =
  (bits: number): Generator =>
  (faker) =>
    faker.string.hexadecimal({ length: bits / 4, casing: 'lower', prefix: '0x' });

/** Of the numbers that a double holds exactly: scripts have no other. */
const SAFE = Number.MAX_SAFE_INTEGER;

const float32 = (faker: Faker) => Math.fround(faker.number.float({ min: 0, max: 1 }));

export const numbers: Category = {
  boolean: (faker) => faker.datatype.boolean(),
  float32,
  float32Range: (faker, given) => Math.fround(faker.number.float(given.range(0, 0, 1))),
  float64: (faker) => faker.number.float({ min: 0, max: 1 }),
  float64Range: (faker, given) => faker.number.float(given.range(0, 0, 1)),
  hexUint8: hex(8),
  hexUint16: hex(16),
  hexUint32: hex(32),
  hexUint64: hex(64),
  hexUint128: hex(128),
  hexUint256: hex(256),
  int8: signed(8),
  int16: signed(16),
  int32: signed(32),
  int64: (faker) => faker.number.int({ min: -SAFE, max: SAFE }),
  intRange: (faker, given) => faker.number.int(given.integers(0, 0, 2 ** 31 - 1)),
  number: (faker, given) => faker.number.int(given.integers(0, -(2 ** 31), 2 ** 31 - 1)),
  randomInt: (faker, given) => faker.helpers.arrayElement(given.numbers(0)),
  randomUint: (faker, given) => faker.helpers.arrayElement(given.numbers(0)),
  shuffleInts: (faker, given) => faker.helpers.shuffle(given.numbers(0)),
  uint8: unsigned(8),
  uint16: unsigned(16),
  uint32: unsigned(32),
  uint64: (faker) => faker.number.int({ min: 0, max: SAFE }),
  uintRange: (faker, given) => faker.number.int(given.integers(0, 0, 2 ** 32 - 1)),
};

const letters = (faker: Faker, count: number) => (count === 0 ? '' : faker.string.alpha({ length: count }));
const digits = (faker: Faker, count: number) => (count === 0 ? '' : faker.string.numeric({ length: count }));

export const strings: Category = {
  digit: (faker) => digits(faker, 1),
  digitN: (faker, given) => digits(faker, given.count(0, 1, MOST_CHARACTERS)),
  letter: (faker) => letters(faker, 1),
  letterN: (faker, given) => letters(faker, given.count(0, 1, MOST_CHARACTERS)),
  /** Puts a letter for each `?`. */
  lexify: (faker, given) => given.text(0, '').replaceAll('?', () => faker.string.alpha({ casing: 'lower' })),
  /** Puts a digit for each `#`. */
  numerify: (faker, given) => given.text(0, '').replaceAll('#', () => faker.string.numeric()),
  randomString: (faker, given) => faker.helpers.arrayElement(given.texts(0)),
  shuffleStrings: (faker, given) => faker.helpers.shuffle(given.texts(0)),
  uuid: (faker) => faker.string.uuid(),
};

export const game: Category = {
  /** `dice(number, sides)`: one throw for each die; `sides` says how many each has, the last one for those that follow. */
  dice: (faker, given) => {
    const sides = given.numbers(1);
    return Array.from({ length: given.count(0, 1, 10_000) }, (_, i) =>
      faker.number.int({ min: 1, max: Math.max(1, Math.trunc(sides[Math.min(i, sides.length - 1)] ?? 6)) }),
    );
  },
  gamertag: (faker) => faker.internet.displayName() + faker.number.int({ min: 0, max: 999 }),
};
