// Array.from, Array.fromAsync and methods of arrays with callbacks that wait (ECMA-262 §23.1).
import { describe, it } from 'node:test';
import { comesTo } from '../../../../test/compiler/as-in-node.fixture.ts';

/** An iterator that counts and tells when it is closed; `kind` is `iterator` or `asyncIterator`. */
const counting = (kind: string): string =>
  `({ [Symbol.${kind}]() { return this }, n: 0, next() { return { value: host(this.n), done: this.n++ > 2 } }, return() { log('closed'); return {} } })`;

describe('Array.from', () => {
  it('maps as it goes, and closes where the mapper throws', () =>
    comesTo(
      `try { Array.from(${counting('iterator')}, (value) => { if (value === 1) throw host('bad'); return value }) } catch (error) { return error }`,
      'bad',
      [0, 1, 'bad', 'closed'],
    ));

  it('closes where the object that it fills refuses an element', () =>
    comesTo(
      `try { Array.from.call(function () { return Object.freeze({}) }, ${counting('iterator')}, (value) => host(value)) } catch (error) { return error.name }`,
      'TypeError',
      [0, 0, 'closed'],
    ));

  it('tells a constructor how many there will be only if it knows', () =>
    comesTo(
      `class Own { constructor(...args) { log(args) } }
       Array.from.call(Own, { length: 2 }, (_, index) => host(index))
       Array.from.call(Own, new Set([5]), (value) => host(value))`,
      undefined,
      [[2], 0, 1, [], 5],
    ));

  it('takes bound classes for constructors, and generators, arrows and methods for none', () =>
    comesTo(
      `class Own { constructor(...args) { this.args = args } }
       const made = (constructor) => Array.from.call(constructor, [1, 2], (value) => host(value)).constructor.name
       return [made(Own.bind(null)), made(function* () {}), made(async () => {}), made(Math.max), made({ method() {} }.method), made(undefined)]`,
      ['Own', 'Array', 'Array', 'Array', 'Array', 'Array'],
    ));

  it('takes whole surrogate pairs of strings, and holes as undefined', () =>
    comesTo(
      `return [Array.from('a𝒳', (c) => host(c)), Array.from([, 1], (value) => host(value)), Array.from({ length: '2.9', 1: 'b' }, (value) => host(value)), Array.from({ length: -1 }, (value) => host(value)), Array.from(5, (value) => host(value))]`,
      [['a', '𝒳'], [undefined, 1], [undefined, 'b'], [], []],
    ));
});

describe('Array.fromAsync', () => {
  it('awaits the values, then what the mapper makes of them, one after the other', () =>
    comesTo(
      `return Array.fromAsync([1, Promise.resolve(2), { then(done) { done(3) } }], async (value, index) => { log(value); return host(value * 10 + index) })`,
      [10, 21, 32],
      [1, 10, 2, 21, 3, 32],
    ));

  for (const [how, mapper] of [
    ['throws', '(value) => { if (value === 1) throw host("bad"); return value }'],
    ['rejects', 'async (value) => { if (value === 1) throw host("bad"); return value }'],
  ] as const)
    for (const kind of ['iterator', 'asyncIterator'])
      it(`closes an ${kind} where the mapper ${how}`, () =>
        comesTo(`return Array.fromAsync(${counting(kind)}, ${mapper}).catch((error) => error)`, 'bad', [
          0,
          1,
          'bad',
          'closed',
        ]));

  it('needs no return', () =>
    comesTo(
      `const source = { [Symbol.asyncIterator]() { return this }, next: () => ({ value: host(1), done: false }) }
       return Array.fromAsync(source, () => { throw 'mapper' }).catch((error) => error)`,
      'mapper',
    ));

  it('tells a constructor how many there will be only if it knows', () =>
    comesTo(
      `class Own { constructor(...args) { log(args) } }
       return (async () => {
         await Array.fromAsync.call(Own, { length: 1, 0: 5 }, (value) => host(value))
         const own = await Array.fromAsync.call(Own, [host(6), 7])
         return [own instanceof Own, own.length]
       })()`,
      [true, 2],
      [[1], 5, 6, []],
    ));

  it('rejects where there is nothing to take from, and throws nothing', () =>
    comesTo(
      `const outcome = (...args) => Array.fromAsync(...args).catch((error) => error.name)
       return (async () => [await outcome(null), await outcome(undefined), await outcome([host(1)], 5), await outcome({ get length() { throw new RangeError(host('x')) } }), await outcome(5)])()`,
      ['TypeError', 'TypeError', 'TypeError', 'RangeError', []],
    ));
});

