import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerReference, findPage } from './answer.ts';
import { languageOf, preferredLanguage } from './languages.ts';
import { FILE_PATHS } from './site.ts';

test('the language is the one that a browser wants most of those that there are', () => {
  const cases: [header: string | undefined, tag: string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['ru', 'ru'],
    ['RU-ru', 'ru'],
    ['de', 'en'],
    ['de, ru', 'ru'],
    ['en, ru', 'en'],
    ['ru, en', 'ru'],
    ['en;q=0.1, ru;q=0.2', 'ru'],
    ['ru;q=0.1, en', 'en'],
    ['en;q=0.5, ru;q=0.5', 'en'],
    [' ru ; q=0.9 , en ; q=0.8 ', 'ru'],
    // A weight of nothing says that it is not wanted (RFC 9110, section 12.4.2).
    ['ru;q=0', 'en'],
    ['ru;q=0.000, de', 'en'],
    ['rus', 'en'],
    ['ru_RU', 'en'],
    [';;;,,,q=,;q=1', 'en'],
  ];
  for (const [header, tag] of cases) assert.equal(preferredLanguage(header).tag, tag, String(header));
  assert.deepEqual(
    ['ru-RU', 'EN', 'x', ''].map((tag) => languageOf(tag).tag),
    ['ru', 'en', 'en', 'en'],
  );
});

test('no address is too odd for an answer, and none leads out of the reference', async () => {
  const missing = [
    '/x',
    '/en',
    '/en/',
    '/en/index.htm',
    '/EN/index.html',
    '/assets/',
    '/assets/../site.ts',
    '/%00',
    '/%',
    '/%zz',
    '/en%2findex.html%00',
    '//[',
    '//:@',
    '///',
    '/\\..\\package.json',
    '/constructor',
    '/__proto__',
    `/${'x'.repeat(10_000)}`,
  ];
  for (const url of missing) {
    const { status, headers } = await answerReference(url, undefined);
    assert.ok(status === 404 || (status === 302 && headers['location'] === 'en/index.html'), `${url}: ${status}`);
  }
});

test('each file is said to be what it is, and may load nothing from elsewhere', async () => {
  for (const [file, type] of [
    ['en/index.html', 'text/html; charset=utf-8'],
    ['assets/site.css', 'text/css; charset=utf-8'],
    ['assets/start.js', 'text/javascript; charset=utf-8'],
    ['assets/icon.svg', 'image/svg+xml'],
    ['ru/search-index.js', 'text/javascript; charset=utf-8'],
  ] as const) {
    const { status, headers, body } = await answerReference(`/${file}?v=1#x`, undefined);
    assert.deepEqual([status, headers['content-type']], [200, type], file);
    assert.match(headers['content-security-policy']!, /default-src 'none'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.ok(body.length > 0);
  }
});

test('whatever is asked for by name or number is a page that there is', async () => {
  const cases: [query: string, page: string | null][] = [
    ['404', 'http/404.html'],
    ['http 503', 'http/503.html'],
    ['200', 'http/200.html'],
    ['grpc 14', 'grpc/14-unavailable.html'],
    ['deadline_exceeded', 'grpc/4-deadline-exceeded.html'],
    ['1814', 'grpc/14-unavailable.html'],
    ['1220', 'codes/1220.html'],
    ['close 1006', 'websocket/1006.html'],
    ['exit 99', 'exit/99.html'],
    ['ECONNREFUSED', 'codes/1212.html'],
    ['', null],
    ['   ', null],
    ['<script>', null],
    ['http 99999', null],
  ];
  for (const [query, page] of cases) {
    assert.equal(findPage(query), page, query);
    if (page !== null) assert.ok(FILE_PATHS.includes(`en/${page}`));
    const { status, headers } = await answerReference(`/go?q=${encodeURIComponent(query)}&lang=ru`, 'en');
    assert.deepEqual([status, headers['location']], [302, `ru/${page ?? 'index.html'}`]);
  }
});
