// What scripts give to a socket, read and refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConnect, readTimeout, readWrite } from './socket-arguments.ts';

test('a place is a port and a host, or an object with both; without a host it is this machine', () => {
  const plain = { secure: false, tags: undefined };
  assert.deepEqual(readConnect(80, 'a.example'), { port: 80, host: 'a.example', ...plain });
  assert.deepEqual(readConnect('80', '[::1]'), { port: 80, host: '::1', ...plain });
  for (const nothing of [undefined, null, '']) assert.equal(readConnect(1, nothing).host, 'localhost');
  const tags = { a: 'b' };
  assert.deepEqual(readConnect({ port: 443, host: 'a', tls: true, tags }, 'ignored'), {
    port: 443,
    host: 'a',
    secure: true,
    tags,
  });
  assert.equal(readConnect({ port: 1, tls: null }, undefined).secure, false);
});

test('what is no port, no host and no flag is named', () => {
  for (const [port, shown] of [
    [0, '0'],
    [65_536, '65536'],
    [1.5, '1.5'],
    [Number.NaN, 'null'],
    ['', '""'],
    ['http', '"http"'],
    [undefined, 'undefined'],
    [null, 'object'],
    [true, 'boolean'],
  ] as const) {
    const message = `connect() takes a port from 1 to 65535, not ${shown}`;
    assert.throws(() => readConnect(port === null ? { port } : port, 'a'), { name: 'TypeError', message });
  }
  assert.throws(() => readConnect(1, 5), { message: 'connect() takes the host as text, not number' });
  for (const tls of ['true', 1, {}])
    assert.throws(() => readConnect({ port: 1, tls }, undefined), {
      message: `connect() takes tls as true or false, not ${typeof tls}`,
    });
});

test('text is sent in its encoding', () => {
  const sent = (text: string, encoding?: unknown) => [...readWrite(text, { encoding }).bytes];
  assert.deepEqual(sent('ü'), [0xc3, 0xbc], 'UTF-8 unless it says otherwise');
  for (const name of ['utf8', 'UTF-8', null]) assert.deepEqual(sent('ü', name), [0xc3, 0xbc]);
  assert.deepEqual(sent('00fFa0', 'hex'), [0, 255, 160]);
  assert.deepEqual(sent('AP8=', 'base64'), [0, 255]);
  assert.deepEqual(sent('AP\n8', 'base64'), [0, 255], 'without its end, over several lines');
  assert.deepEqual(sent('-_8', 'base64url'), [0xfb, 0xff]);
  assert.deepEqual(sent('AB', 'ascii'), [65, 66]);
  for (const encoding of ['', 'hex', 'base64']) assert.deepEqual(sent('', encoding || undefined), []);
});

test('text that is not what its encoding says is refused, and not sent in part', () => {
  for (const [text, encoding] of [
    ['abc', 'hex'],
    ['0g', 'hex'],
    ['00 ff', 'hex'],
    ['A', 'base64'],
    ['AP8=A', 'base64'],
    ['AAAAA', 'base64'],
    ['AP-_', 'base64'],
    ['A===', 'base64'],
    ['+/8', 'base64url'],
    ['A', 'base64url'],
  ] as const)
    assert.throws(() => readWrite(text, { encoding }), {
      name: 'TypeError',
      message: `write() got text that is no ${encoding}`,
    });
  for (const encoding of ['utf16le', 'latin', '__proto__', 'toString', 5])
    assert.throws(() => readWrite('x', { encoding }), {
      message: `write() knows the encodings utf8, utf-8, ascii, base64, base64url, hex, not ${JSON.stringify(String(encoding).toLowerCase())}`,
    });
});

test('octets are sent as they were when they were given, of a view only its part', () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const { bytes: sent } = readWrite(bytes.subarray(1, 3), { encoding: 'hex', tags: 'kept' });
  const whole = readWrite(bytes.buffer, undefined).bytes;
  bytes.fill(9);
  assert.deepEqual(
    [[...sent], [...whole]],
    [
      [2, 3],
      [1, 2, 3, 4],
    ],
  );
  assert.deepEqual([...readWrite(new Uint16Array([258]), null).bytes], [2, 1]);
  for (const [data, shown] of [
    [null, 'null'],
    [undefined, 'undefined'],
    [5, 'number'],
    [[1], 'object'],
  ] as const)
    assert.throws(() => readWrite(data, {}), { message: `write() takes text or an ArrayBuffer, not ${shown}` });
});

test('a time is milliseconds from 0 on', () => {
  assert.deepEqual([0, 1.5, '250'].map(readTimeout), [0, 1.5, 250]);
  for (const given of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5s', undefined, {}])
    assert.throws(() => readTimeout(given), {
      message: `setTimeout() takes milliseconds, 0 for no limit, not ${String(given)}`,
    });
});