describe('methods of arrays', () => {
  it('look only at what was there when they began, and at what is left of it', () =>
    comesTo(
      `const seen = (method) => { const list = [1, 2, 3, 4], indices = []; list[method]((value, index) => { indices.push(index); if (index === 0) { list.push(5); list.length = 3 } return host(method === 'every') }); return indices }
       return ['forEach', 'map', 'filter', 'some', 'every', 'flatMap', 'find', 'findIndex'].map(seen)`,
      [
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ],
    ));

  it('keep holes in map, leave them out elsewhere, and show them to find', () =>
    comesTo(
      `const list = [1, , 3]
       return [list.map((value) => host(value)), list.filter(() => host(true)), list.flatMap((value) => [host(value)]), list.find((value) => host(value) === undefined), list.findLastIndex((value) => host(value) === undefined), list.reduce((sum, value) => host(sum + value))]`,
      // biome-ignore lint/suspicious/noSparseArray: it is one
      [[1, , 3], [1, 3], [1, 3], undefined, 1, 4],
    ));

  it('make what the species of a subclass is', () =>
    comesTo(
      `class Own extends Array {}
       class Plain extends Array { static get [Symbol.species]() { return Array } }
       class None extends Array { static get [Symbol.species]() { return null } }
       const kinds = (list) => ['map', 'filter', 'flatMap'].map((method) => list[method]((value) => host(value)).constructor.name)
       return [kinds(Own.of(1)), kinds(Plain.of(1)), kinds(None.of(1))]`,
      [
        ['Own', 'Own', 'Own'],
        ['Array', 'Array', 'Array'],
        ['Array', 'Array', 'Array'],
      ],
    ));

  it('flatten what flatMap brings by one level, and only arrays', () =>
    comesTo(
      `return [1, 2, 3, 4].flatMap((n) => [[host(n), [n]], 'text', new Set([n]), [, n]][n - 1]).map((value) => (value instanceof Set ? 'set' : value))`,
      [1, [1], 'text', 'set', 4],
    ));

  it('sort with holes last, undefined before them, and neither given to the comparator', () =>
    comesTo(
      `const list = [3, , undefined, 1], seen = []
       list.sort((a, b) => { seen.push(a, b); return host(a - b) })
       return [list, 3 in list, seen.includes(undefined), [3, , undefined, 1].toSorted((a, b) => host(a - b)).length]`,
      // biome-ignore lint/suspicious/noSparseArray: it is one
      [[1, 3, undefined, ,], false, false, 4],
    ));

  it('change nothing where a comparator throws, and sort by what it brings as a number', () =>
    comesTo(
      `const list = [3, 1, 2]
       try { list.sort(() => { throw host('bad') }) } catch (error) { log([error, list]) }
       return [list.sort((a, b) => ({ valueOf: () => host(a - b) })), list.sort((a, b) => host(String(b - a))), list.sort(() => host(undefined)), list.sort((a, b) => host(a < b))]`,
      [
        [3, 2, 1],
        [3, 2, 1],
        [3, 2, 1],
        [3, 2, 1],
      ],
    ));

  it('sort what is no array, and refuse a comparator that is no function', () =>
    comesTo(
      `const like = { length: 3, 0: 'c', 2: 'a' }
       Array.prototype.sort.call(like, (a, b) => (host(a) < b ? -1 : 1))
       const told = []
       for (const comparator of [null, {}, 'x']) try { [2, 1].sort(comparator) } catch (error) { told.push(error.name) }
       return [like, 2 in like, told]`,
      [{ 0: 'a', 1: 'c', length: 3 }, false, ['TypeError', 'TypeError', 'TypeError']],
    ));

  it('sort long lists stably', () =>
    comesTo(
      `const list = Array.from({ length: 200 }, (_, index) => ({ key: (index * 7) % 10, index }))
       list.sort((a, b) => host(a.key) - b.key)
       return list.every((item, at) => at === 0 || list[at - 1].key < item.key || (list[at - 1].key === item.key && list[at - 1].index < item.index))`,
      true,
    ));
});
