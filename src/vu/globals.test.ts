// What stands free in a script, as scripts meet it: files, variables, timers, text, modules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateInScript, expectedOf, runFiles, type ScriptCase } from './script-lab.fixture.ts';

const check = async (cases: Readonly<Record<string, ScriptCase>>, ...rest: unknown[]): Promise<void> =>
  assert.deepEqual(await (evaluateInScript as (...given: unknown[]) => unknown)(cases, ...rest), expectedOf(cases));

test('open gives text or bytes, in init code alone, from beside the file that asks', async () => {
  await check(
    {
      text: ['text', 'grüße\n'],
      'bytes are what is in the file': ['[...new Uint8Array(bytes)]', [0, 255, 128]],
      'bytes are of the script': ['bytes instanceof ArrayBuffer', true],
      'bytes are a copy for each that asks': ['other[0] = 9, [new Uint8Array(bytes)[0], other[0]]', [0, 9]],
      'a module opens beside itself': ['nested', 'beside the module'],
      'an address of a file': ['byAddress', 'grüße\n'],
      'an empty file': ['[empty, emptyBytes.byteLength]', ['', 0]],
      'a mode that is none is text': ['typeof odd', 'string'],
      'no file': ['missing', 'Error: open ./nowhere.txt: no such file or directory (/nowhere.txt)'],
      'a folder': ['folder', `Error: open() can't be used with directories, path: "./lib" (/lib)`],
      'no name': [
        '[unnamed, number]',
        [
          "TypeError: open() can't be used with an empty filename",
          "TypeError: open() can't be used with an empty filename",
        ],
      ],
      'not in an iteration': [
        'attempt(() => open("./a.txt")).slice(0, 66)',
        'Error: the "open()" function is only available in the init stage (',
      ],
    },
    `import { nested } from './lib/module.js';
     const attempt = (work) => { try { return work(); } catch (error) { return error.name + ': ' + error.message; } };
     const text = open('./a.txt');
     const bytes = open('b.bin', 'b');
     const other = new Uint8Array(open('./b.bin', 'rb'));
     const byAddress = open(import.meta.resolve('./a.txt'));
     const [empty, emptyBytes] = [open('./empty'), open('./empty', 'b')];
     const odd = open('./a.txt', 7);
     const missing = attempt(() => open('./nowhere.txt'));
     const folder = attempt(() => open('./lib'));
     const unnamed = attempt(() => open(''));
     const number = attempt(() => open(7));`,
    {
      'a.txt': 'grüße\n',
      'b.bin': Uint8Array.of(0, 255, 128),
      empty: '',
      'lib/module.js': "export const nested = open('./beside.txt');",
      'lib/beside.txt': 'beside the module',
    },
  );
});

test('__ENV holds text, whatever a script puts into it, and each virtual user has its own', async () => {
  await check(
    {
      'what was given': ['[__ENV.GIVEN, __ENV.EMPTY, __ENV.nothing]', ['yes', '', null]],
      'a number becomes text': ['__ENV.n = 5, __ENV.n', '5'],
      'an object becomes text': ['Object.assign(__ENV, { o: {} }), __ENV.o', '[object Object]'],
      'what defines a property does, too': [
        'Object.defineProperty(__ENV, "d", { value: true, enumerable: true, configurable: true }), __ENV.d',
        'true',
      ],
      'what can never change keeps what it is': ['Object.defineProperty(__ENV, "e", { value: true }), __ENV.e', true],
      'an existing one stays text': ['Object.defineProperty(__ENV, "EMPTY", { value: 7 }), __ENV.EMPTY', '7'],
      'a symbol cannot become text': [
        'return String((() => { try { __ENV.s = Symbol(); return __ENV.s; } catch (e) { return e.name; } })())',
        'TypeError',
      ],
      'it can be taken away': ['delete __ENV.GIVEN, "GIVEN" in __ENV', false],
      'it is a plain object of the script': ['Object.getPrototypeOf(__ENV) === Object.prototype', true],
    },
    '',
    {},
    { variables: { GIVEN: 'yes', EMPTY: '' } },
  );
  const { said } = await runFiles({
    'main.js': `export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
      export default function () { __ENV.count = Number(__ENV.count ?? 0) + 1; console.log(__ENV.count); }`,
  });
  assert.deepEqual([...said].sort(), ['1', '1', '1', '2', '2', '2']);
});

