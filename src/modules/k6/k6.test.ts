import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

test('check emits a sample for each entry and tells whether all held, also when a predicate waits', async () => {
  const bench = await createScriptBench(`
    import { check, sleep } from 'k6';
    export default () => [
      check(1, { one: (v) => v === 1, waits: () => { sleep(0.001); return true; } }, { kind: 'a' }),
      check(1, { no: 0 }),
    ];`);
  assert.deepEqual(await bench.run(), [true, false]);
  assert.deepEqual(bench.samples, [
    { metric: 'checks', tags: { check: 'one', group: '', kind: 'a' }, value: 1 },
    { metric: 'checks', tags: { check: 'waits', group: '', kind: 'a' }, value: 1 },
    { metric: 'checks', tags: { check: 'no', group: '' }, value: 0 },
  ]);
});

test('a predicate that throws after waiting counts as failed, and the error reaches the caller', async () => {
  const bench = await createScriptBench(`
    import { check, sleep } from 'k6';
    export default () => { try { check(1, { bad: () => { sleep(0.001); throw new RangeError('x'); }, after: true }); } catch (e) { return e.name; } };`);
  assert.equal(await bench.run(), 'RangeError');
  assert.deepEqual(
    bench.samples.map(({ tags, value }) => [tags['check'], value]),
    [['bad', 0]],
  );
});

test('an async predicate is refused: its promise would always hold', async () => {
  const bench = await createScriptBench(`
    import { check } from 'k6';
    export default () => check(1, { later: async () => false });`);
  await assert.rejects(bench.run(), /predicate of check 'later' is async/);
});

test('groups nest, measure themselves and are left again when their function throws', async () => {
  const bench = await createScriptBench(`
    import { check, group, sleep } from 'k6';
    export default () => {
      const inner = group('outer', () => group('inner', () => { sleep(0.001); check(1, { deep: true }); return 7; }));
      try { group('throws', () => { throw new Error('x'); }); } catch (e) {}
      check(1, { outside: true });
      return inner;
    };`);
  assert.equal(await bench.run(), 7);
  assert.deepEqual(
    bench.samples.map(({ metric, tags }) => [metric, tags['group']]),
    [
      ['checks', '::outer::inner'],
      ['group_duration', '::outer::inner'],
      ['group_duration', '::outer'],
      ['group_duration', '::throws'],
      ['checks', ''],
    ],
  );
});

test('check of what names no check lets it pass; of nothing at all it throws', async () => {
  const bench = await createScriptBench(`
    import { check } from 'k6';
    export default () => [check(1, true), check(1, false), check(1, 5), check(1, {})];
    export const nothing = () => check(1);`);
  assert.deepEqual(await bench.run(), [true, true, true, true]);
  assert.equal(bench.samples.length, 0);
  await assert.rejects(bench.run('nothing'), /no checks provided/);
});

test('group hands on a promise that its function returns; what comes later counts to no group', async () => {
  const bench = await createScriptBench(`
    import { check, group } from 'k6';
    const later = async () => { check(1, { inside: true }); await null; check(1, { outside: true }); return 4; };
    export default async () => {
      const promise = group('orders', () => later());
      return [promise instanceof Promise, await promise];
    };`);
  assert.deepEqual(await bench.run(), [true, 4]);
  const groups = bench.samples.filter(({ metric }) => metric === 'checks').map(({ tags }) => tags['group'] ?? '');
  assert.deepEqual(groups, ['::orders', '']);
});

test('group refuses async functions and names with ::', async () => {
  const bench = await createScriptBench(`
    import { group } from 'k6';
    export const later = () => group('g', async () => {});
    export const named = () => group('a::b', () => {});`);
  await assert.rejects(bench.run('later'), /does not support async functions/);
  await assert.rejects(bench.run('named'), /may not contain '::'/);
});

test('check and group have no place in init code; sleep has', async () => {
  await assert.rejects(
    createScriptBench("import { check } from 'k6'; check(1, {}); export default () => {};"),
    /in the init context is not supported/,
  );
  await assert.rejects(
    createScriptBench("import { group } from 'k6'; group('g', () => {}); export default () => {};"),
    /in the init context/,
  );
  await createScriptBench("import { sleep } from 'k6'; sleep(0.001); export default () => {};");
});

test('fail throws, and an uncaught error is described in lines of the script', async () => {
  const bench = await createScriptBench(
    "import { fail } from 'k6';\nfunction inner() {\n  fail('on purpose');\n}\nexport default () => inner();",
  );
  await assert.rejects(bench.run(), /Error: on purpose\n\tat inner \(-:3:\d+\)\n\tat (default )?\(?-:5:/);
});
