import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerChallenge } from './digest-auth.ts';

const REQUEST = { method: 'GET', path: '/p', body: null };
const CREDENTIALS = { user: 'ann', password: 'secret' };
const answer = (...challenges: string[]): string | null => answerChallenge(challenges, REQUEST, CREDENTIALS);

test('finds the Digest challenge among others, in one header or in several', () => {
  for (const challenges of [
    ['Basic realm="x", Digest realm="r", nonce="n"'],
    ['Negotiate', 'digest nonce = "n" , realm=r'],
    ['Digest realm="r",nonce="n", Basic realm="other"'],
  ])
    assert.match(
      answer(...challenges) ?? '',
      /^Digest username="ann", realm="r", nonce="n", uri="\/p", response="[0-9a-f]{32}"$/,
    );
});

test('a quoted value may hold escapes, commas and equals signs', () => {
  assert.match(answer('Digest realm="a\\"b, c=d", nonce="n\\\\"') ?? '', /realm="a\\"b, c=d", nonce="n\\\\"/);
});

test('an algorithm that is none, whatever its name, is not answered', () => {
  for (const algorithm of ['constructor', '__proto__', 'toString', 'SHA-1', '-sess', ''])
    assert.equal(answer(`Digest nonce="n", algorithm="${algorithm}x"`), null);
});

test('takes time in proportion to what the server sends', () => {
  const timeOf = (text: string): number => {
    const began = performance.now();
    answer(text);
    return performance.now() - began;
  };
  for (const [before, piece] of [
    ['Digest ', 'a'],
    ['Digest ', ' '],
    ['Digest realm="', '\\"'],
    ['', 'Digest '],
    ['Digest ', 'a="'],
    ['Digest ', 'a=,'],
  ] as const) {
    timeOf(before + piece.repeat(20_000));
    // A quadratic one takes seconds here.
    assert.ok(timeOf(before + piece.repeat(200_000)) < 500, piece);
  }
});
