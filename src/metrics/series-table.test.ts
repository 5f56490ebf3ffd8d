import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from './comparison/simulated-run.fixture.ts';
import type { MetricType } from './metric.ts';
import { MetricDefinitionError, MetricRegistry } from './metric-registry.ts';
import { type SeriesDescription, TRANSIENT_SERIES } from './sample-batch.ts';
import { prepareOnce, SeriesTable, tagOf } from './series-table.ts';

function describeSeries(id: number, tags: readonly string[], name = 'orders', type: MetricType = 'counter') {
  return { id, metric: { name, type, contains: 'default' }, tags } as const satisfies SeriesDescription;
}

function createTable(limit?: number): { table: SeriesTable; warnings: string[] } {
  const warnings: string[] = [];
  const table = new SeriesTable({
    registry: new MetricRegistry(),
    limit,
    onWarning: (message) => warnings.push(message),
  });
  return { table, warnings };
}

test('tags are told apart whatever their keys and values contain', () => {
  const { table } = createTable();
  const all = [
    [],
    ['', ''],
    ['a', ''],
    ['', 'a'],
    ['a', '1', 'b', '2'],
    // What would look like the tags before if they were only written one after the other.
    ['a', '1\nb\n2'],
    ['a', '1\nb', '2', ''],
    ['a\n1', 'b\n2'],
    ['a', '1,b:2'],
    ['a', '1"b"2'],
    ['a', '1\u0000b\u00002'],
    ['a', '1\\nb'],
    ['a', '\ud800'],
    ['a', '\ud801'],
  ];
  table.absorb({ series: all.map((tags, id) => describeSeries(id, tags)) }, 0);
  assert.equal(table.size, all.length);
  assert.equal(new Set(table.of(0)).size, all.length);
  assert.equal(tagOf(table.of(0)[5], 'a'), '1\nb\n2');
});

test('series of random tags are one exactly where a map of their tags says so', () => {
  const random = seeded(41);
  const parts = ['a', 'b', '', '\n', 'a\n', '\nb', 'a\nb'];
  const pick = (): string => parts[Math.floor(random() * parts.length)];
  const { table } = createTable();
  const known = new Map<string, number>();
  for (let id = 0; id < 3000; id++) {
    const tags = new Map(Array.from({ length: Math.floor(random() * 4) }, () => [pick(), pick()]));
    table.absorb({ series: [describeSeries(id, [...tags].flat())] }, 0);
    const key = JSON.stringify([...tags].sort(([a], [b]) => (a < b ? -1 : 1)));
    const first = known.get(key) ?? id;
    known.set(key, first);
    assert.equal(table.of(0)[id], table.of(0)[first], key);
    assert.deepEqual(new Map(table.of(0)[id].tags), tags);
  }
  assert.equal(table.size, known.size);
});

test('numbers for one batch only are void with the next one, and others hold', () => {
  const { table } = createTable();
  table.absorb({ series: [describeSeries(0, ['kept', '1']), describeSeries(TRANSIENT_SERIES, ['gone', '1'])] }, 0);
  assert.equal(tagOf(table.of(0)[TRANSIENT_SERIES], 'gone'), '1');
  table.absorb({ series: [] }, 0);
  assert.equal(table.of(0)[TRANSIENT_SERIES], undefined);
  assert.equal(tagOf(table.of(0)[0], 'kept'), '1');
  assert.deepEqual(table.of(7), [], 'another thread knows none of them');
});

test('two threads that make a metric of one name two kinds of metrics are told so, be the tags alike or not', () => {
  const { table } = createTable();
  table.absorb({ series: [describeSeries(0, [])] }, 0);
  for (const tags of [[], ['a', '1']])
    assert.throws(
      () => table.absorb({ series: [describeSeries(0, tags, 'orders', 'trend')] }, 1),
      MetricDefinitionError,
    );
});

test('the warning names the tag with the most values, and of `name` and `url` alike the one that a user can set', () => {
  const cases: [make: (id: number) => string[], expected: RegExp][] = [
    [
      (id) => ['url', `http://x/${id}`, 'name', `http://x/${id}`],
      /the tag "name" that .*such as "http:\/\/x\/0"\. Give requests/,
    ],
    [(id) => ['name', 'one', 'url', `http://x/${id}`], /the tag "url" that does it, with 10 .*Give requests/],
    [
      (id) => ['zone', `${id % 2}`, 'customer', `${id}`],
      /the tag "customer" that does it, with 10 .*such as "0"\. Do not use values/,
    ],
    [(id) => ['quote', `"${id}\n`], /such as "\\"0\\n"/],
  ];
  for (const [make, expected] of cases) {
    const { table, warnings } = createTable(10);
    for (let id = 0; id < 10; id++) table.absorb({ series: [describeSeries(id, make(id))] }, 0);
    assert.deepEqual(warnings, [], 'the limit itself is no reason');
    for (let id = 10; id < 13; id++) table.absorb({ series: [describeSeries(id, make(id))] }, 0);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], expected);
    assert.equal([...table.all()].length, 10);
  }
});

test('an output makes its text of a series once, and each output its own', () => {
  const { table } = createTable();
  table.absorb({ series: [describeSeries(0, ['a', '1'])] }, 0);
  const [series] = table.of(0);
  const [first, second] = [{}, {}];
  let made = 0;
  const make = (name: string): string => {
    made++;
    return name;
  };
  for (let round = 0; round < 3; round++) {
    assert.equal(
      prepareOnce(series, first, () => make('')),
      '',
    );
    assert.equal(
      prepareOnce(series, second, () => make('b')),
      'b',
    );
  }
  assert.equal(made, 2);
});
