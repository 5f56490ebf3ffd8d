import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createScriptBench } from '../../test/script-bench.ts';
import { createCertificates } from '../demo/certificates.ts';
import { WEB_GLOBALS } from '../modules/web/lazy-globals.ts';
import { K6_MODULES } from './load/k6-modules.ts';

/**
 * Walks from everything that a script can reach, by properties, prototypes, accessors and the results of calls with odd arguments, and
 * names what does not belong to the script's realm.
 */
const WALK = `
  const { ownKeys, getPrototypeOf, getOwnPropertyDescriptor, construct, apply } = Reflect;
  const isObject = (v) => (typeof v === 'object' && v !== null) || typeof v === 'function';
  const found = [];
  const seen = new Set();
  // Without the methods of arrays: the runtime's take their time over what is long.
  const queue = [];
  let next = 0;
  const push = (path, value, holder, depth) => {
    if (!isObject(value) || seen.has(value)) return;
    seen.add(value);
    if (value instanceof realm.Promise) value.then((v) => { push(path + ' resolves', v, null, 1); drain(false); }, (e) => { push(path + ' rejects', e, null, 1); drain(false); });
    queue[queue.length] = { path, value, holder, depth };
    let end = value;
    for (let up = end; up !== null && path.length < 2000; up = getPrototypeOf(end)) end = up;
    if (end !== realm.Object.prototype && ownKeys(end).includes('hasOwnProperty')) found.push(path);
  };
  const odd = [undefined, null, -1, '', 'a', Symbol.iterator, [], {}, () => { throw new Error('thrown'); }, new Proxy(function () {}, {
    apply(t, self, args) { push('arguments of a trap', args, null, 1); return args; },
    get(t, key, receiver) { push('receiver', receiver, null, 1); return Reflect.get(t, key); },
  })];
  const drain = (maycall) => {
    while (next < queue.length) {
      const { path, value, holder, depth } = queue[next];
      queue[next++] = undefined;
      push(path + '.[[Prototype]]', getPrototypeOf(value), holder, depth);
      for (const key of ownKeys(value)) {
        const descriptor = getOwnPropertyDescriptor(value, key);
        const name = path + '.' + String(key);
        if (!descriptor) continue;
        if ('value' in descriptor) push(name, descriptor.value, value, depth);
        else {
          push(name + ' get', descriptor.get, value, depth);
          push(name + ' set', descriptor.set, value, depth);
          for (const self of [value, holder]) {
            try { push(name + '()', apply(descriptor.get, self, []), value, depth); } catch (e) { push(name + ' throws', e, null, depth); }
          }
        }
      }
      if (typeof value !== 'function' || !maycall || depth > 1 || /abort|sleep|randomSeed|trap|thrown/.test(path)) continue;
      for (const argument of odd) {
        for (const self of [undefined, {}, holder]) {
          try { push(path + '()', apply(value, self, [argument, argument, argument]), null, depth + 1); } catch (e) { push(path + ' throws', e, null, depth + 1); }
        }
        try { push('new ' + path, construct(value, [argument, argument]), null, depth + 1); } catch (e) { push('new ' + path + ' throws', e, null, depth + 1); }
      }
    }
  };
  // The language's own first, which are not called: that would change them.
  const { global, report, ...roots } = given;
  push('globalThis', global, null, 0);
  for (const f of [function () { return arguments; }(), function* () {}, async function () {}, async function* () {}, [].values(), new Map().entries(), /a/g[Symbol.matchAll]('a')])
    push(String(f), f, null, 0);
  drain(false);
  for (const [name, value] of Object.entries(roots)) push(name, value, null, 0);
  drain(true);
  report([found, seen.size]);`;

