import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { compileModule } from '../../src/script/compiler/compile.ts';
import { instantiate } from '../../src/script/instantiate.ts';
import { loadProgram } from '../../src/script/load/load-program.ts';
import { loadScript } from '../../src/script/load/load-script.ts';
import { SCOPE_SPECIFIER, UNSET_EXPORT } from '../../src/script/module-scope.ts';
import type { Program } from '../../src/script/program.ts';
import { createRealm } from '../../src/script/realm.ts';
import type { ScriptVu } from '../../src/script/realm-interface.ts';
import { type Box, Suspension } from '../../src/script/runtime/suspension.ts';
import { MODES } from './differences.ts';

type Files = Readonly<Record<string, string>>;

/** What all cases have: steps that went well with what they brought, the others with what they threw. */
const COMMON: Files = {
  'seen.js': `export const seen = [];
export function attempt(label, step) {
  try { const value = step(); seen.push(label + ': ' + (typeof value === 'function' ? 'a function' : JSON.stringify(value))); }
  catch (error) { seen.push(label + ' threw ' + error.name + ': ' + error.message.replace(/'.*'/, '…')); }
}
`,
  'main.js': `import { seen } from './seen.js';\nimport './c.js';\nexport default () => seen.join('\\n');\n`,
  'c.js': `const a = require('./a.js'), { attempt } = require('./seen.js');
for (const name of Object.keys(a).sort()) if (name !== '__esModule') attempt('at last ' + name, () => a[name]);
`,
};

async function asJavaScript(source: string): Promise<string> {
  return (await transform(source, { loader: 'ts', sourcemap: 'inline', sourcefile: 'a.ts' })).code;
}

