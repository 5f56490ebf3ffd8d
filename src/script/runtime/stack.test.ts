import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { instantiate } from '../instantiate.ts';
import { loadProgram } from '../load/load-program.ts';
import { evaluateShared } from '../load/shared-packages.ts';
import { SCOPE_SPECIFIER, UNSET_EXPORT } from '../module-scope.ts';
import { createRealm } from '../realm.ts';
import type { ScriptVu, VuLoop } from '../realm-interface.ts';
import { describeError, showStacks } from './stack.ts';
import { Suspension } from './suspension.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-stack-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a script's default function and describes what it throws, with paths relative to the folder. */
async function describe(files: Readonly<Record<string, string>>, main: string): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const program = await loadProgram({ path: main, cwd: folder });
  const realm = createRealm();
  showStacks(realm, program);
  const vu = { loop: null as unknown as VuLoop } satisfies ScriptVu;
  vu.loop = realm.createLoop(vu);
  const shared = program.shared && evaluateShared(program.shared, realm.globalThis);
  const wait = realm.blockingFunction('wait', 0, () => new Suspension(Promise.resolve()));
  const fail = realm.blockingFunction('fail', 0, () => new Suspension(Promise.reject(new Error('no answer'))));
  try {
    const { exports } = await instantiate(realm, program, vu, {
      globals: { wait, fail },
      import: (specifier) =>
        specifier === SCOPE_SPECIFIER
          ? { enter() {}, load: shared, [UNSET_EXPORT]: Symbol('unset') }
          : ((shared?.(specifier) ?? {}) as Record<string, unknown>),
    });
    const target = program.isCommonJs ? (exports['default'] as Record<string, unknown>) : exports;
    await vu.loop.run(target['default'], undefined, []);
  } catch (error) {
    return describeError(error, program).text.replaceAll(`file://${folder}/`, '').replaceAll('\n\t', ' | ');
  }
  return assert.fail('nothing was thrown');
}

test('after a suspension the stack still names every caller, in the lines of the script', async () => {
  const text = await describe(
    {
      'waits.js': `function inner(n) {
  wait();
  throw new TypeError('broken');
}
class Api { run() { return [1].map((n) => inner(n)); } }
export default function () {
  return new Api().run();
}
`,
    },
    'waits.js',
  );
  assert.match(
    text,
    /^TypeError: broken \| at inner \(waits\.js:3:9\) \| .*waits\.js:5:\d+.* \| at default \(waits\.js:7:\d+\)$/,
  );
});

test('in joined modules, TypeScript and CommonJS, positions are those of the files as written', async () => {
  assert.match(
    await describe(
      {
        'joined.js': "import { fail } from './lib/fail.ts';\n\nexport default function () {\n  fail(1);\n}\n",
        'lib/fail.ts':
          'interface Unused { a: number }\n\nexport function fail(n: number): never {\n  throw new RangeError(String(n));\n}\n',
      },
      'joined.js',
    ),
    /^RangeError: 1 \| at fail \(lib\/fail\.ts:4:9\) \| at default \(joined\.js:4:\d+\)$/,
  );
  assert.match(
    await describe({ 'common.js': 'exports.default = () => {\n  null.property;\n};\n' }, 'common.js'),
    /^TypeError: Cannot read properties of null \(reading 'property'\) \| at .*common\.js:2:8/,
  );
});

test('of a name that is used before its turn in an import cycle that require reaches, the place is told', async () => {
  const cycle = (top: string, inFunction: string, early: string) =>
    describe(
      {
        'cycle.js': "import './cycle/c.js';\nexport default () => {};\n",
        'cycle/c.js': "require('./a.js');\n",
        'cycle/a.js': `import './b.js';\nlet later; ${top}export const early = 1; export function use(x) {\n  ${inFunction}\n}\n`,
        'cycle/b.js': `import { early, use } from './a.js';\n${early}\n`,
      },
      'cycle.js',
    );
  const message = (name: string) => `ReferenceError: Cannot access '${name}' before initialization`;
  const rest = 'at cycle/b.js (cycle/b.js:2:1) | at cycle/a.js (cycle/a.js:1:1) | at cycle/c.js:1:1';
  assert.equal(
    await cycle('', '', '  use(early);'),
    `${message('early')} | at cycle/b.js (cycle/b.js:2:7) | at cycle/a.js (cycle/a.js:1:1) | at cycle/c.js:1:1`,
  );
  for (const [statement, column] of [
    ['later = x;', 3],
    ['const y = 1; later += x;', 16],
  ] as const)
    assert.equal(
      await cycle('', statement, 'use(1);'),
      `${message('later')} | at use (cycle/a.js:3:${column}) | ${rest}`,
    );
  assert.equal(
    await cycle('null.x; ', '', ''),
    "TypeError: Cannot read properties of null (reading 'x') | at cycle/a.js (cycle/a.js:2:17) | at cycle/c.js:1:1",
  );
});

test('frames of a shared package are those of its files; init errors have no function', async () => {
  assert.match(
    await describe(
      {
        'node_modules/thrower/index.js': 'exports.run = function run(fn) {\n  return fn(null);\n};\n',
        'uses.js': "import { run } from 'thrower';\nexport default () => run((x) => x.y);\n",
      },
      'uses.js',
    ),
    /^TypeError: .* \| at .*uses\.js:2:\d+\)? \| at .*run \(node_modules\/thrower\/index\.js:2:\d+\) \| at .*uses\.js:2:\d+/,
  );
  assert.match(
    await describe({ 'init.js': "\nthrow new Error('at once');\n" }, 'init.js'),
    /^Error: at once \| at init\.js:2:7$/,
  );
});

test('what is no error, and what caused an error, is shown too', async () => {
  assert.equal(await describe({ 'text.js': "export default () => { throw 'just text'; };" }, 'text.js'), 'just text');
  assert.equal(await describe({ 'data.js': 'export default () => { throw { code: 5 }; };' }, 'data.js'), '{"code":5}');
  assert.match(
    await describe(
      { 'cause.js': "export default () => { throw new Error('outer', { cause: new TypeError('inner') }); };" },
      'cause.js',
    ),
    /^Error: outer \| at .*cause\.js:1:\d+\)?\ncaused by TypeError: inner \| at .*cause\.js:1:\d+/,
  );
});

test('an error of a call that waited stands where the call was made', async () => {
  const text = await describe(
    {
      'fails.js': `function ask() {
  return fail();
}
export default function () {
  wait();
  return ask();
}
`,
    },
    'fails.js',
  );
  assert.match(text, /^Error: no answer \| at ask \(fails\.js:2:\d+\) \| at default \(fails\.js:6:\d+\)$/);
});

test('scripts read stacks in their own lines, and none of ours', async () => {
  const text = await describe(
    { 'reads.js': `export default function () {\n  throw new Error(new RangeError('deep').stack);\n}\n` },
    'reads.js',
  );
  assert.match(text, /^Error: RangeError: deep \| at default \(reads\.js:2:19\) \| at default \(reads\.js:2:9\)$/);
});
