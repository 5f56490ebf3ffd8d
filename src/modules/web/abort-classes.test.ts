// Signals as https://dom.spec.whatwg.org, section 3, has them; from compiled scripts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createScriptBench, runBody } from '../../../test/script-bench.ts';

const HEAD = `
  import { sleep } from 'k6';
  const seen = [];
  const note = (name) => () => { seen.push(name); };
  const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e?.name ?? e; } };`;

const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('an AbortController', () => {
  test('has one signal of its own, that changes once', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        const { signal } = c;
        signal.addEventListener('abort', note('abort'));
        c.abort('first');
        c.abort('second');
        return [c.signal === signal, signal instanceof AbortSignal, signal instanceof EventTarget, signal.aborted, signal.reason, seen];`),
      [true, true, true, true, 'first', ['abort']],
    );
  });

  test('takes any reason but undefined, for which there is an AbortError', async () => {
    assert.deepEqual(
      await run(`
        const reasonOf = (...args) => { const c = new AbortController(); c.abort(...args); return c.signal.reason; };
        const own = { own: 1 };
        return [reasonOf(null), reasonOf(0), reasonOf(''), reasonOf(own) === own, reasonOf().name, reasonOf(undefined).code, reasonOf() instanceof DOMException];`),
      [null, 0, '', true, 'AbortError', 20, true],
    );
  });

  test('has a signal without a reason before, which throws nothing', async () => {
    assert.deepEqual(
      await run(
        `const { signal } = new AbortController(); return [signal.aborted, signal.reason === undefined, signal.throwIfAborted() === undefined, signal.onabort];`,
      ),
      [false, true, true, null],
    );
  });

  test('shows its signal as aborted, with its reason, to those who hear of it', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        c.signal.addEventListener('abort', ({ target, bubbles, cancelable }) => seen.push(target.aborted, target.reason, bubbles, cancelable));
        c.abort('why');
        return seen;`),
      [true, 'why', false, false],
    );
  });

  test('that is told to abort from within a listener does it once', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        c.signal.addEventListener('abort', () => { seen.push('first'); c.abort('again'); });
        c.signal.addEventListener('abort', note('second'));
        c.abort('once');
        return [seen, c.signal.reason];`),
      [['first', 'second'], 'once'],
    );
  });

  test('tells the others of a listener that fails', async () => {
    const bench = await createScriptBench(`${HEAD}
      export default () => {
        const c = new AbortController();
        c.signal.addEventListener('abort', () => { throw new Error('of a listener'); });
        c.signal.addEventListener('abort', note('second'));
        c.abort();
        return seen;
      };`);
    assert.deepEqual(await bench.run(), ['second']);
    assert.deepEqual(bench.logs, ['unhandled: Error: of a listener']);
  });
});

describe('the property onabort', () => {
  test('takes its turn where it was first set, whatever is set later', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        c.signal.onabort = note('never');
        c.signal.addEventListener('abort', note('added'));
        const handler = note('property');
        c.signal.onabort = handler;
        const kept = c.signal.onabort === handler;
        c.abort();
        return [kept, seen];`),
      [true, ['property', 'added']],
    );
  });

  test('set to null forgets the function, and its turn', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        c.signal.onabort = note('never');
        c.signal.addEventListener('abort', note('added'));
        c.signal.onabort = null;
        const shown = c.signal.onabort;
        c.signal.onabort = note('last');
        c.abort();
        return [shown, seen];`),
      [null, ['added', 'last']],
    );
  });

  test('takes what is no function for null', async () => {
    assert.deepEqual(
      await run(
        `const c = new AbortController(); c.signal.onabort = () => {}; c.signal.onabort = 'text'; c.abort(); return c.signal.onabort;`,
      ),
      null,
    );
  });

  test('is another listener than the same function that was added', async () => {
    assert.deepEqual(
      await run(`
        const [a, b] = [new AbortController(), new AbortController()];
        const both = note('both');
        a.signal.onabort = both;
        a.signal.addEventListener('abort', both);
        a.signal.removeEventListener('abort', both);
        a.abort();
        const once = seen.splice(0);
        b.signal.addEventListener('abort', both);
        b.signal.onabort = both;
        b.abort();
        return [once, seen];`),
      [['both'], ['both', 'both']],
    );
  });

  test('that changes while the event is under way is what is called', async () => {
    assert.deepEqual(
      await run(`
        const [a, b] = [new AbortController(), new AbortController()];
        a.signal.addEventListener('abort', () => { a.signal.onabort = note('new'); });
        a.signal.onabort = note('old');
        a.abort();
        b.signal.addEventListener('abort', () => { b.signal.onabort = null; });
        b.signal.onabort = note('gone');
        b.abort();
        return seen;`),
      ['new'],
    );
  });
});

describe('AbortSignal.any()', () => {
  test('of none is never aborted', async () => {
    assert.equal(await run(`return AbortSignal.any([]).aborted;`), false);
  });

  test('is aborted at once, and silently, where one of them is; the first of them gives the reason', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        const any = AbortSignal.any([c.signal, AbortSignal.abort('one'), AbortSignal.abort('two')]);
        any.onabort = note('never');
        c.abort('later');
        return [any.aborted, any.reason, seen];`),
      [true, 'one', []],
    );
  });

  test('takes any iterable, and the same signal twice', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        const any = AbortSignal.any(new Set([c.signal]));
        const twice = AbortSignal.any([c.signal, c.signal]);
        for (const signal of [any, twice]) signal.onabort = note('heard');
        c.abort();
        return [any.aborted, twice.aborted, seen];`),
      [true, true, ['heard', 'heard']],
    );
  });

  test('refuses what is no list of signals', async () => {
    assert.deepEqual(
      await run(
        `return [undefined, null, 5, {}, [null], [{}], [new AbortController()]].map((v) => thrown(() => AbortSignal.any(v)));`,
      ),
      Array(7).fill('TypeError'),
    );
  });

  test('has all of them aborted before the first listener hears, source before followers', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        const near = AbortSignal.any([c.signal]);
        const far = AbortSignal.any([near]);
        const far2 = AbortSignal.any([near, c.signal]);
        const show = (name) => () => seen.push([name, c.signal.aborted, near.aborted, far.aborted, far2.aborted]);
        far2.onabort = show('far2'); far.onabort = show('far'); near.onabort = show('near'); c.signal.onabort = show('source');
        c.abort();
        return [seen[0], seen.slice(1).map(([name]) => name).sort(), seen.every((s) => !s.includes(false))];`),
      [['source', true, true, true, true], ['far', 'far2', 'near'], true],
    );
  });

  test('keeps the reason of the source that was first', async () => {
    assert.deepEqual(
      await run(`
        const [a, b] = [new AbortController(), new AbortController()];
        const any = AbortSignal.any([a.signal, b.signal]);
        any.addEventListener('abort', note('heard'));
        b.abort('b'); a.abort('a');
        return [any.reason, a.signal.reason, seen];`),
      ['b', 'a', ['heard']],
    );
  });
});

