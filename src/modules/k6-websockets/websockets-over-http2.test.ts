// WebSockets on streams of HTTP/2 (RFC 8441), against Node's server of it with the framing of the package ws.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, afterEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import { createCertificates } from '../../demo/certificates.ts';

const certificates = createCertificates(['localhost']);
const servers: Http2SecureServer[] = [];
after(() => {
  for (const server of servers) server.close();
});
const benches: ScriptBench[] = [];
afterEach(() => {
  for (const { vu } of benches.splice(0)) vu.dispose();
});

interface Served {
  readonly url: string;
  /** The protocol of each connection, as ALPN chose it. */
  readonly protocols: string[];
  /** What was asked of each stream. */
  readonly asked: Record<string, unknown>[];
}

type Answer = (stream: ServerHttp2Stream, path: string) => void;

/** Speaks both protocols; over HTTP/1.1 it refuses with 426. */
async function serve(answer: Answer, settings: object = { enableConnectProtocol: true }): Promise<Served> {
  const server = createSecureServer({ ...certificates, allowHTTP1: true, settings });
  servers.push(server);
  const protocols: string[] = [];
  const asked: Record<string, unknown>[] = [];
  server.on('secureConnection', (socket) => protocols.push(String(socket.alpnProtocol)));
  server.on('sessionError', () => {});
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    asked.push({ ...headers });
    answer(stream as ServerHttp2Stream, String(headers[':path']));
  });
  server.on('upgrade', (_, socket) => {
    asked.push({ upgrade: true });
    socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `wss://localhost:${(server.address() as AddressInfo).port}`, protocols, asked };
}

/** The server's side of a socket, on the stream. */
function accept(stream: ServerHttp2Stream, headers: Record<string, string> = {}): WebSocket {
  stream.respond({ ':status': 200, ...headers });
  const socket = new WebSocket(null as never, undefined, { autoPong: true });
  const open = socket as unknown as {
    setSocket(stream: object, head: Buffer, options: object): void;
    _isServer: boolean;
  };
  open._isServer = true;
  Object.assign(stream, { setNoDelay() {} });
  open.setSocket(stream, Buffer.alloc(0), { allowSynchronousEvents: true, maxPayload: 0, skipUTF8Validation: false });
  return socket;
}

