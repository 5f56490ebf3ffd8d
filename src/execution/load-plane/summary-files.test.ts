import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { readSummaryFiles } from './summary-files.ts';

test('text and bytes of every kind go where their names say, also from another realm', () => {
  const files = readSummaryFiles(
    runInNewContext(`({
      stdout: 'text',
      'a.bin': new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
      'b.bin': new Uint8Array([5]).buffer,
      'c.bin': new DataView(new ArrayBuffer(4), 2),
    })`),
  );
  assert.deepEqual(
    Object.entries(files!).map(([name, content]) => [name, typeof content === 'string' ? content : [...content]]),
    [
      ['stdout', 'text'],
      ['a.bin', [2, 3]],
      ['b.bin', [5]],
      ['c.bin', [0, 0]],
    ],
  );
});

test('nothing returned: the usual summary is wanted', () => {
  assert.equal(readSummaryFiles(undefined), null);
  assert.equal(readSummaryFiles(null), null);
  assert.deepEqual(readSummaryFiles({}), {});
});

test('anything else is refused with its name', () => {
  assert.throws(() => readSummaryFiles('text'), /must return an object of texts by destination, not string/);
  assert.throws(
    () => readSummaryFiles({ stdout: 3 }),
    /returned number for "stdout"; text or an ArrayBuffer is expected/,
  );
});
