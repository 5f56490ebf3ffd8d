// `__ENV` and the tags of a call, as scripts see and change them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../test/script-bench.ts';

const run = async (body: string, init = ''): Promise<unknown> =>
  (await createScriptBench(`${init}\nexport default () => { ${body} };`)).run();

test('whatever is put into __ENV becomes text, as variables of a process are', async () => {
  const body = `
    const given = [1, -0, true, null, undefined, 'text', [1, 2], { toString: () => 'own' }, 10n, ''];
    given.forEach((value, index) => { __ENV['V' + index] = value; });
    Object.assign(__ENV, { ASSIGNED: 5 });
    Object.defineProperty(__ENV, 'DEFINED', { value: 7, writable: true, enumerable: true, configurable: true });
    return { ...__ENV, same: JSON.stringify(__ENV) === JSON.stringify({ ...__ENV }) };`;
  assert.deepEqual(await run(body), {
    V0: '1',
    V1: '0',
    V2: 'true',
    V3: 'null',
    V4: 'undefined',
    V5: 'text',
    V6: '1,2',
    V7: 'own',
    V8: '10',
    V9: '',
    ASSIGNED: '5',
    DEFINED: '7',
    same: true,
  });
});

test('variables can be asked for, listed and taken away like those of any object', async () => {
  const body = `
    __ENV.A = 1; __ENV.B = 2; delete __ENV.A;
    return ['A' in __ENV, 'B' in __ENV, __ENV.NONE === undefined, Object.keys(__ENV), __ENV.hasOwnProperty('B'), typeof __ENV.toString,
      Object.prototype.toString.call(__ENV), __ENV instanceof Object];`;
  assert.deepEqual(await run(body), [false, true, true, ['B'], true, 'function', '[object Object]', true]);
});

test('an exception while a value becomes text is the script’s, and nothing is kept of the value', async () => {
  const body = `
    const failures = [];
    for (const value of [Symbol('s'), { toString() { throw 'mine'; } }, Object.create(null)])
      try { __ENV.X = value; } catch (error) { failures.push(error instanceof TypeError ? 'TypeError' : error); }
    return [failures, 'X' in __ENV];`;
  assert.deepEqual(await run(body), [['TypeError', 'mine', 'TypeError'], false]);
});

test('a script may freeze its variables, and they stay as they were', async () => {
  const body = `
    __ENV.A = 1;
    Object.freeze(__ENV);
    const tries = [() => { __ENV.A = 2; }, () => { __ENV.B = 1; }, () => { delete __ENV.A; }];
    return [tries.map((attempt) => { try { attempt(); return 'done'; } catch (error) { return error.name; } }), Object.isFrozen(__ENV), { ...__ENV }];`;
  assert.deepEqual(await run(body), [['TypeError', 'TypeError', 'TypeError'], true, { A: '1' }]);
});

test('tags of a call are texts, numbers and truths; anything else is refused by its name', async () => {
  const bench = await createScriptBench(`
    import { Counter } from 'k6/metrics';
    const orders = new Counter('orders');
    const given = { text: 'a', empty: '', number: 1.5, zero: -0, truth: false, nan: NaN };
    class Tags { own = 'yes'; get inherited() { return 'no'; } }
    export default () => {
      orders.add(1, given);
      orders.add(2, new Tags());
      orders.add(3, Object.create({ inherited: 'no' }));
      orders.add(4, null);
      orders.add(5, ['first']);
      const wrong = [null, undefined, {}, [], () => {}, Symbol('s'), 1n];
      const refused = wrong.map((value) => { try { orders.add(9, { bad: value }); return 'taken'; } catch (error) { return error.name + ': ' + error.message; } });
      const none = ['text', 5, true].map((tags) => { try { orders.add(9, tags); return 'taken'; } catch (error) { return error.name; } });
      return [refused, none];
    };`);
  const [refused, none] = (await bench.run()) as [string[], string[]];
  for (const message of refused)
    assert.match(message, /^TypeError: invalid value for metric tag 'bad': only String, Boolean and Number/);
  assert.deepEqual(none, ['TypeError', 'TypeError', 'TypeError']);
  const tagsOf = (value: number) => {
    const { group: _, ...tags } = bench.samples.find(
      (sample) => sample.metric === 'orders' && sample.value === value,
    )!.tags;
    return tags;
  };
  assert.deepEqual(tagsOf(1), { text: 'a', empty: '', number: '1.5', zero: '0', truth: 'false', nan: 'NaN' });
  assert.deepEqual([tagsOf(2), tagsOf(3), tagsOf(4), tagsOf(5)], [{ own: 'yes' }, {}, {}, { 0: 'first' }]);
  assert.ok(
    bench.samples.every(({ value }) => value !== 9),
    'what was refused has no sample',
  );
});