test('nothing that a script reaches belongs to the host, whatever it calls', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-sandbox-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'a.csv'), 'a,b\n1,2\n');
  const { cert } = createCertificates(['localhost']);
  const bench = await createScriptBench(
    `
    ${K6_MODULES.map((name, i) => `import * as m${i} from '${name}';`).join('\n')}
    const modules = { ${K6_MODULES.map((name, i) => `'${name}': m${i}`)} };
    const http = modules['k6/http'];
    const host = { console, crypto, __ENV, open, require, setTimeout, clearTimeout, TextEncoder, TextDecoder, ${WEB_GLOBALS} };
    const walk = Function('realm', 'given', ${JSON.stringify(WALK)});
    const results = [];
    const report = (result) => { results.push(result); };
    const outcome = (act) => { try { return act(); } catch (e) { return e; } };
    const file = await modules['k6/experimental/fs'].open('a.csv');
    const inInit = {
      counter: new modules['k6/metrics'].Counter('counted'), shared: new modules['k6/data'].SharedArray('s', () => [{ a: 1 }]),
      file, rows: await modules['k6/experimental/csv'].parse(file, { delimiter: ',' }), parser: new modules['k6/experimental/csv'].Parser(file),
      database: modules['k6/x/sql'].open(modules['k6/x/sql/driver/sqlite3'].default, ':memory:'),
    };
    export async function inVu() {
      const { ReadableStream } = modules['k6/experimental/streams'];
      const db = inInit.database;
      // What blocks comes first: a promise that is rejected meanwhile would be told of.
      const blocking = [() => db.exec('CREATE TABLE t (a, b)'), () => db.exec('INSERT INTO t VALUES (1, zeroblob(1))'), () => db.query('SELECT * FROM t'), () => db.query('no'),
        () => modules['k6/ws'].connect('ws://127.0.0.1:1/', () => {}), () => modules['k6/x/sse'].open('http://127.0.0.1:1/', () => {}),
        () => modules['k6/x/ssh'].connect({ username: 'a', password: 'b', host: '127.0.0.1', port: 1 }),
        () => modules['k6/x/icmp'].ping('127.0.0.1')].map(outcome);
      const responses = [http.get('http://127.0.0.1:1/'), http.batch(['http://127.0.0.1:1/']), http.asyncRequest('GET', 'http://127.0.0.1:1/')];
      const page = modules['k6/html'].parseHTML('<a href=x data-a="{}">1</a>');
      const form = new FormData(); form.append('f', new File(['a'], 'n'));
      const { signal } = new AbortController();
      signal.addEventListener('abort', () => {});
      const web = [form, form.get('f'), form.entries(), form.entries().next(), new URL('http://h/?a=b'), new URL('http://h/?a=b').searchParams.values(),
        new Headers({ a: 'b' }), new Headers({ a: 'b' }).entries().next(), signal, new CustomEvent('x', { detail: {} }), new DOMException('m', 'n'),
        new Request('http://127.0.0.1:1/', { method: 'POST', body: form, signal }), new Response('{}'), Response.json([]), new Blob(['a']),
        fetch('http://127.0.0.1:1/'), structuredClone(new Map([[1, [new Date(), /a/, new Uint8Array(1), new Error('e')]]])),
        ['text', 'json', 'bytes', 'blob', 'arrayBuffer', 'formData'].map((read) => new Response('{}')[read]())];
      const stream = new ReadableStream({ start(controller) { this.controller = controller; controller.enqueue(1); } });
      const socket = outcome(() => new modules['k6/websockets'].WebSocket('ws://127.0.0.1:1/'));
      if (!(socket instanceof Error)) socket.addEventListener('error', () => {});
      const others = [modules['k6/crypto'].createHash('md5'), modules['k6/crypto'].createHMAC('md5', 'a'), crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']),
        outcome(() => modules['k6/crypto/x509'].parse(${JSON.stringify(cert)})), stream, stream.getReader(), socket,
        outcome(() => new modules['k6/x/redis'].Client('redis://127.0.0.1:1')), outcome(() => new modules['k6/x/mqtt'].Client()), outcome(() => new modules['k6/x/tcp'].Socket()),
        modules['k6/x/tls'].getCertificate('127.0.0.1:1'), modules['k6/x/dns'].resolve('a.example', 'A', '127.0.0.1:1'), modules['k6/secrets'].get('none'),
        new Promise((told) => modules['k6/x/icmp'].pingAsync('10.0.0.1', { tags: { a: 'b' } }, (...given) => told(given))), new modules['k6/x/faker'].Faker(1),
        outcome(() => new modules['k6/net/grpc'].Stream(new modules['k6/net/grpc'].Client(), 'a/b'))];
      walk({ Object, Promise }, { global: globalThis, modules, host, web, responses, page, ...inInit, blocking, others, jar: http.cookieJar(), client: new modules['k6/net/grpc'].Client(), report });
    }
    export default () => results;`,
    { blacklistIPs: ['10.0.0.0/8'] },
    folder,
    ['mock=a=b'],
  );
  // Blocking functions that are called from code which is not compiled fail the iteration, behind the walk.
  await bench.run('inVu').catch(() => {});
  const [[found, seen]] = (await bench.run()) as [[string[], number]];
  assert.deepEqual(found, []);
  assert.ok(seen > 3000, `only ${seen} objects were seen`);
});

