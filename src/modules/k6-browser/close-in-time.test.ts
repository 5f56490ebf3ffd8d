import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WireError } from '../../wire/net/wire-error.ts';
import { closeInTime } from './close-in-time.ts';

const LIMITS = { againMs: 5, mostMs: 60_000 };

test('what is closed at once is asked for once', async () => {
  let asked = 0;
  await closeInTime({ what: 'page', close: async () => {}, again: async () => asked++ }, LIMITS);
  assert.equal(asked, 0);
});

test('a browser that forgets is asked until it closes, whatever it says of the question', async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const again = async (): Promise<void> => {
    if (++asked === 3) resolve();
    throw new Error('No target with given id found');
  };
  await closeInTime({ what: 'page', close: () => promise, again }, LIMITS);
  assert.equal(asked, 3);
});

test('what goes wrong is for whoever closes', async () => {
  const gone = new Error('gone');
  await assert.rejects(closeInTime({ what: 'page', close: () => Promise.reject(gone), again: async () => {} }), gone);
});

test('a browser that never closes it is waited for so long, and what it is comes with a code', async () => {
  const never = { what: 'context', close: () => new Promise<void>(() => {}), again: async () => {} };
  await assert.rejects(closeInTime(never, { againMs: 5, mostMs: 40 }), (error) => {
    assert.ok(error instanceof WireError);
    assert.equal(error.code, 1050);
    assert.match(error.message, /^context\.close: the browser has not closed the context within 0\.04 s/);
    return true;
  });
});
