// Against servers on loopback: orderly ones, and such that break off, send garbage or never end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { createCertificates } from '../../demo/certificates.ts';

const servers: Server[] = [];
const open = new Set<Socket>();
let site = '';
let secure = '';
let raw = '';

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

before(async () => {
  const http = createHttpServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/missing') response.writeHead(404).end('no such stream');
    else if (pathname === '/moved') response.writeHead(302, { location: '/stream', 'set-cookie': 'seen=1' }).end();
    else if (pathname === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (pathname === '/cut') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n', () => response.destroy());
    } else if (pathname === '/flood') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let i = 0; i < 20_000; i++) response.write(`id: ${i}\ndata: ${'x'.repeat(500)}\n\n`);
      response.end();
    } else if (pathname === '/endless') {
      response.writeHead(200);
      response.write('data: x\n\n');
    } else if (pathname === '/large') response.writeHead(200).end(`data: ${'x'.repeat(5000)}\n\n`);
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `: hello\nid: 1\nevent: head\ndata: ${request.method} ${request.headers['x-key']} ${request.headers.accept} ${request.headers.cookie}\n\n`,
      );
      request.on('data', (data: Buffer) => response.write(`id: 2\ndata: ${data.toString()}\n\n`));
      request.on('end', () => response.end('retry: 500\ndata: last\n\n'));
    }
  });
  site = `http://127.0.0.1:${await listen(http)}`;
  const { cert, key } = createCertificates(['localhost']);
  secure = `https://localhost:${await listen(createHttpsServer({ cert, key }, (_request, response) => response.end('data: safe\n\n')))}`;
  raw = `http://127.0.0.1:${await listen(
    createTcpServer((socket) =>
      socket.once('data', (data: Buffer) => {
        if (data.toString().startsWith('GET /garbage')) socket.end('hello\r\n\r\n');
        if (data.toString().startsWith('GET /reset')) socket.resetAndDestroy();
        // No framing but the end of the connection.
        if (data.toString().startsWith('GET /plain')) socket.end('HTTP/1.0 200 OK\r\n\r\ndata: old\n\n');
      }),
    ),
  )}`;
});
after(() => {
  for (const socket of open) socket.destroy();
  for (const server of servers) server.close();
});

const bench = (body: string, options = {}) =>
  createScriptBench(
    `import sse from 'k6/x/sse';
     import { sleep } from 'k6';
     const said = (f) => { try { return f(); } catch (e) { return e.name + ': ' + e.message; } };
     const listen = (url, params, onEvent) => {
       const log = [];
       const response = sse.open(url, params, (client) => {
         client.on('open', () => log.push('open'));
         client.on('event', (event) => { log.push(event.data); if (onEvent) onEvent(event, client, log); });
         client.on('error', (e) => log.push(e.error_code + ' ' + e.error()));
       });
       return [log, response.status, response.error];
     };
     export default function () { ${body} }
     export function nothing() {}`,
    options,
  );
const count = (samples: readonly { metric: string }[], metric: string) =>
  samples.filter((sample) => sample.metric === metric).length;

test('events come as the server sends them; open returns when it ends', async () => {
  const script = await bench(`
    const events = [];
    const result = listen('${site}/stream', { method: 'POST', body: 'from us', headers: { 'X-Key': 'k' }, tags: { feed: 'a' } }, (event) => events.push([event.id, event.name, event.comment, event.retry]));
    return [result, events];`);
  const [[log, status, error], events] = (await script.run()) as [[unknown[], number, string], unknown[]];
  assert.deepEqual([log, status, error], [['open', 'POST k text/event-stream undefined', 'from us', 'last'], 200, '']);
  assert.deepEqual(events, [
    ['1', 'head', ' hello'.trim(), null],
    ['2', '', '', null],
    ['2', '', '', 500],
  ]);
  const { samples } = script;
  assert.equal(count(samples, 'sse_event'), 3);
  assert.equal(count(samples, 'sse_streams'), 1);
  const { tags } = samples.find(({ metric }) => metric === 'sse_event')!;
  assert.deepEqual([tags['feed'], tags['status'], tags['method'], tags['url']], ['a', '200', 'POST', `${site}/stream`]);
});

