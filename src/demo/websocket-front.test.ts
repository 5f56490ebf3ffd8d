import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { startTarget, type Target } from './target.ts';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target.close());

async function converse(address: string, messages: readonly (string | Buffer)[], replies: number): Promise<unknown[]> {
  const socket = new WebSocket(address, { rejectUnauthorized: false });
  const heard: unknown[] = [];
  socket.on('open', () => {
    for (const message of messages) socket.send(message);
  });
  socket.on('message', (data, isBinary) => {
    heard.push(isBinary ? data : JSON.parse(String(data)));
    if (heard.length === replies) socket.close();
  });
  await once(socket, 'close');
  return heard;
}

test('an order is placed, baked and ready, over TLS too; what is none is refused', async () => {
  for (const address of [target.addresses.ws, target.addresses.wss]) {
    const heard = (await converse(
      `${address}/counter`,
      ['{"item":"funghi","quantity":2}', '{"item":"soup"}', 'no'],
      5,
    )) as {
      state: string;
      reason?: string;
    }[];
    assert.deepEqual(
      heard.map(({ state, reason }) => reason ?? state),
      ['placed', 'not_found', 'invalid', 'baking', 'ready'],
    );
  }
});

test('an echo is as it came', async () => {
  assert.deepEqual(await converse(`${target.addresses.ws}/echo`, ['"text"', Buffer.from([0, 255])], 2), [
    'text',
    Buffer.from([0, 255]),
  ]);
});

test('it misbehaves on request, and knows no other paths', async () => {
  const fails = async (path: string): Promise<string> => {
    const socket = new WebSocket(target.addresses.ws + path);
    const [error] = (await once(socket, 'error')) as [Error];
    return error.message;
  };
  assert.match(await fails('/other'), /404/);
  assert.match(await fails('/counter?misbehave=status=503'), /503/);
  assert.match(await fails('/counter?misbehave=nonsense'), /400/);
  assert.match(await fails('/counter?misbehave=delay=1,close'), /hang up/);
  assert.match(await fails('/counter?misbehave=reset'), /ECONNRESET|hang up/);
});

/** A client that breaks the rules: after the handshake it sends octets, and waits for the end. */
async function breakProtocol(path: string, octets: readonly number[]): Promise<string> {
  const { port } = new URL(target.addresses.ws);
  const socket = net.connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: shop\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n` +
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let heard = '';
  let sent = false;
  for await (const chunk of socket.setEncoding('latin1')) {
    heard += chunk;
    if (sent || !heard.includes('\r\n\r\n')) continue;
    sent = true;
    socket.write(Uint8Array.from(octets));
  }
  return heard;
}

test('whoever breaks the protocol has the session closed, and the target goes on', async () => {
  for (const path of ['/echo', '/counter', '/close/1000', '/close/3000'])
    for (const octets of [
      // Reserved bits, an unknown opcode, no mask, a control frame in parts, a text that is no UTF-8, a length of 2^63.
      [0xf1, 0x80, 0, 0, 0, 0],
      [0x83, 0x80, 0, 0, 0, 0],
      [0x81, 0x02, 0x68, 0x69],
      [0x09, 0x80, 0, 0, 0, 0],
      [0x81, 0x81, 0, 0, 0, 0, 0xff],
      [0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
      assert.match(await breakProtocol(path, octets), /^HTTP\/1\.1 101 /, `${path} ${octets}`);
  assert.deepEqual(await converse(`${target.addresses.ws}/echo`, ['"still here"'], 1), ['still here']);
});

test('messages that are no order are refused one by one, and the session goes on', async () => {
  const cases = [
    ['null', 'invalid'],
    ['[]', 'invalid'],
    ['"funghi"', 'invalid'],
    ['{"item":{"toString":1}}', 'invalid'],
    ['{"item":"funghi","quantity":{"valueOf":1,"toString":1}}', 'invalid'],
    ['{"item":"funghi","quantity":1000}', 'sold_out'],
    ['{"item":"sushi"}', 'not_found'],
    ['', 'invalid'],
  ] as const;
  const heard = await converse(
    `${target.addresses.ws}/counter`,
    [...cases.map(([message]) => message), Buffer.from('{"item":"funghi"}')],
    cases.length + 1,
  );
  assert.deepEqual(
    (heard as { reason: string }[]).map(({ reason }) => reason),
    [...cases.map(([, reason]) => reason), 'invalid'],
  );
});

test('codes that no close frame may have are no path', async () => {
  for (const path of [
    '/close/1004',
    '/close/1015',
    '/close/999',
    '/close/2999',
    '/close/5000',
    '/close/abc',
    '/close/10000',
  ]) {
    const socket = new WebSocket(target.addresses.ws + path);
    const [error] = (await once(socket, 'error')) as [Error];
    assert.match(error.message, /404/, path);
  }
});