test('timers fire in order, with their arguments, and an iteration waits for them', async () => {
  const { said, complaints, failed, completed } = await runFiles({
    'main.js': `
      export const options = { iterations: 1 };
      export default function () {
        const say = (...words) => console.log(words.join(' '));
        setTimeout(say, 1000, 'late');
        setTimeout(say, 0, 'soon', 1, 2);
        setTimeout(say, NaN, 'no number');
        setTimeout(say, -5, 'negative');
        setTimeout(say, '1', 'text');
        const never = setTimeout(say, 10, 'never');
        clearTimeout(never);
        clearTimeout(never);
        clearTimeout(undefined);
        clearTimeout('x');
        let ticks = 0;
        const interval = setInterval(() => {
          say('tick', ++ticks);
          if (ticks === 3) clearInterval(interval);
        }, 1);
        setTimeout(() => setTimeout(say, 0, 'nested'), 1001);
        say(typeof never, never !== interval);
      }`,
  });
  assert.equal(said[0], 'number true');
  assert.deepEqual(said.slice(1, 4), ['soon 1 2', 'no number', 'negative']);
  assert.deepEqual(
    said.filter((line) => line.startsWith('tick')),
    ['tick 1', 'tick 2', 'tick 3'],
  );
  assert.deepEqual(said.slice(-2), ['late', 'nested']);
  assert.ok(said.includes('text') && !said.includes('never'));
  assert.deepEqual([complaints, failed, completed], [[], 0, 1]);
});

test('what a timer throws fails its iteration, and ends the other timers of it', async () => {
  const { said, complaints, failed, completed } = await runFiles({
    'main.js': `
      export const options = { iterations: 2 };
      export default function () {
        if (__ITER === 1) { console.log('next'); return; }
        setInterval(() => console.log('never'), 3600000);
        setTimeout(() => { throw new Error('of a timer'); }, 1);
      }`,
  });
  assert.deepEqual(said, ['next']);
  assert.deepEqual([failed, completed], [1, 2]);
  assert.match(complaints.join('\n'), /Error: of a timer/);
  assert.match(complaints.join('\n'), /setInterval 1 was stopped because the VU iteration was interrupted/);
});

test('a timer waits for its turn while its virtual user is blocked, and for that alone', async () => {
  const { said } = await runFiles({
    'main.js': `
      import { sleep } from 'k6';
      export const options = { iterations: 1 };
      export default function () {
        let asleep = false;
        setTimeout(() => console.log('asleep: ' + asleep), 5);
        asleep = true;
        sleep(0.05);
        asleep = false;
        console.log('awake');
      }`,
  });
  assert.deepEqual(said, ['awake', 'asleep: false']);
});

test('timers want functions', async () => {
  await check({
    text: [
      `setTimeout('alert(1)', 1)`,
      'TypeError: setTimeout() requires a function as its first argument, got string',
    ],
    nothing: ['setInterval()', 'TypeError: setInterval() requires a function as its first argument, got undefined'],
    null: ['setTimeout(null)', 'TypeError: setTimeout() requires a function as its first argument, got null'],
    'no delay is none': ['return await new Promise((resolve) => setTimeout(resolve, undefined, "done"))', 'done'],
    'infinity is long': ['const id = setTimeout(() => {}, Infinity); clearTimeout(id); return typeof id', 'number'],
  });
});

test('text and bytes are turned into each other as the Encoding Standard has it', async () => {
  await check({
    encode: ['[...new TextEncoder().encode("aé€😀")]', [97, 195, 169, 226, 130, 172, 240, 159, 152, 128]],
    'encode of nothing': ['new TextEncoder().encode().length', 0],
    'half a pair is replaced': ['[...new TextEncoder().encode("\\ud800")]', [239, 191, 189]],
    'bytes are of the script': ['new TextEncoder().encode("a") instanceof Uint8Array', true],
    'encodeInto stops before what does not fit': [
      'new TextEncoder().encodeInto("a€", new Uint8Array(3))',
      { read: 1, written: 1 },
    ],
    'encodeInto of what has no room': ['new TextEncoder().encodeInto("a", new Uint8Array(0))', { read: 0, written: 0 }],
    names: [
      '[new TextEncoder().encoding, new TextDecoder().encoding, new TextDecoder("latin1").encoding]',
      ['utf-8', 'utf-8', 'windows-1252'],
    ],
    decode: ['new TextDecoder().decode(new Uint8Array([226, 130, 172]))', '€'],
    'decode of nothing': ['new TextDecoder().decode()', ''],
    'decode of a buffer and of a part': [
      'const b = new Uint8Array([97, 98, 99]); return [new TextDecoder().decode(b.buffer), new TextDecoder().decode(b.subarray(1)), new TextDecoder().decode(new DataView(b.buffer, 2))]',
      ['abc', 'bc', 'c'],
    ],
    'a mark is taken off': [
      '[..."\\ufeffa"].length + new TextDecoder().decode(new Uint8Array([239, 187, 191, 97]))',
      '2a',
    ],
    'a mark is kept where it is asked for': [
      'new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array([239, 187, 191, 97])).length',
      2,
    ],
    'what is no text is replaced': ['new TextDecoder().decode(new Uint8Array([255]))', '\ufffd'],
    'or refused': [
      'return (() => { try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])); } catch (e) { return e.name; } })()',
      'TypeError',
    ],
    'in pieces': [
      'const d = new TextDecoder(); return [d.decode(new Uint8Array([226, 130]), { stream: true }), d.decode(new Uint8Array([172]))]',
      ['', '€'],
    ],
    'an encoding that there is not': [
      'new TextDecoder("klingon")',
      'RangeError: TextDecoder: the encoding klingon is not supported',
    ],
    'of another object': ['TextDecoder.prototype.decode.call({})', 'TypeError: not a TextDecoder'],
    flags: ['const d = new TextDecoder("utf-8", { fatal: 1 }); return [d.fatal, d.ignoreBOM]', [true, false]],
    'called without new': ['return (() => { try { TextEncoder(); } catch (e) { return e.name; } })()', 'TypeError'],
  });
});