function echo(stream: ServerHttp2Stream): void {
  const socket = accept(stream, { 'sec-websocket-protocol': 'chat', 'set-cookie': 'seen=1' });
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

async function bench(url: string, body: string, options = {}): Promise<ScriptBench> {
  const made = await createScriptBench(
    `import { WebSocket } from 'k6/websockets';
     import ws from 'k6/ws';
     import http from 'k6/http';
     const url = ${JSON.stringify(url)};
     export default function () { const log = []; return new Promise((done) => { ${body} }).then((more) => more ?? log); }
     export function jar() { return http.cookieJar().cookiesForURL(url.replace('wss', 'https')); }`,
    { insecureSkipTLSVerify: true, ...options },
  );
  benches.push(made);
  return made;
}

test('a socket opens on a stream, says and hears what it would over HTTP/1.1, and closes', async () => {
  const { url, protocols, asked } = await serve(echo);
  const script = await bench(
    url,
    `const ws = new WebSocket(url + '/a?b=c', ['chat', 'talk'], { http2: true, headers: { 'X-Own': 'yes' }, tags: { own: 'tag' } });
     ws.binaryType = 'arraybuffer';
     ws.onopen = () => { log.push(ws.protocol); ws.ping(); ws.send('text äöü'); };
     ws.onpong = () => log.push('pong');
     ws.onmessage = ({ data }) => {
       if (typeof data === 'string') { log.push(data); ws.send(new Uint8Array(300_000).fill(7).buffer); return; }
       log.push([data.byteLength, new Uint8Array(data)[299_999]]); ws.close(3001, 'enough');
     };
     ws.onerror = (e) => log.push(e.error);
     ws.onclose = (e) => { log.push([e.code, e.reason, e.wasClean]); done(); };`,
  );
  assert.deepEqual(await script.run(), ['chat', 'pong', 'text äöü', [300_000, 7], [3001, 'enough', true]]);
  assert.deepEqual(protocols, ['h2']);
  const [request] = asked;
  assert.deepEqual(
    [':method', ':protocol', ':scheme', ':path', 'sec-websocket-protocol', 'sec-websocket-version', 'x-own'].map(
      (name) => request?.[name],
    ),
    ['CONNECT', 'websocket', 'https', '/a?b=c', 'chat, talk', '13', 'yes'],
  );
  for (const name of ['host', 'upgrade', 'connection', 'sec-websocket-key']) assert.equal(request?.[name], undefined);
  assert.deepEqual(await script.run('jar'), { seen: ['1'] });
  const sessions = script.samples.filter(({ metric }) => metric === 'ws_sessions');
  assert.deepEqual(
    sessions.map(({ tags }) => [tags['status'], tags['subproto'], tags['own']]),
    [['200', 'chat', 'tag']],
  );
  assert.ok(script.vu.meter.received > 300_000 && script.vu.meter.sent > 300_000);
});

test('sockets of a virtual user share a connection as long as it has room, and it ends with the last of them', async () => {
  const { url, protocols } = await serve(echo, { enableConnectProtocol: true, maxConcurrentStreams: 3 });
  const body = `let open = 0, closed = 0;
     for (let i = 0; i < 5; i++) {
       const ws = new WebSocket(url, null, { http2: true });
       ws.onopen = () => ws.send(String(i));
       ws.onmessage = ({ data }) => { log.push(data); if (++open === 3) hold.forEach((one) => one.close()); };
       ws.onclose = () => { if (++closed === 3) done(open); };
       if (i < 3) hold.push(ws); else ws.close();
     }`;
  const script = await bench(url, `const hold = []; ${body}`);
  assert.equal(await script.run(), 3);
  assert.equal(await script.run(), 3);
  assert.deepEqual([...new Set(protocols)], ['h2']);
  assert.ok(protocols.length >= 2 && protocols.length <= 4, String(protocols));
});

test('compression is agreed on as it is over HTTP/1.1', async () => {
  const deflate = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
  const { url, asked } = await serve((stream, path) => {
    stream.respond({
      ':status': 200,
      ...(path === '/none' ? {} : { 'sec-websocket-extensions': path === '/odd' ? 'x-other' : deflate }),
    });
    stream.on('data', () => stream.end());
  });
  const opened = (path: string, more = '') =>
    bench(
      url,
      `const ws = new WebSocket(url + '${path}', null, { http2: true${more} });
       ws.onopen = () => { done(ws.extensions); ws.close(); };
       ws.onerror = (e) => done(e.error);`,
    ).then((script) => script.run());
  assert.equal(await opened('/', ", compression: 'deflate'"), deflate);
  assert.equal(asked[0]?.['sec-websocket-extensions'], deflate);
  assert.equal(await opened('/none', ", compression: 'deflate'"), '');
  assert.match(String(await opened('/odd')), /bad handshake: it uses the extension x-other/);
});

test('refusals, resets and ends have their codes', async () => {
  const { url } = await serve((stream, path) => {
    if (path === '/403') {
      stream.respond({ ':status': 403 });
      stream.end('not you');
    } else if (path === '/reset') stream.close(11);
    else if (path === '/gone') accept(stream).once('message', () => stream.close(2));
    else if (path === '/end') accept(stream).once('message', () => stream.end());
    else if (path === '/1011') accept(stream).close(1011, 'broken');
    else if (path === '/dead') accept(stream).once('message', () => stream.session?.destroy());
    // The rest is silent.
  });
  const outcome = async (path: string): Promise<string[]> => {
    const script = await bench(
      url,
      `const ws = new WebSocket(url + '${path}', null, { http2: true, timeout: '700ms' });
       ws.onopen = () => ws.send('x');
       ws.onerror = (e) => log.push(e.error);
       ws.onclose = () => done();`,
    );
    const [error] = (await script.run()) as string[];
    const failed = script.samples.find(({ metric }) => metric === 'ws_failures');
    return [String(error), failed?.tags['error_code'] ?? '', failed?.tags['status'] ?? ''];
  };
  for (const [path, code, pattern, status] of [
    ['/403', '1901', /bad handshake: the server answered with status 403/, '403'],
    ['/reset', '1642', /ENHANCE_YOUR_CALM/, ''],
    ['/gone', '1633', /INTERNAL_ERROR/, '200'],
    ['/end', '1903', /close 1006 \(abnormal closure\)/, '200'],
    ['/1011', '1900', /close 1011 \(internal server error\): broken/, '200'],
    ['/dead', '1611', /server sent GOAWAY and closed the connection/, '200'],
    ['/silent', '1050', /handshake timeout after 0\.7 s/, ''],
  ] as const) {
    const [error, found, said] = await outcome(path);
    assert.match(error ?? '', pattern, path);
    assert.deepEqual([found, said], [code, status], `${path}: ${error}`);
  }
});

test('where the server does not offer it the socket opens over HTTP/1.1, as without the param', async () => {
  const plain = await serve(echo, {});
  const script = await bench(
    plain.url,
    `const ws = new WebSocket(url, null, { http2: true }); ws.onerror = (e) => done(e.error);`,
  );
  assert.match(String(await script.run()), /status 426/);
  assert.deepEqual(plain.protocols, ['h2', 'http/1.1']);
  const without = await bench(plain.url, `const ws = new WebSocket(url); ws.onerror = (e) => done(e.error);`);
  assert.match(String(await without.run()), /status 426/);
  assert.deepEqual(plain.protocols, ['h2', 'http/1.1', 'http/1.1'], 'nothing of it without the param');
});

test('k6/ws has it, too; the end of the iteration ends the streams; what cannot be is said', async () => {
  const { url } = await serve(echo);
  const script = await bench(
    url,
    `const res = ws.connect(url, { http2: true }, (socket) => {
       socket.on('open', () => socket.send('hello'));
       socket.on('message', (text) => { log.push(text); socket.close(); });
     });
     log.push(res.status); done();`,
  );
  assert.deepEqual(await script.run(), ['hello', 200]);
  const plain = await bench(
    'ws://localhost:1',
    `try { new WebSocket(url, null, { http2: true }); } catch (e) { log.push(e.message); }
     try { new WebSocket('wss://h', null, { http2: 'yes' }); } catch (e) { log.push(e.message); } done();`,
  );
  const [first, second] = (await plain.run()) as string[];
  assert.match(first ?? '', /http2 is for wss:\/\//);
  assert.match(second ?? '', /http2 must be true or false/);
});
