// A SharedArray (https://grafana.com/docs/k6/latest/javascript-api/k6-data/sharedarray/) as an array that nobody can change.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

/** @param init stands at the top level; the body of the default function gives the result */
const run = async (init: string, body: string): Promise<unknown> =>
  (
    await createScriptBench(
      `import { SharedArray } from 'k6/data';
       const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };
       ${init}
       export default function () { ${body} }`,
    )
  ).run();

describe('a SharedArray', () => {
  test('reads as an array does, by every way there is', async () => {
    assert.deepEqual(
      await run(
        `const a = new SharedArray('ways', () => [10, 'x', { n: 1 }]);`,
        `const keys = []; for (const key in a) keys.push(key);
         const [first, ...rest] = a;
         return [a.length, a[0], a['1'], a[2].n, a.at(-1).n, a[3] === undefined, a[-1] === undefined, a['01'] === undefined, a[1.5] === undefined, keys, first, rest.length, [...a.entries()].length, a.indexOf('x'), a.includes(10), a.slice(0, 2), a.concat([1]).length,
           a.find((v) => v.n === 1).n, a.reduce((n) => n + 1, 0), a.filter((v) => typeof v === 'number'), 0 in a, 3 in a, Object.hasOwn(a, 1), JSON.stringify(a.toReversed()), a.join('|')];`,
      ),
      [
        ...[3, 10, 'x', 1, 1, true, true, true, true, ['0', '1', '2'], 10, 2, 3, 1, true, [10, 'x'], 4],
        ...[1, 3, [10], true, false, true, '[{"n":1},"x",10]', '10|x|[object Object]'],
      ],
    );
  });

  test('is changed by nothing, and neither is what is in it', async () => {
    assert.deepEqual(
      await run(
        `const a = new SharedArray('fixed', () => [{ deep: { list: [1] } }, 2]);`,
        `const changes = [() => { a[0] = 1; }, () => { a[5] = 1; }, () => { a.length = 0; }, () => { a.own = 1; }, () => { delete a[0]; }, () => a.push(1), () => a.pop(), () => a.shift(), () => a.sort(), () => a.reverse(), () => a.splice(0, 1), () => a.fill(0), () => a.copyWithin(0, 1),
           () => Object.defineProperty(a, 0, { value: 1 }), () => Object.setPrototypeOf(a, null), () => Object.freeze(a), () => { a[0].deep = 1; }, () => { a[0].deep.list.push(2); }, () => { delete a[0].deep; }, () => { a[0].more = 1; }];
         return [changes.map(thrown).filter((name) => name !== 'TypeError'), JSON.stringify(a)];`,
      ),
      [[], '[{"deep":{"list":[1]}},2]'],
    );
  });

  test('holds what JSON holds: the rest is null or gone, as with JSON.stringify()', async () => {
    assert.deepEqual(
      await run(
        `const a = new SharedArray('json', () => [undefined, () => 1, NaN, Infinity, -0, new Date(0), [undefined], { u: undefined, d: new Date(1), toString: 'x' }, '\\ud800', 'ünï🎈', null, { toJSON: () => 'own' }]);`,
        `return [[...a], a.length];`,
      ),
      [
        [
          null,
          null,
          null,
          null,
          0,
          '1970-01-01T00:00:00.000Z',
          [null],
          { d: '1970-01-01T00:00:00.001Z', toString: 'x' },
          '\ud800',
          'ünï🎈',
          null,
          'own',
        ],
        12,
      ],
    );
  });

  test('of nothing is empty, of holes is full of null', async () => {
    assert.deepEqual(
      await run(
        `const empty = new SharedArray('empty', () => []); const holes = new SharedArray('holes', () => [1, , 3]);`,
        `return [empty.length, [...empty], empty[0] === undefined, 1 in holes, holes[1], holes.length];`,
      ),
      [0, [], true, true, null, 3],
    );
  });

  test('is built once for each name, whatever the second function is', async () => {
    assert.deepEqual(
      await run(
        `let built = 0;
         const make = (name, value) => new SharedArray(name, () => { built++; return [value]; });
         const [a, b, c] = [make('once', 1), make('once', 2), make('once ', 3)];
         const d = new SharedArray('once');`,
        `return [a[0], b[0], c[0], d[0], a === b, a === c, built];`,
      ),
      [1, 1, 3, 1, true, false, 2],
    );
  });

  test('is refused without a function that gives an array, and can be made under that name afterwards', async () => {
    assert.deepEqual(
      await run(
        `const refused = [undefined, [1], 'x', () => 'x', () => null, () => ({ length: 1 }), () => Promise.resolve([]), () => { const circle = []; circle.push(circle); return circle; }, () => [1n]].map((fn) => thrown(() => new SharedArray('again', fn)));
         const names = [undefined, null, 5, ''].map((name) => thrown(() => new SharedArray(name, () => [])));
         const a = new SharedArray('again', () => ['made']);`,
        `return [refused, names, a[0], thrown(() => SharedArray('x', () => []))];`,
      ),
      [Array(9).fill('TypeError'), Array(4).fill('TypeError'), 'made', 'TypeError'],
    );
  });
});
