// What an idle WebSocket costs in memory, and how many echoes a CPU-second gives: ours, from dialling to the message, against the `ws` package
// alone. Each runs in a process of its own, against one server of `ws`. Run with Node 26:
//   node bench/micro/websocket.ts [sockets]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { openSocket } from '../../src/wire/websocket/scripted-server.fixture.ts';

const ECHO_SOCKETS = 20;
const ECHO_MS = 3000;
const MESSAGE =
  'a message of some length, as chats and feeds have them, of about a hundred octets in all, give or take';

interface Client {
  send(text: string): void;
}
type Open = (port: number, onMessage: (client: Client) => void) => Promise<Client>;

const CLIENTS: Readonly<Record<string, Open>> = {
  sixfold: async (port, onMessage) =>
    (await openSocket(port, { onMessage: (_data, socket) => onMessage(socket) }).opened).socket,
  ws: async (port, onMessage) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    // As text, which is what ours gives.
    socket.on('message', (data: Buffer) => void (data.toString() && onMessage(socket)));
    await once(socket, 'open');
    return socket;
  },
};

const [role, first, second] = process.argv.slice(2);
if (role === 'server') {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: false })));
  server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
} else if (role === 'client') {
  const open = CLIENTS[first as string] as Open;
  const [port = 0, idle = 0] = (second as string).split(',').map(Number);
  const before = await settledMemory();
  for (let opened = 0; opened < idle; opened += 100)
    await Promise.all(Array.from({ length: Math.min(100, idle - opened) }, () => open(port, () => {})));
  const each = ((await settledMemory()) - before) / idle;
  let echoes = 0;
  const clients = await Promise.all(
    Array.from({ length: ECHO_SOCKETS }, () =>
      open(port, (client) => {
        echoes++;
        client.send(MESSAGE);
      }),
    ),
  );
  const start = process.cpuUsage();
  for (const client of clients) client.send(MESSAGE);
  await new Promise((resolve) => setTimeout(resolve, ECHO_MS));
  const { user, system } = process.cpuUsage(start);
  const rate = echoes / ((user + system) / 1e6);
  console.log(
    `${(first as string).padEnd(10)} ${(each / 1000).toFixed(1)} kB/idle socket  ${Math.round(rate)} echoes/CPU-s`,
  );
  process.exit();
} else {
  const server = fork(import.meta.filename, ['server']);
  const [port] = await once(server, 'message');
  const idle = Number(role ?? 10_000);
  for (let round = 0; round < 3; round++)
    for (const name of Object.keys(CLIENTS)) {
      const client = fork(import.meta.filename, ['client', name, `${port},${idle}`], { execArgv: ['--expose-gc'] });
      await once(client, 'exit');
    }
  server.disconnect();
}

/** The resident set, in octets, after collection. */
async function settledMemory(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage.rss();
}
