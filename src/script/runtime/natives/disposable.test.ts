// `using`, `await using` and stacks of resources whose disposal waits (Explicit Resource Management).
import { describe, it } from 'node:test';
import { comesTo } from '../../../../test/compiler/as-in-node.fixture.ts';

const RESOURCE = 'const resource = (name) => ({ name, [Symbol.dispose]() { host(name) } })';

describe('using', () => {
  it('disposes in the opposite order, however the block is left', () =>
    comesTo(
      `${RESOURCE}
       const leave = (how) => {
         for (const turn of [1, 2]) {
           using a = resource('a'), b = resource('b')
           if (how === 'return') return 'returned'
           if (how === 'break') break
           if (how === 'continue') continue
           if (how === 'throw') throw 'thrown'
         }
         return 'ended'
       }
       return ['return', 'break', 'continue', 'throw', 'end'].map((how) => { log(how); try { return leave(how) } catch (error) { return error } })`,
      ['returned', 'ended', 'ended', 'thrown', 'ended'],
      [
        'return',
        'b',
        'a',
        'break',
        'b',
        'a',
        'continue',
        'b',
        'a',
        'b',
        'a',
        'throw',
        'b',
        'a',
        'end',
        'b',
        'a',
        'b',
        'a',
      ],
    ));

  it('takes null and undefined for nothing, and refuses what cannot be disposed of', () =>
    comesTo(
      `${RESOURCE}
       const told = []
       for (const value of [null, undefined, 5, 'text', {}, { [Symbol.dispose]: 5 }])
         try { using first = resource('first'); using held = value; told.push('held') } catch (error) { told.push(error.name) }
       return told`,
      ['held', 'held', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
      ['first', 'first', 'first', 'first', 'first', 'first'],
    ));

  it('reads the method once, when the resource is declared', () =>
    comesTo(
      `const r = { get [Symbol.dispose]() { log('read'); return function () { host(this === r) } } }
       { using held = r; log('body') }`,
      undefined,
      ['read', 'body', true],
    ));

  it('suppresses the earlier of several errors in the later', () =>
    comesTo(
      `const failing = (name) => ({ [Symbol.dispose]() { throw host(name) } })
       try { using a = failing('a'), b = failing('b'); throw 'body' }
       catch (error) { return [error.name, error.error, error.suppressed.name, error.suppressed.error, error.suppressed.suppressed] }`,
      ['SuppressedError', 'a', 'SuppressedError', 'b', 'body'],
    ));

  it('disposes of what a loop declares at the end of every turn', () =>
    comesTo(
      `${RESOURCE}
       for (using r of [resource(1), resource(2), null]) log(r?.name ?? 'none')
       for (using r = resource('for'); !r.seen; r.seen = true) log('turn')`,
      undefined,
      [1, 1, 2, 2, 'none', 'turn', 'for'],
    ));

  it('disposes at the end of functions, generators that are closed early and static blocks', () =>
    comesTo(
      `${RESOURCE}
       function* generator() { using r = resource('generator'); yield 1; log('never') }
       for (const value of generator()) break
       class Own { static { using r = resource('static'); log('block') } }
       return (() => { using r = resource('arrow'); return host('value') })()`,
      'value',
      ['generator', 'block', 'static', 'value', 'arrow'],
    ));
});

describe('await using', () => {
  it('awaits each disposal before the next, and falls back to what is not asynchronous', () =>
    comesTo(
      `return (async () => {
         { await using a = { async [Symbol.asyncDispose]() { host('a'); await null; log('a over') } }, b = { [Symbol.dispose]() { host('b') } }, none = null
           using c = { [Symbol.dispose]() { host('c') } } }
         return 'behind'
       })()`,
      'behind',
      ['c', 'b', 'a', 'a over'],
    ));

  it('does not await what a disposal that is not asynchronous returns', () =>
    comesTo(
      `return (async () => { { await using a = { [Symbol.dispose]() { host('called'); return Promise.reject('never seen').catch(() => {}) } } } return 'behind' })()`,
      'behind',
      ['called'],
    ));

  it('throws what a disposal rejects with, and suppresses as using does', () =>
    comesTo(
      `const failing = (name) => ({ async [Symbol.asyncDispose]() { throw host(name) } })
       return (async () => {
         const told = []
         try { await using a = failing('alone') } catch (error) { told.push(error) }
         try { await using a = failing('a'); throw 'body' } catch (error) { told.push(error.error, error.suppressed) }
         return told
       })()`,
      ['alone', 'a', 'body'],
    ));
});

describe('DisposableStack', () => {
  it('disposes of what it was given, the last first, once', () =>
    comesTo(
      `const stack = new DisposableStack(), used = { [Symbol.dispose]() { host('used') } }
       const results = [stack.use(used) === used, stack.adopt(5, (value) => host(value)), stack.defer(() => host('deferred')), stack.disposed]
       stack.dispose(); stack.dispose()
       return [...results, stack.disposed]`,
      [true, 5, undefined, false, true],
      ['deferred', 5, 'used'],
    ));

  it('hands everything over by move, and can be used no more', () =>
    comesTo(
      `const stack = new DisposableStack()
       stack.defer(() => host('deferred'))
       const moved = stack.move(), told = [stack.disposed, moved.disposed]
       stack.dispose(); log('nothing yet'); moved.dispose()
       for (const use of [() => stack.use(null), () => stack.defer(host), () => stack.adopt(1, host), () => stack.move()]) try { use() } catch (error) { told.push(error.name) }
       return told`,
      [true, false, 'ReferenceError', 'ReferenceError', 'ReferenceError', 'ReferenceError'],
      ['nothing yet', 'deferred'],
    ));

  it('goes on where a disposal throws, and is disposed of before the first', () =>
    comesTo(
      `const stack = new DisposableStack()
       stack.defer(() => { throw host('first') }); stack.defer(() => host(stack.disposed)); stack.defer(() => { throw host('second') })
       try { stack.dispose() } catch (error) { return [error.name, error.error, error.suppressed] }`,
      ['SuppressedError', 'first', 'second'],
      ['second', true, 'first'],
    ));

  it('is a resource itself, and refuses what is none', () =>
    comesTo(
      `const told = []
       { using stack = new DisposableStack(); stack.defer(() => host('deferred')); told.push(stack.use(null), stack.use(undefined)) }
       const stack = new DisposableStack()
       for (const use of [() => stack.use({}), () => stack.use(5), () => stack.adopt(1, null), () => stack.defer(5), () => stack.use.call({}, null), () => DisposableStack()]) try { use(); told.push('taken') } catch (error) { told.push(error.name) }
       return told`,
      [null, undefined, 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));
});

describe('AsyncDisposableStack', () => {
  it('awaits each disposal in its turn', () =>
    comesTo(
      `return (async () => {
         const stack = new AsyncDisposableStack()
         stack.use({ async [Symbol.asyncDispose]() { host('a'); await null; log('a over') } })
         stack.use({ [Symbol.dispose]() { host('b') } })
         stack.defer(async () => { await null; host('c') })
         stack.adopt('d', async (value) => host(value))
         await stack.disposeAsync()
         await stack.disposeAsync()
         return stack.disposed
       })()`,
      true,
      ['d', 'c', 'b', 'a', 'a over'],
    ));

  it('rejects with what went wrong when all is disposed of', () =>
    comesTo(
      `return (async () => {
         const stack = new AsyncDisposableStack()
         stack.defer(() => host('still')); stack.defer(async () => { throw host('later') }); stack.defer(() => { throw host('at once') })
         try { await stack.disposeAsync() } catch (error) { return [error.name, error.error, error.suppressed] }
       })()`,
      ['SuppressedError', 'later', 'at once'],
      ['at once', 'later', 'still'],
    ));

  it('hands everything over by move', () =>
    comesTo(
      `return (async () => {
         const stack = new AsyncDisposableStack()
         stack.defer(async () => host('deferred'))
         const moved = stack.move()
         await stack.disposeAsync(); log('nothing yet'); await moved.disposeAsync()
         try { stack.defer(host) } catch (error) { return [error.name, moved.disposed] }
       })()`,
      ['ReferenceError', true],
      ['nothing yet', 'deferred'],
    ));
});
