import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';

/** Runs the body of a default function. */
async function run(body: string, head = ''): Promise<unknown> {
  const bench = await createScriptBench(`${head}\nexport default async function () { ${body} }`);
  return bench.run();
}

test('URL parses, resolves, changes and shows an address, and its query is live', async () => {
  assert.deepEqual(
    await run(`
      const u = new URL('../c?q=1#h', 'https://user:pw@shop.test:8443/a/b/');
      u.searchParams.append('r', 'ä b');
      u.hash = '';
      u.port = '443';
      const seen = [];
      u.searchParams.forEach((v, k, all) => seen.push(k + v + (all === u.searchParams)));
      return [u.href, u.origin, String(u), JSON.stringify({ u }), u.host, u.username, seen, [...u.searchParams], u.searchParams.size,
        u instanceof URL, Object.prototype.toString.call(u), URL.canParse('x'), URL.parse('x'), URL.parse('a:b').href];`),
    [
      'https://user:pw@shop.test/a/c?q=1&r=%C3%A4+b',
      'https://shop.test',
      'https://user:pw@shop.test/a/c?q=1&r=%C3%A4+b',
      '{"u":"https://user:pw@shop.test/a/c?q=1&r=%C3%A4+b"}',
      'shop.test',
      'user',
      ['q1true', 'rä btrue'],
      [
        ['q', '1'],
        ['r', 'ä b'],
      ],
      2,
      true,
      '[object URL]',
      false,
      null,
      'a:b',
    ],
  );
});

test('an address that is none is a TypeError of the script that names it', async () => {
  assert.deepEqual(
    await run(
      `try { new URL('/path'); } catch (e) { return [e instanceof TypeError, e.message, /^TypeError: Invalid URL.*\\n *at /.test(e.stack)]; }`,
    ),
    [true, 'Invalid URL: "/path"', true],
  );
});

test('URLSearchParams takes text, pairs, records, maps and others, and is iterated over while it changes', async () => {
  assert.deepEqual(
    await run(`
      const of = (v) => new URLSearchParams(v).toString();
      const p = new URLSearchParams('a=1&b=2');
      const seen = [];
      for (const [k] of p) { seen.push(k); if (k === 'a') p.append('c', '3'); }
      return [of('?x=1'), of([['a', 1], ['a', 2]]), of({ a: 1, b: null }), of(new Map([['m', 'n']])), of(p), of(), of(7), seen,
        p.getAll('a'), p.has('a', '2'), p.delete('a'), p.get('a'), [...p.keys()], [...p.values()], p.entries().next()];`),
    [
      'x=1',
      'a=1&a=2',
      'a=1&b=null',
      'm=n',
      'a=1&b=2&c=3',
      '',
      '7=',
      ['a', 'b', 'c'],
      ['1'],
      false,
      null,
      null,
      ['b', 'c'],
      ['2', '3'],
      { value: ['b', '2'], done: false },
    ],
  );
  await assert.rejects(run(`new URLSearchParams([['a']])`), /takes pairs of a name and a value/);
});

test('a callback of forEach may block', async () => {
  assert.deepEqual(
    await run(
      `const seen = []; new URLSearchParams('a=1&b=2').forEach((v, k) => { sleep(0.001); seen.push(k + v); }); return seen;`,
      `import { sleep } from 'k6';`,
    ),
    ['a1', 'b2'],
  );
});

test('a script that defines its own keeps it, and another virtual user does not see it', async () => {
  const own = [
    ['const URL = class { is = "own" };', 'new URL().is'],
    ['class Headers { is = "own" }', 'new Headers().is'],
    ['function fetch() { return "own"; }', 'fetch()'],
    ['globalThis.fetch = () => "own";', 'fetch()'],
    ['globalThis.URL = function () { this.is = "own"; };', 'new URL().is'],
    ['Object.defineProperty(globalThis, "Blob", { value: "own" });', 'Blob'],
    ['FormData = "own";', 'FormData'],
    ['global.structuredClone ??= "own";', 'typeof structuredClone === "function" ? "own" : 0'],
    ['delete globalThis.URL; var URL = "own";', 'URL'],
  ];
  for (const [head, read] of own) assert.equal(await run(`return ${read};`, head), 'own', head);
  assert.equal(await run('return typeof URL;'), 'function');
});

test('the names are there for whoever asks, as ordinary globals are', async () => {
  assert.deepEqual(
    await run(`const { fetch, Headers: H, queueMicrotask: q } = globalThis;
      const names = ['URL', 'fetch', 'Headers', 'queueMicrotask'];
      return [names.map((n) => n in globalThis), names.map((n) => typeof globalThis[n]), Object.keys(globalThis).includes('URL'),
        URL === globalThis.URL, typeof performance, typeof process, typeof Buffer];`),
    [
      [true, true, true, true],
      ['function', 'function', 'function', 'function'],
      false,
      true,
      'undefined',
      'undefined',
      'undefined',
    ],
  );
  for (const [name, way] of [
    ['Buffer', /k6\/encoding/],
    ['process', /__ENV/],
    ['performance', /Date\.now/],
  ] as const)
    await assert.rejects(
      run(`${name}.x`),
      (error: Error) => error.message.includes(`${name} is not defined`) && way.test(error.message),
    );
});

