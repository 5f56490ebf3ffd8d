// Methods of typed arrays with callbacks that wait (ECMA-262 §23.2).
import { describe, it } from 'node:test';
import { comesTo } from '../../../../test/compiler/as-in-node.fixture.ts';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

describe('methods of typed arrays', () => {
  it('pass value, index and array, with the receiver that was asked for', () =>
    comesTo(
      `const t = new Uint8Array([7, 8]), seen = []
       for (const method of ['forEach', 'map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex'])
         t[method](function (value, index, array) { seen.push([method, value, index, array === t, this.own]); return host(method === 'every') }, { own: 1 })
       return seen.map((entry) => entry.join())`,
      [
        'forEach,7,0,true,1',
        'forEach,8,1,true,1',
        'map,7,0,true,1',
        'map,8,1,true,1',
        'filter,7,0,true,1',
        'filter,8,1,true,1',
        'some,7,0,true,1',
        'some,8,1,true,1',
        'every,7,0,true,1',
        'every,8,1,true,1',
        'find,7,0,true,1',
        'find,8,1,true,1',
        'findIndex,7,0,true,1',
        'findIndex,8,1,true,1',
        'findLast,8,1,true,1',
        'findLast,7,0,true,1',
        'findLastIndex,8,1,true,1',
        'findLastIndex,7,0,true,1',
      ],
    ));

  it('convert what map brings as the array stores it', () =>
    comesTo(
      `return [new Uint8Array([1, 2]).map((v) => host(v) + 255), new Uint8ClampedArray([1, 2]).map((v) => host(v) * 200), new Int8Array([1]).map(() => host('200')), new Float32Array([1]).map(() => host(0.1)), new BigInt64Array([1n]).map((v) => host(v) * 2n)]`,
      [
        bytes(0, 1),
        new Uint8ClampedArray([200, 255]),
        new Int8Array([-56]),
        new Float32Array([0.1]),
        new BigInt64Array([2n]),
      ],
    ));

  it('refuse a number where a big integer is stored, and the other way round', () =>
    comesTo(
      `const told = []
       for (const make of [() => new BigInt64Array([1n]).map(() => host(1)), () => new Uint8Array([1]).map(() => host(1n)), () => BigInt64Array.from([1], (v) => host(v)), () => Uint8Array.from([1n], (v) => host(v))])
         try { make() } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));

  it('keep what filter was shown, whatever the callback writes there afterwards', () =>
    comesTo(
      `const t = new Uint8Array([1, 2, 3])
       return [t.filter((value, index, array) => { array[index] = 9; return host(value) !== 2 }), t]`,
      [bytes(1, 3), bytes(9, 9, 9)],
    ));

  it('show later callbacks what earlier ones have written', () =>
    comesTo(
      `const seen = []
       new Uint8Array([1, 2, 3]).forEach((value, index, array) => { seen.push(host(value)); if (index < 2) array[index + 1] *= 10 })
       return seen`,
      [1, 20, 30],
    ));

  it('go on to the length that they began with where the buffer shrinks, with undefined', () =>
    comesTo(
      `const buffer = new ArrayBuffer(4, { maxByteLength: 8 }), t = new Uint8Array(buffer), seen = []
       t.forEach((value, index) => { if (index === 1) buffer.resize(2); seen.push([index, value]); host(index) })
       return [seen, t.length]`,
      [
        [
          [0, 0],
          [1, 0],
          [2, undefined],
          [3, undefined],
        ],
        2,
      ],
    ));

  it('do not visit what is added where the buffer grows', () =>
    comesTo(
      `const buffer = new ArrayBuffer(2, { maxByteLength: 8 }), t = new Uint8Array(buffer)
       let calls = 0
       const kept = t.filter(() => { buffer.resize(8); calls++; return host(true) })
       return [calls, kept.length, t.length]`,
      [2, 2, 8],
    ));

  it('keep in filter what lies behind the end of a buffer that has shrunk meanwhile', () =>
    comesTo(
      `const buffer = new ArrayBuffer(4, { maxByteLength: 4 }), t = new Uint8Array(buffer)
       t.set([1, 2, 3, 4])
       return t.filter((value, index) => { if (index === 1) buffer.resize(2); host(index); return true })`,
      bytes(1, 2, 0, 0),
    ));

  it('refuse arrays whose buffer is gone, before any call', () =>
    comesTo(
      `const buffer = new ArrayBuffer(4), t = new Uint8Array(buffer), told = []
       buffer.transfer()
       for (const method of ['forEach', 'map', 'filter', 'some', 'every', 'find', 'findLast', 'reduce', 'reduceRight', 'sort', 'toSorted'])
         try { t[method]((value) => host(value), 0); told.push(method) } catch (error) { told.push(error.name) }
       return told.every((name) => name === 'TypeError')`,
      true,
      [],
    ));

  it('refuse what is no typed array, and what is no function', () =>
    comesTo(
      `const { map, forEach } = Uint8Array.prototype, told = []
       for (const self of [[1], {}, new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), undefined]) try { map.call(self, (value) => host(value)) } catch (error) { told.push(error.name) }
       for (const callback of [undefined, null, {}, 'f']) try { forEach.call(new Uint8Array(1), callback) } catch (error) { told.push(error.name) }
       return told.every((name) => name === 'TypeError') && told.length`,
      9,
      [],
    ));

  it('sort stably by a comparator that waits, and copy where that is asked for', () =>
    comesTo(
      `const t = new Uint8Array([31, 12, 22, 11, 32, 21])
       const byTens = (a, b) => host(0) + Math.floor(a / 10) - Math.floor(b / 10)
       const copy = t.toSorted(byTens), before = [...t]
       return [copy, before, t.sort(byTens) === t, t, new Uint8Array([2, 10, 1]).sort((a, b) => host(a < b) ? -1 : 1)]`,
      [bytes(12, 11, 22, 21, 31, 32), [31, 12, 22, 11, 32, 21], true, bytes(12, 11, 22, 21, 31, 32), bytes(1, 2, 10)],
    ));

  it('sort more than are inserted one by one, and take NaN from a comparator as equal', () =>
    comesTo(
      `const t = Uint16Array.from({ length: 100 }, (_, i) => (i * 37) % 100)
       t.sort((a, b) => host(a) - b)
       return [t.every((value, i) => value === i), new Uint8Array([3, 1, 2]).sort(() => host(NaN))]`,
      [true, bytes(3, 1, 2)],
    ));

  it('reduce from either end, with and without a first value', () =>
    comesTo(
      `const t = new Uint8Array([1, 2, 3]), join = (a, b) => host(a + '.' + b), told = [t.reduce(join), t.reduceRight(join), t.reduce(join, 'x'), new Uint8Array(0).reduce(join, 'only')]
       for (const method of ['reduce', 'reduceRight']) try { new Uint8Array(0)[method](join) } catch (error) { told.push(error.name) }
       return told`,
      ['1.2.3', '3.2.1', 'x.1.2.3', 'only', 'TypeError', 'TypeError'],
    ));

  it('make the class of a subclass, or the one that its species names', () =>
    comesTo(
      `class Own extends Uint8Array {}
       class Plain extends Uint8Array { static get [Symbol.species]() { return Uint16Array } }
       const own = new Own([1, 2]), plain = new Plain([255, 1])
       return [own.map((v) => host(v)).constructor.name, own.filter(() => host(true)).constructor.name, plain.map((v) => host(v) * 2), plain.filter((v) => host(v > 1)), own.toSorted(() => host(0)).constructor.name]`,
      ['Own', 'Own', new Uint16Array([510, 2]), new Uint16Array([255]), 'Uint8Array'],
    ));

  it('ask the species for as many as filter has kept', () =>
    comesTo(
      `class Own extends Uint8Array { constructor(...args) { super(...args); log(args) } }
       const own = new Own(3)
       log('made')
       own.filter((_, index) => host(index) !== 1)`,
      undefined,
      [[3], 'made', 0, 1, 2, [2]],
    ));

  it('refuse a species that is too small or stores something else', () =>
    comesTo(
      `const told = []
       for (const species of [class extends Uint8Array { constructor() { super(0) } }, BigInt64Array, Array, class {}]) {
         const t = new Uint8Array([1, 2])
         t.constructor = { [Symbol.species]: species }
         try { t.filter(() => host(true)); told.push(species.name) } catch (error) { told.push(error.name) }
       }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));
});

