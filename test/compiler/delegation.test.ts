// `yield*` (ECMA-262 §15.5.5): the generator hands on what it is asked, and what the inner iterator answers decides how it goes on.
import { describe, it } from 'node:test';
import { comesTo } from './as-in-node.fixture.ts';

/** An iterator that tells what it is asked; `answers` are its methods. */
const iterator = (answers: string): string => `({ [Symbol.iterator]() { return this }, ${answers} })`;
const asyncIterator = (answers: string): string => `({ [Symbol.asyncIterator]() { return this }, ${answers} })`;
const COUNTS = 'next() { return { value: host(1), done: false } }';

describe('yield* in a generator that waits', () => {
  it('gives what it is sent to the inner iterator, the first time undefined', () =>
    comesTo(
      `const inner = ${iterator('next(sent) { log(sent); return { value: host(1), done: sent === "end" } }')}
       function* outer() { return yield* inner }
       const it = outer()
       return [it.next('lost').done, it.next('kept').done, it.next('end')]`,
      [false, false, { value: 1, done: true }],
      [undefined, 1, 'kept', 1, 'end', 1],
    ));

  it('brings the very result object that the inner iterator has made', () =>
    comesTo(
      `const result = { value: 1, done: false, more: 2 }
       function* outer() { yield* ${iterator('next() { host(1); return result }')} }
       return outer().next() === result`,
      true,
    ));

  it('asks of a result whether it is the last, and for the value only then', () =>
    comesTo(
      `let last = false
       const inner = ${iterator('next() { host("next"); return { get done() { log("done"); return last }, get value() { log("value"); return 5 } } }')}
       function* outer() { const value = yield* inner; log(['came to', value]) }
       const it = outer()
       it.next()
       last = true
       it.next()`,
      undefined,
      ['next', 'done', 'next', 'done', 'value', ['came to', 5]],
    ));

  it('refuses a result that is no object', () =>
    comesTo(
      `function* outer() { yield* ${iterator('next() { return host(1) }')} }
       try { outer().next() } catch (error) { return error instanceof TypeError }`,
      true,
      [1],
    ));

  it('hands a return on with its value, and ends with the value that the inner iterator makes of it', () =>
    comesTo(
      `const inner = ${iterator(`${COUNTS}, return(value) { host(['return', value]); return { value: 'made of it', done: true } }`)}
       function* outer() { try { yield* inner; log('never') } finally { log('finally') } }
       const it = outer()
       it.next()
       return [it.return('asked'), it.next()]`,
      [
        { value: 'made of it', done: true },
        { value: undefined, done: true },
      ],
      [1, ['return', 'asked'], 'finally'],
    ));

  it('goes on where the inner iterator does not agree to return', () =>
    comesTo(
      `const inner = ${iterator(`${COUNTS}, return(value) { host(value); return { value: 'not yet', done: false } }`)}
       function* outer() { yield* inner; log('never') }
       const it = outer()
       return [it.next(), it.return(7), it.next(), it.return(8)]`,
      [
        { value: 1, done: false },
        { value: 'not yet', done: false },
        { value: 1, done: false },
        { value: 'not yet', done: false },
      ],
      [1, 7, 1, 8],
    ));

  it('returns by itself where the inner iterator knows nothing of return', () =>
    comesTo(
      `function* outer() { yield* ${iterator(COUNTS)}; log('never') }
       const it = outer()
       it.next()
       return [it.return('value'), it.next()]`,
      [
        { value: 'value', done: true },
        { value: undefined, done: true },
      ],
    ));

  it('refuses what return brings if it is no object', () =>
    comesTo(
      `function* outer() { yield* ${iterator(`${COUNTS}, return() { return host(5) }`)} }
       const it = outer()
       it.next()
       try { it.return() } catch (error) { return [error.name, it.next()] }`,
      ['TypeError', { value: undefined, done: true }],
      [1, 5],
    ));

  it('does not run on behind the delegation when a generator inside waits in its finally', () =>
    comesTo(
      `function* inner() { try { yield 1; yield 2 } finally { host('clean up'); host('done') } }
       function* outer() { try { yield* inner(); log('never') } finally { host('outer') } }
       for (const value of outer()) { log(value); break }
       return 'after the loop'`,
      'after the loop',
      [1, 'clean up', 'done', 'outer'],
    ));

  it('lets a finally inside yield before the return goes through', () =>
    comesTo(
      `function* inner() { try { yield 1 } finally { yield host('one more'); host('last') } }
       function* outer() { const value = yield* inner(); log(['came to', value]) }
       const it = outer()
       return [it.next(), it.return('r'), it.next(), it.next()]`,
      [
        { value: 1, done: false },
        { value: 'one more', done: false },
        { value: undefined, done: true },
        { value: undefined, done: true },
      ],
      ['one more', 'last', ['came to', 'r']],
    ));

  it('takes what a finally inside returns instead', () =>
    comesTo(
      `function* inner() { try { yield host(1) } finally { return host('instead') } }
       function* outer() { yield* inner(); log('never') }
       const it = outer()
       it.next()
       return it.return('asked')`,
      { value: 'instead', done: true },
      [1, 'instead'],
    ));

  it('hands a return through several generators, innermost first', () =>
    comesTo(
      `function* level(n) { try { if (n === 0) yield host('deep'); else yield* level(n - 1) } finally { host(n) } }
       const it = level(3)
       it.next()
       return [it.return('up'), it.next()]`,
      [
        { value: 'up', done: true },
        { value: undefined, done: true },
      ],
      ['deep', 0, 1, 2, 3],
    ));

  it('throws into the inner iterator, whose answer is a value like any', () =>
    comesTo(
      `function* inner() { for (;;) try { yield host('ready') } catch (error) { log(error); if (error === 'stop') return 'stopped' } }
       function* outer() { const value = yield* inner(); yield ['then', value] }
       const it = outer()
       return [it.next(), it.throw('go on'), it.throw('stop')]`,
      [
        { value: 'ready', done: false },
        { value: 'ready', done: false },
        { value: ['then', 'stopped'], done: false },
      ],
      ['ready', 'go on', 'ready', 'stop'],
    ));

  it('closes an iterator that cannot be thrown into, and throws a TypeError', () =>
    comesTo(
      `const inner = ${iterator(`${COUNTS}, return(...args) { host(['closed with', args.length]); return {} }`)}
       function* outer() { try { yield* inner } catch (error) { return error.name } }
       const it = outer()
       it.next()
       return it.throw(new RangeError('lost'))`,
      { value: 'TypeError', done: true },
      [1, ['closed with', 0]],
    ));

  it('throws what that closing throws', () =>
    comesTo(
      `const inner = ${iterator(`${COUNTS}, return() { throw new RangeError(host('closing')) }`)}
       function* outer() { try { yield* inner } catch (error) { return error.message } }
       const it = outer()
       it.next()
       return it.throw(1).value`,
      'closing',
      [1, 'closing'],
    ));

  it('catches what the inner next throws, and does not close then', () =>
    comesTo(
      `const inner = ${iterator('next() { throw new RangeError(host("next")) }, return() { log("never"); return {} }')}
       function* outer() { try { yield* inner } catch (error) { yield error.message } }
       return [...outer()]`,
      ['next'],
      ['next'],
    ));

  it('walks through strings, arrays with holes and sets', () =>
    comesTo(
      `function* outer() { host(1); const value = yield* 'añ𝒳'; yield* [1, , 3]; yield* new Set([host(2)]); return value }
       return [...outer()]`,
      ['a', 'ñ', '𝒳', 1, undefined, 3, 2],
    ));

  it('sees what is added to an array meanwhile', () =>
    comesTo(
      `const list = [1]
       function* outer() { yield* list; host('end') }
       const seen = []
       for (const value of outer()) { seen.push(value); if (list.length < 4) list.push(value * 10) }
       return seen`,
      [1, 10, 100, 1000],
      ['end'],
    ));

  it('cannot be thrown into while it walks through an array', () =>
    comesTo(
      `function* outer() { try { yield* [host(1), 2] } catch (error) { return error.name } }
       const it = outer()
       it.next()
       return [it.throw(1), it.next()]`,
      [
        { value: 'TypeError', done: true },
        { value: undefined, done: true },
      ],
    ));

  it('refuses what is not iterable when it gets there, and not before', () =>
    comesTo(
      `function* outer(inner) { yield host('before'); yield* inner }
       return [5, null, undefined, {}].map((inner) => {
         const it = outer(inner)
         it.next()
         try { it.next() } catch (error) { return error.name }
       })`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));

  it('keeps several walks apart that are in progress at once', () =>
    comesTo(
      `function* inner(name) { for (let i = 0; i < 2; i++) { const sent = yield host(name + i); log(name + sent) } return name }
       function* outer(name) { return yield* inner(name) }
       const a = outer('a'), b = outer('b')
       a.next(); b.next(); a.next(1); b.next(2)
       return [a.next(3), b.return('stopped')]`,
      [
        { value: 'a', done: true },
        { value: 'stopped', done: true },
      ],
      ['a0', 'b0', 'a1', 'a1', 'b2', 'b1', 'a3'],
    ));
});

