// How scripts of several files and packages are linked: order, early reads, `require`, `open`, what is not there.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

/** Runs a script and gives what it printed, a line each. */
async function run(name: string, input?: string): Promise<{ lines: string[]; exit: number | null; stderr: string }> {
  const { exit, stderr } = await runCommand(['run', '-q', '--summary-mode', 'disabled', '--log-format', 'raw', name], {
    cwd: scratch.folder,
    ...(input === undefined ? {} : { input }),
  });
  return { lines: stderr.trim().split('\n'), exit, stderr };
}

test('in circles of imports an early read throws, and bindings stay live', async () => {
  scratch.write(
    'circle.js',
    `import { early, late } from './circle/a.js';
     import start, * as all from './circle/b.js';
     export let counter = 0;
     export const bump = () => ++counter;
     export default function () {
       all.set(5);
       console.log(JSON.stringify([early, late(), start, all.now, new late.C().n]));
     }`,
  );
  scratch.write(
    'circle/a.js',
    `import { useA } from './b.js';
     import { bump, counter } from '../circle.js';
     export const early = [];
     for (const read of [() => counter, () => bump(), () => new C()]) {
       try { early.push(read()); } catch (e) { early.push(e.message); }
     }
     export const mine = 3;
     export function late() { bump(); return counter; }
     class C { n = mine; }
     late.C = C;`,
  );
  scratch.write(
    'circle/b.js',
    `import { mine } from './a.js';
     export const useA = () => mine;
     export let now = 1;
     export const set = (value) => { now = value; };
     let seen;
     try { seen = useA(); } catch (e) { seen = e.name; }
     export default seen;`,
  );
  const { lines } = await run('circle.js');
  const early = ['counter', 'bump', 'C'].map((name) => `Cannot access '${name}' before initialization`);
  assert.deepEqual(lines, [JSON.stringify([early, 1, 'ReferenceError', 5, 3])]);
});

test('require is a function of run time: computed names, values, TypeScript, JSON, packages, what is not there', async () => {
  scratch.write('parts/one.js', 'exports.n = 1; exports.self = () => exports; exports.text = open("./one.txt");');
  scratch.write('parts/one.txt', 'beside one');
  scratch.write('parts/bare.js', 'if (exports) { module.exports = 2; return; } throw 1;');
  scratch.write('parts/data.json', '{ "a": [1] }');
  scratch.write(
    'parts/typed.ts',
    `import data from './data.json';
     import { sleep } from 'k6';
     import { shared } from './shared.js';
     export enum Color { Red = 'red' }
     export namespace Inner { export const n: number = data.a[0]; }
     export function wait(): string { sleep(0.01); return shared.mark; }
     export default Color.Red;`,
  );
  scratch.write('parts/shared.js', `export const shared = { mark: 'first' };`);
  scratch.write('node_modules/late/package.json', '{ "name": "late", "main": "./node.js", "browser": "./browser.js" }');
  scratch.write('node_modules/late/node.js', `module.exports = require('fs');`);
  scratch.write('node_modules/late/browser.js', `module.exports = 'late for browsers';`);
  scratch.write(
    'requires.js',
    `import { shared } from './parts/shared.js';
     shared.mark = 'the same';
     const [one, bare] = ['./parts/one.js', './parts/bare'].map(require);
     const folder = './parts/';
     const typed = require(folder + 'typed.ts');
     const again = require(import.meta.resolve('./parts/one.js'));
     const failures = [];
     for (const name of ['crypto', './absent.js', 'k6/absent', 'node:fs']) {
       try { require(name); } catch (e) { failures.push(e instanceof Error && e.message.includes(name)); }
     }
     try { require('zlib'); } catch (e) { failures.push(e.message.includes('zlib')); }
     export default () => {
       console.log(JSON.stringify([one.n, bare, one.text, typed.default, typed.Inner.n, typed.wait(), again === one]));
       console.log(JSON.stringify([failures, require.name.length > 0, one.self() === one]));
     };
     console.log(require('la' + 'te'), JSON.stringify(require(folder + 'data.json')));`,
  );
  const { lines } = await run('requires.js');
  assert.deepEqual(
    [...new Set(lines)],
    [
      'late for browsers {"a":[1]}',
      JSON.stringify([1, 2, 'beside one', 'red', 1, 'the same', true]),
      JSON.stringify([[true, true, true, true, true], true, true]),
    ],
  );
});

