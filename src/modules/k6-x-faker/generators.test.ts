// What generators promise by their names, over many draws: ranges, forms, check digits (https://github.com/grafana/xk6-faker).
import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import { findGenerator } from './catalogue.ts';
import { createChance, drawOn } from './chance.ts';
import { Arguments } from './generator.ts';
import { formatMoment } from './moments.ts';

const DRAWS = 200;

/** @returns what a generator makes of one chance, again and again */
function draws<T>(name: string, ...args: readonly unknown[]): T[] {
  const generator = findGenerator(name);
  assert.ok(generator, name);
  const chance = createChance(7);
  return Array.from(
    { length: DRAWS },
    () => drawOn(chance, (faker) => generator(faker, new Arguments(name, args))) as T,
  );
}
const fails = (expected: object, name: string, ...args: readonly unknown[]): void =>
  assert.throws(() => draws(name, ...args), expected, `${name}(${JSON.stringify(args)})`);

test('whole numbers stay within their bits, and use them', () => {
  for (const [name, min, max] of [
    ['int8', -128, 127],
    ['uint8', 0, 255],
    ['int16', -(2 ** 15), 2 ** 15 - 1],
    ['uint16', 0, 2 ** 16 - 1],
    ['int32', -(2 ** 31), 2 ** 31 - 1],
    ['uint32', 0, 2 ** 32 - 1],
    ['int64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['uint64', 0, Number.MAX_SAFE_INTEGER],
  ] as const) {
    const all = draws<number>(name);
    assert.ok(
      all.every((value) => Number.isSafeInteger(value) && value >= min && value <= max),
      name,
    );
    const middle = (min + max) / 2;
    assert.ok(all.some((value) => value < middle) && all.some((value) => value > middle), `${name}: both halves`);
  }
});

test('hexadecimal numbers have all digits of their bits', () => {
  for (const bits of [8, 16, 32, 64, 128, 256])
    for (const text of draws<string>(`hexUint${bits}`)) assert.match(text, new RegExp(`^0x[0-9a-f]{${bits / 4}}$`));
});

test('a range has both its ends in it and nothing beyond, also of one number', () => {
  assert.deepEqual(new Set(draws('intRange', 1, 3)), new Set([1, 2, 3]));
  assert.deepEqual(new Set(draws('number', -1, 0)), new Set([-1, 0]));
  assert.deepEqual(new Set(draws('uintRange', 5, 5)), new Set([5]));
  assert.deepEqual(new Set(draws('intRange', 0.5, 2.5)), new Set([1, 2]), 'the whole numbers between');
  for (const value of draws<number>('float64Range', -0.5, 0.5)) assert.ok(value >= -0.5 && value <= 0.5);
  for (const value of draws<number>('float32Range', 1, 2)) assert.equal(value, Math.fround(value));
  for (const value of draws<number>('latitudeRange', 10, 20)) assert.ok(value >= 10 && value <= 20);
  fails({ name: 'RangeError', message: 'intRange() finds no whole number from 0.2 to 0.8' }, 'intRange', 0.2, 0.8);
  fails({ name: 'RangeError', message: 'number() takes the lower bound first: 2 is over 1' }, 'number', 2, 1);
  fails({ name: 'TypeError' }, 'intRange', Number.NaN, 3);
  fails({ name: 'TypeError' }, 'float64Range', 0, Number.POSITIVE_INFINITY);
});

test('a lower bound above the usual upper one moves that along', () => {
  for (const value of draws<number>('price', 5000)) assert.equal(value, 5000);
  assert.ok(draws<number>('uintRange', 2 ** 40).every((value) => value === 2 ** 40));
});

test('a price has cents at most', () => {
  for (const value of draws<number>('price', 1, 2)) {
    assert.ok(value >= 1 && value <= 2);
    assert.equal(value, Math.round(value * 100) / 100);
  }
});

test('what is drawn from a list is of it; what is shuffled is the list', () => {
  assert.deepEqual(new Set(draws('randomInt', [1, '2'])), new Set([1, 2]));
  assert.deepEqual(new Set(draws('randomString', ['a', 5])), new Set(['a', '5']));
  const orders = new Set<string>();
  for (const shuffled of draws<number[]>('shuffleInts', [1, 2, 3])) {
    orders.add(shuffled.join());
    assert.deepEqual([...shuffled].sort(), [1, 2, 3]);
  }
  assert.equal(orders.size, 6, 'in every order');
  for (const wrong of [[], 'abc', undefined, { length: 1 }]) fails({ name: 'TypeError' }, 'shuffleStrings', wrong);
  fails({ name: 'TypeError', message: /a list of numbers/ }, 'randomInt', [1, 'x']);
});

test('dice have the sides that they are said to have, the last number for all that follow', () => {
  for (const [first, second, third] of draws<number[]>('dice', 3, [1, 6])) {
    assert.equal(first, 1);
    for (const value of [second!, third!]) assert.ok(Number.isInteger(value) && value >= 1 && value <= 6);
  }
  assert.deepEqual(draws<number[]>('dice', 0, [6])[0], []);
  fails({ name: 'RangeError' }, 'dice', 10_001, [6]);
});

test('people are dealt out to teams as evenly as can be, nobody twice and nobody left out', () => {
  const people = ['a', 'b', 'c', 'd', 'e'];
  for (const teams of draws<Record<string, string[]>>('teams', people, ['red', 'blue'])) {
    assert.deepEqual(Object.keys(teams), ['red', 'blue']);
    assert.deepEqual(Object.values(teams).flat().sort(), people);
    assert.deepEqual(
      Object.values(teams).map(({ length }) => length),
      [3, 2],
    );
  }
});

test('texts of letters and digits are as long as they are asked to be', () => {
  for (const count of [0, 1, 50]) {
    for (const text of draws<string>('letterN', count)) assert.match(text, new RegExp(`^[A-Za-z]{${count}}$`));
    for (const text of draws<string>('digitN', count)) assert.match(text, new RegExp(`^\\d{${count}}$`));
  }
  assert.ok(
    draws<string>('digitN', 3).some((text) => text.startsWith('0')),
    'they are digits, and no number',
  );
  assert.equal(draws<string>('letterN', '7.9')[0]!.length, 7, 'a text that is a number is one');
});

test('each ? becomes a letter and each # a digit, and all else stays', () => {
  for (const text of draws<string>('lexify', 'a-??-#')) assert.match(text, /^a-[a-z]{2}-#$/);
  for (const text of draws<string>('numerify', '+49 ###-?')) assert.match(text, /^\+49 \d{3}-\?$/);
  assert.deepEqual(new Set(draws('lexify')), new Set(['']));
  assert.ok(new Set(draws<string>('numerify', '##')).size > 50, 'each time others');
});

test('a password has one of each kind that is wanted, none of another, and five characters at least', () => {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[!@#$%&*+\-_=?:;,.|(){}<>]/, / /];
  for (const wanted of [
    [true, false, false, false, false],
    [false, false, true, false, true],
    [true, true, true, true, true],
  ]) {
    for (const text of draws<string>('password', ...wanted, 8)) {
      assert.equal(text.length, 8);
      for (const [i, kind] of kinds.entries())
        assert.equal(kind.test(text), wanted[i], `${JSON.stringify(text)}: ${kind}`);
    }
  }
  assert.equal(draws<string>('password', true, true, true, true, true, 1)[0]!.length, 5);
  for (const text of draws<string>('password', false, false, false, false, false, 20))
    assert.match(text, /^[a-zA-Z\d]{20}$/);
});

test('addresses of machines are addresses', () => {
  assert.ok(draws<string>('ipv4Address').every(isIPv4));
  assert.ok(draws<string>('ipv6Address').every(isIPv6));
  for (const mac of draws<string>('macAddress')) assert.match(mac, /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  for (const url of draws<string>('url')) assert.match(new URL(url).protocol, /^https?:$/);
  for (const email of draws<string>('email')) assert.match(email, /^[^\s@A-Z]+@[^\s@A-Z]+\.[^\s@A-Z]+$/);
  for (const uuid of draws<string>('uuid'))
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  for (const url of draws<string>('imageUrl', 640, 480))
    assert.match(url, /^https:\/\/picsum\.photos\/640\/480\?random=\d+$/);
});

test('numbers of cards and banks pass the checks that machines make of them', () => {
  const luhn = (text: string): number =>
    [...text].reverse().reduce((sum, c, i) => {
      const digit = Number(c) * (i % 2 === 0 ? 1 : 2);
      return sum + (digit > 9 ? digit - 9 : digit);
    }, 0) % 10;
  for (const number of draws<string>('creditCardNumber')) {
    assert.match(number, /^\d{13,19}$/);
    assert.equal(luhn(number), 0, number);
  }
  for (const number of draws<string>('achRoutingNumber')) {
    const weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    assert.match(number, /^\d{9}$/);
    assert.equal([...number].reduce((sum, c, i) => sum + Number(c) * weights[i]!, 0) % 10, 0, number);
  }
});

test('a card expires in the future', () => {
  const now = new Date();
  for (const exp of draws<string>('creditCardExp')) {
    const [, month, year] = /^(0[1-9]|1[0-2])\/(\d{2})$/.exec(exp)!;
    assert.ok(new Date(2000 + Number(year), Number(month), 1) > now, exp);
  }
});

test('parts of times stay within them, and dates within their range', () => {
  for (const [name, min, max] of [
    ['day', 1, 31],
    ['hour', 0, 23],
    ['minute', 0, 59],
    ['second', 0, 59],
    ['month', 1, 12],
    ['nanosecond', 0, 999_999_999],
    ['year', 1900, new Date().getFullYear()],
  ] as const)
    assert.ok(
      draws<number>(name).every((value) => Number.isInteger(value) && value >= min && value <= max),
      name,
    );
  const dates = draws<string>('dateRange', '2024-02-28', '2024-03-01', 'yyyy-MM-dd');
  assert.deepEqual([...new Set(dates)].sort().slice(0, 2), ['2024-02-28', '2024-02-29']);
  assert.deepEqual(new Set(draws('dateRange', '2024-01-01', '2024-01-01', 'yyyy')), new Set(['2024']));
  fails(
    { name: 'RangeError', message: 'dateRange() takes the earlier date first' },
    'dateRange',
    '2024-01-02',
    '2024-01-01',
  );
  const now = Date.now();
  assert.ok(draws<string>('pastTime').every((text) => Date.parse(text) < now));
  assert.ok(draws<string>('futureTime').every((text) => Date.parse(text) > now));
});

test('a layout by Go’s name is what Go writes, and a pattern is followed', () => {
  const moment = new Date('2024-09-04T15:07:09.050Z');
  for (const [layout, text] of [
    ['ANSIC', 'Wed Sep  4 15:07:09 2024'],
    ['UnixDate', 'Wed Sep  4 15:07:09 UTC 2024'],
    ['RFC822', '04 Sep 24 15:07 UTC'],
    ['RFC822Z', '04 Sep 24 15:07 +0000'],
    ['RFC850', 'Wednesday, 04-Sep-24 15:07:09 UTC'],
    ['RFC1123', 'Wed, 04 Sep 2024 15:07:09 UTC'],
    ['RFC1123Z', 'Wed, 04 Sep 2024 15:07:09 +0000'],
    ['RFC3339', '2024-09-04T15:07:09Z'],
    ['hh:mm:ss.SSS a', '03:07:09.050 PM'],
    ["d. MMMM yyyy 'dd'", '4. September 2024 dd'],
    ['M/d/yy H:m:s', '9/4/24 15:7:9'],
    ['', ''],
  ] as const)
    assert.equal(formatMoment(moment, layout), text, layout);
  assert.equal(formatMoment(new Date('2024-11-14T00:00:00Z'), 'ANSIC'), 'Thu Nov 14 00:00:00 2024');
  assert.equal(formatMoment(new Date('2024-01-01T00:30:00Z'), 'h:mm a'), '12:30 AM');
  assert.match(formatMoment(moment, 'constructor'), /^con/, 'a name that every object has is a pattern');
});

test('sentences and paragraphs have as many parts as they are asked for', () => {
  for (const text of draws<string>('sentence', 4)) assert.match(text, /^[A-Z][^ ]*(?: [^ ]+){3}\.$/);
  assert.deepEqual(new Set(draws('loremIpsumSentence', 0)), new Set(['']));
  for (const text of draws<string>('loremIpsumParagraph', 3, 2, 4, '\n')) {
    const paragraphs = text.split('\n');
    assert.equal(paragraphs.length, 3);
    for (const paragraph of paragraphs) assert.equal(paragraph.match(/\.(?: |$)/g)?.length, 2, paragraph);
  }
  assert.equal(draws<string>('hipsterParagraph', 2, 1, 1)[0]!.split('<br />').length, 2);
  for (const text of draws<string>('question')) assert.match(text, /^[A-Z].*\?$/);
});
