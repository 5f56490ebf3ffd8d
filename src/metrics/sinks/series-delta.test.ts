// Whatever folds samples gives the same for samples one by one and for what somebody else has folded of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../comparison/simulated-run.fixture.ts';
import type { SeriesDelta } from './series-delta.ts';
import { passesOfDelta, sumOfDelta } from './series-delta.ts';
import { ShareSink } from './share-sink.ts';
import { createSink, type Sink } from './sink.ts';
import { TrendSink } from './trend-sink.ts';

type Sample = readonly [value: number, time: number];

function foldSamples(type: SeriesDelta['type'], samples: readonly Sample[]): SeriesDelta {
  const values = samples.map(([value]) => value);
  const count = values.length;
  switch (type) {
    case 'counter':
      return { type, count, sum: values.reduce((a, b) => a + b, 0) };
    case 'rate':
      return { type, count, passes: values.filter((value) => value !== 0).length };
    case 'gauge': {
      const latest = samples.reduce((a, b) => (b[1] >= a[1] ? b : a));
      return { type, count, last: latest[0], timeMs: latest[1], min: Math.min(...values), max: Math.max(...values) };
    }
    case 'trend': {
      const sink = new TrendSink();
      for (const value of values) sink.add(value);
      return { type, ...sink.state() };
    }
  }
}

function read(sink: Sink): unknown {
  switch (sink.type) {
    case 'counter':
      return [sink.count, sink.isEmpty, sink.rate(500)];
    case 'gauge':
      return [sink.value, sink.min, sink.max, sink.isEmpty];
    case 'rate':
      return [sink.passes, sink.fails, sink.total, sink.rate];
    case 'trend':
      return [sink.count, sink.min, sink.max, sink.isEmpty, ...[0, 33, 50, 99, 100].map((one) => sink.percentile(one))];
  }
}

for (const type of ['counter', 'gauge', 'rate', 'trend'] as const)
  test(`a ${type} of pieces, in whatever order they come, is as one of samples`, () => {
    const random = seeded(type.length);
    for (let round = 0; round < 60; round++) {
      const [single, pieces] = [createSink(type), createSink(type)];
      const deltas: SeriesDelta[] = [];
      let time = 1000;
      for (let piece = 0; piece < 1 + random() * 8; piece++) {
        const samples = Array.from({ length: 1 + Math.floor(random() * 200) }, (): Sample => {
          time += random() < 0.2 ? 0 : 1;
          return [Math.floor(random() * 7) - 3, time];
        });
        for (const [value, at] of samples) single.add(value, at);
        deltas.push(foldSamples(type, samples));
        time++;
      }
      for (const delta of deltas.sort(() => random() - 0.5)) pieces.mergeDelta(delta);
      assert.deepEqual(read(pieces), read(single), `round ${round}`);
    }
  });

test('pieces of another type are left alone where nothing can be made of them', () => {
  const counter: SeriesDelta = { type: 'counter', count: 3, sum: 9 };
  for (const type of ['gauge', 'trend'] as const) {
    const sink = createSink(type);
    sink.mergeDelta(counter);
    assert.ok(sink.isEmpty, type);
  }
  assert.deepEqual([sumOfDelta(counter), passesOfDelta(counter)], [9, 3]);
});

test('a share counts the part by its samples, whatever their values, and the whole by the values of another metric', () => {
  const sink = new ShareSink();
  assert.deepEqual([sink.isEmpty, sink.rate, sink.passes, sink.fails, sink.total], [true, 0, 0, 0, 0]);
  sink.whole.add(1);
  assert.deepEqual([sink.isEmpty, sink.rate, sink.fails], [false, 0, 1], 'that none failed is known too');
  sink.add();
  sink.whole.mergeDelta({ type: 'counter', count: 3, sum: 3 });
  sink.mergeDelta({ type: 'rate', count: 1, passes: 1 });
  assert.deepEqual([sink.rate, sink.passes, sink.fails, sink.total], [0.5, 2, 2, 4]);
});

test('a share is never above one: an iteration can have failed before it counts as ended', () => {
  const sink = new ShareSink();
  for (let failed = 1; failed <= 3; failed++) {
    sink.add();
    assert.deepEqual([sink.rate, sink.fails, sink.total], [1, 0, failed]);
    sink.whole.add(1);
    assert.equal(sink.rate, 1);
  }
});
