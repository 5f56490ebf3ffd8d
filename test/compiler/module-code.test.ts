import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileModule } from '../../src/script/compiler/compile.ts';
import { show } from '../../src/script/compiler/show-value.ts';
import { instantiate } from '../../src/script/instantiate.ts';
import { createRealm } from '../../src/script/realm.ts';
import type { ScriptVu } from '../../src/script/realm-interface.ts';
import { Box, Suspension } from '../../src/script/runtime/suspension.ts';
import { MODES } from './differences.ts';

/** Modules: what they export is read, and what is a function called, in the order of the names; then once more. */
const CASES = [
  'export const a = host(1); export let b = 2; export var c = 3; export function f() { return host(4) } export class K { static s = host(5) }',
  'export default function () { return host(1) }',
  'export default function named() { return [named.name, host(1)] }',
  'export default class { static n = host(1) }',
  'export default class Named { static n = Named.name + host(1) }',
  'export default () => host(1)',
  'export default async function () { return await host(1) }',
  'export default function* () { yield host(1) }',
  'export default (function () { return 1 }); host(2)',
  'export default (class {}); host(2)',
  'export default host(1) + 2',
  'export default [host(1)]; export const x = typeof host',
  'let a = host(1); export { a, a as b, a as default, a as "any name" }; a = host(2)',
  'export let n = 0; export function f() { return ++n + host(0) }',
  'export { later, f as g }; let later = host(1); function f() { later = host(2); return later }',
  'log(f()); function f() { return host(1) } export { f }',
  'let error; try { early } catch (e) { error = e.name } const early = host(1); export { error, early }',
  'export const self = this === undefined, inFunction = (function () { return this === undefined })(); host(1)',
  'export const meta = typeof import.meta, proto = Object.getPrototypeOf(import.meta) === null; host(1)',
  'export const awaited = await host(1); export const both = await Promise.all([host(2), Promise.resolve(3)])',
  'export let caught; try { await Promise.reject(host(1)) } catch (e) { caught = e } finally { log("finally") }',
  'export const r = []; for await (const x of [host(1), Promise.resolve(2)]) r.push(x)',
  'export const { a, b: [c, ...d], ...e } = host({ a: 1, b: [2, 3], f: 4 }); export const [g = host(5)] = []',
  'export var v; { var v = host(1) } export let l = typeof v; { let l = host(2); log(l) }',
  'var await1 = 1, arguments1 = typeof arguments; export { await1, arguments1 }; host(1)',
  'export class A { #p = host(1); m() { return this.#p } static { log("static") } } export const a = new A().m()',
  'label: { host(1); break label } export const after = host(2)',
  'if (host(0)) { log("never") } else { function inBlock() { return host(1) } log(inBlock()) } export const t = typeof inBlock',
  'export const f = () => g(), g = () => host(1); export const r = f()',
  '"use strict"; export const s = (() => { try { undeclared = host(1) } catch (e) { return e.name } })()',
  '<!-- host(1)'.replace('<!-- ', '/* <!-- */ '),
  'export async function* ag() { yield host(1) } export const got = await ag().next()',
  'export const x = host(1)\nexport default x\nexport { x as y }\n[host(2)].length\n',
  'throw new TypeError(host("m")); export const never = 1',
  'const NAMES = 1; export { NAMES as if, NAMES as default, NAMES as then1 }; host(1)',
];

type Observed = { readonly result: string; readonly trace: readonly string[] };
type Namespace = Record<string, unknown>;

/** Reads and calls all that a module exports, twice. */
async function look(exports: Namespace, call: (f: unknown) => unknown): Promise<string> {
  const seen: string[] = [];
  for (let turn = 0; turn < 2; turn++)
    for (const name of Object.keys(exports).sort()) {
      const value = exports[name];
      const isCalled = typeof value === 'function' && !/^class/.test(Function.prototype.toString.call(value));
      seen.push(`${name}: ${show(value)}${isCalled ? ` brings ${show(await call(value))}` : ''}`);
    }
  return seen.join('; ');
}

async function observe(trace: string[], run: () => Promise<string>): Promise<Observed> {
  try {
    return { result: await run(), trace };
  } catch (error) {
    return { result: `threw ${(error as Error).name}: ${(error as Error).message}`, trace };
  }
}

function runPlain(code: string, number: number): Promise<Observed> {
  const trace: string[] = [];
  const host = (value: unknown): unknown => {
    trace.push(show(value));
    return value;
  };
  const shared = { host, log: (value: unknown) => void trace.push(`log ${show(value)}`) };
  const slot = `sixfoldModule${number}`;
  Object.assign(globalThis, { [slot]: shared });
  const source = `const { host, log } = globalThis.${slot};\n${code}`;
  return observe(trace, async () => {
    const exports = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as Namespace;
    return look(exports, (f) => (f as () => unknown)());
  });
}

const realm = createRealm();

function runCompiled(code: string, number: number, mode: (typeof MODES)[number]): Promise<Observed> {
  const trace: string[] = [];
  const vu = {} as { loop: ScriptVu['loop'] };
  vu.loop = realm.createLoop(vu);
  const host = (value: unknown): unknown => {
    trace.push(show(value));
    return new Suspension(Promise.resolve(typeof value === 'object' ? new Box(value) : value));
  };
  const module = {
    host: realm.blockingFunction('host', 1, host),
    log: realm.hostFunction('log', 1, (value: unknown) => void trace.push(`log ${show(value)}`)),
  };
  return observe(trace, async () => {
    const source = `import { host, log } from 'k6/host';\n${code}`;
    const program = { ...compileModule({ code: source, mode }), name: `module-${number}-${mode}.js` };
    const { exports } = await instantiate(realm, program, vu, { globals: {}, import: () => module });
    return look(exports, async (f) => (await vu.loop.run(f, undefined, [])).value);
  });
}

describe('module code as specified', () => {
  for (const [number, code] of CASES.entries())
    it(code, async () => {
      const expected = await runPlain(code, number);
      for (const mode of MODES) assert.deepEqual(await runCompiled(code, number, mode), expected, mode);
    });
});
