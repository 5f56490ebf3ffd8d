// DOMException (WebIDL section 2.8), and atob() and btoa() (HTML section 8.3), which throw it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const HEAD = `const name = (fn) => { try { return fn(); } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('a DOMException', () => {
  test('is an Error with a message, a name and the number of the name, where that has one', async () => {
    assert.deepEqual(
      await run(`
        const show = (e) => [e.message, e.name, e.code, e instanceof Error, e instanceof DOMException, String(e)];
        return [show(new DOMException()), show(new DOMException('m', 'AbortError')), show(new DOMException('m', 'OwnError')), show(new DOMException(5, 'EncodingError')), show(new DOMException('m', { name: 'TimeoutError' }))];`),
      [
        ['', 'Error', 0, true, true, 'Error'],
        ['m', 'AbortError', 20, true, true, 'AbortError: m'],
        ['m', 'OwnError', 0, true, true, 'OwnError: m'],
        ['5', 'EncodingError', 0, true, true, 'EncodingError: 5'],
        ['m', 'TimeoutError', 23, true, true, 'TimeoutError: m'],
      ],
    );
  });

  test('has the numbers of the standard, as constants of the class and of each', async () => {
    assert.deepEqual(
      await run(`
        const names = ['INDEX_SIZE_ERR', 'NOT_FOUND_ERR', 'NOT_SUPPORTED_ERR', 'INVALID_STATE_ERR', 'SYNTAX_ERR', 'INVALID_ACCESS_ERR', 'NETWORK_ERR', 'ABORT_ERR', 'QUOTA_EXCEEDED_ERR', 'TIMEOUT_ERR', 'DATA_CLONE_ERR'];
        const e = new DOMException();
        return [names.map((n) => DOMException[n]), names.every((n) => e[n] === DOMException[n]), name(() => { 'use strict'; DOMException.ABORT_ERR = 1; })];`),
      [[1, 8, 9, 11, 12, 15, 19, 20, 22, 23, 25], true, 'TypeError'],
    );
  });

  test('has a cause where it is given one, shows nothing to who lists it, and tells where it was made', async () => {
    assert.deepEqual(
      await run(`
        function maker() { return new DOMException('m', { name: 'AbortError', cause: 0 }); }
        const e = maker();
        return [e.cause, 'cause' in new DOMException('m'), Object.keys(e), /maker/.test(e.stack), Object.prototype.toString.call(e), name(() => DOMException('m'))];`),
      [0, false, [], true, '[object DOMException]', 'TypeError'],
    );
  });

  test('is cloned as what it is', async () => {
    assert.deepEqual(
      await run(`
        const e = new DOMException('m', 'DataCloneError');
        const [c, same] = structuredClone([e, e]);
        return [c !== e, c === same, c instanceof DOMException, c.name, c.message, c.code];`),
      [true, true, true, 'DataCloneError', 'm', 25],
    );
  });
});

describe('btoa() and atob()', () => {
  test('give the vectors of RFC 4648', async () => {
    assert.deepEqual(
      await run(
        `return ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => [btoa(text), atob(btoa(text)) === text]);`,
      ),
      ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'].map((packed) => [packed, true]),
    );
  });

  test('carry every octet there and back', async () => {
    assert.equal(
      await run(
        `const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)); return atob(btoa(all)) === all;`,
      ),
      true,
    );
  });

  test('forgive white space and a missing end, and nothing else', async () => {
    assert.deepEqual(
      await run(`
        return [' Z\\tm\\n8\\f=\\r', 'Zm8', 'Zg', 'Zh==', ''].map((packed) => name(() => atob(packed)))
          .concat(['Z', 'Zm8==', 'Zg=', '=', '====', 'Zm=8', 'Zm8-', 'Zm8_', 'Z\\u00a0m8', 'Zm8=Zm8=', 'é'].map((packed) => name(() => atob(packed))));`),
      ['fo', 'fo', 'f', 'f', '', ...Array(11).fill('InvalidCharacterError')],
    );
  });

  test('take text of octets only, and whatever else as its text', async () => {
    assert.deepEqual(
      await run(
        `return [btoa(null), btoa(5), btoa('ÿ'), name(() => btoa('Ā')), name(() => btoa('🎈')), name(() => btoa()), name(() => atob()), name(() => btoa(Symbol())), name(() => atob(null)).length];`,
      ),
      [
        'bnVsbA==',
        'NQ==',
        '/w==',
        'InvalidCharacterError',
        'InvalidCharacterError',
        'TypeError',
        'TypeError',
        'TypeError',
        3,
      ],
    );
  });
});
