import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flatten, type Rope } from './rope.ts';

const SOURCE = 'let abc = 1+ +2 / 3; é$x_9 --y < !z // end';
const triples = (segments: Int32Array): [at: number, from: number, length: number][] =>
  Array.from(
    { length: segments.length / 3 },
    (_, i) => [...segments.slice(i * 3, i * 3 + 3)] as [number, number, number],
  );

describe('a rope', () => {
  test('keeps tokens apart that would be another together', () => {
    for (const [left, right, joined] of [
      ['a', 'b', 'a b'],
      ['return', '1', 'return 1'],
      ['1', 'in', '1 in'],
      ['é', 'a', 'é a'],
      ['$', '_', '$ _'],
      ['a', '\\u0062', 'a \\u0062'],
      ['+', '+a', '+ +a'],
      ['-', '--a', '- --a'],
      ['/', '/re/', '/ /re/'],
      ['/', '*', '/ *'],
      ['<', '!--a', '< !--a'],
      ['+', '-a', '+-a'],
      ['a', '(b)', 'a(b)'],
      [')', 'b', ')b'],
      ['a', '"b"', 'a"b"'],
      ['a', '\n', 'a\n'],
      ['a ', 'b', 'a b'],
      ['', 'b', 'b'],
      ['a', '', 'a'],
    ] as const)
      assert.equal(flatten([left, [[right]]], '').code, joined, `${left} before ${right}`);
  });

  test('says of each piece of the source where it went, as one where pieces follow each other', () => {
    const { code, segments } = flatten(
      [
        { start: 0, end: 4 },
        { start: 4, end: 7 },
        '=>',
        { start: 4, end: 7 },
        { start: 7, end: 7 },
        { text: 'made', at: 10 },
      ],
      SOURCE,
    );
    assert.equal(code, 'let abc=>abc made');
    assert.deepEqual(triples(segments), [
      [0, 0, 7],
      [9, 4, 3],
      [13, 10, 1],
    ]);
  });

  test('of any pieces has its segments in order, each the very text of the source', () => {
    let seed = 2;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const texts = ['', 'x', '+', '-', '/', '<', ' ', '(', '$w', '\n', 'é'];
    const make = (depth: number): Rope => {
      switch (random(depth > 3 ? 3 : 4)) {
        case 0:
          return texts[random(texts.length)]!;
        case 1: {
          const start = random(SOURCE.length);
          return { start, end: start + random(SOURCE.length - start + 1) };
        }
        case 2:
          return { text: texts[random(texts.length)]!, at: random(SOURCE.length) };
        default:
          return Array.from({ length: random(5) }, () => make(depth + 1));
      }
    };
    for (let round = 0; round < 3000; round++) {
      const rope = make(0);
      const { code, segments } = flatten(rope, SOURCE);
      let end = 0;
      for (const [at, from, length] of triples(segments)) {
        assert.ok(at >= end && at + length <= code.length, JSON.stringify(rope));
        end = at + length;
        // Of one character it may be text that only stands for a place.
        if (length > 1) assert.equal(code.slice(at, end), SOURCE.slice(from, from + length), JSON.stringify(rope));
      }
      // Nothing is added but blanks, and nothing is lost.
      const plain = (piece: Rope): string =>
        typeof piece === 'string'
          ? piece
          : Array.isArray(piece)
            ? piece.map(plain).join('')
            : 'text' in piece
              ? piece.text
              : SOURCE.slice((piece as { start: number }).start, (piece as { end: number }).end);
      assert.equal(code.replaceAll(' ', ''), plain(rope).replaceAll(' ', ''));
      assert.equal(flatten(code, '').code, code);
    }
  });
});
