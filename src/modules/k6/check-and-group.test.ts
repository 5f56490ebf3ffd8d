// check() and group() (https://grafana.com/docs/k6/latest/javascript-api/k6/) at their edges: order, tags, nesting, failures.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import type { Options } from '../../options/options.ts';

const create = (body: string, options: Partial<Options> = {}): Promise<ScriptBench> =>
  createScriptBench(
    `import { check, group, sleep } from 'k6';
     import exec from 'k6/execution';
     const thrown = (fn) => { try { return fn(); } catch (e) { return e.name + ': ' + e.message; } };
     export default function () { ${body} }`,
    options,
  );
/** Of each check: its name, the value, and its group. */
const checksOf = ({ samples }: ScriptBench): unknown[] =>
  samples.filter(({ metric }) => metric === 'checks').map(({ tags, value }) => [tags['check'], value, tags['group']]);

describe('check()', () => {
  test('takes values for what they are worth: whatever JavaScript takes for true holds', async () => {
    const bench = await create(`
      const given = { yes: true, text: 'x', number: -1, list: [], object: {}, no: false, empty: '', zero: 0, nan: NaN, nothing: null, missing: undefined, big: 0n, truthy: () => 'x', falsy: () => {} };
      return [check(1, given), check(1, { all: 1, of: () => [] })];`);
    assert.deepEqual(await bench.run(), [false, true]);
    assert.deepEqual(
      checksOf(bench).map((entry) => (entry as unknown[])[1]),
      [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1],
    );
  });

  test('asks every predicate, also behind one that fails, with the very value', async () => {
    const bench = await create(`
      const value = {};
      const seen = [];
      const ask = (answer) => (given, ...more) => { seen.push(given === value && more.length === 0); return answer; };
      return [check(value, { a: ask(false), b: ask(true), c: ask(false) }), seen];`);
    assert.deepEqual(await bench.run(), [false, [true, true, true]]);
    assert.deepEqual(checksOf(bench), [
      ['a', 0, ''],
      ['b', 1, ''],
      ['c', 0, ''],
    ]);
  });

  test('goes by own members in the order of the language, numbers first', async () => {
    const bench = await create(
      `check(1, Object.assign(Object.create({ inherited: true }), { b: 1, 2: 1, a: 1, 1: 1, '': 1 }));`,
    );
    await bench.run();
    assert.deepEqual(
      checksOf(bench).map((entry) => (entry as unknown[])[0]),
      ['1', '2', 'b', 'a', ''],
    );
  });

  test('has tags of its own, that no other sample gets, and refuses values that are none', async () => {
    const bench = await create(`
      check(1, { tagged: true }, { kind: 'a', n: 5, check: 'mine' });
      check(1, { plain: true });
      return [{}, [], null, () => 1].map((v) => thrown(() => check(1, { x: true }, { bad: v })).split(':')[0]);`);
    assert.deepEqual(await bench.run(), Array(4).fill('TypeError'));
    const [tagged, plain] = bench.samples;
    assert.deepEqual(
      [tagged!.tags['kind'], tagged!.tags['n'], tagged!.tags['check'], plain!.tags['kind']],
      ['a', '5', 'tagged', undefined],
    );
  });

  test('counts to the tags that the virtual user had when the predicate was called', async () => {
    const bench = await create(`
      exec.vu.tags.step = 'one';
      check(1, { a: () => { exec.vu.tags.step = 'two'; return true; }, b: true });`);
    await bench.run();
    assert.deepEqual(
      bench.samples.map(({ tags }) => [tags['check'], tags['step']]),
      [
        ['a', 'one'],
        ['b', 'two'],
      ],
    );
  });

  test('may be made within a predicate, and within a group of one', async () => {
    const bench = await create(
      `return check(1, { outer: () => { sleep(0.001); return group('g', () => check(2, { inner: (v) => v === 2 })); }, last: true });`,
    );
    assert.equal(await bench.run(), true);
    assert.deepEqual(checksOf(bench), [
      ['inner', 1, '::g'],
      ['outer', 1, ''],
      ['last', 1, ''],
    ]);
  });

  test('refuses a name that would read as a group, before it asks anybody', async () => {
    const bench = await create(
      `let asked = 0; return [thrown(() => check(1, { 'a::b': () => { asked++; } })), asked];`,
    );
    const [message, asked] = (await bench.run()) as [string, number];
    assert.match(message, /may not contain '::'/);
    assert.equal(asked, 0);
    assert.equal(bench.samples.length, 0);
  });

  test('leaves its name out of the tags where systemTags does', async () => {
    const bench = await create(`check(1, { named: true }, { own: 'x' });`, { systemTags: ['group'] });
    await bench.run();
    assert.deepEqual(bench.samples[0]!.tags, { group: '', own: 'x' });
  });
});

describe('group()', () => {
  test('gives what its function gives, and hands it nothing', async () => {
    const bench = await create(
      `return [group('g', (...args) => args.length), group('g', () => {}) === undefined, group('g', () => 'x'), group(5, () => 'number')];`,
    );
    assert.deepEqual(await bench.run(), [0, true, 'x', 'number']);
    assert.deepEqual(
      bench.samples.map(({ tags }) => tags['group']),
      ['::g', '::g', '::g', '::5'],
    );
  });

  test('measures the time of its function, that of inner groups included', async () => {
    const bench = await create(`group('outer', () => { sleep(0.005); group('inner', () => sleep(0.01)); });`);
    await bench.run();
    const [inner, outer] = bench.samples.map(({ value }) => value);
    assert.ok(inner! >= 9, String(inner));
    assert.ok(outer! >= inner! + 4, `${outer} ${inner}`);
  });

  test('is left when its function throws, however deep, and the error is the very one', async () => {
    const bench = await create(`
      const mine = new RangeError('mine');
      let same;
      try { group('a', () => group('b', () => { sleep(0.001); throw mine; })); } catch (e) { same = e === mine; }
      check(1, { after: true });
      return same;`);
    assert.equal(await bench.run(), true);
    assert.deepEqual(
      bench.samples.map(({ metric, tags }) => [metric, tags['group']]),
      [
        ['group_duration', '::a::b'],
        ['group_duration', '::a'],
        ['checks', ''],
      ],
    );
  });

  test('refuses what is no function, and leaves everything as it is', async () => {
    const bench = await create(`
      const out = [undefined, null, 'f', {}, 5].map((fn) => thrown(() => group('g', fn)).split(':')[0]);
      check(1, { after: true });
      return out;`);
    assert.deepEqual(await bench.run(), Array(5).fill('TypeError'));
    assert.deepEqual(checksOf(bench), [['after', 1, '']]);
  });

  test('has an empty name where it is given one, and that of another group as often as it likes', async () => {
    const bench = await create(
      `group('', () => check(1, { a: true })); for (let i = 0; i < 3; i++) group('again', () => group('again', () => check(1, { b: true })));`,
    );
    await bench.run();
    assert.deepEqual(checksOf(bench), [['a', 1, '::'], ...Array(3).fill(['b', 1, '::again::again'])]);
  });
});
