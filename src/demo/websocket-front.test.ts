import assert from 'node:assert/strict';
import { once } from 'node:events';
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
