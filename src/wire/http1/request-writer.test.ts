import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProxy } from '../../addresses/proxy-address.ts';
import type { HttpRequest } from './exchange.ts';
import { checkHead, writeHead, writeRequest } from './request-writer.ts';

const request = (fields: Partial<HttpRequest>): HttpRequest => ({
  method: 'GET',
  scheme: 'http',
  host: 'h',
  port: 80,
  path: '/',
  headers: [],
  body: null,
  ...fields,
});

test('a head is written byte for byte', () => {
  assert.equal(writeHead(request({ headers: [['X-A', 'é\tb']] })), 'GET / HTTP/1.1\r\nX-A: \u00c3\u00a9\tb\r\n\r\n');
});

test('what would break out of its line is refused for every version of HTTP', () => {
  const cases: [Partial<HttpRequest>, RegExp][] = [
    [{ method: 'GET /x HTTP/1.1\r\nA:' }, /invalid method/],
    [{ method: '' }, /invalid method/],
    [{ headers: [['a b', '1']] }, /invalid header field name "a b"/],
    [{ headers: [['', '1']] }, /invalid header field name/],
    [{ headers: [['A', '1\r\nB: 2']] }, /invalid header field value for "A"/],
    [{ headers: [['A', '1\0']] }, /invalid header field value for "A"/],
  ];
  for (const [fields, message] of cases) assert.throws(() => checkHead(request(fields)), message);
});

test('a proxy that forwards is asked for the whole address, and told who asks; any other way the path is enough', () => {
  const proxy = { ...parseProxy('http://me:it@proxy.test:3128'), tls: null };
  const authorization = `Proxy-Authorization: Basic ${Buffer.from('me:it').toString('base64')}\r\n`;
  const firstLine = (fields: Partial<HttpRequest>): string => writeHead(request(fields)).split('\r\n')[0]!;
  assert.equal(
    writeHead(request({ host: 'shop.test', path: '/a?b', proxy, headers: [['Host', 'shop.test']] })),
    `GET http://shop.test/a?b HTTP/1.1\r\nHost: shop.test\r\n${authorization}\r\n`,
  );
  assert.equal(firstLine({ host: 'shop.test', port: 8080, proxy }), 'GET http://shop.test:8080/ HTTP/1.1');
  assert.equal(firstLine({ host: '::1', proxy }), 'GET http://[::1]/ HTTP/1.1');
  assert.equal(firstLine({ host: 'shop.test', scheme: 'https', port: 443, proxy }), 'GET / HTTP/1.1');
  const socks = { ...parseProxy('socks5://me:it@proxy.test'), tls: null };
  assert.equal(writeHead(request({ proxy: socks })), 'GET / HTTP/1.1\r\n\r\n');
});

test('a head says what it is given, though the one before was much like it', () => {
  const heads = (['a', 'b', 'a'] as const).flatMap((value) => [
    writeHead(request({ headers: [['X', value]] })),
    writeHead(request({ method: 'PUT', headers: [['X', value]] })),
    writeHead(request({ path: '/other', headers: [['x', value]] })),
  ]);
  assert.deepEqual(
    heads,
    ['a', 'b', 'a'].flatMap((value) => [
      `GET / HTTP/1.1\r\nX: ${value}\r\n\r\n`,
      `PUT / HTTP/1.1\r\nX: ${value}\r\n\r\n`,
      `GET /other HTTP/1.1\r\nx: ${value}\r\n\r\n`,
    ]),
  );
  // A value that was refused is refused again, and does not spoil the name.
  for (let round = 0; round < 2; round++)
    assert.throws(() => writeHead(request({ headers: [['X', 'a\r\nb']] })), /invalid header field value/);
  assert.equal(writeHead(request({ headers: [['X', 'a']] })), 'GET / HTTP/1.1\r\nX: a\r\n\r\n');
});

test('head and body leave as the same octets, in one write or in two', () => {
  const head = 'POST / HTTP/1.1\r\nX: \u00c3\u00a9\r\n\r\n';
  const sent = (body: Uint8Array | string | null): { bytes: Buffer; writes: number } => {
    const writes: Buffer[] = [];
    writeRequest(
      {
        write: (data) => writes.push(typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data)) > 0,
      },
      head,
      body,
    );
    return { bytes: Buffer.concat(writes), writes: writes.length };
  };
  const headBytes = Buffer.from(head, 'latin1');
  for (const [body, writes] of [
    [null, 1],
    ['', 1],
    [new Uint8Array(), 1],
    ['plain', 1],
    ['größe 😀 \ud83d', 1],
    ['x'.repeat(100_000), 1],
    [Uint8Array.from({ length: 256 }, (_, i) => i), 1],
    [Buffer.alloc(64 * 1024, 7), 1],
    [Buffer.alloc(64 * 1024 + 1, 7), 2],
  ] as const) {
    const result = sent(body);
    const expected = Buffer.concat([headBytes, Buffer.from((body ?? '') as string)]);
    assert.ok(result.bytes.equals(expected), String(body).slice(0, 20));
    assert.equal(result.writes, writes, String(body).slice(0, 20));
  }
});
