// What scripts give to a client of gRPC: params and targets, read and refused (k6 pages "k6/net/grpc > Client.connect" and "> Params").
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCertificates } from '../../demo/certificates.ts';
import { readCallParams } from './call-params.ts';
import { readConnectParams } from './connect-params.ts';
import { readMetadata, readTimeout } from './script-values.ts';
import { parseTarget } from './target-address.ts';

test('a connection that says nothing else is made by TLS, without reflection, within a minute', () => {
  for (const nothing of [undefined, null, {}])
    assert.deepEqual(readConnectParams(nothing), {
      plaintext: false,
      reflect: false,
      reflectMetadata: [],
      timeoutMs: 60_000,
      maxReceiveSize: 0,
      maxSendSize: 0,
      authority: '',
      tls: null,
    });
});

test('what a connection is given is taken as it is', () => {
  const given = {
    plaintext: true,
    reflect: true,
    timeout: '1.5s',
    maxReceiveSize: 1024,
    maxSendSize: 8,
    authority: 'a:1',
  };
  const { timeoutMs, reflectMetadata, tls, ...rest } = readConnectParams({
    ...given,
    reflectMetadata: { 'X-Key': 'v' },
  });
  assert.deepEqual(rest, {
    plaintext: true,
    reflect: true,
    maxReceiveSize: 1024,
    maxSendSize: 8,
    authority: 'a:1',
  });
  assert.deepEqual([timeoutMs, reflectMetadata, tls], [1500, [['x-key', 'v']], null]);
});

test('a param of a connection that cannot be used is named, and so is one that there is not', () => {
  for (const [params, message] of [
    [{ plaintext: 'true' }, "invalid plaintext value: 'true', it needs to be boolean"],
    [{ reflect: 1 }, "invalid reflect value: '1', it needs to be boolean"],
    [{ plaintext: undefined }, "invalid plaintext value: 'undefined', it needs to be boolean"],
    [{ timeout: 'soon' }, 'invalid timeout value: unable to use string "soon" as a duration value'],
    [{ timeout: {} }, 'invalid timeout value: unable to use object {} as a duration value'],
    [{ maxReceiveSize: -1 }, "invalid maxReceiveSize value: '-1', it needs to be a positive integer"],
    [{ maxReceiveSize: 1.5 }, "invalid maxReceiveSize value: '1.5', it needs to be an integer"],
    [{ maxSendSize: '9' }, "invalid maxSendSize value: '9', it needs to be an integer"],
    [{ maxSendSize: Number.NaN }, "invalid maxSendSize value: 'NaN', it needs to be an integer"],
    [{ authority: 5 }, "invalid authority value: '5', it needs to be a string"],
    [{ reflectMetadata: { a: 5 } }, 'invalid metadata param: "a" value must be a string'],
    [{ plainText: true }, 'unknown connect param: "plainText"'],
    ['text', 'params must be an object'],
  ] as const)
    assert.throws(() => readConnectParams(params), { message }, JSON.stringify(params));
});

test('TLS of one’s own is a certificate with its key, authorities, or both', () => {
  const { cert, key } = createCertificates(['localhost']);
  const read = (tls: unknown) => readConnectParams({ tls }).tls;
  assert.deepEqual(read({}), { cert: undefined, key: undefined, password: undefined, cacerts: [] });
  assert.deepEqual(read({ cacerts: cert })?.cacerts, [cert], 'one alone need be no list');
  const both = read({ cert, key, password: 'p', cacerts: [cert, cert] });
  assert.deepEqual([both?.cert, both?.key, both?.password, both?.cacerts.length], [cert, key, 'p', 2]);
  for (const [tls, message] of [
    [null, "invalid tls value: 'null', expected (optional) keys: cert, key, password, and cacerts"],
    ['pem', "invalid tls value: 'pem', expected (optional) keys: cert, key, password, and cacerts"],
    [{ cert }, 'invalid tls value: cert and key are both needed for a client certificate'],
    [{ key }, 'invalid tls value: cert and key are both needed for a client certificate'],
    [{ cert: 5, key }, "invalid tls cert value: '5', it needs to be a PEM formatted string"],
    [{ cacerts: [cert, 'nonsense'] }, 'failed to append ca certificate [1] from PEM'],
    [{ cacerts: '' }, 'failed to append ca certificate [0] from PEM'],
    [{ cacerts: [5] }, "invalid tls cacerts value: '5', it needs to be a string or string[] of PEM formatted strings"],
  ] as const)
    assert.throws(() => read(tls), { message }, message);
});

