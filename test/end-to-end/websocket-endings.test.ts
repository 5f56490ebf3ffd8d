// A test ends while its WebSockets are open: by its time, with and without grace, and by Ctrl-C.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { Command, Scratch } from './command.ts';

const scratch = new Scratch();
let server: WebSocketServer;
let url: string;
/** Close codes that the server has heard, by the path of the socket. */
const codes = new Map<string, number[]>();
let connected = 0;

before(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket: WebSocket, request) => {
    connected++;
    const path = request.url ?? '';
    socket.on('message', (data) => socket.send(String(data)));
    socket.on('close', (code) => codes.set(path, [...(codes.get(path) ?? []), code]));
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  for (const client of server.clients) client.terminate();
  server.close();
  scratch.remove();
});

/** Two sockets a virtual user, which stay open; the second says so once both have answered. */
const holding = (path: string, options: string): string => `
  import { WebSocket } from 'k6/websockets';
  import legacy from 'k6/ws';
  export const options = ${options};
  export default function () {
    let open = 0;
    for (let i = 0; i < 2; i++) {
      const socket = new WebSocket('${url}${path}');
      socket.onopen = () => socket.send('hello');
      socket.onmessage = () => { if (++open === 2) console.log('both are open'); };
      socket.onclose = () => console.log('heard of the end');
    }
  }
  export function old() {
    legacy.connect('${url}${path}', (socket) => { socket.on('open', () => console.log('the old one is open')); });
  }
  export function teardown() { console.log('torn down'); }`;

function start(name: string, source: string): Command {
  return new Command(['run', '-q', scratch.write(name, source)], { cwd: scratch.folder });
}

async function closed(path: string, count: number): Promise<number[]> {
  while ((codes.get(path)?.length ?? 0) < count) await new Promise((resolve) => setImmediate(resolve));
  return codes.get(path)!;
}

test('Ctrl-C closes open sockets with 1001, runs teardown and reports the sessions', async () => {
  const scenarios = `{ scenarios: {
    now: { executor: 'constant-vus', vus: 2, duration: '10m' },
    old: { executor: 'constant-vus', vus: 1, duration: '10m', exec: 'old' } } }`;
  const command = start('ctrl-c.js', holding('/ctrl-c', scenarios));
  await command.printed(/both are open[\s\S]*both are open/);
  await command.printed(/the old one is open/);
  command.child.kill('SIGINT');
  const { exit, stdout, stderr } = await command.ended;
  assert.equal(exit, 105, stderr);
  assert.match(stderr, /torn down/);
  assert.doesNotMatch(stderr, /heard of the end/);
  assert.match(stdout, /ws_sessions\.*: 5 /);
  assert.match(stdout, /ws_session_duration\.*: avg=/);
  assert.deepEqual(await closed('/ctrl-c', 5), [1001, 1001, 1001, 1001, 1001]);
});

test('sockets that outlive the graceful stop are closed with 1001, and the iterations count as interrupted', async () => {
  const scenarios = "{ scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '4s', gracefulStop: '1s' } } }";
  const command = start('hold.js', holding('/hold', scenarios));
  const { exit, stdout, stderr } = await command.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /torn down/);
  assert.match(stdout, /ws_sessions\.*: 4 /);
  assert.deepEqual(await closed('/hold', 4), [1001, 1001, 1001, 1001]);
});

test('within the graceful stop sockets go on, and end as the script wants', async () => {
  const before = connected;
  const command = start(
    'grace.js',
    `import { WebSocket } from 'k6/websockets';
     export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '60s' } } };
     export default function () {
       const socket = new WebSocket('${url}/grace');
       socket.onopen = () => setTimeout(() => socket.send('late'), 1500);
       socket.onmessage = () => socket.close(3001, 'enough');
       socket.onclose = (event) => console.log('closed with ' + event.code);
     }`,
  );
  const { exit, stdout, stderr } = await command.ended;
  assert.equal(exit, 0, stderr);
  assert.equal(connected, before + 1);
  assert.match(stderr, /closed with 3001/);
  assert.match(stdout, /iterations\.*: 1 /);
  assert.deepEqual(await closed('/grace', 1), [3001]);
});
