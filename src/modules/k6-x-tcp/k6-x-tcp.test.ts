// Against servers on loopback: that echo, that go silent, that reset, that never read.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createScriptBench } from '../../../test/script-bench.ts';
import { createCertificates } from '../../demo/certificates.ts';

const servers: Server[] = [];
const held = new Set<Socket>();

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    held.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => held.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

let ports: Record<'echo' | 'tls' | 'reset' | 'greet' | 'deaf' | 'flood', number>;
/** A port where nobody listens; one that was given back may be another test's by now. */
const CLOSED = 1;

before(async () => {
  const { cert, key } = createCertificates(['localhost', '127.0.0.1']);
  ports = {
    echo: await listen(createServer((socket) => socket.pipe(socket))),
    tls: await listen(createTlsServer({ cert, key }, (socket) => socket.pipe(socket))),
    reset: await listen(createServer((socket) => socket.once('data', () => socket.resetAndDestroy()))),
    greet: await listen(createServer((socket) => socket.end('hello'))),
    deaf: await listen(createServer({ pauseOnConnect: true })),
    flood: await listen(createServer((socket) => socket.end(Buffer.alloc(20_000_000, 'x')))),
  };
});
after(() => {
  for (const socket of held) socket.destroy();
  for (const server of servers) server.close();
});

const bench = (body: string, options = {}) =>
  createScriptBench(
    `import { Socket } from 'k6/x/tcp';
     import { sleep } from 'k6';
     const ports = ${JSON.stringify({ ...ports, closed: CLOSED })};
     const text = (data) => String.fromCharCode.apply(null, data);
     const outcome = (promise) => promise.then(() => 'fine', (e) => e.name + ' ' + (e.error_code ?? '') + ' ' + e.message);
     export default async function () { const log = []; ${body} }
     export function nothing() {}`,
    options,
  );
const count = (samples: readonly { metric: string }[], metric: string) =>
  samples.filter((sample) => sample.metric === metric).length;

test('a socket connects, writes in every encoding, hears what comes back, and tells of itself', async () => {
  const script = await bench(`
    const socket = new Socket({ tags: { service: 'echo' } });
    log.push(socket.ready_state, socket.local_ip);
    const closed = new Promise((done) => socket.on('close', () => { log.push('close'); done(); }));
    let seen = '', all, isBytes = true;
    const echoed = new Promise((done) => { all = done; });
    socket.on('connect', () => log.push('connect'));
    socket.on('data', (data) => { isBytes &&= data instanceof Uint8Array; seen += text(data); if (seen.length === 15) all(); });
    await socket.connect(ports.echo, '127.0.0.1');
    log.push(socket.ready_state, socket.connected, socket.remote_ip, socket.remote_port === ports.echo, socket.local_port > 0);
    await socket.write('abc');
    await socket.write('ZGVm', { encoding: 'base64', tags: { part: 'two' } });
    await socket.write('676869', { encoding: 'hex' });
    await socket.writeAsync(new Uint8Array([106, 107, 108]).buffer);
    await socket.write(new Uint8Array([0, 109, 110, 111, 0]).subarray(1, 4));
    await echoed;
    log.push(seen, socket.bytes_written, socket.bytes_read);
    socket.destroy();
    await closed;
    socket.destroy();
    return [...log, isBytes, socket.ready_state, await outcome(socket.write('x')), await outcome(socket.connect(ports.echo))];`);
  assert.deepEqual(await script.run(), [
    'disconnected',
    null,
    'open',
    true,
    '127.0.0.1',
    true,
    true,
    'connect',
    'abcdefghijklmno',
    15,
    15,
    'close',
    true,
    'destroyed',
    'InvalidStateError  write() needs an open Socket, this one is destroyed',
    'InvalidStateError  connect() needs a new Socket, this one is destroyed',
  ]);
  const { samples } = script;
  assert.equal(count(samples, 'tcp_writes'), 5);
  assert.equal(count(samples, 'tcp_sockets'), 1);
  assert.equal(count(samples, 'tcp_socket_connecting'), 1);
  assert.equal(count(samples, 'tcp_socket_duration'), 1);
  assert.ok(count(samples, 'tcp_reads') >= 1);
  assert.equal(count(samples, 'tcp_errors'), 0);
  assert.equal(samples.filter(({ tags }) => tags['part'] === 'two').length, 1);
  assert.ok(samples.every(({ tags }) => tags['service'] === 'echo'));
  assert.deepEqual([script.vu.meter.sent, script.vu.meter.received], [15, 15]);
});