test('each virtual user has its globals: what it changes is its own', async () => {
  const { said } = await runFiles({
    'main.js': `
      export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } } };
      export default function () {
        const before = [typeof setTimeout, globalThis.mark ?? null, typeof console.mine];
        setTimeout = 'changed';
        globalThis.mark = __VU;
        console.mine = true;
        console.log(JSON.stringify([before, setTimeout, globalThis.mark === __VU]));
      }`,
  });
  assert.deepEqual(said, Array(2).fill('[["function",null,"undefined"],"changed",true]'));
});

test('a script counts its iterations and virtual users, and may use the names itself', async () => {
  const { said, failed } = await runFiles({
    'main.js': `
      console.log('init ' + typeof __ITER + ' ' + __VU);
      export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } };
      export default function () { console.log(__VU + ' ' + __ITER); }`,
  });
  assert.deepEqual(said.slice(-2), ['1 0', '1 1']);
  assert.match(said[0]!, /^init undefined/);
  assert.equal(failed, 0);
  const own = await runFiles({
    'main.js': `
      Object.defineProperty(globalThis, '__ITER', { set() { throw new Error('mine'); }, get: () => 'own' });
      export default function () { console.log(__ITER); }`,
  });
  assert.deepEqual([own.said, own.failed], [['own'], 0]);
});

test('names that a module does not have are undefined, and said with their place and what was meant', async () => {
  const { said, complaints } = await runFiles({
    'main.js': `import http, { gett } from 'k6/http';
import { slep } from 'k6';
export default function () { console.log(typeof gett + ' ' + typeof slep); }`,
  });
  assert.deepEqual(said, ['undefined undefined']);
  assert.match(complaints.join('\n'), /main\.js:1:\d+: k6\/http has no export named gett.*did you mean get\?/);
  assert.match(complaints.join('\n'), /main\.js:2:\d+: k6 has no export named slep.*did you mean sleep\?/);
});

test('require loads once, gives what stands in module.exports, and tells what it does not find', async () => {
  await check(
    {
      'the same each time': ['first === second', true],
      'its exports': ['first', { count: 1, file: true }],
      json: ['json', { a: [1] }],
      "k6's own": ['typeof http.get', 'function'],
      'what is not there': ['missing.replace(/:.*/s, "")', 'Error'],
      'what is no name': [
        '[none, empty]',
        ['TypeError: require() needs the name of a module', 'TypeError: require() needs the name of a module'],
      ],
      'what cannot be read': ['broken.split(":", 1)[0]', 'SyntaxError'],
      'what throws is tried again': ['[thrown, again]', ['Error: at first', 'late']],
      'in a circle, what there is by then': ['circle', { a: 1, b: { seen: { a: 1 } } }],
      'not in an iteration': [
        'return (() => { try { require(["./on", "ce.cjs"].join("")); } catch (e) { return e.message; } })().slice(0, 60)',
        'the "require" function is only available in the init stage (i'.slice(0, 60),
      ],
    },
    `const attempt = (work) => { try { return work(); } catch (error) { return error.name + ': ' + error.message; } };
     const first = require('./once.cjs');
     const second = require('./once.cjs');
     const json = require('./data.json');
     const http = require('k6/http');
     const missing = attempt(() => require('./nowhere.cjs'));
     const none = attempt(() => require(7));
     const empty = attempt(() => require(''));
     const broken = attempt(() => require(['./bro', 'ken.cjs'].join('')));
     globalThis.tries = 0;
     const flaky = ['./fla', 'ky.cjs'].join('');
     const thrown = attempt(() => require(flaky));
     const again = attempt(() => require(flaky));
     const circle = require('./a.cjs');`,
    {
      'once.cjs':
        'globalThis.loads = (globalThis.loads ?? 0) + 1; module.exports = { count: globalThis.loads, file: true };',
      'data.json': '{"a":[1]}',
      'broken.cjs': 'module.exports = {',
      'flaky.cjs': "if (globalThis.tries++ === 0) throw new Error('at first'); module.exports = 'late';",
      'a.cjs': 'exports.a = 1; exports.b = require("./b.cjs");',
      'b.cjs': 'exports.seen = { ...require("./a.cjs") };',
    },
  );
});
