// Every protocol through a proxy, by the options of a test and by the variables of its environment.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { ROOT } from '../../scripts/root.ts';
import { startTarget, type Target } from '../../src/demo/target.ts';
import type { ProxySettings } from '../../src/wire/net/proxy-rules.ts';
import { type ProxyServer, startProxy } from '../../src/wire/net/proxy-server.fixture.ts';
import { createScriptBench, type ScriptBench } from '../script-bench.ts';
import { findFreePort, spawnOnLoopback } from '../servers/spawn-on-loopback.ts';
import { runCommand, Scratch } from './command.ts';

let target: Target;
let proxy: ProxyServer;
let sockets: WebSocketServer;
let ports: { http: number; https: number; grpc: number; grpcs: number; ws: number };
const portOf = (address: string): number => Number(/\d+$/.exec(address)?.[0]);

before(async () => {
  target = await startTarget();
  const { http, https, grpc, grpcs } = target.addresses;
  sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
  await new Promise((resolve) => sockets.once('listening', resolve));
  ports = {
    http: portOf(http),
    https: portOf(https),
    grpc: portOf(grpc),
    grpcs: portOf(grpcs),
    ws: (sockets.address() as AddressInfo).port,
  };
});

after(async () => {
  await target.close();
  sockets.close();
  for (const client of sockets.clients) client.terminate();
});

async function withProxy(settings: Partial<ProxySettings>, source: string): Promise<ScriptBench> {
  const proxies = { all: null, http: '', https: '', noProxy: '', ...settings };
  return createScriptBench(source, { proxies, insecureSkipTLSVerify: true }, path.join(ROOT, 'examples'));
}

