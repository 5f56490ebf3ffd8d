import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from './engine.fixture.ts';
import { MetricRegistry } from './metric-registry.ts';
import { SectionSinks } from './section-sinks.ts';
import { CounterSink } from './sinks/counter-sink.ts';
import { createSink } from './sinks/sink.ts';

const registry = new MetricRegistry();
const orders = registry.define('orders', 'counter');

test('a sample counts for its scenario, and for its group where it has one; the same sinks each time', () => {
  const sections = new SectionSinks((metric) => createSink(metric.type));
  assert.equal(sections.sinksFor(orders, 'a', '').length, 1);
  const [scenario, group] = sections.sinksFor(orders, 'a', '::g');
  assert.equal(sections.sinksFor(orders, 'a', '')[0], scenario);
  assert.notEqual(group, scenario);
  assert.notEqual(sections.sinksFor(orders, 'b', '::g')[1], group, 'a group of another scenario is another one');
  assert.deepEqual(
    sections.all().map(({ scenario: name, group: path }) => [name, path]),
    [
      ['a', ''],
      ['a', '::g'],
      ['b', ''],
      ['b', '::g'],
    ],
  );
});

test('checks stand in their own section only, found again by name', () => {
  const sections = new SectionSinks(() => new CounterSink());
  sections.checkOf('a', '', 'ok').passes++;
  sections.checkOf('a', '::g', 'ok').fails++;
  sections.checkOf('a', '', 'ok').passes++;
  assert.deepEqual(
    sections.all().map(({ checks }) => [...checks.values()]),
    [[{ name: 'ok', passes: 2, fails: 0 }], [{ name: 'ok', passes: 0, fails: 1 }]],
  );
});

test('a failed iteration and all iterations of the same scenario are one share in its section', () => {
  const { engine, metrics, failedIterations, feed } = createEngine({ sections: true });
  for (const [scenario, count] of [
    ['a', 4],
    ['b', 2],
  ] as const)
    feed(metrics.iterations, new Array<number>(count).fill(1), { scenario });
  feed(failedIterations, [1], { scenario: 'a' });
  const shares = engine.sections().map(({ scenario, metrics: own }) => {
    const sink = own.get(failedIterations.name)?.sink;
    return [scenario, sink?.type === 'rate' ? sink.rate : null];
  });
  // That nothing failed in the other is not said.
  assert.deepEqual(shares, [
    ['a', 0.25],
    ['b', null],
  ]);
});