describe('yield* in an asynchronous generator', () => {
  it('hands return and throw on to an iterator that is asynchronous', () =>
    comesTo(
      `const inner = ${asyncIterator('async next(v) { return { value: host(["next", v]), done: false } }, async throw(e) { return { value: host(["throw", e]), done: false } }, async return(v) { return { value: host(["return", v]), done: true } }')}
       async function* outer() { try { yield* inner; log('never') } finally { log('finally') } }
       return (async () => {
         const it = outer()
         const seen = [await it.next('lost'), await it.next('a'), await it.throw('b'), await it.return('c'), await it.next()]
         return seen.map(({ value, done }) => [value, done])
       })()`,
      [
        [['next', undefined], false],
        [['next', 'a'], false],
        [['throw', 'b'], false],
        [['return', 'c'], true],
        [undefined, true],
      ],
    ));

  it('asks the iterator for its methods when they are needed, each time', () =>
    comesTo(
      `const inner = ${asyncIterator(`${COUNTS}, get return() { log('asked for return'); return undefined }, get throw() { log('asked for throw'); return async () => ({ value: 2, done: false }) }`)}
       async function* outer() { yield* inner }
       return (async () => {
         const it = outer()
         await it.next(); await it.throw(1); await it.throw(2)
         return it.return(7)
       })()`,
      { value: 7, done: true },
      [1, 'asked for throw', 'asked for throw', 'asked for return'],
    ));

  it('sends values into an iterator that is not asynchronous', () =>
    comesTo(
      `const inner = ${iterator('next(sent) { log(sent); return { value: host(1), done: sent === "end" } }')}
       async function* outer() { return yield* inner }
       return (async () => { const it = outer(); await it.next('lost'); await it.next('kept'); return it.next('end') })()`,
      { value: 1, done: true },
      [undefined, 1, 'kept', 1, 'end', 1],
    ));

  it('awaits the promises that such an iterator yields and returns', () =>
    comesTo(
      `const inner = ${iterator('next() { return { value: Promise.resolve(host(1)), done: false } }, return(v) { return { value: Promise.resolve([v, host(2)]), done: true } }')}
       async function* outer() { yield* inner }
       return (async () => { const it = outer(); return [await it.next(), await it.return('r'), await it.next()] })()`,
      [
        { value: 1, done: false },
        { value: ['r', 2], done: true },
        { value: undefined, done: true },
      ],
    ));

  it('closes such an iterator where a promise that it yields is rejected', () =>
    comesTo(
      `const inner = ${iterator('next() { return { value: Promise.reject(host("bad")), done: false } }, return() { log("closed"); return {} }')}
       async function* outer() { try { yield* inner } catch (error) { return ['caught', error] } }
       return outer().next()`,
      { value: ['caught', 'bad'], done: true },
      ['bad', 'closed'],
    ));

  it('closes an iterator without throw, waits until it is closed, and throws a TypeError', () =>
    comesTo(
      `const inner = ${asyncIterator(`${COUNTS}, async return() { await null; log(host('closed')); return {} }`)}
       async function* outer() { yield* inner }
       return (async () => {
         const it = outer()
         await it.next()
         try { await it.throw(new RangeError('lost')) } catch (error) { return [error.name, await it.next()] }
       })()`,
      ['TypeError', { value: undefined, done: true }],
      [1, 'closed', 'closed'],
    ));

  it('refuses what an iterator brings that is no object', () =>
    comesTo(
      `const outcomes = []
       async function* outer(inner) { yield* inner }
       return (async () => {
         for (const answer of [5, Promise.resolve('text'), undefined])
           try { await outer(${asyncIterator('next() { host(1); return answer }')}).next() } catch (error) { outcomes.push(error.name) }
         return outcomes
       })()`,
      ['TypeError', 'TypeError', 'TypeError'],
      [1, 1, 1],
    ));

  it('runs the cleaning up inside before it returns', () =>
    comesTo(
      `async function* inner() { try { yield 1; yield 2 } finally { host('first'); await null; host('second') } }
       async function* outer() { yield* inner(); log('never') }
       return (async () => { for await (const value of outer()) { log(value); break } return 'after' })()`,
      'after',
      [1, 'first', 'second'],
    ));
});