describe('a proxy of the options', () => {
  before(async () => {
    proxy = await startProxy({ credentials: { user: 'me', password: 'secret' } });
  });
  after(() => proxy.close());
  const all = (): Partial<ProxySettings> => ({ all: `http://me:secret@127.0.0.1:${proxy.port}` });

  test('is asked for http: by whole URLs, over connections that all hosts share', async () => {
    const bench = await withProxy(
      all(),
      `import http from 'k6/http';
       export default function () {
         const answers = ['a.test', 'b.test', 'a.test'].map((host) => http.get('http://' + host + ':${ports.http}/?q=1'));
         const sent = http.post('http://a.test:${ports.http}/', 'x'.repeat(100_000), { headers: { 'X-One': '1' } });
         return answers.map((r) => [r.status, r.proto, r.request.url, r.remote_ip, r.remote_port, r.request.headers['Proxy-Authorization'] ?? null])
           .concat([[sent.status > 0]]);
       }`,
    );
    const seen = proxy.connections;
    const url = (host: string): string => `http://${host}.test:${ports.http}/?q=1`;
    const answer = (host: string): unknown[] => [200, 'HTTP/1.1', url(host), '127.0.0.1', proxy.port, null];
    assert.deepEqual(await bench.run(), [answer('a'), answer('b'), answer('a'), [true]]);
    assert.equal(proxy.connections - seen, 1);
    assert.deepEqual(proxy.asked.splice(0), [
      `GET ${url('a')}`,
      `GET ${url('b')}`,
      `GET ${url('a')}`,
      `POST http://a.test:${ports.http}/`,
    ]);
    bench.vu.dispose();
  });

  test('leads to https: by a tunnel, where HTTP/2 is spoken', async () => {
    const bench = await withProxy(
      all(),
      `import http from 'k6/http';
       export default function () {
         const r = http.get('https://shop.test:${ports.https}/');
         const again = http.get('https://shop.test:${ports.https}/');
         return [r.status, r.proto, r.timings.tls_handshaking > 0, r.timings.connecting > 0, again.timings.connecting];
       }`,
    );
    assert.deepEqual(await bench.run(), [200, 'HTTP/2.0', true, true, 0]);
    assert.deepEqual(proxy.asked.splice(0), [`CONNECT shop.test:${ports.https}`]);
    bench.vu.dispose();
  });

  test('leads to WebSockets and to gRPC, plain and by TLS', async () => {
    const bench = await withProxy(
      all(),
      `import { WebSocket } from 'k6/websockets';
       import grpc from 'k6/net/grpc';
       const client = new grpc.Client();
       client.load([], 'shop.proto');
       export default async function () {
         const echo = await new Promise((resolve, reject) => {
           const socket = new WebSocket('ws://shop.test:${ports.ws}/');
           socket.onopen = () => socket.send('hello');
           socket.onmessage = ({ data }) => { socket.close(); resolve(data); };
           socket.onerror = (event) => reject(new Error(event.error));
         });
         const statuses = [];
         for (const [address, plaintext] of [['shop.test:${ports.grpc}', true], ['shop.test:${ports.grpcs}', false]]) {
           client.connect(address, { plaintext });
           statuses.push(client.invoke('shop.Counter/Menu', {}).status);
           client.close();
         }
         return [echo, statuses];
       }`,
    );
    assert.deepEqual(await bench.run(), ['echo hello', [0, 0]]);
    assert.deepEqual(
      proxy.asked.splice(0),
      [ports.ws, ports.grpc, ports.grpcs].map((port) => `CONNECT shop.test:${port}`),
    );
    bench.vu.dispose();
  });

  test('is asked for event streams too', async () => {
    const events = http.createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end(`data: ${request.url}\n\n`);
    });
    await new Promise<void>((resolve) => events.listen(0, '127.0.0.1', resolve));
    const { port } = events.address() as AddressInfo;
    const bench = await withProxy(
      all(),
      `import sse from 'k6/x/sse';
       export default function () {
         let seen = '';
         const response = sse.open('http://shop.test:${port}/stream', {}, (client) => {
           client.on('event', (event) => { seen = event.data; client.close(); });
         });
         return [response.status, seen];
       }`,
    );
    assert.deepEqual(await bench.run(), [200, '/stream']);
    assert.deepEqual(proxy.asked.splice(0), [`GET http://shop.test:${port}/stream`]);
    bench.vu.dispose();
    events.close();
  });

  test('follows a redirect to where it leads, and is left out where NO_PROXY says so', async () => {
    const redirecting = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () =>
        socket.write(`HTTP/1.1 302 Found\r\nLocation: https://shop.test:${ports.https}/\r\nContent-Length: 0\r\n\r\n`),
      );
    });
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const { port } = redirecting.address() as AddressInfo;
    const bench = await withProxy(
      { ...all(), noProxy: '127.0.0.0/8' },
      `import http from 'k6/http';
       export default function () {
         const r = http.get('http://127.0.0.1:${port}/');
         return [r.status, r.url];
       }`,
    );
    assert.deepEqual(await bench.run(), [200, `https://shop.test:${ports.https}/`]);
    assert.deepEqual(proxy.asked.splice(0), [`CONNECT shop.test:${ports.https}`]);
    bench.vu.dispose();
    redirecting.close();
  });

  test('that refuses fails requests with a code of its own, and never shows its password', async () => {
    const bench = await withProxy(
      { all: `http://me:wrong-word@127.0.0.1:${proxy.port}` },
      `import http from 'k6/http';
       import { WebSocket } from 'k6/websockets';
       import grpc from 'k6/net/grpc';
       const client = new grpc.Client();
       export default async function () {
         const plain = http.get('http://shop.test:${ports.http}/');
         const secure = http.get('https://shop.test:${ports.https}/');
         const socket = await new Promise((resolve) => {
           new WebSocket('ws://shop.test:${ports.ws}/').onerror = (event) => resolve(event.error);
         });
         let call = '';
         try { client.connect('shop.test:${ports.grpc}', { plaintext: true }); } catch (error) { call = error.message; }
         return { plain: [plain.status, plain.error_code], secure: [secure.status, secure.error_code, secure.error], socket, call };
       }`,
    );
    const result = (await bench.run()) as Record<string, unknown>;
    const refusal = `proxyconnect tcp: 407 Proxy Authentication Required (http://127.0.0.1:${proxy.port})`;
    assert.deepEqual(result['plain'], [407, 1407]);
    assert.deepEqual(result['secure'], [0, 1231, refusal]);
    assert.ok(String(result['socket']).includes(refusal), String(result['socket']));
    assert.ok(String(result['call']).includes(refusal), String(result['call']));
    assert.doesNotMatch(JSON.stringify([result, bench.logs, bench.samples]), /wrong-word|d3Jvbmctd29yZA/);
    const tags = bench.samples.filter(
      ({ metric, tags: { error_code } }) => metric === 'http_reqs' && error_code === '1231',
    );
    assert.equal(tags.length, 1);
    proxy.asked.splice(0);
    bench.vu.dispose();
  });
});

