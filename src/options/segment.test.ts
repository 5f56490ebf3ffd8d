import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divideWhole, findShare, formatSegment, parseSegment, parseSegmentSequence, Share } from './segment.ts';

/** A small generator of random numbers, the same at every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A sequence of `parts` segments at random points. */
function randomSequence(next: () => number, parts: number): string {
  const den = 2 + Math.floor(next() * 60) + parts;
  const points = new Set([0, den]);
  while (points.size < parts + 1) points.add(1 + Math.floor(next() * (den - 1)));
  return [...points]
    .sort((a, b) => a - b)
    .map((num) => `${num}/${den}`)
    .join(',');
}

test('the whole owns everything', () => {
  for (const share of [Share.WHOLE, findShare('', ''), findShare('0:1', '0,1')]) {
    assert.equal(share.scale(17), 17);
    assert.equal(share.inTest(5), 5);
    assert.equal(share.fraction, 1);
  }
});

test('elements are dealt out in turn, in proportion', () => {
  const parts = ['0:1/2', '1/2:3/4', '3/4:1'].map((segment) => findShare(segment, '0,1/2,3/4,1'));
  assert.deepEqual(
    parts.map((part) => [0, 1, 2].map((i) => part.inTest(i))),
    [
      [0, 2, 4],
      [1, 5, 9],
      [3, 7, 11],
    ],
  );
});

test('parts add up to the whole, grow with it, and own every element once', () => {
  const next = random(7);
  for (let round = 0; round < 150; round++) {
    const sequence = randomSequence(next, 1 + Math.floor(next() * 6));
    const workers = 1 + Math.floor(next() * 4);
    const shares = parseSegmentSequence(sequence).flatMap((segment) =>
      Array.from({ length: workers }, (_, i) => findShare(formatSegment(segment), sequence).forWorker(i, workers)),
    );
    let before = shares.map(() => 0);
    for (const total of [0, 1, 2, 3, 7, 10, 99, 1000, 123_457]) {
      const scaled = shares.map((share) => share.scale(total));
      assert.equal(
        scaled.reduce((a, b) => a + b, 0),
        total,
        sequence,
      );
      assert.ok(scaled.every((value, i) => value >= before[i]));
      before = scaled;
    }
    const owned = shares.flatMap((share) => Array.from({ length: share.scale(500) }, (_, i) => share.inTest(i)));
    assert.deepEqual(
      owned.sort((a, b) => a - b),
      Array.from({ length: 500 }, (_, i) => i),
    );
  }
});

test('iterations divided by virtual users add up too, and nobody without virtual users gets any', () => {
  const next = random(11);
  for (let round = 0; round < 100; round++) {
    const sequence = randomSequence(next, 1 + Math.floor(next() * 6));
    const vus = 1 + Math.floor(next() * 12);
    const iterations = vus + Math.floor(next() * 100);
    const instances = parseSegmentSequence(sequence).map((segment) => findShare(formatSegment(segment), sequence));
    const byVus = instances.map((share) => share.forVus(vus));
    assert.equal(
      byVus.reduce((sum, share) => sum + (share?.scaleInstance(iterations) ?? 0), 0),
      iterations,
    );
    instances.forEach((share, i) => {
      assert.equal(share.scale(vus) === 0, byVus[i] === null);
      assert.equal(byVus[i]?.scale(vus) ?? 0, share.scale(vus));
    });
  }
});

test('10 iterations of 4 virtual users on three thirds are 5, 3 and 2', () => {
  const amounts = ['0:1/3', '1/3:2/3', '2/3:1'].map((segment) =>
    findShare(segment, '0,1/3,2/3,1').forVus(4)?.scaleInstance(10),
  );
  assert.deepEqual(amounts, [5, 3, 2]);
});

test('a sequence without its ends is completed, and without one the rest is other parts', () => {
  assert.equal(findShare('1/4:1/2', '1/4,1/2').scale(8), 2);
  assert.equal(findShare('50%', '').scale(5), 3);
  assert.equal(findShare('0.25', '').scale(8), 2);
});

test('reads all forms of segments', () => {
  for (const [text, form] of [
    ['0:1', '0:1'],
    ['10%', '0:1/10'],
    ['1/3', '0:1/3'],
    ['0.25', '0:1/4'],
    ['0.2:2/3', '1/5:2/3'],
    ['12.5%:50%', '1/8:1/2'],
  ]) {
    assert.equal(formatSegment(parseSegment(text)), form);
  }
});