test('TLS is spoken with the settings of the options; a certificate that is not trusted is refused by its code', async () => {
  const body = `
    const socket = new Socket();
    socket.on('error', (e) => log.push(e.error_code));
    socket.on('data', (data) => { log.push(text(data)); socket.destroy(); });
    const closed = new Promise((done) => socket.on('close', done));
    log.push(await outcome(socket.connect({ host: 'localhost', port: String(ports.tls), tls: true, tags: { kind: 'tls' } })));
    if (socket.connected) await socket.write('secret');
    await closed;
    return log;`;
  const trusting = await bench(body, { insecureSkipTLSVerify: true });
  assert.deepEqual(await trusting.run(), ['fine', 'secret']);
  assert.equal(count(trusting.samples, 'tcp_socket_tls_handshaking'), 1);
  const strict = await bench(body);
  assert.deepEqual((await strict.run()) as unknown[], [
    'Error 1310 x509: certificate signed by unknown authority',
    1310,
  ]);
});

test('what keeps a socket from connecting has its code: as a rejection, an event, a sample', async () => {
  const script = await bench(
    `const dial = async (...args) => { const socket = new Socket(); let heard = ''; socket.on('error', (e) => { heard = ' heard ' + e.error_code; });
       const closed = new Promise((done) => socket.on('close', done)); const said = await outcome(socket.connect(...args)); await closed; return said + heard; };
     return [await dial(ports.closed, '127.0.0.1'), await dial(80, 'nowhere.invalid'), await dial({ port: 80, host: 'blocked.example' }), await dial(80, '10.1.2.3'), await dial({ port: ports.greet, host: '127.0.0.1', tls: true })];`,
    { blacklistIPs: ['10.0.0.0/8'], blockHostnames: ['*.example'] },
  );
  const [refused, nowhere, blocked, banned, notTls] = (await script.run()) as string[];
  assert.equal(refused, 'Error 1212 dial: connection refused heard 1212');
  assert.match(nowhere!, /^Error 110[0-4] .* heard 110[0-4]$/);
  assert.match(blocked!, /^Error 1111 .* heard 1111$/);
  assert.match(banned!, /^Error 1110 .* heard 1110$/);
  assert.match(notTls!, /^Error 1301 .* heard 1301$/);
  assert.equal(count(script.samples, 'tcp_errors'), 5);
  assert.equal(count(script.samples, 'tcp_sockets'), 0);
});

test('a peer that dies is told apart: a reset is an error, an end is only a close', async () => {
  const script = await bench(`
    for (const port of [ports.reset, ports.greet]) {
      const socket = new Socket();
      const closed = new Promise((done) => socket.on('close', () => { log.push('close'); done(); }));
      socket.on('error', (e) => log.push(e.error_code));
      socket.on('data', (data) => log.push(text(data)));
      await socket.connect(port, '127.0.0.1');
      if (port === ports.reset) await socket.write('x');
      await closed;
    }
    return log;`);
  assert.deepEqual(await script.run(), [1220, 'close', 'hello', 'close']);
});

test('silence is told once by timeout, and leaves the socket open', async () => {
  const script = await bench(`
    const socket = new Socket();
    const timedOut = new Promise((done) => socket.on('timeout', () => { log.push(socket.ready_state); done(); }));
    await socket.connect(ports.deaf, '127.0.0.1');
    log.push(socket.setTimeout(20) === socket);
    await timedOut;
    socket.destroy();
    return log;`);
  assert.deepEqual(await script.run(), [true, 'open']);
  assert.equal(count(script.samples, 'tcp_timeouts'), 1);
});