const LEAKS: readonly (readonly [what: string, script: string])[] = [
  [
    'Function by a text that changes',
    "let n = 0; Function({ toString: () => (n++ ? \"return import('node:fs')\" : '1') })()",
  ],
  [
    'the parent of GeneratorFunction',
    'Object.getPrototypeOf((function* () {}).constructor).call(null, "return import(\'fs\')")()',
  ],
  ['an async generator', '(async function* () {}).constructor("yield import(\'fs\')")().next()'],
  ['a subclass of Function', 'new (class extends Function {})("return import(\'fs\')")()'],
  ['eval', '(0, eval)("import(\'fs\')")'],
  ['code from a patched exec', 'RegExp.prototype.exec = () => null; Function("return import(\'fs\')")()'],
  [
    'code from a patched test',
    "RegExp.prototype.test = () => false; String = () => ''; Function(\"return import('fs')\")()",
  ],
];

test('code made from strings cannot reach the host’s loader', async () => {
  for (const [what, script] of LEAKS) {
    const bench = await createScriptBench(`export default () => {
      try { ${script}; return 'ran'; } catch (e) { return [e instanceof SyntaxError, e.message]; } };`);
    const outcome = await bench.run();
    // Where the first of two readings is harmless, that is the code.
    if (outcome !== 'ran' || what !== 'Function by a text that changes')
      assert.deepEqual(outcome, [true, 'import is not available in code made from a string'], what);
  }
});

