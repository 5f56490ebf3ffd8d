import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { ApiError, guardAccess } from './access-guard.ts';
import { type ApiAddress, parseApiAddress } from './api-address.ts';

type Headers = Record<string, string>;

/** Asks a server at an address; its status, 200 where the guard lets the request pass. */
async function ask(address: ApiAddress, token: string | null, headers: Headers, url = '/'): Promise<number> {
  const app = Fastify();
  app.setErrorHandler((error, _, reply) => reply.code(error instanceof ApiError ? error.status : 500).send());
  guardAccess(app, address, token, ({ url: asked }) => asked !== '/open');
  app.get('/', () => 'fine');
  app.get('/open', () => 'fine');
  const { statusCode } = await app.inject({ url, headers });
  await app.close();
  return statusCode;
}

const LOCAL = parseApiAddress('localhost:6565');
const OPEN = parseApiAddress(':6565');

test('a server of this machine is asked by its own names alone', async () => {
  for (const [host, status] of [
    ['localhost', 200],
    ['localhost:6565', 200],
    ['LOCALHOST:6565', 200],
    ['127.0.0.1:6565', 200],
    ['127.1.2.3', 200],
    ['[::1]:6565', 200],
    ['[::1]', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['evil.example:6565', 403],
    ['0.0.0.0', 403],
    ['[::2]', 403],
  ] as const)
    assert.equal(await ask(LOCAL, null, { host }), status, host);
  assert.equal(await ask(OPEN, null, { host: 'load.example' }), 200, 'what is open to others has names of its own');
});

test('pages of the server itself may ask, those of no other origin', async () => {
  for (const [origin, status] of [
    ['http://localhost:6565', 200],
    ['https://localhost:6565', 200],
    ['http://localhost', 403],
    ['http://localhost:80', 403],
    ['http://localhost:6566', 403],
    ['http://evil.example', 403],
    ['http://evil.example:6565', 403],
    ['null', 403],
    ['file://', 403],
    ['localhost:6565', 403],
  ] as const)
    assert.equal(await ask(LOCAL, null, { host: 'localhost:6565', origin }), status, origin);
});

test('a token is asked for where it is needed, and only the whole of it is right', async () => {
  for (const [authorization, status] of [
    [undefined, 401],
    ['', 401],
    ['Bearer open sesame', 200],
    ['bearer open sesame', 200],
    ['Bearer open', 401],
    ['Bearer open sesame!', 401],
    ['Bearer', 401],
    ['Bearer ', 401],
    ['Basic open sesame', 401],
    ['open sesame', 401],
  ] as const)
    assert.equal(
      await ask(LOCAL, 'open sesame', { host: 'localhost', ...(authorization !== undefined && { authorization }) }),
      status,
      String(authorization),
    );
  assert.equal(await ask(LOCAL, 'open sesame', { host: 'localhost' }, '/open'), 200);
  assert.equal(await ask(LOCAL, 'open sesame', { host: 'evil.example' }, '/open'), 403, 'the host counts everywhere');
  assert.equal(await ask(LOCAL, null, { host: 'localhost', authorization: 'Bearer whatever' }), 200);
});
