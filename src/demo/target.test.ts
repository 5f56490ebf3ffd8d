import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { classify } from '../codes/index.ts';
import { startTarget, type Target } from './target.ts';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target.close());

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function call(method: string, path: string, body?: object, headers: http.OutgoingHttpHeaders = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request(target.addresses.http + path, { method, headers, agent: false }, async (response) => {
      response.setEncoding('utf8');
      let text = '';
      try {
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      } catch (error) {
        reject(error);
      }
    });
    request.on('error', reject).end(body && JSON.stringify(body));
  });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.fail('did not fail'),
    (error: unknown) => classify(error, 'read').code,
  );

const root = protobuf.loadSync(
  ['quickpizza.proto', 'shop.proto'].map((name) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))),
);

interface RpcResult {
  readonly code: number;
  readonly details: string;
  readonly message: object | null;
}

/** A call by @grpc/grpc-js, as a client that is not ours. */
function invoke(
  path: string,
  types: [string, string],
  message: object,
  options: { tls?: boolean; metadata?: Record<string, string>; ms?: number } = {},
): Promise<RpcResult> {
  const { addresses } = target;
  const credentials = options.tls
    ? grpc.credentials.createSsl(Buffer.from(addresses.ca))
    : grpc.credentials.createInsecure();
  // grpc-js sets an IP address as TLS server name, which Node refuses: so by name.
  const client = new grpc.Client(
    options.tls ? addresses.grpcs.replace('127.0.0.1', 'localhost') : addresses.grpc,
    credentials,
  );
  const [input, output] = types.map((name) => root.lookupType(name)) as [protobuf.Type, protobuf.Type];
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  return new Promise((resolve) => {
    const serialize = (value: object) => Buffer.from(input.encode(input.fromObject(value)).finish());
    const deserialize = (bytes: Buffer) => output.toObject(output.decode(bytes), { longs: Number, enums: String });
    client.makeUnaryRequest(
      path,
      serialize,
      deserialize,
      message,
      metadata,
      { deadline: Date.now() + (options.ms ?? 10_000) },
      (error, value) => {
        client.close();
        resolve({ code: error?.code ?? 0, details: error?.details ?? '', message: value ?? null });
      },
    );
  });
}

const rate = (message: object, options?: Parameters<typeof invoke>[3]) =>
  invoke(
    '/quickpizza.GRPC/RatePizza',
    ['quickpizza.PizzaRatingRequest', 'quickpizza.PizzaRatingResponse'],
    message,
    options,
  );

test('the menu, an order and a rating over HTTP', async () => {
  assert.equal((JSON.parse((await call('GET', '/menu?kind=coffee')).body) as unknown[]).length, 2);
  const ordered = await call('POST', '/orders', { item: 'funghi', quantity: 2, name: 'Ada' });
  assert.equal(ordered.status, 201);
  const found = await call('GET', String(ordered.headers.location));
  assert.equal((JSON.parse(found.body) as { totalCents: number }).totalCents, 1900);
  assert.deepEqual(JSON.parse((await call('POST', '/ratings', { ingredients: ['Cheese'], dough: 'Thick' })).body), {
    stars: 3,
  });
});

test('refusals have a status each', async () => {
  const statuses = [
    await call('GET', '/menu/sushi'),
    await call('POST', '/orders', { item: 'funghi', quantity: 0 }),
    await call('POST', '/orders', { item: 'funghi', quantity: 1000 }),
    await call('GET', '/me'),
    await call('GET', '/nowhere'),
    await call('POST', '/orders'),
    await call('GET', '/?misbehave=explode'),
  ].map((reply) => reply.status);
  assert.deepEqual(statuses, [404, 422, 409, 401, 404, 400, 400]);
});

test('logging in gives a token and a cookie', async () => {
  const { body, headers } = await call('POST', '/login', { user: 'demo', password: 'demo' });
  const { token } = JSON.parse(body) as { token: string };
  assert.equal((await call('GET', '/me', undefined, { authorization: `Bearer ${token}` })).status, 200);
  assert.equal(
    (await call('GET', '/me', undefined, { cookie: headers['set-cookie']?.[0]?.split(';')[0] })).status,
    200,
  );
});

test('HTTPS with the certificate of the demo authority', async () => {
  const reply = await new Promise<number | undefined>((resolve, reject) =>
    https
      .get(`${target.addresses.https}/health`, { ca: target.addresses.ca, agent: false }, (response) =>
        resolve(response.resume().statusCode),
      )
      .on('error', reject),
  );
  assert.equal(reply, 200);
});

test('HTTP misbehaves as it is asked to', async () => {
  assert.equal((await call('GET', '/menu?misbehave=status=503')).status, 503);
  assert.equal((await call('GET', '/status/418')).status, 418);
  assert.equal((await call('GET', '/menu', undefined, { 'x-misbehave': 'status=429,delay=5' })).status, 429);
  assert.equal(await failure(call('GET', '/menu?misbehave=reset')), 1220);
  assert.equal(await failure(call('GET', '/menu?misbehave=close')), 1040);
  assert.equal(await failure(call('GET', '/menu?misbehave=half')), 1040);
  assert.equal(await failure(call('GET', '/menu?misbehave=malformed')), 1041);
});

test('a pizza is rated over gRPC, without TLS and with', async () => {
  const pizza = { ingredients: ['Cheese'], dough: 'Thick' };
  assert.deepEqual(await rate(pizza), { code: 0, details: '', message: { starsRating: 3 } });
  assert.equal((await rate(pizza, { tls: true })).code, 0);
});

test('an order over gRPC', async () => {
  const { message } = await invoke('/shop.Counter/Order', ['shop.OrderRequest', 'shop.OrderResponse'], {
    item: 'espresso',
    quantity: 2,
    name: 'Ada',
  });
  const { item, totalCents } = message as { item: { kind: string }; totalCents: number };
  assert.deepEqual([item.kind, totalCents], ['KIND_COFFEE', 440]);
  const { code } = await invoke('/shop.Counter/Find', ['shop.FindRequest', 'shop.OrderResponse'], { id: 999999 });
  assert.equal(code, 5);
});

test('gRPC misbehaves as it is asked to', async () => {
  const pizza = { ingredients: ['Cheese'], dough: 'Thick' };
  const code = async (wish: string) => (await rate(pizza, { metadata: { 'x-misbehave': wish } })).code;
  assert.equal(await code('status=10'), 10);
  assert.equal(await code('rst=11'), 8);
  assert.equal(await code('http=503'), 14);
  assert.equal(await code('reset'), 14);
  assert.equal(await code('close'), 14);
  assert.equal(await code('malformed'), 13);
  assert.equal(await code('encoding'), 13);
  assert.ok((await code('half')) > 0);
  assert.equal(await code('explode'), 3);
  assert.equal((await rate(pizza, { metadata: { 'x-misbehave': 'hang' }, ms: 50 })).code, 4);
});

test('errors of gRPC carry their message', async () => {
  const { code, details } = await rate({ ingredients: [], dough: 'Thick' });
  assert.deepEqual([code, details], [3, 'a pizza needs ingredients']);
  const unknown = await invoke('/quickpizza.GRPC/Bake', ['quickpizza.StatusRequest', 'quickpizza.StatusResponse'], {});
  assert.deepEqual([unknown.code, unknown.details], [12, 'unknown method /quickpizza.GRPC/Bake']);
});

test('a port that is taken is an error, and nothing is left open', async () => {
  const port = Number(new URL(target.addresses.http).port);
  await assert.rejects(startTarget({ port }), { code: 'EADDRINUSE' });
});