/** `a.js` is required, and imports `b.js`, which imports `a.js` and runs first. */
const CASES: Readonly<Record<string, Files>> = {
  'reads of every kind of declaration': {
    'a.js': `import './b.js';
export const one = 1, two = one + 1; export let three = 3; export let later; let z, w = 2;
export const { p, q: [r, ...s], t = p } = { p: 1, q: [2, 3] };
export class K { static s = K.name; m() { return K } }
export var old = 4; export function f() { return 5 }
export default [6];
export { z as renamed, w };
later = 7;
`,
    'b.js': `import six, { one, two, three, later, p, r, s, t, K, old, f, renamed, w } from './a.js';
import { attempt } from './seen.js';
const reads = { six: () => six, one: () => one, two: () => two, three: () => three, later: () => later, p: () => p, r: () => r, s: () => s,
  t: () => t, K: () => K, old: () => old, f: () => f(), renamed: () => renamed, w: () => w };
for (const name in reads) attempt(name, reads[name]);
export const again = () => { for (const name in reads) attempt('again ' + name, reads[name]) };
`,
    'c.js': `require('./a.js'); require('./b.js').again();`,
  },
  'uses of every kind': {
    'a.js': `import './b.js';\nexport const n = 1; export const o = { m() { return 2 } }; export const f = () => 3; export class K { static k = 4 }\n`,
    'b.js': `import { n, o, f, K } from './a.js';
import { attempt } from './seen.js';
export function all(when) {
  attempt(when + 'typeof', () => typeof n); attempt(when + 'sum', () => n + 1); attempt(when + 'not', () => !n); attempt(when + 'void', () => void n);
  attempt(when + 'call', () => f()); attempt(when + 'method', () => o.m()); attempt(when + 'optional', () => o?.m?.()); attempt(when + 'new', () => new K() instanceof K);
  attempt(when + 'extends', () => (class extends K {}).k); attempt(when + 'shorthand', () => ({ n })); attempt(when + 'spread', () => ({ ...o }).m());
  attempt(when + 'template', () => \`\${n}\`); attempt(when + 'default', () => ((x = n) => x)()); attempt(when + 'key', () => ({ [n]: 1 }));
  attempt(when + 'and', () => false && n); attempt(when + 'or', () => true && n); attempt(when + 'in', () => 'm' in o); attempt(when + 'tag', () => f\`x\`);
  attempt(when + 'loop', () => { for (const x of [n]) return x }); attempt(when + 'pattern', () => { const { m } = o; return m() });
  attempt(when + 'generator', () => [...(function* () { yield n })()]); attempt(when + 'shadowed', () => { const n = 9; return n });
  attempt(when + 'delete', () => delete o.x); attempt(when + 'comma', () => (0, f)()); attempt(when + 'argument', () => [1].map((x) => x + n));
}
all('early ');
`,
    'c.js': `require('./a.js'); require('./b.js').all('late ');`,
  },
  'assignments of every kind': {
    'a.js': `import './b.js';
let v = 1, u; class K {}
export const setters = (() => list())();
export function list() {
  return {
    plain: () => (v = 2), compound: () => (v += 2), more: () => v++, fewer: () => --v, nullish: () => (v ??= 3), or: () => (u ||= 4), and: () => (v &&= 5),
    array: () => ([v] = [6]), object: () => ({ v, x: u = 8 } = { v: 7 }), rest: () => ([, ...u] = [1, 9]), loop: () => { for (v of [1, 2]); return v },
    keys: () => { for (v in { k: 1 }); return v }, klass: () => (K = null), named: () => { u = function () {}; return u.name }, arrow: () => { u = null; u ??= () => {}; return u.name },
    order: () => { const steps = []; try { v = steps.push('value') } catch (e) { steps.push(e.name) } return steps }, read: () => [v, typeof u, K === null],
  };
}
`,
    'b.js': `import { list, setters } from './a.js';
import { attempt } from './seen.js';
const early = list();
for (const name in early) attempt(name, early[name]);
export const again = () => { for (const name in setters) attempt('again ' + name, setters[name]) };
`,
    'c.js': `require('./a.js'); require('./b.js').again();`,
  },
  'namespaces, stars and names of other names': {
    'a.js': `import './b.js';\nexport const x = 1; const y = 2; export { y as z }; export default class { static d = 3 } export let l; export * from './e.js'; export { e as ee } from './e.js';\n`,
    'e.js': `import './a.js';\nexport const e = 5; export class E {}\n`,
    'f.js': `export * from './a.js';\nexport { x as xx, default } from './a.js'; export * as all from './a.js';\n`,
    'b.js': `import * as a from './a.js';\nimport * as f from './f.js';\nimport { attempt } from './seen.js';
export function all() {
  for (const name of ['x', 'z', 'default', 'l', 'e', 'E', 'ee', 'nothing']) attempt('a ' + name, () => a[name]);
  for (const name of ['x', 'z', 'default', 'xx', 'l', 'e']) attempt('f ' + name, () => f[name]);
  attempt('all', () => f.all.x); attempt('typeof', () => typeof a.x); attempt('in', () => 'x' in a); attempt('pattern', () => { const { x } = a; return x });
}
all();
`,
    'c.js': `require('./a.js'); require('./b.js').all();`,
  },
  'values that see each other, and themselves': {
    'a.js': `import './b.js';\nimport { attempt } from './seen.js';
attempt('before', () => [k]); attempt('before u', () => u);
const k = (attempt('within', () => k), 1), m = k + 1, { p, q = p + m } = { p: 3 };
let u; attempt('after u', () => u); let a1, a2 = (attempt('between', () => [a1]), attempt('itself', () => a2), 4);
class K { static { attempt('static', () => K === this) } static x = new K() }
const f = function () {}, g = () => {}, h = class {}, i = class I {};
attempt('names', () => [f.name, g.name, h.name, i.name]);
export { k, m, p, q, u, a1, a2, K, f, g, h, i };
export default () => {};
`,
    'b.js': `import './a.js';\n`,
  },
  'what imports in the middle of the text': {
    'a.js': `let first;\nimport './b.js';\nlet second; export const read = 1; export function both() { return [first, second] }\nimport './b2.js';\n`,
    'b.js': `import { both } from './a.js';\nimport { attempt } from './seen.js';\nattempt('b', both);\n`,
    'b2.js': `import { both } from './a.js';\nimport { attempt } from './seen.js';\nattempt('b2', both);\n`,
  },
  'names of one name in several modules': {
    'a.js': `import './b.js';\nconst x = 1; export { x as a }; export const inner = (x) => { x = 2; return x }; export function own() { return x }\n`,
    'b.js': `import { a, own } from './a.js';\nimport { attempt } from './seen.js';\nlet x = 3; attempt('a', () => a); attempt('own', own); attempt('x', () => x); export const get = () => x;\n`,
  },
  'a module that imports itself': {
    'a.js': `import * as self from './a.js';\nimport { attempt } from './seen.js';\nattempt('early', () => self.v); attempt('typeof', () => typeof self.w); export let v; export const w = 1;\nattempt('then', () => [typeof self.v, self.w]);\n`,
  },
  'a module that fails half way': {
    'a.js': `import './b.js';\nimport { kept } from './kept.js';\nconst x = 1; kept.push(() => x, () => y, () => z); const y = null.y; let z;\n`,
    'b.js': `import './a.js';\n`,
    'kept.js': 'export const kept = [];',
    'c.js': `const { attempt } = require('./seen.js'), { kept } = require('./kept.js');
attempt('fails', () => require('./a.js')); attempt('fails again', () => require('./a.js'));
for (const read of kept) attempt('kept', read);
`,
  },
  'an assignment right before the declaration': {
    'a.js': `import './b.js';\nx = 1; let x = 2; export { x };\n`,
    'b.js': `import './a.js';\n`,
    'c.js': `const { attempt } = require('./seen.js');\nattempt('fails', () => require('./a.js'));\n`,
  },
  'code that eval runs': {
    'a.js': `import './b.js';\nlet v = 1; export function read() { return eval('v') } export function write() { return eval('v = 2') } export function kind() { return eval('typeof v') }\n`,
    'b.js': `import { read, write, kind } from './a.js';\nimport { attempt } from './seen.js';\nexport const all = () => { attempt('read', read); attempt('write', write); attempt('typeof', kind) };\nfor (const f of [read, write, kind]) attempt('early', f);\n`,
    'c.js': `require('./a.js'); require('./b.js').all();`,
  },
  'functions that wait': {
    'a.js': `import './b.js';\nexport let v = 1; export async function set() { v = await 2; return v } export const made = async () => v;\n`,
    'b.js': `import { set, v } from './a.js';\nimport { attempt } from './seen.js';\nexport const done = set(); attempt('v', () => v); export const get = () => v;\n`,
    'c.js': `require('./a.js');\n`,
    'main.js': `import { seen } from './seen.js';\nimport './c.js';\nimport { done } from './b.js';\nimport { v, made } from './a.js';
export default async () => [...seen, await done, v, await made()].join('\\n');\n`,
  },
  'what the language calls, which may wait': {
    'a.js': `import './b.js';\nimport { attempt } from './seen.js';
const wait = globalThis.wait ?? (() => {});
const number = { valueOf() { wait(); return 2 } }, list = { *[Symbol.iterator]() { wait(); yield 1; wait(); yield 2 } }, got = { get g() { wait(); return 3 } };
let none, sum = 1; const [i, j = attempt('in a pattern', () => k), k = i] = list, { g, h = g } = got; sum += number; sum++; [none, sum] = list;
export { number, i, j, k, g, h, sum, none }; export function change() { sum += number; sum--; [sum] = list; ({ g: none } = got); return [sum, none] }
`,
    'b.js': `import { change, i, g, sum } from './a.js';\nimport { attempt } from './seen.js';
attempt('change', change); attempt('i', () => i); attempt('g', () => [g]); attempt('sum', () => +sum); export const again = () => attempt('again', change);
`,
    'c.js': `const { attempt } = require('./seen.js'), a = require('./a.js'); require('./b.js').again();
for (const name of Object.keys(a)) if (name !== '__esModule') attempt(name, () => a[name]);
`,
  },
  'a module that another tool has made, with its source map in it': {
    'a.js': await asJavaScript(
      `import { all } from './b.ts';\nlet none: number | undefined; export const a: number = 1;\nexport function use(): unknown { return [none] } all('then');\n`,
    ),
    'b.ts': `import { a, use } from './a.js';\nimport { attempt } from './seen.js';\nexport const all = (when: string): void => { attempt(when + ' a', () => a); attempt(when + ' use', use) };\nall('early');\n`,
  },
  TypeScript: {
    'a.ts': `import { type Unused, both } from './b.ts';\nexport interface I { a: number }\nlet none: { a: number } | undefined, other: string; export const x: number = 1; export abstract class A<T> { t?: T }
export function all(): unknown[] { return [none, other] } export function first(): unknown { return x } both('then');\n`,
    'b.ts': `import { all, first, A } from './a.ts';\nimport { attempt } from './seen.js';\nexport type Unused = string;
export function both(when: string): void { attempt(when + ' all', all); attempt(when + ' first', first); attempt(when + ' A', () => A) }\nboth('early');\n`,
    'c.js': `require('./a.ts');\n`,
  },
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-cycles-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, files: Files): string {
  const own = path.join(folder, name.replaceAll(' ', '-'));
  mkdirSync(own);
  for (const [file, text] of Object.entries({ ...COMMON, ...files })) writeFileSync(path.join(own, file), text);
  return own;
}

