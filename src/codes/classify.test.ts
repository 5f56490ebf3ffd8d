import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { findFreePort } from '../../test/servers/spawn-on-loopback.ts';
import { classify, type Phase } from './classify.ts';

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

function listen(server: net.Server): Promise<number> {
  closing.push(() => server.close());
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

function failure(start: (fail: (error: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve) => start(resolve));
}

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return assert.fail('did not throw');
}

const of = (error: unknown, phase: Phase = 'read') => classify(error, phase).code;
const withCode = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

test('a refused connection', async () => {
  const port = await findFreePort();
  assert.equal(of(await failure((fail) => net.connect(port, '127.0.0.1').on('error', fail)), 'dial'), 1212);
});

test('a refused connection inside what fetch throws', async () => {
  const port = await findFreePort();
  assert.equal(of(await fetch(`http://127.0.0.1:${port}`).catch((error) => error), 'dial'), 1212);
});

test('happy eyeballs: the attempt that came furthest decides', async () => {
  const port = await findFreePort();
  const error = await failure((fail) =>
    net.connect({ host: 'localhost', port, autoSelectFamily: true }).on('error', fail),
  );
  assert.equal(of(error, 'dial'), 1212);
  const both = new AggregateError([
    withCode('ECONNREFUSED', { syscall: 'connect' }),
    withCode('ENETUNREACH', { syscall: 'connect' }),
  ]);
  assert.equal(of(both, 'dial'), 1212);
  assert.equal(of(new AggregateError([withCode('ENETUNREACH'), withCode('ETIMEDOUT')]), 'dial'), 1211);
});

test('plain HTTP where TLS was expected', async () => {
  const port = await listen(http.createServer((_, response) => response.end()));
  assert.equal(of(await failure((fail) => tls.connect(port, '127.0.0.1').on('error', fail)), 'tls'), 1301);
});

test('a peer that closes in the handshake', async () => {
  const port = await listen(net.createServer((socket) => socket.once('data', () => socket.end())));
  assert.equal(of(await failure((fail) => tls.connect(port, '127.0.0.1').on('error', fail)), 'tls'), 1040);
});

test('a server that hangs up instead of answering', async () => {
  const port = await listen(net.createServer((socket) => socket.once('data', () => socket.end())));
  assert.equal(of(await failure((fail) => http.get(`http://127.0.0.1:${port}`).on('error', fail))), 1040);
});

