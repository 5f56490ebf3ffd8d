// Iterator helpers (ECMA-262 §27.1.4) over iterators that wait, with callbacks that do.
import { describe, it } from 'node:test';
import { comesTo } from '../../../../test/compiler/as-in-node.fixture.ts';

/** A generator that waits, and tells when it is closed. */
const NUMBERS = `function* numbers() { try { for (let n = 1; ; n++) yield host(n) } finally { log('closed') } }`;

describe('iterator helpers', () => {
  it('ask for no more than is asked of them', () =>
    comesTo(
      `${NUMBERS}
       const it = numbers().filter((n) => n % 2 === 0).map((n) => n * 10)
       log('nothing yet')
       return [it.next(), it.next()]`,
      [
        { value: 20, done: false },
        { value: 40, done: false },
      ],
      ['nothing yet', 1, 2, 3, 4],
    ));

  it('pass each callback the value and how many came before', () =>
    comesTo(
      `const seen = []
       const note = (name) => (...args) => { seen.push([name, ...args]); return host(true) }
       const source = () => ['a', 'b'].values().map((v) => host(v))
       source().map(note('map')).toArray(); source().filter(note('filter')).toArray(); source().forEach(note('forEach'))
       source().every(note('every')); source().some(note('some')); source().find(note('find')); source().reduce(note('reduce'), 'first'); source().reduce(note('alone'))
       return seen`,
      [
        ['map', 'a', 0],
        ['map', 'b', 1],
        ['filter', 'a', 0],
        ['filter', 'b', 1],
        ['forEach', 'a', 0],
        ['forEach', 'b', 1],
        ['every', 'a', 0],
        ['every', 'b', 1],
        ['some', 'a', 0],
        ['find', 'a', 0],
        ['reduce', 'first', 'a', 0],
        ['reduce', true, 'b', 1],
        ['alone', 'a', 'b', 1],
      ],
    ));

  it('close their source as soon as they know the answer', () =>
    comesTo(
      `${NUMBERS}
       return [numbers().some((n) => n === 2), numbers().every((n) => n < 2), numbers().find((n) => n > 1), numbers().take(1).toArray()]`,
      [true, false, 2, [1]],
      [1, 2, 'closed', 1, 2, 'closed', 1, 2, 'closed', 1, 'closed'],
    ));

  it('close their source where a callback throws, and are ended', () =>
    comesTo(
      `${NUMBERS}
       const told = []
       for (const method of ['map', 'filter', 'flatMap']) {
         const it = numbers()[method]((n) => { throw host(method) })
         try { it.next() } catch (error) { told.push(error, it.next().done) }
       }
       for (const method of ['forEach', 'some', 'every', 'find', 'reduce'])
         try { numbers()[method]((n) => { throw method }, 0) } catch (error) { told.push(error) }
       return told`,
      ['map', true, 'filter', true, 'flatMap', true, 'forEach', 'some', 'every', 'find', 'reduce'],
    ));

  it('keep the error of the callback where closing throws, too', () =>
    comesTo(
      `const source = { __proto__: Iterator.prototype, next: () => ({ value: host(1), done: false }), return() { throw 'closing' } }
       try { source.map(() => { throw 'callback' }).next() } catch (error) { return error }`,
      'callback',
    ));

  it('throw what closing throws where nothing else went wrong', () =>
    comesTo(
      `const source = { __proto__: Iterator.prototype, next: () => ({ value: host(1), done: false }), return() { throw 'closing' } }
       const told = []
       for (const ask of [(s) => s.some(() => true), (s) => s.take(0).next(), (s) => s.map(() => 1).return()])
         try { ask(source) } catch (error) { told.push(error) }
       return told`,
      ['closing', 'closing', 'closing'],
    ));

  it('refuse to be asked while they are being asked', () =>
    comesTo(
      `const it = [1, 2, 3].values().map((n) => {
         for (const method of ['next', 'return']) try { it[method](); log('asked') } catch (error) { log(error.name) }
         return host(n)
       })
       return [it.next(), it.next()]`,
      [
        { value: 1, done: false },
        { value: 2, done: false },
      ],
      ['TypeError', 'TypeError', 1, 'TypeError', 'TypeError', 2],
    ));

  it('look like those of the engine', () =>
    comesTo(
      `${NUMBERS}
       const mapped = numbers().map((n) => host(n)), own = [].values().map(String)
       return [
         mapped instanceof Iterator, Object.getOwnPropertyNames(mapped), Object.prototype.toString.call(mapped),
         Object.getPrototypeOf(mapped) === Object.getPrototypeOf(own), mapped.next === own.next, mapped[Symbol.iterator]() === mapped,
         mapped.next.name, mapped.next.length, mapped.return.name, /native code/.test(mapped.next),
       ]`,
      [true, [], '[object Iterator Helper]', true, true, true, 'next', 0, 'return', true],
    ));

  it('refuse to be asked as something else', () =>
    comesTo(
      `${NUMBERS}
       const { next } = numbers().map((n) => host(n))
       const told = []
       for (const self of [{}, numbers(), [].values(), undefined]) try { next.call(self); told.push('asked') } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));

  it('close nothing when they are asked to return after their end', () =>
    comesTo(
      `const source = { __proto__: Iterator.prototype, n: 0, next() { return { value: host(this.n), done: this.n++ > 0 } }, return() { log('closed'); return {} } }
       const it = source.map((n) => n)
       return [it.next(), it.next(), it.return(), it.next()]`,
      [
        { value: 0, done: false },
        { value: undefined, done: true },
        { value: undefined, done: true },
        { value: undefined, done: true },
      ],
      [0, 1],
    ));

  it('close their source where they return before they have begun', () =>
    comesTo(
      `const source = { __proto__: Iterator.prototype, next() { log('never') }, return() { host('closed'); return {} } }
       return ['map', 'filter', 'flatMap'].map((method) => source[method](() => 1).return().done)`,
      [true, true, true],
      ['closed', 'closed', 'closed'],
    ));

  it('read next of their source once', () =>
    comesTo(
      `const source = { __proto__: Iterator.prototype, get next() { log('read'); return () => ({ value: host(1), done: false }) } }
       const it = source.map((n) => n + 1)
       it.next(); it.next()
       return source.take(2).toArray()`,
      [1, 1],
      ['read', 1, 1, 'read', 1, 1],
    ));

  it('refuse results that are no objects, without closing', () =>
    comesTo(
      `const source = { __proto__: Iterator.prototype, next: () => host(5), return() { log('never') } }
       const told = []
       for (const ask of [(s) => s.map(String).next(), (s) => s.toArray(), (s) => s.drop(1).next(), (s) => s.reduce((a) => a)])
         try { ask(source) } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));
});

