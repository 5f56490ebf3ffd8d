import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Series } from '../metrics/series-table.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';
import { SeriesSinks } from './series-sinks.ts';

type Tags = Series['tags'];
const COUNTER = { name: 'amount', type: 'counter', contains: 'default' } as const;
const ITERATIONS = { name: 'iterations', type: 'counter', contains: 'default' } as const;
const create = (countsFailed = false, most?: number) =>
  new SeriesSinks(() => new ExponentialHistogram(), countsFailed, most);
const shown = (sinks: SeriesSinks<ExponentialHistogram>): [string, Tags, number][] =>
  [...sinks.all()].map((entry) => [
    entry.metric.name,
    entry.tags,
    entry.type === 'counter' ? entry.sink.count : entry.type === 'rate' ? entry.sink.rate : -1,
  ]);

describe('series', () => {
  test('are told apart by metric, names and values of tags, whatever is in them', () => {
    const sinks = create();
    const lists: Tags[] = [
      [],
      [['a', 'b']],
      [['a', 'b\nc\nd']],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [['a\nb', 'c\nd']],
      [['a', '']],
      [['', 'a']],
      [['a', '","']],
      [['a","', '']],
    ];
    for (const [at, tags] of lists.entries())
      for (let round = 0; round < 2; round++)
        for (const receiver of sinks.receiversFor(COUNTER, [...tags])) receiver.add(at + 1, 0);
    assert.deepEqual(
      shown(sinks),
      lists.map((tags, at) => ['amount', tags, 2 * (at + 1)]),
    );
  });

  test('without a sample are not told of', () => {
    const sinks = create();
    sinks.receiversFor(COUNTER, []);
    assert.deepEqual(shown(sinks), []);
  });

  test('over the limit are left out and counted, those that are known go on', () => {
    const sinks = create(false, 2);
    for (const name of ['a', 'b', 'c', 'a', 'd', 'b'])
      for (const receiver of sinks.receiversFor(COUNTER, [['t', name]])) receiver.add(1, 0);
    assert.deepEqual(
      shown(sinks).map(([, tags, count]) => [tags[0]![1], count]),
      [
        ['a', 2],
        ['b', 2],
      ],
    );
    assert.equal(sinks.loss, '2 samples belong to more than 2 series and were left out');
    assert.equal(create().loss, null);
  });

  test('of failed iterations are a share of all iterations, and silent while none has failed', () => {
    const sinks = create(true);
    const failed = { name: 'iterations_failed', type: 'rate', contains: 'default' } as const;
    const add = (metric: typeof ITERATIONS | typeof failed): void => {
      for (const receiver of sinks.receiversFor(metric, [['scenario', 's']])) receiver.add(1, 0);
    };
    for (let round = 0; round < 3; round++) add(ITERATIONS);
    assert.deepEqual(shown(sinks), [['iterations', [['scenario', 's']], 3]]);
    add(ITERATIONS);
    add(failed);
    assert.deepEqual(shown(sinks), [
      ['iterations', [['scenario', 's']], 4],
      ['iterations_failed', [['scenario', 's']], 0.25],
    ]);
  });
});