test('a call that says nothing else has no metadata and the usual time', () => {
  for (const nothing of [undefined, null, {}])
    assert.deepEqual(readCallParams(nothing), {
      metadata: [],
      tags: null,
      timeoutMs: 0,
      discardResponseMessage: false,
    });
});

test('what a call is given is taken, and what it cannot use is named', () => {
  const tags = { a: 'b' };
  assert.deepEqual(readCallParams({ metadata: { a: 'b' }, tags, timeout: 250, discardResponseMessage: 1 }), {
    metadata: [['a', 'b']],
    tags,
    timeoutMs: 250,
    discardResponseMessage: true,
  });
  for (const [params, message] of [
    [{ tags: 'a' }, 'invalid tags param: must be an object'],
    [{ metadata: 'a' }, 'invalid metadata param: must be an object with key-value pairs'],
    [{ timeout: '1 minute' }, 'invalid timeout value: unable to use string "1 minute" as a duration value'],
    [{ headers: {} }, 'unknown param: "headers"'],
    [5, 'params must be an object'],
  ] as const)
    assert.throws(() => readCallParams(params), { message }, JSON.stringify(params));
});

test('metadata is text; only keys that end in -bin are octets, which the script may change afterwards', () => {
  assert.deepEqual(readMetadata({ 'X-Text': '', 'B-c': 'ü' }), [
    ['x-text', ''],
    ['b-c', 'ü'],
  ]);
  const bytes = new Uint8Array([0, 255]);
  const [[name, value] = []] = readMetadata({ 'Trace-BIN': bytes, 'other-bin': bytes.buffer });
  bytes[0] = 9;
  assert.deepEqual([name, [...(value as Uint8Array)]], ['trace-bin', [0, 255]]);
  const view = new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2);
  assert.deepEqual(
    [...(readMetadata({ 'a-bin': view })[0]![1] as Uint8Array)],
    [2, 3],
    'a part of a buffer is that part',
  );
  for (const [metadata, message] of [
    [{ a: 5 }, 'invalid metadata param: "a" value must be a string'],
    [{ a: ['b'] }, 'invalid metadata param: "a" value must be a string'],
    [{ a: bytes }, 'invalid metadata param: "a" value must be a string'],
    [{ 'A-bin': 'text' }, 'invalid metadata param: "A-bin" value must be binary'],
    [{ 'a-bin': new Uint16Array(1) }, 'invalid metadata param: "a-bin" value must be binary'],
  ] as const)
    assert.throws(() => readMetadata(metadata), { message });
});

test('a time is a number of milliseconds, or a text with units', () => {
  for (const [given, ms] of [
    [0, 0],
    [1.5, 1.5],
    ['100', 100],
    ['1m30s', 90_000],
    ['1d', 86_400_000],
    ['.5s', 500],
  ] as const)
    assert.equal(readTimeout(given), ms, String(given));
  for (const given of ['', 's', '1x', '1 s', null, undefined, true, [1], Number.NaN])
    assert.throws(() => readTimeout(given), /^Error: invalid timeout value: /, String(given));
});

test('a target is a host and a port, perhaps behind a scheme of gRPC', () => {
  for (const [given, host, port] of [
    ['localhost:50051', 'localhost', 50_051],
    ['[::1]:1', '::1', 1],
    [':8080', '127.0.0.1', 8080],
    ['dns:///shop.example:443', 'shop.example', 443],
    ['dns://8.8.8.8/shop.example:443', 'shop.example', 443],
    ['dns:shop.example:443', 'shop.example', 443],
    ['passthrough:///10.0.0.1:65535', '10.0.0.1', 65_535],
    ['ipv6:[::1]:9', '::1', 9],
  ] as const)
    assert.deepEqual(parseTarget(given), { host, port, given }, given);
});

test('what is no target is said in the words of Go’s dialer, with what to write in its place', () => {
  for (const [given, message] of [
    ['', 'dial tcp: address : missing port in address'],
    ['localhost', 'dial tcp: address localhost: missing port in address'],
    ['localhost:', 'dial tcp: address localhost:: missing port in address'],
    ['::1:50051', 'dial tcp: address ::1:50051: too many colons in address'],
    ['[::1]', 'dial tcp: address [::1]: missing port in address'],
    ['localhost:65536', 'dial tcp: address 65536: invalid port (ports go up to 65535)'],
    ['localhost:http', 'dial tcp: address localhost:http: missing port in address'],
  ] as const)
    assert.throws(() => parseTarget(given), { message }, given);
  assert.throws(() => parseTarget('https://shop.example:443'), /has no https:\/\/, as in "shop\.example:443"\)$/);
});