test('abort tells listeners in order, once, and handlers may block', async () => {
  assert.deepEqual(
    await run(
      `const seen = [];
       const c = new AbortController();
       const { signal } = c;
       signal.addEventListener('abort', () => { sleep(0.001); seen.push('first'); });
       signal.onabort = function (e) { seen.push(['on', this === signal, e.target === signal, e.type, e.isTrusted]); };
       signal.addEventListener('abort', { handleEvent(e) { seen.push('object'); e.stopImmediatePropagation(); } }, { once: true });
       signal.addEventListener('abort', () => seen.push('never'));
       const any = AbortSignal.any([new AbortController().signal, AbortSignal.any([signal])]);
       any.onabort = () => seen.push('any');
       c.abort(); c.abort('again');
       let thrown; try { signal.throwIfAborted(); } catch (e) { thrown = [e instanceof DOMException, e instanceof Error, e.name, e.code, e.message]; }
       return [seen, any.reason === signal.reason, thrown, AbortSignal.abort(5).reason, new AbortController().signal.aborted];`,
      `import { sleep } from 'k6';`,
    ),
    [
      ['first', ['on', true, true, 'abort', true], 'object', 'any'],
      true,
      [true, true, 'AbortError', 20, 'This operation was aborted'],
      5,
      false,
    ],
  );
});

test('a signal with a time aborts by itself, and its listener is a job of the virtual user', async () => {
  assert.deepEqual(
    await run(
      `const signal = AbortSignal.timeout(5);
       return await new Promise((resolve) => {
         const keep = setInterval(() => {}, 1);
         signal.addEventListener('abort', () => { sleep(0.001); clearInterval(keep); resolve([signal.aborted, signal.reason.name]); });
       });`,
      `import { sleep } from 'k6';`,
    ),
    [true, 'TimeoutError'],
  );
});

test('events reach the listeners of a target, subclasses too; what a listener throws fails the iteration and no other', async () => {
  assert.deepEqual(
    await run(
      `class Bus extends EventTarget {}
       const bus = new Bus(); const seen = []; const stop = new AbortController();
       const f = (e) => seen.push([e.type, e.detail, e.currentTarget === bus, e.composedPath().length]);
       bus.addEventListener('x', f); bus.addEventListener('x', f);
       bus.addEventListener('x', () => seen.push('gone'), { signal: stop.signal });
       stop.abort();
       const e = new CustomEvent('x', { detail: { n: 1 }, cancelable: true });
       bus.addEventListener('x', (e) => e.preventDefault());
       const first = bus.dispatchEvent(e);
       bus.removeEventListener('x', f);
       bus.dispatchEvent(new Event('x'));
       return [seen, first, e.defaultPrevented, e instanceof Event, e.currentTarget, Event.AT_TARGET];`,
    ),
    [[['x', { n: 1 }, true, 1]], false, true, true, null, 2],
  );
  const bench = await createScriptBench(`let heard = 0;
    export default () => { const t = new EventTarget();
      t.addEventListener('x', () => { throw new Error('of a listener'); }); t.addEventListener('x', () => { heard++; });
      t.dispatchEvent(new Event('x')); }
    export const count = () => heard;`);
  await bench.run();
  assert.deepEqual(bench.logs, ['unhandled: Error: of a listener']);
  assert.equal(await bench.run('count'), 1);
});

test('structuredClone copies every kind of data, circles and shared parts, and refuses the rest', async () => {
  assert.deepEqual(
    await run(`
      const shared = { s: 1 };
      const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
      const given = { n: 1n < 2n, d: new Date(5), r: /a/gi, m: new Map([[shared, new Set([shared])]]), list: [1, , 3], b: new Boolean(false),
        view: new Uint16Array(buffer, 2, 1), all: new Uint8Array(buffer), e: new RangeError('r'), nan: NaN, u: undefined, nested: { shared },
        get read() { return 'got'; }, blob: new Blob(['ab'], { type: 't/x' }), file: new File(['c'], 'c.txt') };
      given.self = given;
      class Own { x = 1; }
      given.own = new Own();
      const c = structuredClone(given);
      const [[key, set]] = [...c.m];
      const text = await c.blob.text();
      const moved = new ArrayBuffer(8);
      const got = structuredClone({ moved }, { transfer: [moved] });
      const fails = [() => 1, Symbol('s'), Promise.resolve(), new WeakMap(), new Proxy({}, {}), { deep: [() => 1] }].map((v) => {
        try { structuredClone(v); return 'cloned'; } catch (e) { return [e instanceof DOMException, e.name, e.code]; } });
      return [c !== given, c.self === c, c.d instanceof Date && c.d.getTime(), String(c.r), c.r.lastIndex, key.s, set.has(key), key === c.nested.shared, 1 in c.list,
        c.list.length, typeof c.b, c.view[0], c.view.buffer === c.all.buffer, c.e instanceof RangeError, c.e.message, Number.isNaN(c.nan), 'u' in c,
        c.read, Object.getOwnPropertyDescriptor(c, 'read').get === undefined, text, c.blob.type, c.file.name, c.own instanceof Own, c.own.x,
        moved.byteLength, got.moved.byteLength, fails.every((f) => f[0] && f[1] === 'DataCloneError' && f[2] === 25)];`),
    [
      ...[true, true, 5, '/a/gi', 0, 1, true, true, false],
      ...[3, 'object', 0x0403, true, true, 'r', true, true],
      ...['got', true, 'ab', 't/x', 'c.txt', false, 1],
      ...[0, 8, true],
    ],
  );
});

