// `crypto.subtle` in scripts by the vectors of those who defined the algorithms: what comes out, and what is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../test/script-bench.ts';

const HEAD = `
  const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const show = (bytes) => Array.from(new Uint8Array(bytes), (octet) => octet.toString(16).padStart(2, '0')).join('');
  const text = (characters) => Uint8Array.from(characters, (character) => character.charCodeAt(0));
  const { subtle } = crypto;
  const raw = (bytes, algorithm, ...usages) => subtle.importKey('raw', bytes, algorithm, false, usages);
  const nameOf = async (start) => { try { await start(); return 'nothing'; } catch (error) { return error.name; } };
`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('crypto.subtle', () => {
  test('digests as FIPS 180 has it, from any view of bytes', async () => {
    const body = `
      const results = [];
      for (const name of ['SHA-1', 'SHA-256', 'sha-384', { name: 'SHA-512' }])
        results.push(show(await subtle.digest(name, text('abc'))).slice(0, 32));
      const whole = text('xabcx');
      results.push(show(await subtle.digest('SHA-1', whole.subarray(1, 4))).slice(0, 32));
      results.push(show(await subtle.digest('SHA-1', new DataView(whole.buffer, 1, 3))).slice(0, 32));
      results.push(show(await subtle.digest('SHA-1', new ArrayBuffer(0))).slice(0, 32));
      return results;`;
    assert.deepEqual(await run(body), [
      'a9993e364706816aba3e25717850c26c',
      'ba7816bf8f01cfea414140de5dae2223',
      'cb00753f45a35e8bb5a03d699ac65007',
      'ddaf35a193617abacc417349ae204131',
      'a9993e364706816aba3e25717850c26c',
      'a9993e364706816aba3e25717850c26c',
      'da39a3ee5e6b4b0d3255bfef95601890',
    ]);
  });

  test('signs by HMAC as RFC 4231 has it, and verifies that alone', async () => {
    const body = `
      const key = await raw(text('Jefe'), { name: 'HMAC', hash: 'SHA-256' }, 'sign', 'verify');
      const data = text('what do ya want for nothing?');
      const signature = await subtle.sign('HMAC', key, data);
      const other = new Uint8Array(signature.slice(0));
      other[31] ^= 1;
      return [show(signature), await subtle.verify('HMAC', key, signature, data), await subtle.verify('HMAC', key, other, data),
        await subtle.verify('HMAC', key, signature.slice(0, 31), data), await subtle.verify('HMAC', key, signature, text('other'))];`;
    assert.deepEqual(await run(body), [
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      true,
      false,
      false,
      false,
    ]);
  });

  test('encrypts by AES-GCM as McGrew and Viega have it, and gives nothing away of what was changed', async () => {
    const body = `
      const key = await raw(hex('feffe9928665731c6d6a8f9467308308'), 'AES-GCM', 'encrypt', 'decrypt');
      const algorithm = { name: 'AES-GCM', iv: hex('cafebabefacedbaddecaf888'), additionalData: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2') };
      const plain = hex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39');
      const sealed = new Uint8Array(await subtle.encrypt(algorithm, key, plain));
      const opened = show(await subtle.decrypt(algorithm, key, sealed)) === show(plain);
      const changed = sealed.slice();
      changed[0] ^= 1;
      return [show(sealed.slice(-16)), opened,
        await nameOf(() => subtle.decrypt(algorithm, key, changed)),
        await nameOf(() => subtle.decrypt({ ...algorithm, additionalData: new Uint8Array(1) }, key, sealed)),
        await nameOf(() => subtle.decrypt(algorithm, key, sealed.slice(0, 8)))];`;
    assert.deepEqual(await run(body), [
      '5bc94fbc3221a5db94fae95ae7121a47',
      true,
      'OperationError',
      'OperationError',
      'OperationError',
    ]);
  });

  test('encrypts by AES-CBC and AES-CTR as SP 800-38A has it', async () => {
    const body = `
      const bytes = hex('2b7e151628aed2a6abf7158809cf4f3c');
      const block = hex('6bc1bee22e409f96e93d7e117393172a');
      const cbc = await raw(bytes, 'AES-CBC', 'encrypt', 'decrypt');
      const ctr = await raw(bytes, { name: 'AES-CTR' }, 'encrypt');
      const iv = hex('000102030405060708090a0b0c0d0e0f');
      const sealed = await subtle.encrypt({ name: 'AES-CBC', iv }, cbc, block);
      return [show(sealed).slice(0, 32), show(await subtle.decrypt({ name: 'AES-CBC', iv }, cbc, sealed)),
        show(await subtle.encrypt({ name: 'AES-CTR', counter: hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), length: 64 }, ctr, block)),
        await nameOf(() => subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(8) }, cbc, block))];`;
    assert.deepEqual(await run(body), [
      '7649abac8119b246cee98e9b12e9197d',
      '6bc1bee22e409f96e93d7e117393172a',
      '874d6191b620e3261bef6864990db6ce',
      'OperationError',
    ]);
  });

  test('derives by PBKDF2 as RFC 6070 has it, and by HKDF as RFC 5869', async () => {
    const body = `
      const password = await raw(text('password'), 'PBKDF2', 'deriveBits', 'deriveKey');
      const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-1', salt: text('salt'), iterations: 2 };
      const secret = await raw(new Uint8Array(22).fill(0x0b), 'HKDF', 'deriveBits');
      const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: hex('000102030405060708090a0b0c'), info: hex('f0f1f2f3f4f5f6f7f8f9') };
      const key = await subtle.deriveKey(pbkdf2, password, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
      return [show(await subtle.deriveBits(pbkdf2, password, 160)), show(await subtle.deriveBits(hkdf, secret, 336)),
        [key.type, key.extractable, key.algorithm.name, key.algorithm.length, key.usages]];`;
    assert.deepEqual(await run(body), [
      'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957',
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
      ['secret', false, 'AES-GCM', 256, ['encrypt']],
    ]);
  });

  test('two sides of ECDH come to one secret, and signatures of ECDSA and RSA hold', async () => {
    const body = `
      const curve = { name: 'ECDH', namedCurve: 'P-256' };
      const [one, two] = [await subtle.generateKey(curve, true, ['deriveBits']), await subtle.generateKey(curve, true, ['deriveBits'])];
      const bits = async (own, peer) => show(await subtle.deriveBits({ name: 'ECDH', public: peer.publicKey }, own.privateKey, 256));
      const results = [(await bits(one, two)) === (await bits(two, one))];
      const data = text('a message');
      for (const [make, use] of [
        [{ name: 'ECDSA', namedCurve: 'P-384' }, { name: 'ECDSA', hash: 'SHA-384' }],
        [{ name: 'RSA-PSS', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }, { name: 'RSA-PSS', saltLength: 32 }],
      ]) {
        const { privateKey, publicKey } = await subtle.generateKey(make, true, ['sign', 'verify']);
        const signature = await subtle.sign(use, privateKey, data);
        const jwk = await subtle.exportKey('jwk', publicKey);
        const again = await subtle.importKey('jwk', jwk, make, true, ['verify']);
        results.push(await subtle.verify(use, again, signature, data), await subtle.verify(use, again, signature, text('another')));
      }
      return results;`;
    assert.deepEqual(await run(body), [true, true, false, true, false]);
  });
});