test('a server that resets the connection', async () => {
  const port = await listen(net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
  const error = await failure((fail) =>
    net
      .connect(port, '127.0.0.1', function (this: net.Socket) {
        this.write('x');
      })
      .on('error', fail),
  );
  assert.equal(of(error), 1220);
});

test('an answer that is not HTTP', async () => {
  const port = await listen(
    net.createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9\r\n\r\n'))),
  );
  assert.equal(of(await failure((fail) => http.get(`http://127.0.0.1:${port}`).on('error', fail))), 1041);
});

test('a stream that the server resets', async () => {
  const server = http2.createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
  const port = await listen(server);
  const client = http2.connect(`http://127.0.0.1:${port}`);
  closing.push(() => client.destroy());
  assert.equal(of(await failure((fail) => client.request({ ':path': '/' }).on('error', fail))), 1642);
});

test('names that do not exist, with the error of getaddrinfo', () => {
  assert.equal(of(withCode('ENOTFOUND', { syscall: 'getaddrinfo', hostname: 'no.invalid' }), 'dial'), 1101);
  assert.equal(of(withCode('EAI_AGAIN', { syscall: 'getaddrinfo' }), 'dial'), 1103);
});

test('the other errors of a resolver', () => {
  const codes = [
    'ENODATA',
    'ETIMEOUT',
    'ESERVFAIL',
    'EREFUSED',
    'EFORMERR',
    'EBADRESP',
    'ECANCELLED',
    'ECONNREFUSED',
    'EAI_FAIL',
  ];
  assert.deepEqual(
    codes.map((code) => of(withCode(code, { syscall: 'queryA' }), 'lookup')),
    [1101, 1102, 1103, 1104, 1100, 1100, 1030, 1104, 1100],
  );
});

test('the errnos of connecting', () => {
  const errnos = [
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EADDRNOTAVAIL',
    'EMFILE',
    'ENFILE',
    'ECONNRESET',
    'EACCES',
    'EINVAL',
  ];
  const codes = errnos.map((errno) => of(withCode(errno, { syscall: 'connect' }), 'dial'));
  assert.deepEqual(codes, [1211, 1214, 1215, 1216, 1217, 1217, 1220, 1213, 1213]);
});

test('the errnos of a connection', () => {
  assert.equal(of(withCode('EPIPE', { syscall: 'write' }), 'write'), 1201);
  assert.equal(of(withCode('ECONNRESET', { syscall: 'read' })), 1220);
  assert.equal(of(withCode('ETIMEDOUT', { syscall: 'read' })), 1202);
});

test('timeouts take their code from the phase', () => {
  const timeout = new DOMException('too late', 'TimeoutError');
  const phases: Phase[] = ['lookup', 'dial', 'tls', 'write', 'read'];
  assert.deepEqual(
    phases.map((phase) => of(timeout, phase)),
    [1102, 1211, 1323, 1050, 1050],
  );
  assert.equal(of(new DOMException('given up', 'AbortError')), 1030);
});

test('verdicts on certificates', () => {
  const verdicts = [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REVOKED',
    'CRL_HAS_EXPIRED',
  ];
  assert.deepEqual(
    verdicts.map((code) => of(withCode(code), 'tls')),
    [1310, 1310, 1311, 1312, 1313, 1314, 1300],
  );
});

test('alerts and other reasons of OpenSSL', () => {
  const reasons: [string, number][] = [
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 1320],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 1320],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 1300],
    ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 1320],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 1321],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 1321],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 1322],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 1322],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 1322],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 1322],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 1301],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 1301],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 1300],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 1323],
  ];
  for (const [code, wanted] of reasons) assert.equal(of(withCode(code), 'tls'), wanted, code);
  const eproto = (text: string) => Object.assign(new Error(text), { code: 'EPROTO', syscall: 'write' });
  assert.equal(
    of(eproto('0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:SSL alert number 40'), 'tls'),
    1320,
  );
  assert.equal(of(eproto('SSL routines:x:something:SSL alert number 116'), 'tls'), 1322);
  assert.equal(of(eproto('SSL routines:x:something:SSL alert number 70'), 'tls'), 1321);
  assert.equal(of(eproto('0A00010B:SSL routines:ssl3_get_record:wrong version number'), 'tls'), 1301);
});

test('a body that is not what it says', () => {
  assert.equal(of(thrown(() => zlib.gunzipSync('not gzip'))), 1701);
  assert.equal(of(thrown(() => zlib.brotliDecompressSync('not brotli'))), 1701);
  assert.equal(of(thrown(() => zlib.zstdDecompressSync(Buffer.from('not zstd at all')))), 1701);
  assert.equal(of(thrown(() => zlib.gunzipSync(zlib.gzipSync('a'.repeat(1e5)), { maxOutputLength: 10 }))), 1702);
});

test('URLs that cannot be parsed', () => {
  assert.equal(
    of(
      thrown(() => new URL('http://[')),
      'lookup',
    ),
    1020,
  );
});

test('errors of gRPC and WebSocket libraries', () => {
  assert.equal(of(Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: 'x', metadata: {} })), 1814);
  assert.equal(of(new Error('Unexpected server response: 403')), 1901);
  assert.equal(of(withCode('WS_ERR_INVALID_UTF8')), 1902);
});

test('an error that carries a code of the catalogue keeps it', () => {
  assert.equal(of(Object.assign(new Error('blocked'), { code: 1111 }), 'dial'), 1111);
  assert.equal(of(new Error('outer', { cause: Object.assign(new Error('inner'), { code: 1638 }) })), 1638);
});

test('chains of causes, in circles too', () => {
  const inner: Error & { cause?: unknown } = withCode('ECONNRESET', { syscall: 'read' });
  const outer = new TypeError('fetch failed', { cause: inner });
  inner.cause = outer;
  assert.equal(of(outer), 1220);
});

test('what cannot be told falls to the code of the phase', () => {
  const phases: Phase[] = ['lookup', 'dial', 'tls', 'write', 'read'];
  for (const odd of [undefined, null, 42, {}, new Error('no idea')])
    assert.deepEqual(
      phases.map((phase) => of(odd, phase)),
      [1100, 1210, 1300, 1000, 1000],
    );
});