test('says what is wrong with a segment', () => {
  assert.throws(() => parseSegment('a:1'), /"a" is not a fraction/);
  assert.throws(() => parseSegment('-1:1'), /not a fraction/);
  assert.throws(() => parseSegment('1/0'), /not a fraction/);
  assert.throws(() => parseSegment('0:1.5'), /end of execution segment "0:1.5" must not be above 1/);
  assert.throws(() => parseSegment('1/2:1/2'), /must be below its end/);
  assert.throws(() => parseSegment('0:1:2'), /must have the form from:to/);
  assert.throws(() => parseSegmentSequence('0'), /at least two points/);
  assert.throws(() => parseSegmentSequence('0,1/2,1/3'), /ascending order/);
  assert.throws(() => findShare('0:1/2', '0,1/3,1'), /"0:1\/2" is not one of the sequence/);
});

test('a whole is divided by weights into segments of one sequence, whose parts add up', () => {
  for (const weights of [[1], [1, 1, 1], [4, 2, 8, 2, 1]]) {
    const { segments, sequence } = divideWhole(weights);
    const shares = segments.map((segment) => findShare(segment, sequence));
    for (const total of [1, 7, 1000, 4001])
      assert.equal(
        shares.reduce((sum, share) => sum + share.scale(total), 0),
        total,
      );
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, share] of shares.entries())
      assert.ok(Math.abs(share.fraction - weights[index]! / whole) < 1e-12);
  }
});

test('no part is further from its exact proportion than there are parts, however large the whole', () => {
  const next = random(19);
  for (let round = 0; round < 60; round++) {
    const sequence = randomSequence(next, 2 + Math.floor(next() * 5));
    const parts = parseSegmentSequence(sequence);
    for (const segment of parts) {
      const share = findShare(formatSegment(segment), sequence);
      const { from, to } = segment;
      const [num, den] = [to.num * from.den - from.num * to.den, to.den * from.den];
      for (const total of [1, 2, 17, 1001, 2 ** 31, 10 ** 12 + 7]) {
        const exact = Number((BigInt(total) * num * 1000n) / den) / 1000;
        assert.ok(
          Math.abs(share.scale(total) - exact) < parts.length,
          `${share.scale(total)} of ${total} for ${formatSegment(segment)}`,
        );
      }
      assert.ok(Math.abs(share.fraction - Number(num) / Number(den)) < 1e-12);
    }
  }
});

test('what a part owns counts up without end, and scaling says how many of them are below', () => {
  const next = random(23);
  for (let round = 0; round < 40; round++) {
    const sequence = randomSequence(next, 2 + Math.floor(next() * 5));
    const [segment] = parseSegmentSequence(sequence);
    const share = findShare(formatSegment(segment!), sequence).forWorker(Math.floor(next() * 2), 2);
    let before = -1;
    for (let index = 0; index < 300; index++) {
      const element = share.inTest(index);
      assert.ok(element > before);
      assert.deepEqual([share.scale(element), share.scale(element + 1)], [index, index + 1]);
      assert.equal(share.instanceToTest(share.inInstance(index)), element);
      before = element;
    }
  }
});

test('arrivals are divided by segment among instances, and by virtual users among their workers', () => {
  const next = random(29);
  for (let round = 0; round < 60; round++) {
    const sequence = randomSequence(next, 1 + Math.floor(next() * 4));
    const workers = 1 + Math.floor(next() * 4);
    const vus = 1 + Math.floor(next() * 20);
    for (const segment of parseSegmentSequence(sequence)) {
      const instance = findShare(formatSegment(segment), sequence);
      const shares = Array.from({ length: workers }, (_, index) => instance.forWorker(index, workers));
      const arrivals = shares.map((share) => share.forArrivals(vus));
      for (const [index, share] of shares.entries())
        assert.equal(arrivals[index] === null, share.scale(vus) === 0, 'who has nobody to serve them gets none');
      if (arrivals.every((one) => one === null)) continue;
      for (const total of [1, 10, 997])
        assert.equal(
          arrivals.reduce((sum, one) => sum + (one?.scale(total) ?? 0), 0),
          instance.scale(total),
        );
    }
  }
});

test('segments that are divided too finely are refused at once', () => {
  assert.throws(() => findShare('0:1/10000001', ''), /too finely divided/);
  assert.throws(() => findShare('0.123456789:1', ''), /too finely divided/);
  assert.throws(() => findShare(`0.${'1'.repeat(5000)}`, ''), /too finely divided/);
});

test('one part and its neighbours are named as they were written', () => {
  for (const [segment, sequence, reason] of [
    [':', '', /"" is not a fraction/],
    ['1/2:', '', /"" is not a fraction/],
    ['1/2:1/3', '', /start of execution segment "1\/2:1\/3" must be below its end/],
    ['0', '', /must be below its end/],
    ['1/2', '0,0.5,,1', /"" is not a fraction/],
    ['', '0,1/2,1', /"0:1" is not one of the sequence/],
    ['101%', '', /must not be above 1/],
    ['0:1/2', '0,1/2,3/2', /goes above 1/],
    ['1e-1', '', /is not a fraction/],
  ] as const)
    assert.throws(() => findShare(segment, sequence), reason, `${segment} of ${sequence}`);
});
