import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Envelope } from './envelope.ts';

test('what is sealed is opened by the same key, in another program too', () => {
  const mine = Envelope.create();
  const theirs = Envelope.of(mine.key);
  const message = { v: 1, text: 'ключ', list: [1, 2.5, null] };
  assert.deepEqual(theirs.openJson(mine.sealJson(message)), message);
  assert.deepEqual([...theirs.open(mine.seal(new Uint8Array([0, 255, 7])))], [0, 255, 7]);
  assert.equal(theirs.open(mine.seal(new Uint8Array())).length, 0);
});

test('the same message is sealed differently each time, and nothing of it shows', () => {
  const envelope = Envelope.create();
  const [first, second] = [envelope.sealJson('a secret word'), envelope.sealJson('a secret word')];
  assert.notDeepEqual(first, second);
  assert.ok(!Buffer.from(first).toString('latin1').includes('secret'));
});

test('another key opens nothing, and what was changed on its way is refused', () => {
  const envelope = Envelope.create();
  const sealed = envelope.seal(Buffer.from('text'));
  assert.throws(() => Envelope.create().open(sealed));
  for (let place = 0; place < sealed.length; place++) {
    const changed = Uint8Array.from(sealed);
    changed[place]! ^= 1;
    assert.throws(() => envelope.open(changed), `octet ${place}`);
  }
  for (const length of [0, 1, 27, sealed.length - 1])
    assert.throws(() => envelope.open(sealed.subarray(0, length)), `${length} octets`);
});

test('a text that is no key is named by its length', () => {
  assert.throws(() => Envelope.of('c2hvcnQ='), /has 32 octets, and this one 5/);
  assert.throws(() => Envelope.of(''), /this one 0/);
});
