// Names of rows: UUIDs of version 7 (RFC 9562, 5.7) that sort by when they were made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isId, newId } from './new-id.ts';

test('each is a UUID of version 7, with the time of its making', () => {
  const now = Date.now() + 86_400_000;
  const id = newId(now);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), now);
  assert.ok(isId(id));
});

test('those that are made one after the other sort in that order, also within a ms and where the clock goes back', () => {
  const now = Date.now() + 2 * 86_400_000;
  const times = [...Array<number>(10_000).fill(now), now - 60_000, now - 1, now, now + 1, now + 60_000];
  const ids = times.map((time) => newId(time));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

test('what could be a name of a row is told from what people choose', () => {
  for (const text of [
    '',
    'shop',
    '0190163d-8694-739b-aea5-966c26f8ad9',
    '0190163d8694739baea5966c26f8ad91',
    ' 0190163d-8694-739b-aea5-966c26f8ad91',
    '0190163d-8694-739b-aea5-966c26f8ad9g',
  ])
    assert.equal(isId(text), false, text);
  assert.equal(isId('0190163D-8694-739B-AEA5-966C26F8AD91'), true, 'whatever the case');
});
