import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

test('bad base64 throws with the place of the first bad byte', async () => {
  const bench = await createScriptBench(`
    import { b64decode, b64encode } from 'k6/encoding';
    const kind = (...args) => { try { b64decode(...args); return 'fine'; } catch (e) { return e.message; } };
    export default () => [kind('aGVsbG8='), kind('aG*sbG8='), kind('aGVsbG8'), kind('aGVsbG8', 'rawstd'), kind('-__-'), kind('-__-', 'url'), b64encode(new Uint8Array([255]), 'rawurl')];`);
  assert.deepEqual(await bench.run(), [
    'fine',
    'illegal base64 data at input byte 2',
    'illegal base64 data at input byte 7',
    'fine',
    'illegal base64 data at input byte 0',
    'fine',
    '_w',
  ]);
});
