import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

test('add takes numbers, booleans and numeric text, and warns of anything else', async () => {
  const bench = await createScriptBench(`
    import { Counter } from 'k6/metrics';
    const seen = new Counter('seen');
    export default () => [seen.add(2), seen.add(true), seen.add('2.5', { kind: 'a' }), seen.add('many'), seen.add(null), seen.name, seen instanceof Counter];`);
  assert.deepEqual(await bench.run(), [true, true, true, false, false, 'seen', true]);
  assert.deepEqual(
    bench.samples.map(({ value, tags }) => [value, tags['kind']]),
    [
      [2, undefined],
      [1, undefined],
      [2.5, 'a'],
    ],
  );
  assert.equal(bench.logs.filter((line) => line.startsWith('warning:') && line.includes("'seen'")).length, 2);
});

test('add turns objects into numbers as arithmetic does; what counts as true without being a number is 1', async () => {
  const bench = await createScriptBench(`
    import { Trend } from 'k6/metrics';
    const taken = new Trend('taken');
    export default () => [new Date(1500), new Number(2.5), { valueOf: () => 7 }, new String('3'), [4], [], '', 5n].map((value) => taken.add(value));
    export const throwing = () => taken.add({ valueOf() { throw new Error('mine'); } });
    export const nothing = () => [undefined, {}, Symbol('s'), () => {}].map((value) => taken.add(value));`);
  await bench.run();
  assert.deepEqual(
    bench.samples.map(({ value }) => value),
    [1500, 2.5, 7, 3, 4, 1, 0, 5],
  );
  await assert.rejects(bench.run('throwing'), /mine/);
  assert.deepEqual(await bench.run('nothing'), [false, false, false, false]);
});

test('with the option throw, a bad value throws', async () => {
  const bench = await createScriptBench(
    "import { Gauge } from 'k6/metrics'; const level = new Gauge('level'); export default () => level.add(NaN);",
    { throw: true },
  );
  await assert.rejects(bench.run(), /'NaN' is an invalid value for metric 'level'/);
});

test('metrics are made in init code only, one kind for each name', async () => {
  const bench = await createScriptBench("import { Trend } from 'k6/metrics'; export default () => new Trend('late');");
  await assert.rejects(bench.run(), /metrics must be declared in the init context/);
  await assert.rejects(
    createScriptBench(
      "import { Trend, Rate } from 'k6/metrics'; new Trend('x1'); new Rate('x1'); export default () => {};",
    ),
    /x1/,
  );
  await assert.rejects(
    createScriptBench("import { Trend } from 'k6/metrics'; new Trend('two words'); export default () => {};"),
    /two words|name/,
  );
});

test('tags of a call must be plain values', async () => {
  const bench = await createScriptBench(
    "import { Counter } from 'k6/metrics'; const c = new Counter('c1'); export default () => c.add(1, { bad: {} });",
  );
  await assert.rejects(bench.run(), /invalid value for metric tag 'bad'/);
});
