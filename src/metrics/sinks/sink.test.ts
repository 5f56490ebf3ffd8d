import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CounterSink } from './counter-sink.ts';
import { GaugeSink } from './gauge-sink.ts';
import { RateSink } from './rate-sink.ts';

test('a counter adds up, and knows its rate over a time', () => {
  const sink = new CounterSink();
  assert.ok(sink.isEmpty);
  sink.add(0);
  assert.ok(!sink.isEmpty);
  sink.add(2.5);
  const other = new CounterSink();
  other.add(1.5);
  sink.merge(other);
  assert.equal(sink.count, 4);
  assert.equal(sink.rate(2000), 2);
  assert.equal(sink.rate(0), 0);
});

test('a gauge keeps the value of the latest time, whenever it arrives', () => {
  const sink = new GaugeSink();
  sink.add(5, 20);
  sink.add(9, 10);
  sink.add(-1, 15);
  assert.deepEqual([sink.value, sink.min, sink.max], [5, -1, 9]);
  const other = new GaugeSink();
  other.add(7, 30);
  other.add(70, 25);
  sink.merge(other);
  sink.merge(new GaugeSink());
  assert.deepEqual([sink.value, sink.min, sink.max], [7, -1, 70]);
});

test('a rate is the share of values that are not zero', () => {
  const sink = new RateSink();
  assert.equal(sink.rate, 0);
  for (const value of [1, 5, 0, -1]) sink.add(value);
  assert.deepEqual([sink.rate, sink.passes, sink.fails, sink.total], [0.75, 3, 1, 4]);
  const other = new RateSink();
  for (let index = 0; index < 4; index++) other.add(0);
  sink.merge(other);
  assert.deepEqual([sink.rate, sink.fails], [0.375, 5]);
});
