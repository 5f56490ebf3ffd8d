// Servers that mean harm: each costs its own requests, which fail with a code; the test goes on, and its summary tells.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createCertificates } from '../../src/demo/certificates.ts';
import { Command, Scratch } from './command.ts';
import { type HostileServer, startHostileServer } from './hostile-server.ts';
import { watchMemory } from './peak-memory.ts';

const scratch = new Scratch();
let server: HostileServer;
before(async () => {
  server = await startHostileServer();
});
after(async () => {
  await server.close();
  scratch.remove();
});

let scripts = 0;
/** Runs a script in which `HOSTILE` is the server's URL. */
async function runAgainst(source: string, ...flags: string[]) {
  const file = scratch.write(`script-${scripts++}.js`, `const HOSTILE = '${server.url}';\n${source}`);
  const command = new Command(['run', '-q', '--log-format', 'raw', ...flags, file], { cwd: scratch.folder });
  const peakMb = watchMemory(command.child.pid as number);
  const outcome = await command.ended;
  return { ...outcome, peakMb: peakMb(), said: outcome.stderr.trim().split('\n') };
}

test('addresses that cannot be requested fail where a redirect or a script names them, with and without cookies', async () => {
  const addresses = [
    'http://127.0.0.1:99999/',
    'http://256.0.0.1/',
    'http://1.2.3.4.5/',
    'http://[::1',
    'http://a b/',
    'http://%00/',
    'ftp://ann:secret@x/',
  ];
  const { exit, stdout, stderr, said } = await runAgainst(
    `import http from 'k6/http';
     export const options = { iterations: 1 };
     export default function () {
       const codes = [];
       for (const to of ${JSON.stringify(addresses)})
         for (const withCookie of [false, true]) {
           http.cookieJar().clear(HOSTILE);
           if (withCookie) http.cookieJar().set('http://127.0.0.1/', 'a', 'b');
           const path = withCookie ? '/cookie-and-redirect?' : '/redirect?';
           for (const url of [HOSTILE + path + encodeURIComponent(to), to]) codes.push(http.get(url, { timeout: '2s' }).error_code);
         }
       console.log('codes', JSON.stringify(codes));
       console.log('after', http.get(HOSTILE + '/ok').body);
     }`,
  );
  assert.equal(exit, 0, stderr);
  const codes = JSON.parse(said.find((line) => line.startsWith('codes '))?.slice(6) ?? '[]') as number[];
  assert.equal(codes.length, addresses.length * 4, stderr);
  assert.ok(
    codes.every((code) => code >= 1000 && code !== 1001),
    `${codes}`,
  );
  // Whether there are cookies makes no difference.
  for (let at = 0; at < codes.length; at += 4) assert.deepEqual(codes.slice(at, at + 2), codes.slice(at + 2, at + 4));
  assert.ok(said.includes('after ok'));
  assert.match(stdout, /http_req_failed\.*: /);
  assert.doesNotMatch(stdout + stderr, /secret|internal error/);
});

test('what a server says of cookies, challenges, names and codings is at most a failed request', async () => {
  const lines = [
    'Set-Cookie: a=b; Domain=\u00e9 x',
    'Set-Cookie: a=b; Domain=[::1',
    'Set-Cookie: a=b; Domain=..; Path=\u00ff',
    'Set-Cookie: =; Expires=Thu, 99 Foo 99999 99:99:99 GMT; Max-Age=-9999999999999999999',
    ...['constructor', '__proto__', 'toString', 'x'.repeat(5000)].map((coding) => `Content-Encoding: ${coding}`),
    '__proto__: 1',
    'Content-Type: text/html; charset=__proto__',
  ];
  const challenges = [
    ...['constructor', '__proto__', 'toString', 'MD5-sess-sess', ''].map(
      (name) => `Digest realm="r", nonce="n", algorithm=${name}`,
    ),
    'Digest',
    'Digest realm="\\"',
    'Digest qop="auth-int,,,", nonce',
  ];
  const { exit, stderr, said } = await runAgainst(
    `import http from 'k6/http';
     export const options = { iterations: 1 };
     export default function () {
       for (const line of ${JSON.stringify(lines)}) http.get(HOSTILE + '/line?' + encodeURIComponent(line));
       for (const challenge of ${JSON.stringify(challenges)})
         http.get(HOSTILE.replace('//', '//u:p@') + '/challenge?' + encodeURIComponent(challenge), { auth: 'digest' });
       const began = Date.now();
       for (const letter of ['a', ',', '"', '%5C', '=', '%20'])
         http.get(HOSTILE.replace('//', '//u:p@') + '/long-challenge?' + letter, { auth: 'digest' });
       console.log('challenges read in time', Date.now() - began < 10000);
       http.get(HOSTILE + '/names');
       const { request } = http.get(HOSTILE + '/names');
       console.log('sent', JSON.stringify(Object.keys(request.cookies).sort()));
       console.log('jar', JSON.stringify(Object.keys(http.cookieJar().cookiesForURL(HOSTILE)).sort()));
       console.log('header', JSON.stringify(http.get(HOSTILE + '/ok', { headers: JSON.parse('{"__proto__":"v"}') }).request.headers));
       try { http.post(HOSTILE + '/ok', 'abc', { compression: 'constructor' }); } catch (e) { console.log('compression', e.message); }
       console.log('deep', http.get(HOSTILE + '/deep').json().length);
       console.log(http.get(HOSTILE + '/deep').json());
       console.log('after', http.get(HOSTILE + '/ok').body);
     }`,
  );
  assert.equal(exit, 0, stderr);
  for (const expected of ['challenges read in time true', 'deep 1', 'after ok'])
    assert.ok(said.includes(expected), stderr);
  for (const what of ['sent', 'jar']) {
    const names = said.find((line) => line.startsWith(`${what} `));
    for (const name of ['constructor', '__proto__', 'toString']) assert.ok(names?.includes(`"${name}"`), `${names}`);
  }
  assert.match(stderr, /^header .*"__proto__":\["v"\]/im);
  assert.doesNotMatch(stderr, /internal error/);
});

