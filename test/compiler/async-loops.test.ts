// `for await` (ECMA-262 §14.7.5): what it asks of iterators, what it awaits, and how it leaves them.
import { describe, it } from 'node:test';
import { comesTo } from './as-in-node.fixture.ts';

const COUNTS = 'next() { return { value: host(1), done: false } }';
/** Breaks off, and throws, in the body of a loop over an asynchronous iterator with these members; brings what comes out. */
const leave = (members: string): string => `
  const iterable = { [Symbol.asyncIterator]() { return this }, ${COUNTS}, ${members} }
  const told = []
  return (async () => {
    try { for await (const value of iterable) break; told.push('left') } catch (error) { told.push(error.name) }
    try { for await (const value of iterable) throw new URIError('body') } catch (error) { told.push(error.name) }
    return told
  })()`;

describe('leaving a for await loop', () => {
  it('asks for return once, and awaits what it brings', () =>
    comesTo(
      `const iterable = { [Symbol.asyncIterator]() { return this }, ${COUNTS}, get return() { log('asked'); return async () => { await null; log('closed'); return {} } } }
       return (async () => { for await (const value of iterable) break; return 'behind' })()`,
      'behind',
      [1, 'asked', 'closed'],
    ));

  it('needs no return', () => comesTo(leave('return: undefined'), ['left', 'URIError']));

  it('refuses a return that is no function, but not instead of an error of the body', () =>
    comesTo(leave('return: 5'), ['TypeError', 'URIError']));

  it('refuses what return brings if it is no object', () =>
    comesTo(leave('async return() { return host(5) }'), ['TypeError', 'URIError']));

  it('throws what return rejects with, but not instead of an error of the body', () =>
    comesTo(leave('async return() { throw new RangeError(host("closing")) }'), ['RangeError', 'URIError']));

  it('throws what return throws at once, but not instead of an error of the body', () =>
    comesTo(leave('return() { throw new RangeError(host("closing")) }'), ['RangeError', 'URIError']));

  it('throws what reading return throws, but not instead of an error of the body', () =>
    comesTo(leave('get return() { throw new RangeError("closing") }'), ['RangeError', 'URIError']));

  it('closes by break, return, continue of an outer loop and throw alike', () =>
    comesTo(
      `const make = (name) => ({ [Symbol.asyncIterator]() { return this }, ${COUNTS}, async return() { log(name); return {} } })
       const returns = async () => { for await (const value of make('return')) return host(value) }
       return (async () => {
         for await (const value of make('break')) break
         outer: for (const n of [1, 2]) for await (const value of make('continue ' + n)) continue outer
         label: { for await (const value of make('label')) break label }
         return returns()
       })()`,
      1,
      [1, 'break', 1, 'continue 1', 1, 'continue 2', 1, 'label', 1, 1, 'return'],
    ));

  it('does not close an iterator that has ended, failed, or answered nonsense', () =>
    comesTo(
      `const make = (next) => ({ [Symbol.asyncIterator]() { return this }, next, return() { log('never'); return {} } })
       const outcome = async (next) => { try { for await (const value of make(next)) log(value); return 'ended' } catch (error) { return error.message ?? error } }
       return (async () => [
         await outcome(() => ({ done: host(true) })),
         await outcome(() => { throw new Error(host('thrown')) }),
         await outcome(() => Promise.reject(host('rejected'))),
         await outcome(() => ({ get done() { throw new Error(host('done')) } })),
         await outcome(() => ({ done: false, get value() { throw new Error(host('value')) } })),
         (await outcome(() => host(5))) !== 'ended',
       ])()`,
      ['ended', 'thrown', 'rejected', 'done', 'value', true],
      [true, 'thrown', 'rejected', 'done', 'value', 5],
    ));

  it('closes the iterator where assigning the value fails', () =>
    comesTo(
      `const iterable = { [Symbol.asyncIterator]() { return this }, next() { return { value: null, done: false } }, async return() { host('closed'); return {} } }
       return (async () => {
         const told = []
         try { for await (const { member } of iterable) log('never') } catch (error) { told.push(error.name) }
         const target = Object.freeze({ value: 1 })
         try { for await (target.value of iterable) log('never') } catch (error) { told.push(error.name) }
         try { for await (const [] of iterable) log('never') } catch (error) { told.push(error.name) }
         return told
       })()`,
      ['TypeError', 'TypeError', 'TypeError'],
      ['closed', 'closed', 'closed'],
    ));
});

