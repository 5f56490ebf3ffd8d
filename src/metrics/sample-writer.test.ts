import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tagSet } from './engine.fixture.ts';
import { MetricRegistry } from './metric-registry.ts';
import { type FailureNote, type SampleBatch, TRANSIENT_SERIES } from './sample-batch.ts';
import { SampleWriter } from './sample-writer.ts';
import { SeriesTable, tagOf } from './series-table.ts';

const registry = new MetricRegistry();
const orders = registry.define('orders', 'counter');
const took = registry.define('took', 'trend', 'time');

function createPair(limit?: number): {
  writer: SampleWriter;
  batches: SampleBatch[];
  table: SeriesTable;
  warnings: string[];
} {
  const batches: SampleBatch[] = [];
  const warnings: string[] = [];
  const table = new SeriesTable({
    registry: new MetricRegistry(),
    limit,
    onWarning: (message) => warnings.push(message),
  });
  return { writer: new SampleWriter((batch) => batches.push(batch), 4096), batches, table, warnings };
}

/** What a batch says, in words. */
function read(batch: SampleBatch, table: SeriesTable, source = 0): string[] {
  table.absorb(batch, source);
  const series = table.of(source);
  return Array.from({ length: batch.count }, (_, index) => {
    const { metric, tags } = series[batch.ids[index]];
    return `${metric.name} ${JSON.stringify(Object.fromEntries(tags))} ${batch.values[index]} at ${batch.times[index]}`;
  });
}

test('a batch has its samples in order and describes each series once', () => {
  const { writer, batches, table } = createPair();
  const tags = tagSet({ b: '2', a: '1' });
  writer.add(orders, tags, 1, 10.5);
  writer.add(took, tags, 2.25, 11);
  writer.add(orders, tags, 3, 12);
  writer.flush();
  writer.add(orders, tags, 4, 13);
  writer.flush();
  writer.flush();
  assert.equal(batches.length, 2);
  assert.deepEqual(read(structuredClone(batches[0]), table), [
    'orders {"a":"1","b":"2"} 1 at 10.5',
    'took {"a":"1","b":"2"} 2.25 at 11',
    'orders {"a":"1","b":"2"} 3 at 12',
  ]);
  assert.equal(batches[1].series.length, 0);
  assert.deepEqual(read(structuredClone(batches[1]), table), ['orders {"a":"1","b":"2"} 4 at 13']);
});

test('a row is the same as its samples one by one: the first time, then, with metadata, and where a batch fills up', () => {
  const rows = createPair();
  const singles = createPair();
  const values = new Float64Array([1, 2.5, 9]);
  const plain = tagSet({ kind: 'a' });
  const other = tagSet({ kind: 'b' });
  const sets = [plain, plain, plain.withMetadata('vu', '1'), plain, other];
  for (let index = 0; index < 2050; index++) rows.writer.addRow([orders, took], sets[index % 5], values, 2, index);
  for (let index = 0; index < 2050; index++) {
    singles.writer.add(orders, sets[index % 5], 1, index);
    singles.writer.add(took, sets[index % 5], 2.5, index);
  }
  for (const { writer } of [rows, singles]) writer.flush();
  const said = ({ batches, table }: typeof rows) => batches.map((batch) => [read(batch, table), batch.metadata]);
  assert.equal(rows.batches.length, 2);
  assert.deepEqual(said(rows), said(singles));
});

test('a batch that is full is sent at once', () => {
  const batches: SampleBatch[] = [];
  const writer = new SampleWriter((batch) => batches.push(batch), 3);
  for (let index = 0; index < 7; index++) writer.add(orders, tagSet({}), index, index);
  assert.deepEqual(
    batches.map(({ count }) => count),
    [3, 3],
  );
  assert.deepEqual([...batches[1].values], [3, 4, 5]);
});

test('the same tags in another order, and of another thread, are the same series', () => {
  const { table } = createPair();
  const first = createPair();
  const second = createPair();
  first.writer.add(orders, tagSet({ a: '1', b: '2' }), 1, 0);
  first.writer.add(orders, tagSet({ b: '2', a: '1' }), 1, 0);
  second.writer.add(took, tagSet({}), 1, 0);
  second.writer.add(orders, tagSet({ a: '1', b: '2' }), 1, 0);
  for (const { writer } of [first, second]) writer.flush();
  read(first.batches[0], table, 0);
  read(second.batches[0], table, 1);
  assert.equal(table.size, 2);
  assert.equal(table.of(0)[0], table.of(0)[1]);
  assert.equal(table.of(0)[0], table.of(1)[1]);
});