/** Script that notes in `seen` whatever it is handed; each kind of place where host code runs a script's code. */
const INTRUSIONS: readonly (readonly [what: string, script: string])[] = [
  ['Object.keys', 'const keys = Object.keys; Object.keys = (o) => (see(o), keys(o)); http.get(url).timings;'],
  [
    'Array.prototype.push',
    'const push = Array.prototype.push; Array.prototype.push = function (...a) { see(this); a.map(see); return push.apply(this, a); }; http.batch([url, url]); setTimeout(() => {}, 0);',
  ],
  [
    'Array.prototype.shift',
    'const shift = Array.prototype.shift; Array.prototype.shift = function () { see(this); const v = shift.call(this); see(v); return v; }; setTimeout(() => {}, 0); k6.sleep(0.001);',
  ],
  [
    'an index of Array.prototype',
    'for (const i of [0, 1]) Object.defineProperty(Array.prototype, i, { set(v) { see(v); see(this); }, get() {}, configurable: true }); http.get(url).timings; setTimeout(() => {}, 0); k6.sleep(0.001); for (const i of [0, 1]) delete Array.prototype[i];',
  ],
  [
    'Array.prototype[Symbol.iterator]',
    'const it = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function () { see(this); return it.call(this); }; http.batch([url]); k6.check(1, { a: () => true }); new URL(url, url); new File(["a"], "b"); new Request(url, {});',
  ],
  [
    'WeakMap.prototype',
    'for (const C of [WeakMap, WeakSet, Map, Set]) for (const k of ["get", "set", "has", "add", "delete"]) { const f = C.prototype[k]; if (f) C.prototype[k] = function (...a) { see(this); a.map(see); return f.apply(this, a); }; } k6.sleep(0.001); http.get(url).body; Promise.resolve(1).then(() => 2);',
  ],
  [
    'Promise.prototype.then',
    'const then = Promise.prototype.then; Promise.prototype.then = function (...a) { see(this); a.map(see); return then.apply(this, a); }; http.asyncRequest("GET", url); k6.sleep(0.001);',
  ],
  [
    'a then on Object.prototype',
    'Object.prototype.then = function (...a) { a.map(see); delete Object.prototype.then; a[0](1); }; http.batch([url]); delete Object.prototype.then;',
  ],
  [
    'a then of a response',
    'const r = http.get(url); Object.getPrototypeOf(r).then = function (...a) { a.map(see); a[0](1); }; http.asyncRequest("GET", url); k6.sleep(0.05);',
  ],
  [
    'Reflect.apply and ownKeys',
    'for (const k of Object.getOwnPropertyNames(Reflect)) { const f = Reflect[k]; Reflect[k] = (...a) => (a.map(see), f(...a)); } http.get(url).headers; k6.group("g", () => 1);',
  ],
  [
    'Object.defineProperty',
    'const define = Object.defineProperty; Object.defineProperty = (...a) => (a.map(see), define(...a)); new metrics_(url); http.get(url).cookies;',
  ],
  [
    'setters on Error.prototype',
    "for (const k of ['name', 'message', 'code', 'stack']) Object.defineProperty(Error.prototype, k, { set(v) { see(v); see(this); }, get() { return 'x'; }, configurable: true }); try { http.get(Symbol()); } catch (e) { see(e); }",
  ],
  [
    'a getter that is a proxy',
    'const params = {}; for (const k of ["headers", "tags", "timeout", "throw"]) Object.defineProperty(params, k, { get: trap, enumerable: true }); http.get(url, params);',
  ],
  [
    'toString that is a proxy',
    'try { http.get({ toString: trap }); } catch (e) { see(e); } try { k6.group({ toString: trap }, () => 1); } catch (e) { see(e); } try { encoding.b64decode({ toString: trap }); } catch (e) { see(e); }',
  ],
  [
    'toJSON that is a proxy',
    'console.log({ toJSON: trap }); console.log({ valueOf: trap, [Symbol.toStringTag]: "Number" });',
  ],
  [
    'an executor of a revocable proxy',
    'const { proxy } = Proxy.revocable(function () {}, { apply(t, s, a) { see(a); return "1"; }, construct(t, a) { see(a); return {}; } }); console.log({ toJSON: proxy }); setTimeout(proxy, 0, 1);',
  ],
  [
    'own methods of a list',
    'const list = ["a"]; list.some = list.forEach = list.map = (f) => { see(f); return []; }; http.post(url, { list }); http.url(list); http.batch(list);',
  ],
  [
    'fields of a file',
    'const f = http.file("x"); f.content_type = { replaceAll(...a) { a.map(see); return ""; }, toString: () => "a/b" }; f.filename = { replaceAll(...a) { a.map(see); return this; } }; try { http.post(url, { f }); } catch (e) { see(e); }',
  ],
  [
    'Error.prepareStackTrace',
    'Error.prepareStackTrace = (e, sites) => { see(sites); sites.map(see); see(sites[0].getFunction()); see(sites[0].getThis()); return "x"; }; new Error("x").stack; try { Error.prepareStackTrace(new Error("y"), [{ getFunctionName: () => ({ replace(...a) { a.map(see); return ""; } }), getFileName: () => "sixfold:script", getLineNumber: () => 1, getColumnNumber: () => 1 }]); } catch (e) { see(e); }',
  ],
  [
    'caller and callee',
    'const f = Function("see", "see(arguments.callee.caller); see(arguments.callee); return 1").bind(null, see); console.log({ toJSON: f });',
  ],
  [
    'traps on Object.prototype',
    'for (const k of ["get", "set", "has", "apply", "construct", "getPrototypeOf", "ownKeys", "value"]) Object.prototype[k] = undefined; for (const k of ["get", "apply", "construct"]) Object.prototype[k] = function (...a) { a.map(see); return Reflect[k]?.(...a); }; try { Function("return 1")(); exec.vu.tags.a = 1; new Proxy(() => 1, {})(); } catch (e) { see(e); } for (const k of ["get", "set", "has", "apply", "construct", "getPrototypeOf", "ownKeys", "value"]) delete Object.prototype[k];',
  ],
  [
    'a stack that is used up',
    'const deep = (f) => { const down = () => { try { down(); } catch (e) { see(e); } try { f(); } catch (e) { see(e); } }; try { down(); } catch (e) { see(e); } }; deep(() => http.get(url, { headers: {} })); deep(() => k6.check(1, { a: 1 })); deep(() => encoding.b64encode("a")); deep(() => console.log({})); deep(() => new http.CookieJar()); deep(() => exec.vu.tags); deep(() => crypto.randomUUID()); deep(() => new TextDecoder().decode(new Uint8Array(3))); deep(() => html.parseHTML("<p>"));',
  ],
  [
    'what the web globals read and call',
    `const list = { [Symbol.iterator]() { see(this); return { next() { see(this); see(arguments); return { done: true }; } }; } };
     for (const name of ['push', 'map', 'filter', 'join', 'sort', 'forEach', 'flatMap', 'find', 'splice', 'includes']) { const f = Array.prototype[name]; Array.prototype[name] = function (...a) { see(this); a.map(see); return f.apply(this, a); }; }
     for (const C of [Map, Set, WeakMap]) for (const k of ['get', 'set', 'has', 'add', 'delete', 'forEach']) { const f = C.prototype[k]; if (f) C.prototype[k] = function (...a) { see(this); for (const x of a) see(x); return f.apply(this, a); }; }
     for (const k of ['replace', 'replaceAll', 'toLowerCase', 'split', 'toString', 'toWellFormed']) { const f = String.prototype[k]; String.prototype[k] = function (...a) { for (const x of a) see(x); return f.apply(this, a); }; }
     const odd = { toString: trap, get a() { see(this); return trap; }, get headers() { return list; }, get signal() { return undefined; }, get method() { return { toString: trap }; }, get transfer() { return list; }, handleEvent: trap };
     const acts = [() => new URLSearchParams(list), () => new URLSearchParams([[odd, odd]]), () => new URL(odd), () => new Headers(odd), () => new Headers([['a', odd]]), () => new FormData().append(odd, odd),
       () => structuredClone(odd), () => structuredClone(new Map([[odd, odd]])), () => structuredClone(1, odd), () => new Blob([odd]), () => new File([odd], odd, odd), () => btoa(odd), () => atob(odd),
       () => fetch(odd, odd), () => new Request(url, odd), () => new Response(odd, odd), () => Response.json({ toJSON: trap }), () => AbortSignal.any(list), () => AbortSignal.abort(trap).throwIfAborted(), () => queueMicrotask(trap),
       () => new Headers({ a: 'b' }).forEach(trap), () => new URLSearchParams('a=b').forEach(trap, odd), () => new DOMException(odd, odd)];
     for (const act of acts) try { const v = act(); see(v); if (v instanceof Promise) v.catch(see); } catch (e) { see(e); }
     const target = new EventTarget(); target.addEventListener('x', trap); target.addEventListener('x', odd); target.addEventListener(odd, odd, odd); see(target.dispatchEvent(new Event('x', odd)));
     const c = new AbortController(); c.signal.onabort = trap; c.abort(trap);
     for (const iterate of [new Headers({ a: 'b' }), new URLSearchParams('a=b')]) for (const pair of iterate) see(pair);
     k6.sleep(0.02);`,
  ],
  [
    'thrown proxies and odd errors',
    'for (const thrown of [new Proxy({}, { getPrototypeOf(t) { see(t); throw new Error("no"); } }), null, Symbol("s"), Object.create(null)]) { try { k6.group("a", () => { throw thrown; }); } catch (e) { see(e); } }',
  ],
];

