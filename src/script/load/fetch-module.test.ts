import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { fetchModule } from './fetch-module.ts';

const asked: string[] = [];
const server = http.createServer((request, response) => {
  asked.push(request.url!);
  const { pathname, searchParams } = new URL(request.url!, 'http://x');
  if (pathname === '/special.js' && searchParams.has('_k6')) response.end('for k6');
  else if (pathname === '/plain.js' && !searchParams.has('_k6')) response.end('for all');
  else {
    response.statusCode = 404;
    response.end();
  }
});
let base = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

test('a version for k6 is asked for first, the plain one then, each address once', async () => {
  assert.equal(await fetchModule(`${base}/special.js`), 'for k6');
  assert.equal(await fetchModule(`${base}/plain.js`), 'for all');
  assert.equal(await fetchModule(`${base}/plain.js`), 'for all');
  assert.deepEqual(asked, ['/special.js?_k6=1', '/plain.js?_k6=1', '/plain.js']);
});

test('a refusal and a missing network are said as such', async () => {
  await assert.rejects(fetchModule(`${base}/none.js`), /could not be fetched: the server answered 404 Not Found/);
  await assert.rejects(
    fetchModule('https://127.0.0.1:9443/x.js'),
    /127\.0\.0\.1:9443\/x\.js could not be fetched: .*ECONNREFUSED.*save it beside the script/,
  );
});