test('a script that replaces global.require is asked', async () => {
  scratch.write(
    'replaced.js',
    `const own = global.require;
     export default () => {
       Object.assign(global, { require: (id) => 'own ' + id });
       console.log(require('cheerio'));
       global.require = own;
       try { require('cheerio'); } catch (e) { console.log('init only', /init stage/.test(e.message)); }
     };`,
  );
  assert.deepEqual((await run('replaced.js')).lines, ['own cheerio', 'init only true']);
});

test('default imports of CommonJS follow k6; require of a module of k6 gives what its default import gives', async () => {
  scratch.write('old/marked.js', `Object.defineProperty(exports, '__esModule', { value: true }); exports.n = 1;`);
  scratch.write('old/default.js', `exports.default = () => 'its default'; exports.n = 2;`);
  scratch.write('old/returns.js', `exports.n = 3; if (exports) return; exports.n = 4;`);
  scratch.write(
    'defaults.js',
    `import marked from './old/marked.js';
     import inner from './old/default.js';
     import returns from './old/returns.js';
     import http from 'k6/http';
     import * as encoding from 'k6/encoding';
     const required = require('k6/http');
     export default () => console.log(JSON.stringify([marked.n, inner(), returns.n, required === http, Object.keys(encoding).sort()]));`,
  );
  assert.deepEqual((await run('defaults.js')).lines, ['[1,"its default",3,true,["b64decode","b64encode"]]']);
});

test('packages are taken in their variant for browsers, also those that are named as a module of Node', async () => {
  scratch.write(
    'node_modules/dual/package.json',
    '{ "name": "dual", "exports": { ".": { "node": "./node.js", "browser": "./browser.js" } } }',
  );
  scratch.write('node_modules/dual/node.js', `import vm from 'vm'; export const v = vm;`);
  scratch.write('node_modules/dual/browser.js', `export const v = 'for browsers';`);
  scratch.write(
    'node_modules/mapped/package.json',
    '{ "name": "mapped", "browser": { "./index.js": "./b.js", "fs": false } }',
  );
  scratch.write('node_modules/mapped/index.js', `exports.v = require('vm');`);
  scratch.write('node_modules/mapped/b.js', `require('fs'); exports.v = 'mapped'; exports.late = () => require('vm');`);
  scratch.write('node_modules/events/index.js', `exports.v = 'from npm';`);
  scratch.write(
    'variants.js',
    `import { v } from 'dual';
     import mapped from 'mapped';
     import events from 'events';
     export default () => {
       let late;
       try { mapped.late(); } catch (e) { late = e.message.includes('"vm"'); }
       console.log(JSON.stringify([v, mapped.v, events.v, late]));
     };`,
  );
  assert.deepEqual((await run('variants.js')).lines, ['["for browsers","mapped","from npm",true]']);
});

test('names that k6 modules lack are undefined, with a warning; dynamic import fails when it runs', async () => {
  scratch.write(
    'lib/misspelt.js',
    `export const x = 1;\nimport { chek } from 'k6';\nexport const kind = typeof chek;\n`,
  );
  scratch.write(
    'missing.js',
    `import { kind } from './lib/misspelt.js';
     export { default } from './lib/main.js';
     export const options = { iterations: 1 };
     console.log(kind);`,
  );
  scratch.write(
    'lib/main.js',
    `export default async () => { try { await import('./x.js'); } catch (e) { console.log(e instanceof TypeError); } };`,
  );
  const { lines, exit } = await run('missing.js');
  assert.equal(exit, 0);
  assert.match(lines[0] ?? '', /lib\/misspelt\.js:2:10: k6 has no export named chek.*did you mean check\?/);
  assert.deepEqual(
    lines.slice(1).filter((line) => line !== 'undefined'),
    ['true'],
  );
});

test('whatever way a script takes a name from a k6 module, a missing one is said with its place before any load', async () => {
  scratch.write(
    'takes.js',
    `import http, { CookieJar as Jar } from 'k6/http';
import * as k6 from 'k6';
import { default as metrics } from 'k6/metrics';
const encoding = require('k6/encoding');
const { b64Encode, b64decode, b64maybe = null } = require('k6/encoding');
http.own = 1;
export const options = { iterations: 1 };
export default () => {
  const shadowed = ((http) => http.nothing())({ nothing: () => 1 });
  console.log(typeof http.absent, http.absent2 ?? 2, http.absent3?.(), !http.absent4, http.own, shadowed, 'absent5' in http);
  if (http.absent6) http.absent7?.x();
  try { http.gett('x'); } catch (e) { console.log(e.message); }
  const later = () => [k6.slep(1), new metrics.Tren('t'), encoding.b64encod('x'), require('k6/http')['pust'](), Jar, http.gett];
};`,
  );
  const { lines, exit } = await run('takes.js');
  assert.equal(exit, 0);
  const told = lines
    .filter((line) => line.includes('has no export named'))
    .map((line) => line.replace(/^.*takes\.js/, ''));
  assert.deepEqual(
    told.map((line) => [
      line.replace(/^:(\d+:\d+): (\S+) has no export named (\w+).*$/, '$1 $2 $3'),
      /did you mean (\w+)/.exec(line)?.[1],
    ]),
    [
      ['5:9 k6/encoding b64Encode', 'b64encode'],
      ['12:14 k6/http gett', 'get'],
      ['13:27 k6 slep', 'sleep'],
      ['13:48 k6/metrics Tren', 'Trend'],
      ['13:68 k6/encoding b64encod', 'b64encode'],
      ['13:102 k6/http pust', 'put'],
    ],
  );
  assert.deepEqual(
    lines
      .filter((line) => !line.includes('has no export named'))
      .map((line) => line.replace(/^.*is not a function.*$/, 'not a function')),
    ['undefined 2 undefined true 1 1 false', 'not a function'],
  );
});