test('what a script replaces or traps is never handed anything of the host', async () => {
  for (const [what, script] of INTRUSIONS) {
    const bench = await createScriptBench(`
      import http from 'k6/http'; import k6 from 'k6'; import exec from 'k6/execution'; import encoding from 'k6/encoding';
      import html from 'k6/html';
      const url = 'http://127.0.0.1:1/';
      const metrics_ = Map;
      const getPrototypeOf = Reflect.getPrototypeOf, realmPrototype = Object.prototype, hasOwn = Object.hasOwn;
      const bad = {}; let count = 0;
      const see = (v) => {
        count++;
        if ((typeof v !== 'object' || v === null) && typeof v !== 'function') return;
        let end = v; let next;
        try { while ((next = getPrototypeOf(end)) !== null) end = next; } catch { return; }
        if (end !== realmPrototype && hasOwn(end, 'hasOwnProperty')) bad[typeof v + ' ' + v.constructor?.name] = 1;
      };
      const trap = new Proxy(function () { return ''; }, { apply(t, self, args) { see(args); see(self); return ''; } });
      export default function () { try { ${script} } catch (e) { see(e); } return [bad, count > 0]; }`);
    const result = (await bench.run().catch((error: Error) => error.message)) as unknown;
    const [bad] = Array.isArray(result) ? (result as unknown[]) : [result];
    assert.deepEqual(bad, {}, what);
  }
});
