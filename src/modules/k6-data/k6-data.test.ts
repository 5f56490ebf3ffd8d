import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { adoptSharedData } from '../../vu/shared-data.ts';

test('a SharedArray reads as an array, cannot be changed and works with callbacks that block', async () => {
  const bench = await createScriptBench(`
    import { SharedArray } from 'k6/data';
    import { sleep } from 'k6';
    const users = new SharedArray('users of the test', () => [{ n: 1 }, { n: 2, list: [3] }]);
    const kind = (fn) => { try { fn(); return 'fine'; } catch (e) { return e.name; } };
    export default () => [users.length, users.map((u) => { sleep(0.001); return u.n; }), Array.isArray(users), JSON.stringify(users), Object.keys(users), users[5] === undefined,
      kind(() => users.push(1)), kind(() => { users[1].list.push(4); }), users[0] !== users[0]];`);
  assert.deepEqual(await bench.run(), [
    2,
    [1, 2],
    true,
    '[{"n":1},{"n":2,"list":[3]}]',
    ['0', '1'],
    true,
    'TypeError',
    'TypeError',
    true,
  ]);
});

test('a function that fails builds nothing; one may build another, and open the same file again later', async () => {
  const bench = await createScriptBench(`
    import { SharedArray } from 'k6/data';
    const attempt = (fn) => { try { return fn(); } catch (e) { return e.message; } };
    const failed = attempt(() => new SharedArray('a', () => { throw new Error('not yet'); }));
    let runs = 0;
    const build = () => new SharedArray('a', () => { runs++; return new SharedArray('b', () => ['größe', undefined, [1]]).map((x) => [x]); });
    const a = build(), again = build();
    export default () => [failed, a, again === a, runs, new Set([a.length, a[0][0], a[2]]).size];`);
  assert.deepEqual(await bench.run(), ['not yet', [['größe'], [null], [[1]]], true, 1, 3]);
});

test('what is no array, an async function, an empty name or the wrong time is refused', async () => {
  const make = (expression: string): Promise<unknown> =>
    createScriptBench(
      `import { SharedArray } from 'k6/data'; ${expression}; export default () => new SharedArray('later', () => []);`,
    );
  await assert.rejects(make("new SharedArray('no array', () => ({}))"), /only arrays/);
  await assert.rejects(make("new SharedArray('async', async () => [])"), /async functions/);
  await assert.rejects(make("new SharedArray('', () => [])"), /empty name/);
  const bench = (await make('')) as Awaited<ReturnType<typeof createScriptBench>>;
  await assert.rejects(bench.run(), /must be called in the init context/);
});

test('what another worker built takes no room of its own here, however many elements it has', async () => {
  const nothing = new SharedArrayBuffer(0);
  adoptSharedData([['millions', { count: 30_000_000, chunks: [], lengths: nothing, places: nothing }]]);
  const before = process.memoryUsage().heapUsed;
  const bench = await createScriptBench(`
    import { SharedArray } from 'k6/data';
    const there = new SharedArray('millions', () => { throw new Error('built again'); });
    export default () => [there.length, 29_999_999 in there, 30_000_000 in there, Array.isArray(there)];`);
  assert.deepEqual(await bench.run(), [30_000_000, true, false, true]);
  const more = process.memoryUsage().heapUsed - before;
  assert.ok(more < 100e6, `${(more / 1e6).toFixed(0)} MB more`);
});
