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
