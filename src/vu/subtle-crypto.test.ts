// Conformance cases hold k6's outcomes; here is what goes beyond k6, and what a script may do wrong or on purpose.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../test/script-bench.ts';

const run = async (body: string): Promise<unknown> =>
  (
    await createScriptBench(`const { subtle } = crypto;
    const hex = (b) => Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, '0')).join('');
    const name = (promise) => promise.then(() => 'fine', (e) => e.name);
    const text = (s) => new TextEncoder().encode(s);
    export default async () => { ${body} };`)
  ).run();

test('keys are wrapped and unwrapped', async () => {
  const result = await run(`
    const wrapping = await subtle.generateKey({ name: 'AES-KW', length: 256 }, true, ['wrapKey', 'unwrapKey']);
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
    const wrapped = await subtle.wrapKey('raw', key, wrapping, 'AES-KW');
    const back = await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', 'AES-GCM', true, ['encrypt']);
    return [wrapped.byteLength, hex(await subtle.exportKey('raw', back)) === hex(await subtle.exportKey('raw', key))];`);
  assert.deepEqual(result, [24, true]);
});

test('Ed25519 signs, X25519 derives, SHA-3 digests', async () => {
  const result = await run(`
    const signer = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    const signature = await subtle.sign('Ed25519', signer.privateKey, text('hello'));
    const [a, b] = await Promise.all([1, 2].map(() => subtle.generateKey('X25519', true, ['deriveBits'])));
    const [ab, ba] = await Promise.all([[a, b], [b, a]].map(([x, y]) => subtle.deriveBits({ name: 'X25519', public: y.publicKey }, x.privateKey, 256)));
    return [
      await subtle.verify('Ed25519', signer.publicKey, signature, text('hello')), await subtle.verify('Ed25519', signer.publicKey, signature, text('hullo')),
      hex(ab) === hex(ba), hex(await subtle.digest('SHA3-256', new Uint8Array(0))),
    ];`);
  assert.deepEqual(result, [true, false, true, 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a']);
});

test('errors carry the name of the DOM and are no Error, as in k6', async () => {
  const result = await run(`
    const key = await subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt']);
    const failure = await subtle.exportKey('raw', key).catch((e) => e);
    return [
      failure.name, failure instanceof Error, String(failure).startsWith('InvalidAccessError: '), typeof failure.message,
      await name(subtle.digest('MD5', new Uint8Array(1))), await name(subtle.importKey('raw', new Uint8Array(5), 'AES-GCM', true, ['encrypt'])),
      await name(subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, [])), await name(subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, {}, new Uint8Array(1))),
      await name(subtle.digest('SHA-256', 'text')), await name(subtle.importKey('jwk', { kty: 'oct', k: '!' }, 'AES-GCM', true, ['encrypt'])),
    ];`);
  assert.deepEqual(result, [
    'InvalidAccessError',
    false,
    true,
    'string',
    'NotSupportedError',
    'DataError',
    'SyntaxError',
    'InvalidAccessError',
    'TypeError',
    'DataError',
  ]);
});

test('what a script gives is read once and copied; its own exceptions come back as they are', async () => {
  const result = await run(`
    let reads = 0;
    const algorithm = { get name() { reads++; return 'SHA-256'; } };
    const data = text('abc');
    const pending = subtle.digest(algorithm, data);
    data[0] = 0;
    const mine = await subtle.digest({ get name() { throw 'mine'; } }, data).catch((e) => e);
    const polluted = subtle.generateKey({ name: 'AES-GCM', length: 128, __proto__: { constructor: 1 } }, false, ['encrypt']);
    const key = await polluted;
    return [hex(await pending), reads, mine, key.constructor.constructor === Function, Object.isFrozen(key.usages), key.algorithm.name, key instanceof key.constructor];`);
  assert.deepEqual(result, [
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    1,
    'mine',
    true,
    false,
    'AES-GCM',
    true,
  ]);
});