test('atob and btoa', async () => {
  assert.deepEqual(
    await run(`const fails = [() => btoa('ä€'), () => atob('a'), () => atob('ab=c'), () => atob('====')].map((f) => { try { f(); } catch (e) { return [e.name, e.code]; } });
      return [btoa('a\\xff'), atob(' Yf8= ') === 'a\\xff', atob('YQ'), btoa(''), fails];`),
    ['Yf8=', true, 'a', '', Array(4).fill(['InvalidCharacterError', 5])],
  );
});

test('a microtask runs before timers, in order, and may block', async () => {
  assert.deepEqual(
    await run(
      `const seen = [];
       await new Promise((resolve) => {
         setTimeout(() => { seen.push('timer'); resolve(); }, 0);
         queueMicrotask(function () { sleep(0.001); seen.push(arguments.length); });
         Promise.resolve().then(() => seen.push('then'));
       });
       return seen;`,
      `import { sleep } from 'k6';`,
    ),
    [0, 'then', 'timer'],
  );
  await assert.rejects(run('queueMicrotask(5)'), /requires a function/);
});

test('Headers joins, sorts, checks and iterates', async () => {
  assert.deepEqual(
    await run(`
      const h = new Headers({ B: ' 2 ', a: '1' }); h.append('b', '3'); h.append('Set-Cookie', 'x=1'); h.append('set-cookie', 'y=2');
      const fails = [() => h.set('a b', '1'), () => h.set('a', 'x\\ny'), () => new Headers([['a']])].map((f) => { try { f(); return 0; } catch (e) { return e instanceof TypeError; } });
      return [[...h], h.get('B'), h.has('c'), h.getSetCookie(), h.delete('b'), [...new Headers(h).keys()], [...new Headers([['k', 'v']])], fails];`),
    [
      [
        ['a', '1'],
        ['b', '2, 3'],
        ['set-cookie', 'x=1'],
        ['set-cookie', 'y=2'],
      ],
      '2, 3',
      false,
      ['x=1', 'y=2'],
      null,
      ['a', 'set-cookie', 'set-cookie'],
      [['k', 'v']],
      [true, true, true],
    ],
  );
});

test('FormData holds text and files, in order', async () => {
  assert.deepEqual(
    await run(`
      const f = new FormData(); f.append('a', 1); f.append('a', 2); f.append('file', new Blob(['x'], { type: 'text/x' }), 'n.txt'); f.append('b', 'z');
      f.set('a', 3);
      const file = f.get('file');
      return [[...f.keys()], f.getAll('a'), file instanceof File, file instanceof Blob, file.name, file.type, await file.text(), f.has('q'), f.delete('a'), f.get('a')];`),
    [['a', 'file', 'b'], ['3'], true, true, 'n.txt', 'text/x', 'x', false, null, null],
  );
});

test('what is called on the wrong object is a TypeError of the script', async () => {
  const calls = [
    'URL.prototype.toString.call({})',
    'Headers.prototype.get.call({}, "a")',
    'new FormData().entries().next.call({})',
    'new AbortSignal()',
    'Event.prototype.preventDefault.call(1)',
    'EventTarget.prototype.dispatchEvent.call({}, new Event("x"))',
    'AbortController.prototype.abort.call({})',
  ];
  assert.deepEqual(
    await run(
      `return [${calls.map((call) => `() => ${call}`).join()}].map((f) => { try { f(); return 'ran'; } catch (e) { return e instanceof TypeError; } });`,
    ),
    calls.map(() => true),
  );
});

test('the classes of streams are globals, of each virtual user, and the same as those of the module', async () => {
  assert.deepEqual(
    await run(
      `const made = new ReadableStream({ start(c) { c.enqueue('a'); c.close(); } });
       const { value } = await made.getReader().read();
       return [value, ReadableStream === streams.ReadableStream, new Blob(['x']).stream() instanceof ReadableStream, new CountQueuingStrategy({ highWaterMark: 2 }).highWaterMark,
         typeof WritableStream, typeof ByteLengthQueuingStrategy, typeof globalThis['Transform' + 'Stream']];`,
      `import * as streams from 'k6/experimental/streams';`,
    ),
    ['a', true, true, 2, 'function', 'function', 'undefined'],
  );
});