test('a name that a file or a package lacks ends the test before any load, whatever way it is imported', async () => {
  scratch.write(
    'node_modules/named/package.json',
    '{ "name": "named", "version": "1.0.0", "module": "m.js", "main": "m.js" }',
  );
  scratch.write('node_modules/named/m.js', 'export const right = 1;');
  scratch.write('names.js', 'export const right = 1; export default 1;');
  for (const [name, source] of [
    ['named import', `import { wrong } from './names.js'; export default () => wrong;`],
    ['renamed', `import { rihgt as x } from './names.js'; export default () => x;`],
    ['re-export', `export { rigt } from './names.js'; export default () => 1;`],
    ['of a package', `import { rigth } from 'named'; export default () => rigth;`],
    ['default', `import all from 'named'; export default () => all;`],
    ['through another file', `import { wrong } from './through.js'; export default () => wrong;`],
  ] as const) {
    scratch.write('through.js', `export * from './names.js';`);
    scratch.write('lacks.js', source);
    const { exit, stderr } = await run('lacks.js');
    assert.equal(exit, 107, name);
    assert.match(stderr, /lacks\.js:1:\d+/, name);
    if (/ri/.test(source.split('from')[0]!)) assert.match(stderr, /did you mean "?right"?/, name);
  }
});

test('a package may make requests and set timers behind an await, for the virtual user that calls it', async () => {
  scratch.write('node_modules/client/package.json', '{ "name": "client", "version": "1.0.0", "module": "c.js" }');
  scratch.write(
    'node_modules/client/c.js',
    `const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
     export async function ask(url) {
       await null;
       await pause(1);
       const error = await fetch(url).catch((e) => e);
       await pause(1);
       return error.error_code;
     }`,
  );
  scratch.write(
    'asks.js',
    `import { ask } from 'client';
     export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
     export default async () => console.log(await ask('http://127.0.0.1:1/'));`,
  );
  const { lines, exit } = await run('asks.js');
  assert.equal(exit, 0);
  assert.deepEqual(lines, Array(6).fill('1212'));
});

test('open is relative to the module whose top level runs, with a warning where a function of another module opens', async () => {
  scratch.write('shelf/label.txt', 'shelf');
  scratch.write('label.txt', 'script');
  scratch.write(
    'shelf/read.cjs',
    `exports.atLoad = open('./label.txt');\nexports.read = (name) =>\n  open(name);\nexports.own = exports.read('label.txt');`,
  );
  scratch.write(
    'opens.js',
    `import { atLoad, own, read } from './shelf/read.cjs';
     const later = read('./label.txt');
     export default () => console.log([atLoad, own, later, open.length].join());`,
  );
  const { lines } = await run('opens.js');
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /shelf\/read\.cjs:3:\d+: open\("\.\/label\.txt"\) is relative to .*\/opens\.js/);
  assert.equal(lines[1], 'shelf,shelf,script,2');
});

test('open is relative to a module of its own that the script both imports and requires, by a plain or a computed name', async () => {
  scratch.write('both/data.json', '[1]');
  scratch.write(
    'both/part.js',
    `export const text = open('./data.json'); export const where = import.meta.resolve('./data.json');`,
  );
  scratch.write(
    'both.js',
    `import { text, where } from './both/part.js';
     const again = require('./both/part.js');
     const name = './both/part.js';
     const dynamic = require(name);
     export default () => console.log([text, again.text, dynamic === again, where.endsWith('/both/data.json')].join());`,
  );
  const { lines } = await run('both.js');
  assert.deepEqual(lines, ['[1],[1],true,true']);
});