describe('AbortSignal.timeout()', () => {
  test('refuses what is no time', async () => {
    assert.deepEqual(
      await run(`return [undefined, -1, NaN, 'soon', {}].map((v) => thrown(() => AbortSignal.timeout(v)));`),
      Array(5).fill('TypeError'),
    );
  });

  test('is not aborted at once, even without time', async () => {
    assert.equal(await run(`return AbortSignal.timeout(0).aborted;`), false);
  });

  test('ends what waits for it while the virtual user is blocked', async () => {
    assert.deepEqual(
      await run(`
        const signal = AbortSignal.timeout(1);
        const any = AbortSignal.any([signal]);
        let rounds = 0;
        while (!signal.aborted && rounds++ < 10_000) sleep(0.001);
        return [signal.aborted, any.aborted, any.reason === signal.reason, signal.reason.name, signal.reason.code];`),
      [true, true, true, 'TimeoutError', 23],
    );
  });

  test('does not keep an iteration from ending, and nothing is heard of it afterwards', async () => {
    const bench = await createScriptBench(`
      let signal; let heard = 0;
      export default () => { signal = AbortSignal.timeout(1); signal.onabort = () => { heard++; }; };
      export const isAborted = () => signal.aborted;
      export const count = () => heard;`);
    await bench.run();
    bench.vu.iteration.inVu++;
    while (!(await bench.run('isAborted'))) await new Promise(setImmediate);
    assert.equal(await bench.run('count'), 0);
    assert.deepEqual(bench.logs, []);
  });

  test('takes a time beyond what timers can wait, and goes off at no other', async () => {
    assert.deepEqual(
      await run(`const signal = AbortSignal.timeout(2 ** 40); sleep(0.005); return signal.aborted;`),
      false,
    );
  });
});

describe('AbortSignal.abort() and throwIfAborted()', () => {
  test('give and throw the very reason', async () => {
    assert.deepEqual(
      await run(`
        const own = new RangeError('own');
        return [thrown(() => AbortSignal.abort(own).throwIfAborted()), AbortSignal.abort(own).reason === own, thrown(() => AbortSignal.abort(0).throwIfAborted()), AbortSignal.abort().reason.name];`),
      ['RangeError', true, 0, 'AbortError'],
    );
  });

  test('make no signal by `new`, nor of what is none', async () => {
    assert.deepEqual(
      await run(`return [thrown(() => new AbortSignal()), thrown(() => AbortController()), thrown(() => AbortSignal.prototype.throwIfAborted.call({})),
        thrown(() => Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted').get.call(new EventTarget()))];`),
      Array(4).fill('TypeError'),
    );
  });
});