describe('a proxy of the environment', () => {
  const scratch = new Scratch();
  before(async () => {
    proxy = await startProxy();
  });
  after(() => {
    proxy.close();
    scratch.remove();
  });
  const here = (): string => `http://127.0.0.1:${proxy.port}`;
  const script = (): string =>
    scratch.write(
      'script.js',
      `import http from 'k6/http';
       import exec from 'k6/execution';
       export const options = { insecureSkipTLSVerify: true, hosts: { 'direct.test': '127.0.0.1' } };
       export default function () {
         const urls = ['http://shop.test:${ports.http}/', 'https://shop.test:${ports.https}/', 'http://127.0.0.1:${ports.http}/', 'http://direct.test:${ports.http}/'];
         console.log('statuses ' + urls.map((url) => http.get(url).status).join(' '));
         console.log('proxy ' + exec.test.options.httpProxy);
       }`,
    );
  const run = (env: Readonly<Record<string, string>>, words: readonly string[] = []) =>
    runCommand(['run', '--quiet', ...words, script()], { cwd: scratch.folder, env });
  const viaProxy = (): string[] => [`GET http://shop.test:${ports.http}/`, `CONNECT shop.test:${ports.https}`];

  for (const [what, env] of [
    ['in capitals', () => ({ HTTP_PROXY: here(), HTTPS_PROXY: here(), NO_PROXY: 'direct.test' })],
    ['in small letters', () => ({ http_proxy: here(), https_proxy: here(), no_proxy: '.direct.test,direct.test' })],
  ] as const)
    test(`${what} holds, but for this machine and NO_PROXY`, async () => {
      const { exit, stderr, stdout } = await run(env());
      assert.equal(exit, 0, stderr);
      assert.match(stdout + stderr, /statuses 200 200 200 200/);
      assert.deepEqual(proxy.asked.splice(0), viaProxy());
    });

  for (const [what, env, words] of [
    ['--http-proxy', () => ({}), () => ['--http-proxy', here()]],
    ['K6_HTTP_PROXY', () => ({ K6_HTTP_PROXY: here() }), () => []],
    ['SIXFOLD_HTTP_PROXY', () => ({ SIXFOLD_HTTP_PROXY: here(), K6_HTTP_PROXY: 'http://nowhere.test' }), () => []],
  ] as const)
    test(`gives way to ${what}, which holds for this machine too`, async () => {
      const { exit, stderr, stdout } = await run({ HTTP_PROXY: 'http://127.0.0.1:1', ...env() }, words());
      assert.equal(exit, 0, stderr);
      assert.match(stdout + stderr, /statuses 200 200 200 200/);
      assert.deepEqual(proxy.asked.splice(0), [
        ...viaProxy(),
        `GET http://127.0.0.1:${ports.http}/`,
        `GET http://direct.test:${ports.http}/`,
      ]);
    });

  test('is off with an empty --http-proxy', async () => {
    const { exit, stderr, stdout } = await run({ HTTP_PROXY: here(), HTTPS_PROXY: here() }, ['--http-proxy', '']);
    assert.equal(exit, 0, stderr);
    assert.match(stdout + stderr, /statuses 0 0 200 200/);
    assert.deepEqual(proxy.asked.splice(0), []);
  });

  for (const kind of ['http', 'socks5'] as const)
    test(`of the kind ${kind} is gone through by outputs, the log and secrets too`, async () => {
      const between = await startProxy({ kind });
      const server = http.createServer((request, response) => {
        request.resume().once('end', () => response.end(request.url === '/secret' ? 'hush' : undefined));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        const file = scratch.write(
          `all-${kind}.js`,
          `import secrets from 'k6/secrets';
           export default async function () { console.log((await secrets.get('secret')).length); }`,
        );
        const words = ['--out', `influxdb=http://influx.test:${port}/k6`, '--out', 'opentelemetry'];
        words.push('--secret-source', `url=urlTemplate=http://secrets.test:${port}/{key},maxRetries=0`);
        const { exit, stdout, stderr } = await runCommand(
          ['run', '--strict', '--log-output', `loki=http://loki.test:${port}/push`, ...words, file],
          {
            cwd: scratch.folder,
            env: {
              HTTP_PROXY: `${kind}://127.0.0.1:${between.port}`,
              K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf',
              K6_OTEL_HTTP_EXPORTER_ENDPOINT: `otel.test:${port}`,
              K6_OTEL_HTTP_EXPORTER_INSECURE: 'true',
            },
          },
        );
        assert.equal(exit, 0, stdout + stderr);
        assert.doesNotMatch(stderr, /could not be sent|not taken/);
        const hosts = new Set(between.asked.map((line) => /\w+\.test/.exec(line)?.[0]));
        assert.deepEqual([...hosts].sort(), ['influx.test', 'loki.test', 'otel.test', 'secrets.test'], stderr);
      } finally {
        between.close();
        server.close();
        server.closeAllConnections();
      }
    });

  test('that cannot be read ends the run before any load, without its password', async () => {
    for (const [env, words, exit, name] of [
      [{ HTTPS_PROXY: 'ftp://me:secret@proxy' }, [], 104, 'HTTPS_PROXY'],
      [{ K6_HTTP_PROXY: 'http://me:secret@' }, [], 104, 'K6_HTTP_PROXY'],
      [{}, ['--http-proxy', 'ftp://me:secret@proxy'], 104, 'the flag --http-proxy'],
    ] as const) {
      const outcome = await run(env, words);
      assert.equal(outcome.exit, exit, outcome.stderr);
      assert.match(outcome.stderr, new RegExp(name));
      assert.doesNotMatch(outcome.stdout + outcome.stderr, /secret/);
    }
  });
});

const hasTinyproxy = spawnSync('tinyproxy', ['-v']).error === undefined;
test('tinyproxy leads to http: and https:', {
  skip: hasTinyproxy || process.env['CI'] ? false : 'no tinyproxy here',
}, async () => {
  const scratch = new Scratch();
  const port = await findFreePort();
  const config = scratch.write(
    'tinyproxy.conf',
    `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nBasicAuth me secret\nLogLevel Connect\n`,
  );
  const server = await spawnOnLoopback('tinyproxy', ['-d', '-c', config], [port]);
  try {
    const bench = await withProxy(
      { all: `http://me:secret@127.0.0.1:${port}` },
      `import http from 'k6/http';
       export default function () {
         const plain = http.get('http://127.0.0.1:${ports.http}/');
         const secure = http.get('https://127.0.0.1:${ports.https}/');
         return [plain.status, secure.status, secure.proto, plain.headers.Via !== undefined];
       }`,
    );
    assert.deepEqual(await bench.run(), [200, 200, 'HTTP/2.0', true]);
    bench.vu.dispose();
  } finally {
    await server.kill();
    scratch.remove();
  }
});