describe('for await over what is not asynchronous', () => {
  it('awaits the values, in turn', () =>
    comesTo(
      `const later = (value) => new Promise((resolve) => resolve(host(value)))
       return (async () => { const seen = []; for await (const value of [later(1), 2, later(3), { then: (done) => done(4) }]) seen.push(value); return seen })()`,
      [1, 2, 3, 4],
    ));

  it('prefers the asynchronous iterator of what has both', () =>
    comesTo(
      `const both = { *[Symbol.iterator]() { yield host('sync') }, async *[Symbol.asyncIterator]() { yield host('async') } }
       return (async () => { const seen = [...both]; for await (const value of both) seen.push(value); return seen })()`,
      ['sync', 'async'],
    ));

  it('takes the iterator that is not asynchronous where the other is null or undefined', () =>
    comesTo(
      `return (async () => {
         const seen = []
         for (const none of [null, undefined]) for await (const value of { [Symbol.asyncIterator]: none, *[Symbol.iterator]() { yield host(1) } }) seen.push(value)
         return seen
       })()`,
      [1, 1],
    ));

  it('refuses what is not iterable at all', () =>
    comesTo(
      `return (async () => {
         const told = []
         for (const value of [5, null, undefined, {}, { [Symbol.asyncIterator]: 5 }, { [Symbol.asyncIterator]: () => host(6) }])
           try { for await (const _ of value) log('never') } catch (error) { told.push(error.name) }
         return told
       })()`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
      [6],
    ));

  it('closes it where a promise among the values is rejected', () =>
    comesTo(
      `const iterable = { [Symbol.iterator]() { return this }, next() { return { value: Promise.reject(host('bad')), done: false } }, return() { log('closed'); return {} } }
       return (async () => { try { for await (const value of iterable) log('never') } catch (error) { return error } })()`,
      'bad',
      ['bad', 'closed'],
    ));

  it('awaits the promise in what its return brings', () =>
    comesTo(
      `const iterable = { [Symbol.iterator]() { return this }, ${COUNTS}, return() { return { value: Promise.reject(host('closing')) } } }
       return (async () => {
         const told = []
         try { for await (const value of iterable) break } catch (error) { told.push(error) }
         try { for await (const value of iterable) throw 'body' } catch (error) { told.push(error) }
         return told
       })()`,
      ['closing', 'body'],
    ));

  it('runs a generator, and what it does at its end', () =>
    comesTo(
      `function* generator() { try { yield host(1); yield Promise.resolve(host(2)); yield 3 } finally { host('closed') } }
       return (async () => { const seen = []; for await (const value of generator()) { seen.push(value); if (value === 2) break } return seen })()`,
      [1, 2],
      [1, 2, 'closed'],
    ));
});

describe('the head of a for await loop', () => {
  it('declares anew for every turn', () =>
    comesTo(
      `return (async () => { const reads = []; for await (const value of [1, 2]) reads.push(() => host(value)); for await (let value of [3]) { value *= 2; reads.push(() => value) } return reads.map((read) => read()) })()`,
      [1, 2, 6],
    ));

  it('takes patterns with defaults that wait', () =>
    comesTo(
      `return (async () => { const seen = []; for await (const [a, { b = host('default') } = {}] of [[1, { b: 2 }], [3], [4, {}]]) seen.push([a, b]); return seen })()`,
      [
        [1, 2],
        [3, 'default'],
        [4, 'default'],
      ],
    ));

  it('assigns to variables, members and patterns that are there already', () =>
    comesTo(
      `let a, o = {}
       return (async () => {
         for await (a of [host(1)]);
         for await (o.member of [host(2)]);
         for await (o[host('key')] of [3]);
         for await ([o.first, ...o.rest] of [[4, 5, 6]]);
         for await ({ a } of [{ a: host(7) }]);
         return [a, o]
       })()`,
      [7, { member: 2, key: 3, first: 4, rest: [5, 6] }],
    ));

  it('evaluates what it walks through once, and where its names are not known yet', () =>
    comesTo(
      `return (async () => {
         let made = 0
         for await (const value of (made++, [host(1), 2]));
         try { for await (const value of [value]); } catch (error) { return [made, error.name] }
       })()`,
      [1, 'ReferenceError'],
    ));
});