async function runPlain(own: string): Promise<string> {
  const main = (await import(pathToFileURL(path.join(own, 'main.js')).href)) as { default(): string | Promise<string> };
  return main.default();
}

async function runCompiled(
  program: Pick<Program, 'code' | 'segments' | 'hostImports' | 'exportNames'>,
): Promise<string> {
  const realm = createRealm();
  const vu = { loop: null as unknown as ScriptVu['loop'] } satisfies ScriptVu;
  vu.loop = realm.createLoop(vu);
  const scope = { enter() {}, load() {}, [UNSET_EXPORT]: Symbol('unset') };
  const { exports } = await instantiate(realm, { ...program, name: 'cycles' }, vu, {
    globals: { wait: realm.blockingFunction('wait', 0, () => new Suspension(Promise.resolve())) },
    import: (specifier) => (specifier === SCOPE_SPECIFIER ? scope : {}),
  });
  return ((await vu.loop.run(exports['default'], undefined, [])) as Box).value as string;
}

describe('in import cycles that require reaches, names are as early or late as in Node', () => {
  for (const [name, files] of Object.entries(CASES)) {
    it(name, async () => {
      const own = write(name, files);
      const expected = await runPlain(own);
      const { code } = await loadScript({ path: 'main.js', cwd: own });
      assert.match(code, / = __unset/);
      for (const mode of MODES) assert.equal(await runCompiled(compileModule({ code, mode })), expected, mode);
      const program = await loadProgram({ path: 'main.js', cwd: own }, { compatibilityMode: 'base' });
      assert.equal(await runCompiled(program), expected, 'base');
    });
  }
});