test('a client closes its stream, at any time; TLS, redirects and cookies work as for HTTP', async () => {
  const script = await bench(
    `return [listen('${site}/endless', {}, (event, client) => client.close()), sse.open('${site}/endless', (client) => client.close()).status, listen('${secure}/', null), listen('${site}/moved', { method: 'POST', body: 'x' }),
      listen('${raw}/plain'), listen('${site}/loop')];`,
    { insecureSkipTLSVerify: true, maxRedirects: 3 },
  );
  assert.deepEqual(await script.run(), [
    [['open', 'x'], 200, ''],
    0,
    [['open', 'safe'], 200, ''],
    [['open', 'GET undefined text/event-stream seen=1', 'last'], 200, ''],
    [['open', 'old'], 200, ''],
    [['1041 sse: the server answered with status 302'], 302, 'sse: the server answered with status 302'],
  ]);
});

test('what goes wrong has its code: as an event, in the response and on the sample', async () => {
  const script = await bench(
    `return ['${site}/missing', '${site}/cut', '${raw}/garbage', '${raw}/reset', 'http://127.0.0.1:1/', 'http://blocked.example/', '${secure}/', '${site}/large'].map((url) => listen(url));`,
    { blockHostnames: ['blocked.example'], maxResponseBytes: 1000 },
  );
  const results = (await script.run()) as [string[], number, string][];
  assert.deepEqual(
    results.map(([log, status, error]) => [
      log.at(-1)!.slice(0, 4),
      status,
      log.at(-1)!.slice(5) === error,
      log.length,
    ]),
    [
      ['1404', 404, true, 1],
      ['1040', 200, true, 3],
      ['1041', 0, true, 1],
      ['1220', 0, true, 1],
      ['1212', 0, true, 1],
      ['1111', 0, true, 1],
      ['1310', 0, true, 1],
      ['1702', 200, true, 2],
    ],
  );
  assert.deepEqual(
    script.samples.filter(({ metric }) => metric === 'sse_streams').map(({ tags }) => tags['error_code']),
    ['1404', '1040', '1041', '1220', '1212', '1111', '1310', '1702'],
  );
});

test('a server that does not answer is given up in time', async () => {
  const silent = createTcpServer(() => {});
  const port = await listen(silent);
  const script = await bench(`return listen('http://127.0.0.1:${port}/', { timeout: '100ms' });`);
  assert.deepEqual(await script.run(), [['1050 request timeout'], 0, 'request timeout']);
});

test('a handler that blocks holds a flooding server back, and loses nothing', async () => {
  const script = await bench(`
    let seen = 0, last = '';
    listen('${site}/flood', {}, (event) => { if (seen++ === 0) sleep(0.3); last = event.id; });
    return [seen, last];`);
  assert.deepEqual(await script.run(), [20_000, '19999']);
});

test('the end of the iteration ends the stream, and what it took is measured; a handler that throws ends it, too', async () => {
  const script = await bench(`return listen('${site}/endless', {}, (event, client, log) => {});`);
  const run = script.run().catch(String);
  while (script.vu.meter.received === 0) await new Promise((resolve) => setImmediate(resolve));
  script.vu.interrupt();
  await script.run('nothing');
  assert.match(String(await run), /interrupted/);
  assert.equal(count(script.samples, 'sse_duration'), 1);
  const throwing = await bench(`listen('${site}/endless', {}, () => { throw new Error('no such order'); });`);
  await assert.rejects(throwing.run(), /no such order/);
});

test('wrong input is named', async () => {
  const script =
    await bench(`return [said(() => sse.open('${site}')), said(() => sse.open('ftp://x', () => {})), said(() => sse.open('${site}', 5, () => {})), said(() => sse.open('${site}', { body: 5 }, () => {})),
    said(() => sse.open('${site}', { headers: 'x' }, () => {})), said(() => sse.open('${site}', {}, (c) => c.on('message', () => {}))), said(() => sse.open('${site}', {}, (c) => c.on('event', 1))), said(() => sse.open('${site}', { tags: { a: [] } }, () => {}))];`);
  const results = (await script.run()) as string[];
  assert.equal(results[0], 'TypeError: open() takes a function that sets up its client as its last argument');
  assert.match(results[1]!, /ftp/);
  assert.deepEqual(results.slice(2), [
    'TypeError: open() takes params as an object, not number',
    'TypeError: params.body must be text or an ArrayBuffer, not number',
    'TypeError: params.headers must be an object of names and values',
    'TypeError: unknown event "message": there are open, event, error',
    'TypeError: the handler of event must be a function, not number',
    "TypeError: invalid value for metric tag 'a': only String, Boolean and Number types are accepted as a metric tag value",
  ]);
});