describe('take and drop', () => {
  it('convert what they are given to a number once, and refuse what is none or negative', () =>
    comesTo(
      `${NUMBERS}
       const told = []
       for (const limit of [NaN, -1, undefined, 'x', -Infinity]) for (const method of ['take', 'drop'])
         try { numbers()[method](limit); told.push(method) } catch (error) { told.push(error.name) }
       let asked = 0
       const two = { valueOf() { asked++; return host(2) } }
       return [told.every((name) => name === 'RangeError'), numbers().take(two).toArray(), numbers().drop(two).next().value, asked]`,
      [true, [1, 2], 3, 2],
    ));

  it('take fractions as whole numbers, and no end as no end', () =>
    comesTo(
      `${NUMBERS}
       return [numbers().take(2.9).toArray(), numbers().drop(1.9).next().value, numbers().take('2').toArray(), numbers().take(0).toArray(), [1, 2].values().map((n) => host(n)).take(Infinity).toArray(), [1, 2].values().map((n) => host(n)).drop(Infinity).toArray()]`,
      [[1, 2], 2, [1, 2], [], [1, 2], []],
    ));

  it('close their source when the last is taken and another is asked for, not before', () =>
    comesTo(
      `${NUMBERS}
       const it = numbers().take(1)
       it.next(); log('taken'); it.next(); log('asked again')
       return it.next()`,
      { value: undefined, done: true },
      [1, 'taken', 'closed', 'asked again'],
    ));
});