test('a script from standard input requires and opens from the current folder', async () => {
  scratch.write('near/x.js', 'exports.n = 7;');
  const { lines } = await run(
    '-',
    `const name = './near/x.js'; console.log(require(name).n, open(name).length); exports.default = () => {};`,
  );
  assert.equal(lines[0], '7 14');
});

test('an assignment to a constant or an import throws when it runs, also in joined and TypeScript modules', async () => {
  scratch.write('fixed/lib.js', 'export const limit = 1; export let n = 0; export function grow() { limit = 2; }');
  const text = `import { grow, n as alias } from './fixed/lib.js';
     const top = 3;
     const given = { top: 4 };
     const tries = [
       () => { top = 4; }, grow, () => { alias = 4; }, () => { alias++; }, () => { const own = 1; own += 1; },
       () => { [top] = [4]; }, () => { ({ top } = given); }, () => { ({ top = 2 } = {}); }, () => { (top) = 1; },
       () => { for (top of [1]); }, () => { let top = 1; top = 2; },
     ];
     export default () => console.log(tries.map((run) => {
       try { run(); return 'none'; } catch (e) { return e.name + e.message.slice(-9); }
     }).join(), top, alias, grow.name);`;
  scratch.write('fixed.js', text);
  scratch.write('fixed.ts', text.replace('top = 3', 'top: number = 3'));
  const expected = `${'TypeErrorvariable.,'.repeat(10)}none 3 0 grow`;
  for (const name of ['fixed.js', 'fixed.ts']) assert.deepEqual((await run(name)).lines, [expected], name);
});

test('a replaced global.require is asked for files and packages too, and can hand the question on', async () => {
  scratch.write('asked/one.js', 'exports.two = require("./two.js").n; exports.self = exports;');
  scratch.write('asked/two.js', 'exports.n = 2;');
  scratch.write('node_modules/asked/index.js', 'exports.n = "a package";');
  scratch.write(
    'asked.js',
    `import './asked/first.js';
     const one = require('./asked/one.js');
     const late = require('./asked/' + 'late.js');
     export default () => console.log(JSON.stringify([one.two, one.self === one, require('asked').n, late.n, global.asked]));
     require('k6/http');
     const inner = require;
     global.require = (...given) => given[0] === 'asked' ? { n: 'own' } : inner(...given);`,
  );
  scratch.write('asked/late.js', 'exports.n = require("./two.js").n;');
  scratch.write(
    'asked/first.js',
    `const own = global.require;
     global.asked = [];
     global.require = (...given) => { global.asked.push(given.join()); return own(given[0]); };
     export {};`,
  );
  assert.deepEqual((await run('asked.js')).lines, [
    JSON.stringify([2, true, 'own', 2, ['./asked/one.js', './two.js', './asked/late.js', './two.js', 'k6/http']]),
  ]);
});

test('a module that waits at its top is imported, not required; nor does it hinder computed requires of others', async () => {
  scratch.write('waits/slow.js', 'export const n = await Promise.resolve(5);');
  scratch.write('waits/typed.ts', 'export const n: number = await Promise.resolve(6);');
  scratch.write('waits/plain.js', 'export const n = 7; export const at = import.meta.resolve("./x");');
  scratch.write(
    'waits.js',
    `import { n } from './waits/slow.js';
     const tell = (name) => { try { return require('./waits/' + name).n; } catch (e) { return e.message; } };
     const said = ['typed.ts', 'slow.js'].map(tell);
     const plain = require('./waits/' + 'plain.js');
     export default () => {
       console.log(n, plain.n, plain.at.slice(-8));
       for (const text of said) console.log(text);
     };`,
  );
  const { lines } = await run('waits.js');
  assert.equal(lines[0], '5 7 /waits/x');
  const text = lines.join('\n');
  assert.match(text, /require\(\) cannot load a module that waits.*import it\n\tat \/.*\/waits\/typed\.ts:1:26/);
  assert.match(text, /require\(\) cannot load a module that waits.*import it\n\tat \/.*\/waits\/slow\.js:1:18/);
});

test('import.meta is that of the module, also from standard input and where a module is found at run time', async () => {
  scratch.write('metas/lib.js', `export const at = import.meta.resolve('./x'); export const own = import.meta;`);
  const { lines } = await run(
    '-',
    `import { at, own } from './metas/lib.js';
     export default () => {
       console.log('import.meta.resolve', at.slice(-8), import.meta.resolve('./y').slice(-2), own === import.meta,
         /* import.meta */ typeof import.meta, import.meta === import . meta, import.meta.url);
     };`,
  );
  assert.deepEqual(lines, ['import.meta.resolve /metas/x /y false object true undefined']);
});