test('two writers of one thread describe their series each for itself', () => {
  const first = createPair();
  const second = createPair();
  const tags = tagSet({ shared: 'yes' });
  for (const { writer } of [first, second, first, second]) writer.add(orders, tags, 1, 0);
  for (const { writer, batches, table } of [first, second]) {
    writer.flush();
    assert.equal(read(batches[0], table).length, 2);
    assert.equal(table.size, 1);
  }
});

test('metadata travels beside the series', () => {
  const { writer, batches, table } = createPair();
  const plain = tagSet({ a: '1' });
  writer.add(orders, plain, 1, 0);
  const first = plain.withMetadata('vu', '1');
  writer.add(orders, first, 1, 0);
  writer.add(took, first, 1, 0);
  writer.add(orders, plain.withMetadata('vu', '2'), 1, 0);
  writer.flush();
  writer.add(orders, plain, 1, 0);
  writer.flush();
  const { metadata } = batches[0];
  assert.deepEqual([...metadata!.ids], [0, 1, 1, 2]);
  assert.deepEqual(metadata!.sets, [[['vu', '1']], [['vu', '2']]]);
  assert.equal(batches[1].metadata, undefined);
  read(batches[0], table);
  assert.equal(table.size, 2);
});

test('more series than are remembered still arrive whole, and the user hears which tag it is', () => {
  const { writer, batches, table, warnings } = createPair(500);
  const expected = TRANSIENT_SERIES + 9000;
  for (let index = 0; index < expected; index++) {
    writer.add(orders, tagSet({ kind: index % 2 ? 'a' : 'b', id: `n${index}` }), index, 0);
  }
  writer.flush();
  let seen = 0;
  for (const batch of batches) {
    table.absorb(batch, 0);
    const series = table.of(0);
    for (let index = 0; index < batch.count; index++) {
      assert.equal(tagOf(series[batch.ids[index]], 'id'), `n${batch.values[index]}`);
      seen++;
    }
  }
  assert.equal(seen, expected);
  assert.equal(table.size, 500);
  assert.ok(table.of(0).length <= TRANSIENT_SERIES + 4096);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /more than 500 different .* tag "id"/);
});

const noteOf = (code: number): FailureNote => ({ protocol: 'http', code, text: `${code}`, stack: '' });

test('an example of a failure goes out with the next batch, and alone where no sample follows', () => {
  const batches: SampleBatch[] = [];
  const writer = new SampleWriter((batch) => batches.push(batch), 2);
  writer.add(orders, tagSet({}), 1, 0);
  writer.add(orders, tagSet({}), 1, 0);
  // The sample that it belongs to has filled the batch and is gone.
  writer.note(noteOf(1212));
  writer.flush();
  writer.flush();
  assert.deepEqual(
    batches.map(({ count, notes }) => [count, notes?.map(({ code }) => code)]),
    [
      [2, undefined],
      [0, [1212]],
    ],
  );
});

test('examples are wanted up to a number for each code and protocol, and a thousand in all', () => {
  const writer = new SampleWriter(() => {}, 16);
  for (let index = 0; index < 3; index++) {
    assert.ok(writer.wantsNote('http', 1212, 3));
    writer.note(noteOf(1212));
  }
  assert.deepEqual(
    [writer.wantsNote('http', 1212, 3), writer.wantsNote('http', 1213, 3), writer.wantsNote('grpc', 1212, 3)],
    [false, true, true],
  );
  assert.ok(!writer.wantsNote('http', 1213, 0));
  for (let code = 2000; code < 2997; code++) writer.note(noteOf(code));
  assert.ok(!writer.wantsNote('grpc', 1, 3));
});

test('spans go out with the samples of their time, and alone where there are none', () => {
  const batches: SampleBatch[] = [];
  const writer = new SampleWriter((batch) => batches.push(batch), 16);
  const spans = { texts: ['a'], words: new Uint32Array(13), times: new Float64Array(2), count: 1, lost: 0 };
  const waiting = [spans, undefined, spans];
  writer.takeSpans = () => waiting.shift();
  writer.flush();
  writer.flush();
  writer.add(orders, tagSet({}), 1, 0);
  writer.flush();
  assert.deepEqual(
    batches.map((batch) => [batch.count, batch.spans?.count]),
    [
      [0, 1],
      [1, 1],
    ],
  );
});