test('a write that the peer does not take waits; broken off by the end of the iteration it is partial, and measured', async () => {
  const script = await bench(`
    const socket = new Socket();
    await socket.connect(ports.deaf, '127.0.0.1');
    await socket.write(new ArrayBuffer(64 * 1024 * 1024));
    return 'not reached';`);
  const run = script.run().catch(String);
  while (script.vu.meter.sent === 0) await new Promise((resolve) => setImmediate(resolve));
  script.vu.interrupt();
  await script.run('nothing');
  assert.match(String(await run), /the iteration was interrupted/);
  assert.equal(count(script.samples, 'tcp_partial_writes'), 1);
  assert.equal(count(script.samples, 'tcp_socket_duration'), 1);
  assert.equal(count(script.samples, 'tcp_errors'), 0);
});

test('a handler that blocks holds back a peer that floods', async () => {
  const script = await bench(`
    const socket = new Socket();
    let bytes = 0, held;
    socket.on('data', (data) => { if (bytes === 0) { sleep(0.3); held = socket.bytes_read; } bytes += data.length; });
    const closed = new Promise((done) => socket.on('close', done));
    await socket.connect(ports.flood, '127.0.0.1');
    await closed;
    return [bytes, held < 20000000];`);
  assert.deepEqual(await script.run(), [20_000_000, true]);
});

test('a handler that throws fails the iteration and ends the socket', async () => {
  const script = await bench(`
    const socket = new Socket();
    socket.on('data', () => { throw new Error('no such order'); });
    await socket.connect(ports.echo, '127.0.0.1');
    await socket.write('x');`);
  await script.run();
  assert.deepEqual(
    script.logs.map((line) => line.replace(/\n.*/s, '')),
    ['unhandled: Error: no such order'],
  );
  assert.equal(count(script.samples, 'tcp_socket_duration'), 1);
});

test('wrong input is named', async () => {
  const script = await bench(`
    const said = (f) => { try { f(); return 'fine'; } catch (e) { return e.name + ': ' + e.message; } };
    const socket = new Socket();
    const open = new Socket();
    await open.connect(ports.echo, '127.0.0.1');
    const all = [await outcome(socket.connect()), await outcome(socket.connect('a')), await outcome(socket.connect({ port: 70000 })), await outcome(socket.connect(1, 5)), await outcome(socket.connect({ port: 1, tls: 'yes' })),
      said(() => socket.on('message', () => {})), said(() => socket.on('data', 1)), said(() => socket.setTimeout(-1)), said(() => socket.destroy.call({})), said(() => new Socket({ tags: { a: {} } })),
      await outcome(open.write(5)), await outcome(open.write('xyz', { encoding: 'hex' })), await outcome(open.write('x', { encoding: 'utf16' })), await outcome(socket.write('x')), socket.ready_state];
    open.destroy();
    return all;`);
  assert.deepEqual(await script.run(), [
    'TypeError  connect() takes a port from 1 to 65535, not undefined',
    'TypeError  connect() takes a port from 1 to 65535, not "a"',
    'TypeError  connect() takes a port from 1 to 65535, not 70000',
    'TypeError  connect() takes the host as text, not number',
    'TypeError  connect() takes tls as true or false, not string',
    'TypeError: unknown event "message": there are connect, data, close, error, timeout',
    'TypeError: the handler of data must be a function, not number',
    'TypeError: setTimeout() takes milliseconds, 0 for no limit, not -1',
    'TypeError: this is not a Socket',
    "TypeError: invalid value for metric tag 'a': only String, Boolean and Number types are accepted as a metric tag value",
    'TypeError  write() takes text or an ArrayBuffer, not number',
    'TypeError  write() got text that is no hex',
    'TypeError  write() knows the encodings utf8, utf-8, ascii, base64, base64url, hex, not "utf16"',
    'InvalidStateError  write() needs an open Socket, this one is disconnected',
    'disconnected',
  ]);
});