test('bodies that unpack to more than there is memory fail with a code in the summary, and stall nobody', async () => {
  const { exit, stdout, stderr, peakMb } = await runAgainst(
    `import http from 'k6/http';
     import { check } from 'k6';
     const each = { executor: 'per-vu-iterations', maxDuration: '60s' };
     export const options = { scenarios: {
       evil: { ...each, vus: 3, iterations: 2, exec: 'evil' },
       good: { ...each, vus: 1, iterations: 20, exec: 'good' },
     } };
     export function evil() {
       for (const coding of ['br', 'gzip', 'zstd'])
         check(http.get(HOSTILE + '/bomb?' + coding, { timeout: '30s' }), { 'too large': (r) => r.error_code === 1702 });
     }
     export function good() { check(http.get(HOSTILE + '/ok'), { 'good': (r) => r.body === 'ok' }); }`,
    '--max-response-bytes',
    '20000000',
  );
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /checks_succeeded\.*: 100\.00% 38 out of 38/);
  assert.match(stdout, /1702/);
  assert.match(stdout, /http_reqs\.*: 38 /);
  assert.ok(peakMb < 600, `${peakMb} MB`);
});

test('failures of HTTP/2 whose texts all differ are few series, and one line of the summary', async () => {
  const { cert, key } = createCertificates(['127.0.0.1']);
  const sessions = new Set<http2.ServerHttp2Session>();
  const tls = http2.createSecureServer({ cert, key });
  tls.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
    session.on('close', () => sessions.delete(session));
  });
  let goaways = 0;
  tls.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const { session } = stream;
    if (headers[':path'] === '/goaway') {
      session?.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from(`calm down ${goaways++}`));
      setImmediate(() => session?.destroy());
    } else stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  const { port } = tls.address() as AddressInfo;
  try {
    const { exit, stdout, stderr, peakMb } = await runAgainst(
      `import http from 'k6/http';
       export const options = { insecureSkipTLSVerify: true, iterations: 400 };
       export default function () { http.get('https://127.0.0.1:${port}/' + (__ITER % 100 === 0 ? 'goaway' : 'x'), { tags: { name: 'x' } }); }
       export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics.http_reqs.values.count) }; }`,
      '--log-output',
      'none',
      '--out',
      'csv=series.csv',
    );
    assert.equal(exit, 0, stderr);
    assert.match(stdout, /^400$/m);
    assert.ok(peakMb < 600, `${peakMb} MB`);
    const rows = readFileSync(path.join(scratch.folder, 'series.csv'), 'utf8')
      .split('\n')
      .filter((row) => row.startsWith('http_reqs,'));
    assert.equal(rows.length, 400);
    const errors = new Set(
      rows.map((row) => row.split(',').find((field) => /stream error|GOAWAY|goaway/i.test(field)) ?? row),
    );
    assert.ok(errors.size <= 4, [...errors].slice(0, 10).join('\n'));
  } finally {
    for (const session of sessions) session.destroy();
    tls.close();
  }
});

test('a gRPC stream that brings more than its handlers take is held back', async () => {
  const grpc = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  grpc.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
  });
  const message = Buffer.alloc(5 + 1003, 'm');
  message.writeUInt8(0, 0);
  message.writeUInt32BE(1003, 1);
  message.set([0x0a, 0xe8, 0x07], 5);
  const block = Buffer.concat(Array<Buffer>(16).fill(message));
  let sentMb = 0;
  grpc.on('stream', (stream: http2.ServerHttp2Stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    const pump = (): void => {
      while (!stream.destroyed && stream.write(block)) sentMb += block.length / 1e6;
    };
    stream.on('drain', pump);
    pump();
  });
  await new Promise<void>((resolve) => grpc.listen(0, '127.0.0.1', resolve));
  const { port } = grpc.address() as AddressInfo;
  scratch.write(
    'flood.proto',
    `syntax = "proto3"; package flood;
     message Text { string text = 1; }
     service Tap { rpc Open(stream Text) returns (stream Text); }`,
  );
  try {
    const { exit, stdout, stderr, peakMb } = await runAgainst(
      `import grpc from 'k6/net/grpc';
       import { sleep } from 'k6';
       const client = new grpc.Client();
       client.load([], 'flood.proto');
       export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '6s', gracefulStop: '1s' } } };
       export default function () {
         client.connect('127.0.0.1:${port}', { plaintext: true });
         const stream = new grpc.Stream(client, 'flood.Tap/Open');
         stream.on('data', () => sleep(0.05));
         sleep(4);
       }`,
    );
    assert.equal(exit, 0, stderr);
    assert.match(stdout, /grpc_streams_msgs_received/);
    assert.ok(peakMb < 500, `${peakMb} MB`);
    assert.ok(sentMb < 100, `the server could send ${sentMb} MB`);
  } finally {
    for (const session of sessions) session.destroy();
    grpc.close();
  }
});
