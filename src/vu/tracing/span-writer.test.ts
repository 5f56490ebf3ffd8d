import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../metrics/comparison/simulated-run.fixture.ts';
import { ATTRIBUTE_TYPES, SPAN_WORDS, type SpanBatch, sizeOfSpans } from '../../metrics/span-batch.ts';
import { type FinishedSpan, SpanWriter } from './span-writer.ts';

/** What a batch says, span by span. */
function read({ texts, words, times, count }: SpanBatch): FinishedSpan[] {
  const spans: FinishedSpan[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const attributes: [string, string | number][] = [];
    const end = at + SPAN_WORDS + words[at + 12] * 3;
    for (let place = at + SPAN_WORDS; place < end; place += 3)
      attributes.push([
        texts[words[place]],
        words[place + 1] === ATTRIBUTE_TYPES.text ? texts[words[place + 2]] : words[place + 2],
      ]);
    const parent = words.slice(at + 6, at + 8);
    spans.push({
      trace: words.slice(at, at + 4),
      id: words.slice(at + 4, at + 6),
      parent: parent[0] === 0 && parent[1] === 0 ? null : parent,
      kind: words[at + 8],
      status: words[at + 9],
      name: texts[words[at + 10]],
      message: texts[words[at + 11]],
      begin: times[index * 2],
      end: times[index * 2 + 1],
      attributes,
    });
    at = end;
  }
  assert.equal(at, words.length, 'and nothing is left over');
  return spans;
}

function randomSpan(random: () => number): FinishedSpan {
  const word = (): number => Math.floor(random() * 2 ** 32);
  const text = (): string =>
    ['', 'GET', 'http.url', 'größe 🍕', `n${Math.floor(random() * 9)}`][Math.floor(random() * 5)];
  return {
    trace: Uint32Array.of(1 + word() / 2, word(), word(), word()),
    id: Uint32Array.of(word(), word()),
    parent: random() < 0.3 ? null : Uint32Array.of(1 + word() / 2, word()),
    kind: Math.floor(random() * 5),
    status: Math.floor(random() * 3),
    name: text(),
    message: text(),
    begin: random() * 1e12,
    end: random() * 1e12,
    attributes: Array.from(
      { length: Math.floor(random() * 12) },
      () => [text(), random() < 0.5 ? text() : word()] as const,
    ),
  };
}

test('spans come back as they were, however many, batch after batch', () => {
  const random = seeded(33);
  const writer = new SpanWriter();
  for (const size of [1, 2, 300, 3000, 1]) {
    const spans = Array.from({ length: size }, () => randomSpan(random));
    for (const span of spans) writer.add(span);
    const batch = writer.take()!;
    assert.deepEqual(read(structuredClone(batch)), spans, `${size} spans`);
    assert.equal(batch.lost, 0);
    assert.equal(new Set(batch.texts).size, batch.texts.length, 'each text is there once');
    assert.equal(writer.take(), undefined);
    assert.ok(sizeOfSpans(batch) >= size * (SPAN_WORDS * 4 + 16));
  }
});

test('what a batch holds is its own: a later span changes nothing in it', () => {
  const random = seeded(34);
  const writer = new SpanWriter();
  const [first, second] = [randomSpan(random), randomSpan(random)];
  writer.add(first);
  const batch = writer.take()!;
  writer.add(second);
  assert.deepEqual(read(batch), [first]);
  assert.deepEqual(read(writer.take()!), [second]);
});

test('spans over the most of a batch are counted as lost, and the next batch has room again', () => {
  const random = seeded(35);
  const writer = new SpanWriter();
  const span = { ...randomSpan(random), attributes: [] };
  for (let index = 0; index < 50_007; index++) writer.add(span);
  const { count, lost } = writer.take()!;
  assert.deepEqual([count, lost], [50_000, 7]);
  writer.add(span);
  const next = writer.take()!;
  assert.deepEqual([next.count, next.lost], [1, 0]);
});

test('a number that 32 bits do not hold is the greatest of them, not another one', () => {
  const writer = new SpanWriter();
  writer.add({
    ...randomSpan(seeded(1)),
    attributes: [
      ['http.response.body.size', 2 ** 32 + 5],
      ['status', 200],
    ],
  });
  assert.deepEqual(read(writer.take()!)[0].attributes, [
    ['http.response.body.size', 2 ** 32 - 1],
    ['status', 200],
  ]);
});
