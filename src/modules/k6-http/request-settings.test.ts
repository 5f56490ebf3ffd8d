// Params of a request (https://grafana.com/docs/k6/latest/javascript-api/k6-http/params/), read and checked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { INIT_OPTIONS } from '../../options/options.ts';
import { CookieJar } from '../../wire/http/cookie-jar.ts';
import { StatusSet } from './expected-statuses.ts';
import { defaultSettings, givenHeader, type RequestSettings, readSettings, SettingsError } from './request-settings.ts';

const JAR = { jar: new CookieJar() };
const STATUSES = { statuses: new StatusSet([200], []) };
const OBJECTS = {
  jarOf: (value: unknown) => (value === JAR ? JAR.jar : null),
  statusesOf: (value: unknown) => (value === STATUSES ? STATUSES.statuses : null),
};
const warnings: string[] = [];
const defaults = defaultSettings(INIT_OPTIONS);

const read = (params: unknown, from: RequestSettings = defaults): RequestSettings =>
  readSettings(params, from, OBJECTS, (message) => warnings.push(message));
const refused = (params: unknown): string => {
  try {
    read(params);
  } catch (error) {
    assert.ok(error instanceof SettingsError && error instanceof TypeError);
    return error.message;
  }
  return 'nothing';
};

describe('without params', () => {
  test('a request has what the options say, and may take 60 s', () => {
    const { timeoutMs, throws, responseType, redirects, headers, expected } = defaultSettings({
      ...INIT_OPTIONS,
      throw: true,
      discardResponseBodies: true,
    });
    assert.deepEqual(
      { timeoutMs, throws, responseType, redirects, headers, expected },
      { timeoutMs: 60_000, throws: true, responseType: 'none', redirects: null, headers: null, expected: undefined },
    );
    assert.equal(defaults.responseType, 'text');
  });

  test('or with what is no object, the very defaults hold: map() puts an index in their place', () => {
    for (const params of [undefined, null, 0, 3, 'x', true]) assert.equal(read(params), defaults);
  });

  test('those of one request are not those of the next', () => {
    read({ timeout: 5, headers: { a: '1' }, tags: { a: 1 } });
    assert.deepEqual([defaults.timeoutMs, defaults.headers, defaults.tags], [60_000, null, null]);
  });

  test('nothing changes by members of null, undefined or other names', () => {
    const nothing = Object.fromEntries(
      [
        'headers',
        'cookies',
        'jar',
        'compression',
        'redirects',
        'tags',
        'auth',
        'timeout',
        'responseType',
        'throw',
      ].flatMap((name) => [[name, null]]),
    );
    assert.deepEqual(read(nothing), defaults);
    assert.deepEqual(read({ responseCallback: undefined, Headers: { a: 1 }, toString: 5 }), defaults);
  });
});

