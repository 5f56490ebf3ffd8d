import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { ALL_GENERATORS, CATEGORIES_WITH_ZEN } from './catalogue.ts';
import { createChance, drawOn } from './chance.ts';
import { Arguments } from './generator.ts';
import { formatMoment } from './moments.ts';
import { makeCusip, makeIsin } from './trade.ts';

/** Arguments for those functions that cannot do without. */
const NEEDED: Readonly<Record<string, readonly unknown[]>> = {
  dice: [2, [6, 20]],
  randomInt: [[1, 2]],
  randomUint: [[1, 2]],
  shuffleInts: [[1, 2, 3]],
  randomString: [['a', 'b']],
  shuffleStrings: [['a', 'b']],
  teams: [
    ['Ann', 'Bob', 'Cyd'],
    ['red', 'blue'],
  ],
  lexify: ['??'],
  numerify: ['##'],
};

test('every function gives plain data, the same again for the same seed', () => {
  const drawAll = (seed: number) => {
    const chance = createChance(seed);
    return Object.entries(ALL_GENERATORS).map(([name, generator]) => [
      name,
      drawOn(chance, (faker) => generator(faker, new Arguments(name, NEEDED[name] ?? []))),
    ]);
  };
  const first = drawAll(11);
  assert.ok(first.length >= 250, `${first.length} functions`);
  for (const [name, value] of first) assert.ok(value !== undefined && value !== null && value !== '', String(name));
  // What is told from now on differs from one second to the next.
  const lasting = (all: typeof first) => all.filter(([name]) => !/Time$|^date$/.test(String(name)));
  assert.deepEqual(lasting(drawAll(11)), lasting(first));
  assert.notDeepEqual(lasting(drawAll(12)), lasting(first));
});

test('no two categories have a function of the same name, so that call() and zen know which is meant', () => {
  const { zen, ...categories } = CATEGORIES_WITH_ZEN;
  const names = Object.values(categories).flatMap((category) => Object.keys(category));
  assert.deepEqual(
    names.filter((name, i) => names.indexOf(name) !== i),
    [],
  );
  assert.equal(Object.keys(zen ?? {}).length, names.length);
});

test('scripts draw by category, by name and detached; a seed makes it repeatable, the environment too', async () => {
  const script = await createScriptBench(`
    import faker, { Faker } from 'k6/x/faker';
    const { firstName } = new Faker(11).person;
    export default () => {
      const one = new Faker(11), two = new Faker(11);
      const same = [one.person.firstName(), one.call('digitN', 5), one.zen.uuid()];
      return [JSON.stringify(same) === JSON.stringify([two.person.firstName(), two.strings.digitN(5), two.call('uuid')]),
        firstName() === same[0], /^\\d{5}$/.test(same[1]), typeof faker.address.latitude(), faker.person === faker.person, Object.keys(faker.payment.creditCard()),
        faker.color.rgbColor() instanceof Array, new Faker(2 ** 40).numbers.int32() !== new Faker(0).numbers.int32()];
    };`);
  assert.deepEqual(await script.run(), [
    true,
    true,
    true,
    'number',
    true,
    ['type', 'number', 'exp', 'cvv'],
    true,
    true,
  ]);
});

test('wrong input is said with the function, the argument and what it takes', async () => {
  const script = await createScriptBench(`
    import faker, { Faker } from 'k6/x/faker';
    const text = (f) => { try { return f(); } catch (e) { return e.name + ': ' + e.message; } };
    export default () => [text(() => faker.call('firstname')), text(() => new Faker('abc')), text(() => faker.strings.digitN(-1)), text(() => faker.numbers.randomInt([])),
      text(() => faker.numbers.intRange(5, 3)), text(() => faker.address.latitudeRange('x')), text(() => faker.strings.letterN(1e9)), text(() => faker.time.dateRange('soon')),
      text(() => faker.call.call({}, 'uuid')), text(() => faker.word.paragraph(1000, 1000, 10000))];`);
  assert.deepEqual(await script.run(), [
    'TypeError: faker has no function "firstname": did you mean firstName?',
    'TypeError: the seed of a Faker must be a number, not "abc"',
    'RangeError: digitN() takes 0 to 1000000 as its first argument, not -1',
    'TypeError: randomInt() takes a list with something in it as its first argument, not object',
    'RangeError: intRange() takes the lower bound first: 5 is over 3',
    'TypeError: latitudeRange() takes a number as its first argument, not "x"',
    'RangeError: letterN() takes 0 to 1000000 as its first argument, not 1000000000',
    'RangeError: dateRange() cannot read "soon": write 2024-09-04 or RFC 3339',
    'TypeError: this is not a Faker',
    'RangeError: a text of 10000000000 words is too long',
  ]);
});

test('check digits and layouts are those that others compute', () => {
  const digits = (text: string) => [...text].flatMap((c) => [...String(Number.parseInt(c, 36))].map(Number));
  const luhn = (text: string) =>
    digits(text)
      .reverse()
      .reduce((sum, digit, i) => sum + (i % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2), 0) % 10;
  for (let seed = 0; seed < 50; seed++) {
    const isin = drawOn(createChance(seed), makeIsin);
    assert.match(isin, /^[A-Z]{2}[0-9A-Z]{9}\d$/);
    assert.equal(luhn(isin), 0, isin);
    assert.match(drawOn(createChance(seed), makeCusip), /^\d{6}[0-9A-Z]{2}\d$/);
  }
  const moment = new Date('2024-09-04T03:07:09.050Z');
  assert.deepEqual(
    ['RFC3339', 'RFC1123', 'yyyy-MM-dd', "h:mm a 'on' EEE d MMM yy", 'RFC3339Nano'].map((layout) =>
      formatMoment(moment, layout),
    ),
    [
      '2024-09-04T03:07:09Z',
      'Wed, 04 Sep 2024 03:07:09 UTC',
      '2024-09-04',
      '3:07 AM on Wed 4 Sep 24',
      '2024-09-04T03:07:09.050Z',
    ],
  );
});
