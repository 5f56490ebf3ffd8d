// What scripts see of WebSockets, beyond what the conformance cases show.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { createScriptBench } from '../../../test/script-bench.ts';

let server: WebSocketServer;
let url: string;

before(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket: WebSocket, request) => {
    if (request.url === '/1011') socket.close(1011, 'broken');
    if (request.url === '/none') socket.close();
    if (request.url === '/hello') socket.send('hello');
    socket.on('message', (data: Buffer, isBinary: boolean) => socket.send(data, { binary: isBinary }));
  });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const script = (body: string): string =>
  `import { WebSocket, Blob } from 'k6/websockets';
   import { sleep } from 'k6';
   export default function () { const log = []; return new Promise((done) => { const url = ${JSON.stringify(url)}; ${body} }).then((more) => more ?? log); }`;

test('close codes that say of an error are an error event first, and counted by code 1900', async () => {
  const bench = await createScriptBench(
    script(`const ws = new WebSocket(url + '/1011');
      ws.onerror = (e) => log.push(e.error);
      ws.onclose = (e) => { log.push([e.code, e.reason, e.wasClean]); done(); };`),
  );
  assert.deepEqual(await bench.run(), [
    'websocket: close 1011 (internal server error): broken',
    [1011, 'broken', true],
  ]);
  const failures = bench.samples.filter(({ metric }) => metric === 'ws_failures');
  assert.deepEqual(
    failures.map(({ tags }) => [tags['error_code'], tags['error']]),
    [['1900', 'websocket: close 1011 (internal server error)']],
  );
});

test('a close frame without a code is an error event, but no failure', async () => {
  const bench = await createScriptBench(
    script(`const ws = new WebSocket(url + '/none');
      ws.onerror = (e) => log.push(e.error);
      ws.onclose = (e) => { log.push(e.code); done(); };`),
  );
  assert.deepEqual(await bench.run(), ['websocket: close 1005 (no status)', 1005]);
  assert.equal(bench.samples.filter(({ metric }) => metric === 'ws_failures').length, 0);
});

test('the states have names, on the class and on each socket', async () => {
  const bench = await createScriptBench(
    script(`const ws = new WebSocket(url + '/hello');
      const states = (of) => [of.CONNECTING, of.OPEN, of.CLOSING, of.CLOSED].join();
      log.push(states(WebSocket), states(ws), ws.readyState === WebSocket.CONNECTING);
      ws.onopen = () => { log.push(ws.readyState === ws.OPEN); ws.close(); log.push(ws.readyState === WebSocket.CLOSING); };
      ws.onclose = () => { log.push(ws.readyState === WebSocket.CLOSED); done(); };`),
  );
  assert.deepEqual(await bench.run(), ['0,1,2,3', '0,1,2,3', true, true, true, true]);
});

test('removeEventListener takes away one function; a blocked name is an event, once', async () => {
  const bench = await createScriptBench(
    script(`const ws = new WebSocket(url + '/hello');
      const heard = () => log.push('heard');
      ws.addEventListener('message', heard);
      ws.addEventListener('message', heard);
      ws.removeEventListener('message', heard);
      ws.addEventListener('message', () => {
        const blocked = new WebSocket('ws://blocked.test/');
        blocked.onerror = (e) => { log.push(e.error); blocked.close(); };
        blocked.onclose = () => { ws.close(); };
      });
      ws.onclose = () => done();`),
    { blockHostnames: ['blocked.test'] },
  );
  assert.deepEqual(await bench.run(), ['heard', 'hostname (blocked.test) is in a blocked pattern (blocked.test)']);
  assert.equal(bench.samples.filter(({ metric }) => metric === 'ws_sessions').length, 2);
});

test('a Blob is a stream, too', async () => {
  const bench = await createScriptBench(`
    import { Blob } from 'k6/websockets';
    export default async () => {
      const blob = new Blob(['x'.repeat(100_000), 'ü']);
      const sizes = [];
      for await (const chunk of blob.stream()) sizes.push(chunk.length, chunk instanceof Uint8Array);
      const reader = blob.slice(0, 3).stream().getReader();
      const first = await reader.read();
      return [sizes, new TextDecoder().decode(first.value), (await reader.read()).done, (await new Blob([]).stream().getReader().read()).done];
    };`);
  assert.deepEqual(await bench.run(), [[65_536, true, 34_466, true], 'xxx', true, true]);
});

test('what has ended with the iteration tells the server so, and nothing is heard of it', async () => {
  const bench = await createScriptBench(
    script(`const ws = new WebSocket(url);
      ws.onopen = () => ws.send('it is open');
      ws.onclose = () => console.log('close');`),
  );
  const connected = once(server, 'connection');
  const ran = assert.rejects(bench.run(), /interrupted/);
  const [client] = (await connected) as [WebSocket];
  const gone = once(client, 'close');
  await once(client, 'message');
  bench.vu.interrupt();
  bench.vu.loop.abandon();
  await ran;
  assert.equal((await gone)[0], 1001);
  assert.deepEqual(bench.logs, []);
});

test('handlers of k6/ws: a throw comes out of connect, a send after close is an error event, unknown params are not minded', async () => {
  const bench = await createScriptBench(
    `import ws from 'k6/ws';
     const url = ${JSON.stringify('URL')};
     export default function () {
       const log = [];
       try {
         ws.connect(url + '/hello', {}, (socket) => socket.on('message', () => { throw new Error('mine'); }));
       } catch (error) { log.push(error.message); }
       ws.connect(url, { whatever: 1 }, (socket) => {
         socket.on('open', () => { socket.close(); socket.send('late'); });
         socket.on('error', (e) => log.push(e.error()));
         socket.on('close', (code) => log.push(code));
       });
       try {
         ws.connect(url, {}, (socket) => { socket.on('open', () => { try { socket.close('x'); } finally { socket.close(); } }); });
       } catch (error) { log.push(error.message); }
       return log;
     }`.replace('"URL"', JSON.stringify(url)),
  );
  assert.deepEqual(await bench.run(), [
    'mine',
    'websocket: close sent',
    1001,
    'close() takes a code from 1000 to 4999, not x',
  ]);
});

test('a handler that throws ends its socket with error and close, and fails the iteration', async () => {
  const bench = await createScriptBench(
    script(`const ws = new WebSocket(url + '/hello');
      ws.onmessage = () => { throw new Error('mine'); };
      ws.onerror = (e) => console.log('error: ' + e.error);
      ws.onclose = (e) => { console.log('close ' + e.code); done(); };`),
  );
  await bench.run();
  assert.deepEqual(
    bench.logs.filter((line) => !line.startsWith('unhandled')),
    ['info: error: mine', 'info: close 1006'],
  );
  assert.equal(bench.logs.filter((line) => line.startsWith('unhandled') && line.includes('mine')).length, 1);
});
