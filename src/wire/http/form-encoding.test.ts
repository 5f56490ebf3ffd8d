import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeForm } from './form-encoding.ts';
import { canonicalName } from './header-names.ts';

const silent = (message: string): void => assert.fail(message);

test('a form says the same as URLSearchParams, each character of the first planes and some beyond', () => {
  for (let start = 0; start < 0x3000; start += 64) {
    const text = Array.from({ length: 64 }, (_, at) => String.fromCodePoint(start + at)).join('');
    // Two characters that Go escapes and a browser does not, and the other way round.
    const expected = new URLSearchParams([[text, text]]).toString().replaceAll('*', '%2A').replaceAll('%7E', '~');
    assert.equal(encodeForm([[text, text]], silent), expected, `from U+${start.toString(16)}`);
  }
  assert.equal(encodeForm([['😀', '\ud800x']], silent), '%F0%9F%98%80=%EF%BF%BDx');
});

test('keys are sorted by their octets, values of one key keep their order', () => {
  assert.equal(
    encodeForm(
      [
        ['b', 1],
        ['a', [3, 2, 1]],
        ['B', ''],
        ['a', 0],
        ['', 'x'],
      ],
      silent,
    ),
    '=x&B=&a=3&a=2&a=1&a=0&b=1',
  );
  // In UTF-16 the second would come first.
  assert.equal(
    encodeForm(
      [
        ['😀', 1],
        ['～', 2],
      ],
      silent,
    ),
    '%EF%BD%9E=2&%F0%9F%98%80=1',
  );
});

test('values are text as scripts write them; what a form cannot hold is sent empty, with a word', () => {
  const said: string[] = [];
  const form = encodeForm(
    [
      ['a', true],
      ['b', 12345678901234567890n],
      ['c', -0],
      ['d', 1e21],
      ['e', Number.NaN],
      ['f', null],
      ['g', undefined],
      ['h', { x: 1 }],
      ['i', [null, [1]]],
      ['j', []],
      ['k', Symbol('s')],
    ],
    (message) => said.push(message),
  );
  assert.equal(form, 'a=true&b=12345678901234567890&c=0&d=1e%2B21&e=NaN&f=&g=&h=&i=&i=&k=');
  assert.deepEqual(
    said.map((message) => /"(.)"/.exec(message)?.[1]),
    ['h', 'i', 'k'],
  );
});

test('names of headers are shown as Go writes them', () => {
  for (const [name, shown] of [
    ['content-type', 'Content-Type'],
    ['ETAG', 'Etag'],
    ['x--y-', 'X--Y-'],
    ['-a', '-A'],
    ['x_y-1z', 'X_y-1z'],
    ['www-authenticate', 'Www-Authenticate'],
    ["a'b", "A'b"],
    ['not a token', 'not a token'],
    ['ä-b', 'ä-b'],
    ['', ''],
    ['__proto__', '__proto__'],
  ] as const)
    for (const round of [1, 2]) assert.equal(canonicalName(name), shown, `${name}, asked the ${round}. time`);
});
