import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BODY_OCTETS, excerptBody } from './body-excerpt.ts';

test('a short text is kept as it is, no body is none', () => {
  assert.equal(excerptBody(null), null);
  assert.deepEqual(excerptBody(Buffer.from('Größe\n')), { text: 'Größe\n', isBinary: false, octets: 8 });
  assert.deepEqual(excerptBody(''), { text: '', isBinary: false, octets: 0 });
});

test('a long text is cut between two characters, wherever the limit falls', () => {
  for (const character of ['a', 'ö', '€', '🍕']) {
    for (let shift = 0; shift < 4; shift++) {
      const whole = 'x'.repeat(shift) + character.repeat(BODY_OCTETS + 1);
      for (const body of [whole, Buffer.from(whole)]) {
        const { text, isBinary, octets } = excerptBody(body)!;
        assert.equal(octets, Buffer.byteLength(whole));
        assert.equal(isBinary, false, `${character} after ${shift}`);
        assert.ok(text.endsWith('…') && whole.startsWith(text.slice(0, -1)));
        const kept = Buffer.byteLength(text) - 3;
        assert.ok(kept <= BODY_OCTETS && kept > BODY_OCTETS - 4, `${kept} octets`);
      }
    }
  }
});

test('what is no text shows its letters', () => {
  assert.deepEqual(excerptBody(Buffer.from([0, 255, 65, 66, 10, 200])), {
    text: '··AB\n·',
    isBinary: true,
    octets: 6,
  });
});
