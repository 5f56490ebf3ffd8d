// Maps, sets and what groups, with functions that wait (ECMA-262 §24, §20.1.2).
import { describe, it } from 'node:test';
import { comesTo } from '../../../../test/compiler/as-in-node.fixture.ts';

/** An iterable that never ends and tells when it is closed. */
const ENDLESS = `{ [Symbol.iterator]() { return this }, n: 0, next() { return { value: ['key' + this.n++, host(1)], done: false } }, return() { log('closed'); return {} } }`;

describe('forEach of maps and sets', () => {
  it('visits what is added meanwhile, and not what is deleted', () =>
    comesTo(
      `const map = new Map([['a', 1], ['b', 2], ['c', 3]]), seen = []
       map.forEach((value, key, self) => { if (key === 'a') { map.delete('b'); map.set('d', 4) } seen.push([key, value, self === map]); host(key) })
       const set = new Set([1, 2])
       set.forEach((value, again) => { if (value < 3) set.add(value + 2); seen.push(host(value) === again) })
       return seen`,
      [['a', 1, true], ['c', 3, true], ['d', 4, true], true, true, true, true],
    ));

  it('visits again what is deleted and added again', () =>
    comesTo(
      `const set = new Set([1, 2]), seen = []
       let again = true
       set.forEach((value) => { seen.push(host(value)); if (again) { again = false; set.delete(1); set.add(1) } })
       return seen`,
      [1, 2, 1],
    ));

  it('refuses what is no map, and what is no function', () =>
    comesTo(
      `const told = []
       for (const [prototype, self] of [[Map.prototype, new Set()], [Set.prototype, new Map()], [Map.prototype, {}], [Set.prototype, undefined]])
         try { prototype.forEach.call(self, (value) => host(value)) } catch (error) { told.push(error.name) }
       try { new Map().forEach(5) } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));
});

describe('getOrInsertComputed', () => {
  it('computes what is missing, once, and gives minus zero as zero', () =>
    comesTo(
      `const map = new Map()
       return [map.getOrInsertComputed(-0, (key) => host(Object.is(key, 0))), map.getOrInsertComputed(0, () => log('never')), map.size]`,
      [true, true, 1],
      [true],
    ));

  it('stores what was computed also where the key was stored meanwhile', () =>
    comesTo(
      `const map = new Map()
       const value = map.getOrInsertComputed('a', () => { map.set('a', 'meanwhile'); return host('computed') })
       return [value, map.get('a')]`,
      ['computed', 'computed'],
    ));

  it('stores nothing where computing fails', () =>
    comesTo(
      `const map = new Map()
       try { map.getOrInsertComputed('a', () => { throw host('no') }) } catch (error) { return [error, map.size] }`,
      ['no', 0],
    ));

  it('refuses a key that cannot be held weakly before it computes anything', () =>
    comesTo(
      `const weak = new WeakMap(), told = [], own = Symbol('own'), object = {}
       for (const key of [1, 'a', null, Symbol.for('shared')]) try { weak.getOrInsertComputed(key, () => host('never')) } catch (error) { told.push(error.name) }
       return [told, weak.getOrInsertComputed(own, () => host(1)), weak.getOrInsertComputed(object, () => host(2)), weak.get(object)]`,
      [['TypeError', 'TypeError', 'TypeError', 'TypeError'], 1, 2, 2],
      [1, 2],
    ));
});

describe('groupBy', () => {
  it('of objects makes property keys, symbols too, on an object without a prototype', () =>
    comesTo(
      `const groups = Object.groupBy([1, 2, 3, 4], (n, index) => [host('odd'), Symbol.for('two'), 5, { toString: () => host('odd') }][index])
       return [Object.getPrototypeOf(groups), Object.keys(groups), groups.odd, groups[Symbol.for('two')]]`,
      [null, ['5', 'odd'], [1, 4], [2]],
    ));

  it('of maps takes keys as they are, with both zeros and all NaN as one', () =>
    comesTo(
      `const object = {}
       const groups = Map.groupBy([0, -0, NaN, 'x', 'y'], (value) => host(value === 'x' || value === 'y' ? object : value))
       return [[...groups.values()], Object.is([...groups.keys()][0], 0), groups.get(object)]`,
      [[[0, -0], [NaN], ['x', 'y']], true, ['x', 'y']],
    ));

  it('closes the iterator where the callback, or making the key, throws', () =>
    comesTo(
      `const told = []
       for (const group of [() => Object.groupBy(${ENDLESS}, () => { throw 'callback' }), () => Map.groupBy(${ENDLESS}, () => { throw 'callback' }), () => Object.groupBy(${ENDLESS}, () => ({ toString() { throw host('key') } }))])
         try { group() } catch (error) { told.push(error) }
       return told`,
      ['callback', 'callback', 'key'],
      [1, 'closed', 1, 'closed', 1, 'key', 'closed'],
    ));

  it('refuses what cannot be iterated over, and a callback that is none', () =>
    comesTo(
      `const told = []
       for (const args of [[null, host], [undefined, host], [{}, host], [5, host], [[1], 5], [[1]]])
         for (const group of [Object.groupBy, Map.groupBy]) try { group.apply(group === Map.groupBy ? Map : Object, args) } catch (error) { told.push(error.name) }
       return told.length === 12 && new Set(told).size`,
      1,
      [],
    ));
});

describe('constructors of collections, and Object.fromEntries', () => {
  it('fill what they make by the methods that a subclass has', () =>
    comesTo(
      `class Doubling extends Set { add(value) { return super.add(host(value) * 2) } }
       class Logged extends Map { set(key, value) { log(key); return super.set(key, host(value)) } }
       return [[...new Doubling([1, 2])], [...new Logged([['a', 1]])], new Doubling().size, new Logged(null).size]`,
      [[2, 4], [['a', 1]], 0, 0],
      [1, 2, 'a', 1],
    ));

  it('close the iterator where an entry is no object, or adding fails', () =>
    comesTo(
      `const entries = (value) => ({ *[Symbol.iterator]() { try { host(1); yield value; log('never') } finally { log('closed') } } })
       class Refusing extends Set { add() { throw new RangeError('full') } }
       const told = []
       for (const make of [() => Object.fromEntries(entries(5)), () => new Map(entries('text')), () => new WeakMap(entries(null)), () => new WeakMap(entries([1, 2])), () => new WeakSet(entries(1)), () => new Refusing(entries(1))])
         try { make() } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'RangeError'],
      [1, 'closed', 1, 'closed', 1, 'closed', 1, 'closed', 1, 'closed', 1, 'closed'],
    ));

  it('read the parts of an entry in their order, by getters that wait', () =>
    comesTo(
      `const entry = { get 1() { return host('value') }, get 0() { return host('key') } }
       return [Object.fromEntries([entry]), [...new Map([entry])]]`,
      [{ key: 'value' }, [['key', 'value']]],
      ['key', 'value', 'key', 'value'],
    ));

  it('define properties anew where Object.fromEntries meets a setter', () =>
    comesTo(`return Object.keys(Object.fromEntries(new Map([['__proto__', host(1)], ['a', 2], ['a', 3]])))`, [
      '__proto__',
      'a',
    ]));
});