describe('a key', () => {
  test('does what it was made for and nothing else, and stays where it is unless it may be exported', async () => {
    const body = `
      const key = await raw(new Uint8Array(16), 'AES-GCM', 'encrypt');
      const iv = new Uint8Array(12);
      return [
        await nameOf(() => subtle.decrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(16))),
        await nameOf(() => subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, key, iv)),
        await nameOf(() => subtle.exportKey('raw', key)),
        await nameOf(() => raw(new Uint8Array(15), 'AES-GCM', 'encrypt')),
        await nameOf(() => raw(new Uint8Array(16), 'AES-GCM', 'sign')),
        await nameOf(() => raw(new Uint8Array(16), 'ROT-13', 'encrypt')),
        await nameOf(() => subtle.importKey('jwk', { kty: 'oct', k: 'AAAA', alg: 'A256GCM' }, 'AES-GCM', true, ['encrypt'])),
      ];`;
    assert.deepEqual(await run(body), [
      'InvalidAccessError',
      'InvalidAccessError',
      'InvalidAccessError',
      'DataError',
      'SyntaxError',
      'NotSupportedError',
      'DataError',
    ]);
  });

  test('cannot be made up: what is no key is refused, whatever it looks like', async () => {
    const body = `
      const key = await raw(new Uint8Array(16), 'AES-GCM', 'encrypt');
      const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) };
      const results = [];
      for (const made of [{}, null, 'key', Object.create(key), { ...key }, new Proxy(key, {}), Object.getPrototypeOf(key)])
        results.push(await nameOf(() => subtle.encrypt(algorithm, made, new Uint8Array(1))));
      return [new Set(results).size, results[0], await nameOf(() => new key.constructor())];`;
    assert.deepEqual(await run(body), [1, 'InvalidAccessError', 'TypeError']);
  });
});
