// Conformance cases hold the published digests; these are what they leave out.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { createDigester, createHmacDigester } from './hashes.ts';
import { Md4 } from './md4.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('MD4 gives the digests of RFC 1320, whatever the pieces', () => {
  const cases: [text: string, digest: string][] = [
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ];
  for (const [text, digest] of cases) {
    assert.equal(hex(new Md4().update(Buffer.from(text)).digest()), digest);
    const pieces = new Md4();
    for (const char of text) pieces.update(Buffer.from(char));
    assert.equal(hex(pieces.copy().digest()), digest);
    assert.equal(hex(pieces.digest()), digest);
  }
  // Each length around the end of a block has a padding of its own.
  for (let length = 50; length < 140; length++) {
    const whole = new Md4().update(Buffer.alloc(length, 7));
    const split = new Md4().update(Buffer.alloc(49, 7)).update(Buffer.alloc(length - 49, 7));
    assert.equal(hex(whole.digest()), hex(split.digest()));
  }
});

test('a digest may be taken in between; more follows', () => {
  const digester = createDigester('sha512');
  digester.update(Buffer.from('one'));
  assert.equal(hex(digester.peek()), createHash('sha512').update('one').digest('hex'));
  digester.update(Buffer.from('two'));
  assert.equal(hex(digester.peek()), createHash('sha512').update('onetwo').digest('hex'));
  const hmac = createHmacDigester('sha256', Buffer.from('key'));
  const empty = hex(hmac.peek());
  hmac.update(Buffer.alloc(0));
  assert.equal(hex(hmac.peek()), empty);
});

test('what is no algorithm, no encoding, no data or no size is refused with what there is', async () => {
  const bench = await createScriptBench(`
    import crypto, { createHash } from 'k6/crypto';
    const tried = (fn) => { try { return fn(); } catch (e) { return (e instanceof Error) + ' ' + e.message; } };
    export default () => [
      tried(() => createHash('sha3')), tried(() => crypto.hmac('__proto__', 'k', 'd', 'hex')), tried(() => crypto.md5('a', 'latin1')),
      tried(() => crypto.md5(5, 'hex')), tried(() => crypto.md5(null, 'hex')), tried(() => crypto.createHMAC('md5', {})), tried(() => crypto.randomBytes(0)),
      tried(() => crypto.randomBytes(2 ** 40)), tried(() => createHash('md5').update.call({}, 'a')), tried(() => new (createHash('md5').constructor)()),
    ];`);
  const messages = (await bench.run()) as string[];
  for (const message of messages) assert.match(message, /^true /);
  assert.match(messages[0] ?? '', /invalid hash algorithm: "sha3"; there are md4, md5/);
  assert.match(messages[2] ?? '', /invalid output encoding: latin1/);
  assert.match(messages[3] ?? '', /invalid type number, expected string/);
});

test('data may be text, a buffer or part of one; what comes back is of the realm of the script', async () => {
  const bench = await createScriptBench(`
    import crypto from 'k6/crypto';
    export default () => {
      const bytes = new Uint8Array([120, 97, 98, 99, 120]);
      const binary = crypto.md5('abc', 'binary');
      return [crypto.md5(bytes.subarray(1, 4), 'hex') === crypto.md5('abc', 'hex'), crypto.md5(new DataView(bytes.buffer, 1, 3), 'hex') === crypto.md5('abc', 'hex'),
        binary instanceof ArrayBuffer, crypto.randomBytes(3) instanceof ArrayBuffer, crypto.createHash('md5') instanceof Object];
    };`);
  assert.deepEqual(await bench.run(), [true, true, true, true, true]);
});