describe('methods of sets that take what is like one', () => {
  const LIKE = `{ get size() { return host('size') === 'size' ? 2 : 0 }, has(value) { return host(value) > 1 }, keys() { return [2, 9].map((n) => host(n)).values() } }`;

  it('ask it in the way of the smaller one', () =>
    comesTo(
      `const set = new Set([1, 2, 3])
       return [[...set.union(${LIKE})], [...set.intersection(${LIKE})], [...set.difference(${LIKE})], [...set.symmetricDifference(${LIKE})], set.isSubsetOf(${LIKE}), set.isSupersetOf(${LIKE}), set.isDisjointFrom(${LIKE})]`,
      [[1, 2, 3, 9], [2], [1, 3], [1, 3, 9], false, false, false],
    ));

  it('refuse a size that is no number or negative, and methods that are none', () =>
    comesTo(
      `const told = []
       for (const like of [{ size: NaN }, { size: 1, has: 5 }, { size: 1, has: host, keys: 1 }, 5, undefined, { size: -1, has: host, keys: host }, [1]])
         try { new Set([1]).union(like) } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'RangeError', 'TypeError'],
      [],
    ));

  it('close its keys as soon as they know the answer', () =>
    comesTo(
      `const like = { size: 1, has: () => true, keys: () => ({ next: () => ({ value: host(9), done: false }), return() { log('closed'); return {} } }) }
       return [new Set([1, 2]).isSupersetOf(like), new Set([9, 2]).isDisjointFrom(like)]`,
      [false, false],
      [9, 'closed', 9, 'closed'],
    ));
});
