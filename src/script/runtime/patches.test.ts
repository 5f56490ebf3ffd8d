import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileModule } from '../compiler/compile.ts';
import { instantiate } from '../instantiate.ts';
import { createRealm } from '../realm.ts';
import type { ScriptVu, VuLoop } from '../realm-interface.ts';
import { Suspension } from './suspension.ts';

const realm = createRealm();
const pause = realm.blockingFunction('pause', 0, () => new Suspension(new Promise((resolve) => setImmediate(resolve))));
let programs = 0;

/** Virtual users of one program, each with a function that runs its default export. */
async function start(code: string, count: number): Promise<((argument: unknown) => Promise<unknown>)[]> {
  const program = {
    ...compileModule({ code: `import { pause } from 'k6/host'; ${code}` }),
    name: `p-${++programs}.js`,
  };
  return Promise.all(
    Array.from({ length: count }, async () => {
      const vu = {} as { loop: VuLoop };
      vu.loop = realm.createLoop(vu satisfies ScriptVu);
      const { exports } = await instantiate(realm, program, vu, { globals: {}, import: () => ({ pause }) });
      return async (argument: unknown) => (await vu.loop.run(exports['default'], undefined, [argument])).value;
    }),
  );
}

test('what a virtual user changes in a built-in is its own, over suspensions and iterations', async () => {
  const users = await start(
    `export default (id) => {
      const before = [[].mark, 'mark' in [], Object.hasOwn(Array.prototype, 'mark')].join();
      Array.prototype.mark ??= id;
      pause();
      return [before, [].mark, 'mark' in []].join();
    }`,
    3,
  );
  const round = (): Promise<unknown[]> => Promise.all(users.map((run, id) => run(id + 1)));
  assert.deepEqual(
    await round(),
    [1, 2, 3].map((id) => `,false,false,${id},true`),
  );
  assert.deepEqual(
    await round(),
    [1, 2, 3].map((id) => `${id},true,true,${id},true`),
  );
});

test('so are changes made in the init code, by name or not, for good or not, and what is put in place of a built-in', async () => {
  const users = await start(
    `let calls = 0;
    Object.defineProperty(String.prototype, 'count', { value() { pause(); return ++calls } });
    Object.assign(Number.prototype, { ['ti' + 'mes']() { return calls } });
    const random = Math.random;
    Math.random = () => { pause(); return calls / 2 };
    export default (reset) => {
      if (reset) Math.random = random;
      return [''.count(), (1).times(), Math.random() === calls / 2].join();
    }`,
    2,
  );
  const [one, two] = users as [(typeof users)[0], (typeof users)[0]];
  assert.equal(await one(false), '1,1,true');
  assert.deepEqual(await Promise.all([one(true), two(false)]), ['2,2,false', '1,1,true']);
});

test('programs that change nothing pay nothing: the current virtual user stays a plain field', async () => {
  const other = createRealm();
  const program = {
    ...compileModule({ code: 'export default () => [].concat(Array.prototype.slice.call([1]))' }),
    name: 'x',
  };
  const vu = {} as { loop: VuLoop };
  vu.loop = other.createLoop(vu satisfies ScriptVu);
  await instantiate(other, program, vu, { globals: {}, import: () => ({}) });
  assert.equal(Object.getOwnPropertyDescriptor(other.protocol, 'vu')?.get, undefined);
});

/** Ways to a built-in that no name tells of; each changes something that `probe` then reads. */
const ALIASED: readonly (readonly [change: string, probe: string])[] = [
  ['const A = Array; A.prototype.mark = id;', '[].mark'],
  ['const { Array: A } = globalThis; A.prototype.mark = id;', '[].mark'],
  ["Object.defineProperty(Array['proto' + 'type'], 'mark', { value: id });", '[].mark'],
  ["Reflect.set(Array['proto' + 'type'], 'mark', id);", '[].mark'],
  ['const patch = (C) => { C.prototype.mark = id; }; patch(Array);', '[].mark'],
  ["new Function('id', 'Array.prototype.mark = id')(id);", '[].mark'],
  ["(0, eval)('Array.prototype').mark = id;", '[].mark'],
  ["(() => {}).constructor('id', 'Math.mark = id')(id);", 'Math.mark'],
  ['[].constructor.prototype.mark = id;', '[].mark'],
  ['[].__proto__.mark = id;', '[].mark'],
  ['[].__proto__[String(1 + 1)] = id;', '[][2]'],
  ['Object.getPrototypeOf("").mark = id;', '"".mark'],
  ['const own = Object.getPrototypeOf(function* () {}.prototype); own.mark = id;', '(function* () {})().mark'],
  ['for (const C of [Array, String]) Object.assign(C.prototype, { mark: id });', '[].mark'],
  ['const M = Math; M.max = () => id;', 'Math.max(0)'],
  ['let M; M = JSON; M.mark = id;', 'JSON.mark'],
  ['const p = (1).constructor.prototype; p.toFixed = () => id;', '(1).toFixed()'],
  ['const A = Array; delete A.prototype.at;', '[].at === undefined'],
  ["const A = Array; Object.defineProperty(A.prototype, 'length2', { get: () => id });", '[].length2'],
  ["const A = Array; Object.defineProperty(A.prototype, 'at', { get: () => () => id });", '[].at(0)'],
  ["const A = Array; A.prototype.__defineGetter__('mark', () => id);", '[].mark'],
  ['const A = Array; Object.setPrototypeOf(A.prototype, { __proto__: Object.prototype, mark: id });', '[].mark'],
  ['const f = () => Map; f().prototype.get = () => id;', 'new Map().get(0)'],
  ['const A = Array; A.prototype.mark = id; Object.freeze(A.prototype);', '[].mark'],
];

test('so are changes of built-ins that are reached by an alias, by a computed name or by code from a string', async () => {
  for (const [change, probe] of ALIASED) {
    const users = await start(
      `const probe = () => { try { return ${probe}; } catch (e) { return e.message; } };
      export default (id) => {
        const before = probe();
        if (id > 1) { ${change} }
        const after = probe();
        pause();
        return [before, after, probe() === after];
      }`,
      3,
    );
    // The lists are of the script's realm.
    const round = async (): Promise<unknown[][]> =>
      (await Promise.all(users.map((run, id) => run(id + 1)))).map((list) => [...(list as unknown[])]);
    const [none, two, three] = (await round()) as [unknown[], unknown[], unknown[]];
    assert.deepEqual(none, [two[0], two[0], true], change);
    assert.deepEqual([two[2], three[2], three[0]], [true, true, two[0]], change);
    assert.notEqual(two[1], two[0], change);
    const again = await round();
    assert.deepEqual(
      again.map(([before]) => before),
      [none[1], two[1], three[1]],
      change,
    );
  }
});

test('a built-in that becomes another in one virtual user alone is what it was in the next', async () => {
  const [one, two] = (await start(
    'const C = [].constructor; export default (f) => { if (f) C.prototype.push = f; const list = []; list.push(1); return String(list); }',
    2,
  )) as [(f?: unknown) => Promise<unknown>, (f?: unknown) => Promise<unknown>];
  assert.equal(await one(realm.hostFunction('push', 0, () => 0)), '');
  assert.equal(await two(), '1');
  assert.equal(await one(), '');
});
