// Links as they are written, taken apart by RFC 3986.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostOf, originOf, rootedPathOf, splitUrl, type UrlParts } from './url-parts.ts';

const NOTHING: UrlParts = {
  protocol: '',
  username: '',
  password: '',
  hostname: '',
  port: '',
  pathname: '',
  search: '',
  hash: '',
};

describe('splitUrl()', () => {
  test('takes the examples of RFC 3986 apart', () => {
    const cases: readonly (readonly [href: string, parts: Partial<UrlParts>])[] = [
      [
        'ftp://ftp.is.co.za/rfc/rfc1808.txt',
        { protocol: 'ftp', hostname: 'ftp.is.co.za', pathname: '/rfc/rfc1808.txt' },
      ],
      [
        'ldap://[2001:db8::7]/c=GB?objectClass?one',
        { protocol: 'ldap', hostname: '[2001:db8::7]', pathname: '/c=GB', search: '?objectClass?one' },
      ],
      ['mailto:John.Doe@example.com', { protocol: 'mailto', pathname: 'John.Doe@example.com' }],
      ['tel:+1-816-555-1212', { protocol: 'tel', pathname: '+1-816-555-1212' }],
      ['telnet://192.0.2.16:80/', { protocol: 'telnet', hostname: '192.0.2.16', port: '80', pathname: '/' }],
      [
        'urn:oasis:names:specification:docbook:dtd:xml:4.1.2',
        { protocol: 'urn', pathname: 'oasis:names:specification:docbook:dtd:xml:4.1.2' },
      ],
      [
        'foo://example.com:8042/over/there?name=ferret#nose',
        {
          protocol: 'foo',
          hostname: 'example.com',
          port: '8042',
          pathname: '/over/there',
          search: '?name=ferret',
          hash: '#nose',
        },
      ],
    ];
    for (const [href, parts] of cases) assert.deepEqual(splitUrl(href), { ...NOTHING, ...parts }, href);
  });

  test('takes references apart that name no host', () => {
    const cases: readonly (readonly [href: string, parts: Partial<UrlParts>])[] = [
      ['', {}],
      ['/a?b#c', { pathname: '/a', search: '?b', hash: '#c' }],
      ['a/b', { pathname: 'a/b' }],
      ['//h/p', { hostname: 'h', pathname: '/p' }],
      ['?q', { search: '?q' }],
      ['#f?g', { hash: '#f?g' }],
      ['./a:b', { pathname: './a:b' }],
      ['  /a \n', { pathname: '/a' }],
    ];
    for (const [href, parts] of cases) assert.deepEqual(splitUrl(href), { ...NOTHING, ...parts }, href);
  });

  test('leaves out a question mark and a hash with nothing behind them, as browsers do', () => {
    assert.deepEqual(splitUrl('/a?#'), { ...NOTHING, pathname: '/a' });
  });

  test('finds the user before the last @, and the password behind the first colon', () => {
    const cases: readonly (readonly [href: string, username: string, password: string])[] = [
      ['http://u@h', 'u', ''],
      ['http://u:@h', 'u', ''],
      ['http://u:p:q@h', 'u', 'p:q'],
      ['http://u@v:p@h', 'u@v', 'p'],
      ['http://:p@h', '', 'p'],
      ['http://h/u:p@x', '', ''],
    ];
    for (const [href, username, password] of cases) {
      const parts = splitUrl(href);
      assert.deepEqual([parts.username, parts.password, parts.hostname], [username, password, 'h'], href);
    }
  });

  test('writes the protocol small, and nothing else', () => {
    assert.deepEqual(splitUrl('HTTP://Host/Path'), {
      ...NOTHING,
      protocol: 'http',
      hostname: 'Host',
      pathname: '/Path',
    });
  });

  test('reads a hostile link in no time', () => {
    const began = performance.now();
    for (const href of [
      '@'.repeat(100_000),
      `http://${':'.repeat(100_000)}`,
      `[${'a'.repeat(100_000)}`,
      '?#'.repeat(50_000),
    ])
      splitUrl(href);
    assert.ok(performance.now() - began < 2000);
  });
});

test('a host has the port of its link, unless that is the one of the protocol', () => {
  const cases = [
    ['http://h:80/', 'h'],
    ['https://h:443', 'h'],
    ['http://h:443', 'h:443'],
    ['https://h:80', 'h:80'],
    ['//h:80', 'h:80'],
    ['http://[::1]:8080/', '[::1]:8080'],
    ['constructor://h:80', 'h:80'],
    ['/p', ''],
  ] as const;
  for (const [href, host] of cases) assert.equal(hostOf(splitUrl(href)), host, href);
});

test('an origin is there where a protocol and a host are', () => {
  const cases = [
    ['https://u:p@h:443/p?q#f', 'https://h'],
    ['http://h:81', 'http://h:81'],
    ['//h/p', ''],
    ['mailto:a@b', ''],
    ['/p', ''],
  ] as const;
  for (const [href, origin] of cases) assert.equal(originOf(splitUrl(href)), origin, href);
});

test('a path is one from the root, as k6 gives it', () => {
  assert.deepEqual(
    ['http://h', 'page.html', '/a', '', '../a'].map((href) => rootedPathOf(splitUrl(href))),
    ['/', '/page.html', '/a', '/', '/../a'],
  );
});
