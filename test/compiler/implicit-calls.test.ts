// What the language calls by itself (ECMA-262 §7.1): conversions and accessors that wait, in the order and as often as it says.
import { describe, it } from 'node:test';
import { comesTo } from './as-in-node.fixture.ts';

describe('a conversion that waits', () => {
  it('is told what the value is for', () =>
    comesTo(
      `const o = { [Symbol.toPrimitive](hint) { return host(hint) === 'number' ? 3 : 'text' } }
       return [+o, -o, o * 2, o - 1, o + '', \`\${o}\`, o == 'text', o < 5, { text: 1 }[o], [o].join(), Math.max(o, 1), 'x'.repeat(o), new Date(o).getTime() !== 0, Number(o), String(o)]`,
      [3, -3, 6, 2, 'text', 'text', true, true, 1, 'text', 3, 'xxx', true, 3, 'text'],
      [
        'number',
        'number',
        'number',
        'number',
        'default',
        'string',
        'default',
        'number',
        'string',
        'string',
        'number',
        'number',
        'default',
        'number',
        'string',
      ],
    ));

  it('asks valueOf, then toString, and for text the other way round', () =>
    comesTo(
      `const o = { valueOf() { host('valueOf'); return {} }, toString() { host('toString'); return 'text' } }
       const p = { valueOf() { return host(4) }, toString() { host('toString'); return {} } }
       return [o + '', \`\${p}\`, p + 1]`,
      ['text', '4', 5],
      ['valueOf', 'toString', 'toString', 4, 4],
    ));

  it('takes both operands from left to right, and the left one first', () =>
    comesTo(
      `const v = (n) => ({ valueOf() { return host(n) } })
       return [v(1) + v(2), v(3) < v(4), v(5) > v(6), v(7) <= v(8), v(2) ** v(3), v(6) & v(3), v(1) << v(4)]`,
      [3, true, false, true, 8, 2, 16],
      [1, 2, 3, 4, 5, 6, 7, 8, 2, 3, 6, 3, 1, 4],
    ));

  it('is not made where none is needed', () =>
    comesTo(
      `const o = { valueOf() { return log('never') }, toString() { return log('never') } }
       host(1)
       return [o === o, o == o, o == null, !o, o ? 1 : 2, o ?? 3, typeof o, o || 4, [o].includes(o), void o, Object.is(o, o)].length`,
      11,
      [1],
    ));

  it('that brings an object is a TypeError', () =>
    comesTo(
      `const told = []
       for (const o of [{ [Symbol.toPrimitive]: () => host({}) }, { [Symbol.toPrimitive]: 5 }, { valueOf: () => host({}), toString: () => host({}) }, { valueOf: null, toString: undefined }, Object.create(null)])
         for (const act of [() => o + 1, () => \`\${o}\`]) try { act(); told.push('done') } catch (error) { told.push(error.name) }
       return [told.length, ...new Set(told)]`,
      [10, 'TypeError'],
    ));

  it('happens once for a key, and for one that is stored under when the value is there', () =>
    comesTo(
      `const key = (name) => ({ toString: () => host(name) }), o = { b: 2 }
       o[key('a')] = host(11)
       const { [key('a')]: a, [key('c')]: c = host('default') } = o
       return [a, c, key('a') in o, delete o[key('b')], Object.hasOwn(o, key('b')), o]`,
      [11, 'default', true, true, false, { a: 11 }],
      [11, 'a', 'a', 'c', 'default', 'a', 'b', 'b'],
    ));

  it('of what is added to and counted up makes big integers, too', () =>
    comesTo(
      `let a = { valueOf: () => host(5n) }, b = { valueOf: () => host('6') }, c = { valueOf: () => host(1n) }
       const told = [a++, a, b++, b]
       try { c += 1 } catch (error) { told.push(error.name, typeof c) }
       return told`,
      [5n, 6n, 6, 7, 'TypeError', 'object'],
      [5n, '6', 1n],
    ));
});

describe('accessors that wait', () => {
  it('get and set once in every form of assignment', () =>
    comesTo(
      `const o = { kept: 1, get a() { log('get'); return host(this.kept) }, set a(value) { log('set'); this.kept = host(value) } }
       const told = [o.a++, --o.a, (o.a += 4), (o.a ??= 9), (o.a ||= 9), (o.a &&= 2), (o['a'] **= 3)]
       return [told, o.kept]`,
      [[1, 1, 5, 5, 5, 2, 8], 8],
    ));

  it('short-circuit: what is not assigned is neither evaluated nor set', () =>
    comesTo(
      `const o = { get a() { return host(1) }, set a(value) { log('never') }, get none() { return host(null) }, set none(value) { host(value) } }
       o.a ??= log('never'); o.a ||= log('never'); o.none &&= log('never'); o.none ??= 'now'`,
      undefined,
      [1, 1, null, null, 'now'],
    ));

  it('are read by destructuring, spread, rest, Object.assign and entries in the order of the keys', () =>
    comesTo(
      `const make = () => ({ get b() { return host('b') }, get a() { return host('a') }, get 1() { return host('1') } })
       const { a } = make(), { b, ...rest } = make()
       return [a, b, Object.keys(rest), Object.keys({ ...make() }), Object.keys(Object.assign({}, make())), Object.entries(make()).length]`,
      ['a', 'b', ['1', 'a'], ['1', 'b', 'a'], ['1', 'b', 'a'], 3],
      ['a', 'b', '1', 'a', '1', 'b', 'a', '1', 'b', 'a', '1', 'b', 'a'],
    ));

  it('have the object that was asked as this, also from a prototype', () =>
    comesTo(
      `const parent = { get a() { return host(this.name) }, set a(value) { this.kept = host(value + this.name) } }
       const child = { __proto__: parent, name: 'child' };
       child.a = 'set by '
       ;[child.a] = ['list for ']; ({ x: child.a } = { x: 'object for ' })
       return [child.a, child.kept, Object.hasOwn(parent, 'kept')]`,
      ['child', 'object for child', false],
    ));

  it('of one kind only are a TypeError, or undefined, to the other', () =>
    comesTo(
      `const o = { get readable() { return host(1) }, set writable(value) { host(value) } }
       const told = [o.writable]
       for (const act of [() => { o.readable = 2 }, () => { o.readable++ }, () => { o.writable = 3 }, () => { o.writable += 1 }])
         try { act(); told.push('done') } catch (error) { told.push(error.name) }
       return told`,
      [undefined, 'TypeError', 'TypeError', 'done', 'done'],
      [1, 3, Number.NaN],
    ));

  it('that throw stop what reads or stores', () =>
    comesTo(
      `const o = { get bad() { throw new RangeError(host('get')) }, set bad(value) { throw new RangeError(host('set')) } }
       const told = []
       for (const act of [() => o.bad, () => { o.bad = log('value') }, () => { const { bad } = o }, () => ({ ...o }), () => JSON.stringify(o), () => { [o.bad] = [1] }])
         try { act() } catch (error) { told.push(error.message) }
       return told`,
      ['get', 'set', 'get', 'get', 'get', 'set'],
    ));
});