describe('headers', () => {
  test('have their names in their usual form, once each: the last spelling gives the value, the first the place', () => {
    assert.deepEqual(read({ headers: { 'x-a': 1, 'content-type': 'a/b', 'X-A': 2 } }).headers, [
      ['X-A', '2'],
      ['Content-Type', 'a/b'],
    ]);
  });

  test('are told apart when they are many, too', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-${i}`, i]));
    const { headers } = read({ headers: { ...many, 'X-39': 'again', 'X-0': 'first again' } });
    assert.equal(headers!.length, 40);
    assert.deepEqual(headers![0], ['X-0', 'first again']);
    assert.deepEqual(headers![39], ['X-39', 'again']);
  });

  test('of the host stand apart, and those that frame the message are left out, the length with a warning', () => {
    warnings.length = 0;
    const { host, headers } = read({
      headers: { HOST: 'h.test', 'content-length': '5', 'transfer-encoding': 'chunked', trailer: 'x', a: 'b' },
    });
    assert.deepEqual([host, headers], ['h.test', [['A', 'b']]]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /Content-Length header is set from the body; the given value "5"/);
  });

  test('are text as the language makes it, and an object', () => {
    assert.deepEqual(read({ headers: { a: null, b: undefined, c: [1, 2], d: true } }).headers, [
      ['A', 'null'],
      ['B', 'undefined'],
      ['C', '1,2'],
      ['D', 'true'],
    ]);
    assert.equal(refused({ headers: 'a: b' }), 'headers must be an object, not string');
    assert.equal(refused({ headers: 5 }), 'headers must be an object, not number');
  });

  test('are found by their usual name', () => {
    const { headers } = read({ headers: { 'x-one': '1' } });
    assert.deepEqual(
      [givenHeader(headers, 'X-One'), givenHeader(headers, 'X-Two'), givenHeader(null, 'X-One')],
      ['1', undefined, undefined],
    );
  });
});

describe('cookies', () => {
  test('are text or an object that says whether it replaces one; null and undefined ones are left out', () => {
    assert.deepEqual(
      read({ cookies: { a: 1, b: { value: 'x', replace: true }, c: { value: 'y' }, d: {}, e: null, f: undefined } })
        .cookies,
      [
        { name: 'a', value: '1', replace: false },
        { name: 'b', value: 'x', replace: true },
        { name: 'c', value: 'y', replace: false },
        { name: 'd', value: '', replace: false },
      ],
    );
    assert.equal(refused({ cookies: 'a=b' }), 'cookies must be an object, not string');
  });

  test('come from a jar of k6/http, and from no other object', () => {
    assert.equal(read({ jar: JAR }).jar, JAR.jar);
    assert.equal(read({ jar: {} }).jar, null);
  });
});

describe('tags', () => {
  test('are text, numbers and booleans, in their order', () => {
    assert.deepEqual(read({ tags: { b: 1.5, a: true, name: '', big: 2n } }).tags, [
      ['b', '1.5'],
      ['a', 'true'],
      ['name', ''],
      ['big', '2'],
    ]);
  });

  test('are nothing else, and the one that cannot be is named', () => {
    for (const value of [null, undefined, {}, [], () => 1, Symbol('s')])
      assert.match(refused({ tags: { good: 1, bad: value } }), /invalid value for tag "bad"/, String(value));
    assert.equal(refused({ tags: 'a' }), 'tags must be an object, not string');
  });
});

describe('the other params', () => {
  test('of time are milliseconds or text, never less than none', () => {
    const times: readonly (readonly [given: unknown, ms: number])[] = [
      [250, 250],
      ['250', 250],
      ['1.5s', 1500],
      ['1m', 60_000],
      [0, 0],
      [-5, 0],
    ];
    for (const [given, ms] of times) assert.equal(read({ timeout: given }).timeoutMs, ms, String(given));
    for (const given of ['soon', '', {}, true, Number.NaN])
      assert.match(refused({ timeout: given }), /timeout/, String(given));
  });

  test('of redirects are a whole number', () => {
    assert.deepEqual(
      [5, 0, '3', 2.9, 'x', Number.NaN].map((redirects) => read({ redirects }).redirects),
      [5, 0, 3, 2, 0, 0],
    );
  });

  test('of the kind of response are one of three', () => {
    for (const responseType of ['text', 'binary', 'none'] as const)
      assert.equal(read({ responseType }).responseType, responseType);
    for (const responseType of ['', 'TEXT', 'arraybuffer', 5, {}])
      assert.match(refused({ responseType }), /invalid responseType ".*"; it is text, binary or none/);
  });

  test('of compression are codings that there are, one or several', () => {
    assert.deepEqual(read({ compression: 'gzip' }).compression, ['gzip']);
    assert.deepEqual(read({ compression: 'gzip, deflate' }).compression, ['gzip', 'deflate']);
    assert.equal(read({ compression: '' }).compression, null);
    assert.equal(refused({ compression: 'lzma' }), 'unknown compression "lzma"; it takes gzip, deflate, br and zstd');
  });

  test('of authentication are a challenge, or credentials that go along', () => {
    assert.deepEqual(
      ['digest', 'ntlm', 'basic', 'other'].map((auth) => read({ auth }).challenge),
      ['digest', 'ntlm', null, null],
    );
  });

  test('of the response callback are what expectedStatuses() gave, or null for none', () => {
    assert.equal(read({ responseCallback: STATUSES }).expected, STATUSES.statuses);
    assert.equal(read({ responseCallback: null }).expected, null);
    for (const responseCallback of [() => true, {}, 200, 'x'])
      assert.match(
        refused({ responseCallback }),
        /unsupported responseCallback; it takes what http\.expectedStatuses\(\)/,
      );
  });

  test('that cannot be used are thrown where `throw` says so, wherever that stands', () => {
    for (const params of [
      { throw: true, tags: 5 },
      { tags: 5, throw: 1 },
    ])
      assert.throws(() => read(params), { constructor: SettingsError, throws: true });
    assert.throws(() => read({ tags: 5 }), { throws: false });
    assert.throws(() => read({ tags: 5, throw: false }, { ...defaults, throws: true }), { throws: false });
  });
});
