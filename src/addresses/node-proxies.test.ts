import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { proxiesForNode, proxyForNode } from './node-proxies.ts';

test('a proxy without a scheme, or with a broken % in its password, is one that Node can read', () => {
  for (const [text, read] of [
    ['proxy.test:3128', 'http://proxy.test:3128'],
    ['me:it@proxy.test', 'http://me:it@proxy.test:80'],
    ['http://me:100%@p', 'http://me:100%25@p:80'],
    ['http://m%C3%A9:p%40%3A%24%26@p', 'http://m%C3%A9:p%40%3A%24%26@p:80'],
    ['https://:it@[::1]', 'https://:it@[::1]:443'],
    ['socks5h://me@p', 'socks5://me:@p:1080'],
  ] as const)
    assert.equal(proxyForNode(text), read);
});

test('variables are read as Go does, capitals first, and those that hold nothing are none', () => {
  assert.deepEqual(proxiesForNode({}), {});
  assert.deepEqual(proxiesForNode({ HTTP_PROXY: '', http_proxy: ' a ', https_proxy: '', no_proxy: 'x,y' }), {
    HTTP_PROXY: 'http://a:80',
    NO_PROXY: 'x,y',
  });
  assert.deepEqual(proxiesForNode({ HTTPS_PROXY: 'a', https_proxy: 'b', NO_PROXY: 'x', no_proxy: 'y' }), {
    HTTPS_PROXY: 'http://a:80',
    NO_PROXY: 'x',
  });
});

test('a variable that holds no proxy is named, without the password', () => {
  for (const text of ['http://me:secret@p:bad', 'ftp://me:secret@p', 'me:se/cret@p:99999'])
    assert.throws(
      () => proxiesForNode({ https_proxy: text }),
      (error: Error) =>
        /^the environment variable https_proxy cannot be used: the proxy "/.test(error.message) &&
        !/cret/.test(error.message),
    );
});

test('Node tells the proxy the name and password as they were meant', async () => {
  const told: string[] = [];
  const proxy = http.createServer((request, response) => {
    told.push(Buffer.from(request.headers['proxy-authorization']?.slice(6) ?? '', 'base64').toString());
    response.end('from the proxy');
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { port } = proxy.address() as AddressInfo;
  for (const given of ['me:p%', ':it', 'm%C3%A9:p%40']) {
    const agent = new http.Agent({ proxyEnv: proxiesForNode({ HTTP_PROXY: `${given}@127.0.0.1:${port}` }) });
    const [response] = (await once(http.get({ host: 'shop.test', agent }), 'response')) as [http.IncomingMessage];
    response.resume();
    await once(response, 'end');
    agent.destroy();
  }
  proxy.close();
  assert.deepEqual(told, ['me:p%', ':it', 'mé:p@']);
});
