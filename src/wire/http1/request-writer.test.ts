import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from './exchange.ts';
import { checkHead, writeHead } from './request-writer.ts';

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