describe('from of typed arrays', () => {
  it('maps the values of iterables, which are all asked for first', () =>
    comesTo(
      `function* values() { yield host(1); yield host(300); log('end') }
       return Uint8Array.from(values(), function (value, index) { log([value, index, this.k]); return value }, { k: 'this' })`,
      bytes(1, 44),
      [1, 300, 'end', [1, 0, 'this'], [300, 1, 'this']],
    ));

  it('reads what is like an array one by one, between the calls', () =>
    comesTo(
      `const like = { length: 3, 0: 1, 1: 2, 2: 3 }
       return Uint8Array.from(like, (value, index) => { like[index + 1] = 7; return host(value) })`,
      bytes(1, 7, 7),
    ));

  it('makes the array before it reads what is like one', () =>
    comesTo(
      `class Own extends Uint8Array { constructor(...args) { super(...args); log(args) } }
       Own.from({ length: 1, get 0() { return host('9') } }, (value) => value)`,
      undefined,
      [[1], '9'],
    ));

  it('refuses constructors of something else', () =>
    comesTo(
      `const told = []
       for (const constructor of [Array, Object, () => {}, undefined, class { constructor() { return new Uint8Array(0) } }])
         try { Uint8Array.from.call(constructor, [1, 2], (value) => host(value)); told.push('made') } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));

  it('refuses null and undefined, and a mapper that is no function', () =>
    comesTo(
      `const told = []
       for (const [source, mapper] of [[null, host], [undefined, host], [[1], 5], [[1], null]]) try { Uint8Array.from(source, mapper) } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
      [],
    ));
});
