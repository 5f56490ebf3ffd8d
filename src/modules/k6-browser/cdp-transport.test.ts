// The way to a browser, with a server that says what a test wants: answers, events, and what no browser says.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '../../../test/end-to-end/until.ts';
import { type CdpMessage, CdpTransport } from './cdp-transport.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

/** @param answer what the browser does with each command */
async function connect(answer: (command: CdpMessage & { readonly id: number }, socket: WebSocket) => void = () => {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  await once(server, 'listening');
  const opened = once(server, 'connection');
  const endpoint = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/devtools`;
  const transport = await CdpTransport.connect(endpoint, 20_000);
  const [socket] = (await opened) as [WebSocket];
  socket.on('message', (data: Buffer) => answer(JSON.parse(data.toString()), socket));
  const heard: string[] = [];
  transport.onEvent = ({ method }) => heard.push(`event ${method}`);
  transport.onmessage = (message) =>
    heard.push(`message ${(message as CdpMessage).method ?? (message as CdpMessage).id}`);
  return { transport, socket, heard, endpoint };
}
const say = (socket: WebSocket, message: object): void => socket.send(JSON.stringify(message));

test('a command of ours gets its own answer, in whatever order they come, and Playwright hears nothing of it', async () => {
  const waiting: number[] = [];
  const { transport, heard } = await connect(({ id, method }, socket) => {
    waiting.push(id);
    if (method !== 'Second') return;
    for (const one of waiting.reverse()) say(socket, { id: one, result: { of: one } });
  });
  const [first, second] = await Promise.all([transport.command('First'), transport.command('Second', { a: 1 })]);
  assert.notDeepEqual(first, second);
  assert.deepEqual([Number(second['of']) - Number(first['of']), heard], [1, []]);
});

test('what the browser refuses is said in its words', async () => {
  const { transport } = await connect(({ id }, socket) =>
    say(socket, { id, error: { message: "'Nothing' wasn't found" } }),
  );
  await assert.rejects(transport.command('Nothing'), { message: "'Nothing' wasn't found" });
});

test('events and answers of Playwright’s come one a turn, in their order, events to us first', async () => {
  const { transport, socket, heard } = await connect();
  const turns: number[] = [];
  let turn = 0;
  const count = (): void => {
    turn++;
    if (turns.length < 3) setImmediate(count);
  };
  const note = transport.onmessage!;
  transport.onmessage = (message) => {
    turns.push(turn);
    note(message);
  };
  count();
  say(socket, { method: 'A' });
  say(socket, { id: 1, result: {} });
  say(socket, { method: 'B', sessionId: 's' });
  await until(() => heard.length === 5, 'all is heard');
  assert.deepEqual(heard, ['event A', 'message A', 'message 1', 'event B', 'message B']);
  assert.equal(new Set(turns).size, 3, 'each in a turn of its own');
});

test('what Playwright sends goes as it is', async () => {
  const sent: unknown[] = [];
  const { transport } = await connect((command) => sent.push(command));
  transport.send({ id: 1, method: 'Page.enable', params: {}, sessionId: 's' });
  await until(() => sent.length === 1, 'it has come');
  assert.deepEqual(sent, [{ id: 1, method: 'Page.enable', params: {}, sessionId: 's' }]);
});

test('where the browser goes, all that waits ends, and so does whatever comes later', async () => {
  const { transport, socket } = await connect((_, own) => own.terminate());
  let isGone = 0;
  const closed = new Promise<string | undefined>((resolve) => (transport.onclose = resolve));
  transport.onGone = () => isGone++;
  await assert.rejects(transport.command('Browser.getVersion'), { code: 1040, message: 'the browser is gone' });
  assert.deepEqual([await closed, isGone, socket.readyState], ['the browser is gone', 1, WebSocket.CLOSED]);
  await assert.rejects(transport.command('Browser.getVersion'), { code: 1040 });
  // Playwright may listen only now: it must not wait for ever.
  const again = new Promise<string | undefined>((resolve) => (transport.onclose = resolve));
  transport.send({ id: 1, method: 'x' });
  assert.equal(await again, 'the browser is gone');
});

test('who does not speak the protocol is no browser, and is shown with what it says', async () => {
  for (const text of ['hello', '[]', 'null', '5', `"${'x'.repeat(200)}"`]) {
    const { transport, socket, endpoint } = await connect();
    const closed = new Promise<string | undefined>((resolve) => (transport.onclose = resolve));
    socket.send(text);
    const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
    assert.equal(await closed, `${endpoint} is no browser: it does not speak the DevTools protocol, but says ${shown}`);
  }
});

test('where nobody is, or nobody who speaks WebSocket, that is said with the address', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const endpoint = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(CdpTransport.connect(endpoint, 20_000), (error: Error) => {
    assert.ok(error.message.startsWith(`cannot connect to the browser at ${endpoint}: `), error.message);
    return true;
  });
});
