import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMisbehaviour, WELL_BEHAVED } from './misbehaviour.ts';

test('misbehaviour is asked for by key and value', () => {
  assert.deepEqual(parseMisbehaviour('delay=200, status=503'), { ...WELL_BEHAVED, delay: 200, status: 503 });
  assert.deepEqual(parseMisbehaviour('reset'), { ...WELL_BEHAVED, manner: 'reset' });
  assert.deepEqual(parseMisbehaviour('rst=8'), { ...WELL_BEHAVED, rst: 8 });
});

test('nothing asked, nothing done', () => {
  for (const nothing of [undefined, null, '']) assert.equal(parseMisbehaviour(nothing), WELL_BEHAVED);
});

test('nonsense is answered with what is known', () => {
  for (const text of ['explode', 'delay', 'delay=soon', 'reset=1', 'status=-1'])
    assert.match(String(parseMisbehaviour(text)), /makes no sense\. Known: delay=N/);
});

test('a delay has an upper bound', () => {
  assert.deepEqual(parseMisbehaviour('delay=999999999'), { ...WELL_BEHAVED, delay: 120_000 });
});