describe('flatMap', () => {
  it('closes the inner iterator, then the outer, when it is left', () =>
    comesTo(
      `${NUMBERS}
       function* inner(n) { try { yield host(n); yield 'more' } finally { log('inner closed') } }
       const it = numbers().flatMap(inner)
       it.next()
       return [it.return(), it.next()]`,
      [
        { value: undefined, done: true },
        { value: undefined, done: true },
      ],
      [1, 1, 'inner closed', 'closed'],
    ));

  it('closes the outer iterator where closing the inner one throws', () =>
    comesTo(
      `${NUMBERS}
       const inner = { __proto__: Iterator.prototype, next: () => ({ value: host('inner'), done: false }), return() { throw 'inner' } }
       const it = numbers().flatMap(() => inner)
       it.next()
       try { it.return() } catch (error) { return [error, it.next().done] }`,
      ['inner', true],
      [1, 'inner', 'closed'],
    ));

  it('closes the outer iterator where the inner one cannot be begun, or fails', () =>
    comesTo(
      `${NUMBERS}
       const told = []
       for (const inner of [5, 'text', null, { get [Symbol.iterator]() { throw new RangeError(host('read')) } }, { [Symbol.iterator]() { throw new RangeError(host('call')) } }, { [Symbol.iterator]: () => 5 }, { next() { throw new RangeError(host('next')) } }])
         try { numbers().flatMap(() => inner).next() } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'RangeError', 'RangeError', 'TypeError', 'RangeError'],
      [
        1,
        'closed',
        1,
        'closed',
        1,
        'closed',
        1,
        'read',
        'closed',
        1,
        'call',
        'closed',
        1,
        'closed',
        1,
        'next',
        'closed',
      ],
    ));

  it('takes iterables, iterators and objects of strings, but one level only', () =>
    comesTo(`return [1, 2, 3].values().flatMap((n) => [[host(n)], new Set([n]), Object('ab')][n - 1]).toArray()`, [
      1,
      2,
      'a',
      'b',
    ]));
});

describe('Iterator.from and Iterator.concat', () => {
  it('bring an iterator of the language as it is, and wrap another', () =>
    comesTo(
      `function* generator() { yield host(1) }
       const it = generator(), bare = { next: () => ({ value: host(2), done: false }), return: () => ({ value: 'r', done: true }) }
       const wrapped = Iterator.from(bare)
       return [Iterator.from(it) === it, wrapped === bare, wrapped instanceof Iterator, wrapped.next(), wrapped.return(), Object.getOwnPropertyNames(wrapped)]`,
      [true, false, true, { value: 2, done: false }, { value: 'r', done: true }, []],
    ));

  it('hand on the very result of what they wrap, and can return without it', () =>
    comesTo(
      `const result = { value: host(1), done: false }
       const wrapped = Iterator.from({ next() { host('next'); return result } })
       return [wrapped.next() === result, wrapped.return()]`,
      [true, { value: undefined, done: true }],
    ));

  it('refuse values that cannot be iterated over; a string can', () =>
    comesTo(
      `const told = []
       for (const value of [5, null, undefined, true]) try { Iterator.from(value); told.push('made') } catch (error) { told.push(error.name) }
       return [told, Iterator.from('ab').map((c) => host(c)).toArray(), Iterator.from({ next: () => ({ done: host(true) }) }).toArray()]`,
      [['TypeError', 'TypeError', 'TypeError', 'TypeError'], ['a', 'b'], []],
    ));

  it('begin each of several only when the one before has ended', () =>
    comesTo(
      `const part = (name) => ({ *[Symbol.iterator]() { log('begin ' + name); yield host(name); log('end ' + name) } })
       return Iterator.concat(part('a'), part('b'), ['c']).toArray()`,
      ['a', 'b', 'c'],
      ['begin a', 'a', 'end a', 'begin b', 'b', 'end b'],
    ));

  it('close the one that is in progress, and no other', () =>
    comesTo(
      `const part = (name) => ({ *[Symbol.iterator]() { try { yield host(name) } finally { log('closed ' + name) } } })
       const it = Iterator.concat(part('a'), part('b'), part('c'))
       it.next(); it.next()
       return [it.return(), it.next()]`,
      [
        { value: undefined, done: true },
        { value: undefined, done: true },
      ],
      ['a', 'closed a', 'b', 'closed b'],
    ));
});