describe('asynchronous generators', () => {
  it('answer requests in their order, also those that come before the first is answered', () =>
    comesTo(
      `async function* generator() { const a = yield host(1); const b = yield host(2); return [a, b] }
       const it = generator()
       return Promise.all([it.next('lost'), it.next('a'), it.next('b'), it.next('late')])`,
      [
        { value: 1, done: false },
        { value: 2, done: false },
        { value: ['a', 'b'], done: true },
        { value: undefined, done: true },
      ],
    ));

  it('await what they yield and what they return', () =>
    comesTo(
      `async function* generator() { try { yield Promise.reject(host('yielded')) } catch (error) { yield ['caught', error] } return Promise.resolve(host('returned')) }
       return (async () => { const it = generator(); return [await it.next(), await it.next(), await it.next()] })()`,
      [
        { value: ['caught', 'yielded'], done: false },
        { value: 'returned', done: true },
        { value: undefined, done: true },
      ],
    ));

  it('await a promise that they are asked to return, before they have begun and after they have ended', () =>
    comesTo(
      `async function* generator() { log('never') }
       return (async () => {
         const fresh = generator(), told = [await fresh.return(Promise.resolve(host(1)))]
         told.push(await fresh.return(Promise.resolve(2)))
         try { await generator().return(Promise.reject(host(3))) } catch (error) { told.push(error) }
         return told
       })()`,
      [{ value: 1, done: true }, { value: 2, done: true }, 3],
      [1, 3],
    ));

  it('throw what they are asked to throw before they have begun, and are ended then', () =>
    comesTo(
      `async function* generator() { log('never') }
       return (async () => { const it = generator(); try { await it.throw(host('early')) } catch (error) { return [error, await it.next()] } })()`,
      ['early', { value: undefined, done: true }],
    ));

  it('yield in a finally, and go on with the return afterwards', () =>
    comesTo(
      `async function* generator() { try { yield 1 } finally { yield host('still'); log('over') } }
       return (async () => { const it = generator(); return [await it.next(), await it.return('r'), await it.next(), await it.next()] })()`,
      [
        { value: 1, done: false },
        { value: 'still', done: false },
        { value: 'r', done: true },
        { value: undefined, done: true },
      ],
      ['still', 'over'],
    ));

  it('reject what is called on something else', () =>
    comesTo(
      `async function* generator() { yield host(1) }
       return (async () => {
         const told = []
         for (const method of ['next', 'return', 'throw']) try { await generator.prototype[method].call({}, 1) } catch (error) { told.push(error.name) }
         return told
       })()`,
      ['TypeError', 'TypeError', 'TypeError'],
    ));

  it('take their parameters apart when they are called, and throw at once what is wrong with them', () =>
    comesTo(
      `const given = { a: 1 }
       async function* generator({ a } = given, b = a, { ...c } = { b }) { log('body'); yield host([a, b, c]) }
       class Own { async *method({ a } = given) { yield host(a) } }
       for (const call of [() => generator(null), () => generator(given, 5, null), () => new Own().method(null), () => generator()])
         try { call(); log('called') } catch (error) { log(error.name) }
       const it = generator()
       given.a = 9
       return (async () => [(await it.next()).value, generator.length, generator.name])()`,
      [[1, 1, { b: 1 }], 0, 'generator'],
      ['TypeError', 'TypeError', 'TypeError', 'called', 'body', [1, 1, { b: 1 }]],
    ));

  it('show how many parameters come before the first with a default', () =>
    comesTo(
      `return [async function* (a, { b }, c = 1, d) { yield host(1) }, async function* (...rest) { yield host(1) }, { async *m([a], b) { yield host(1) } }.m].map((f) => f.length)`,
      [2, 0, 2],
    ));
});

describe('generators', () => {
  it('evaluate their parameters when they are called, and wait then', () =>
    comesTo(
      `function* generator(a = host('default'), { b } = a) { log('body'); yield [a, b] }
       try { generator(null) } catch (error) { log(error.name) }
       const it = generator()
       log('called')
       return [it.next('lost'), it.next()]`,
      [
        { value: ['default', undefined], done: false },
        { value: undefined, done: true },
      ],
      ['TypeError', 'default', 'called', 'body'],
    ));

  it('evaluate them as methods, too, and are nothing but generators otherwise', () =>
    comesTo(
      `class Own { *method([a] = [host(1)]) { yield [this === own, a, arguments.length] } static *stat({ a }) { yield host(a) } }
       const own = new Own(), o = { *method(a = host(2)) { yield a } }
       return [[...own.method()], [...own.method([3], 4)], [...o.method()], [...Own.stat({ a: 5 })], Own.prototype.method.length, Object.prototype.toString.call(o.method()), o.method() instanceof o.method]`,
      [[[true, 1, 0]], [[true, 3, 2]], [2], [5], 0, '[object Generator]', true],
    ));

  it('that are closed before they have begun run none of their body', () =>
    comesTo(
      `function* generator(a = host('default')) { try { yield a } finally { log('never') } }
       const told = [generator().return(1)]
       try { generator().throw(2) } catch (error) { told.push(error) }
       const it = generator()
       it.return()
       return [...told, it.next()]`,
      [{ value: 1, done: true }, 2, { value: undefined, done: true }],
      ['default', 'default', 'default'],
    ));

  it('can be called where a built-in calls them', () =>
    comesTo(
      `function* generator(value, index = host('no')) { yield value + index }
       function* lazy(a = host('default')) { yield a }
       return [[1, 2].map(generator).map((it) => [...it]), [...Reflect.apply(lazy, null, [])], [...lazy.call(null)], [...lazy.bind(null, 5)()], [...[1].map(() => lazy())[0]]]`,
      [[[1], [3]], ['default'], ['default'], [5], ['default']],
    ));

  it('take what their prototype is once their parameters are evaluated', () =>
    comesTo(
      `function* generator(a = (generator.prototype = { own: host(1) })) {}
       return generator().own`,
      1,
    ));
});
