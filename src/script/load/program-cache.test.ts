import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import type { Program } from '../program.ts';
import { createRealm } from '../realm.ts';
import { loadProgram } from './load-program.ts';
import { type LoadOptions, UNKEPT } from './load-script.ts';
import { ProgramCache } from './program-cache.ts';
import { RemoteModules } from './remote/remote-modules.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-programs-'));
after(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** What has just been written is not kept: whether it was compiled before or after that cannot be told. */
function isSettled(folder: string): boolean {
  const places = readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)));
  return Math.max(...places.map((place) => lstatSync(place).ctimeMs)) < Date.now() - 60;
}

/** A folder with a script of two modules and a package, and what loads it. */
function makeScript() {
  const folder = path.join(root, `script-${made++}`);
  const cache = `${folder}-cache`; // not in the script's folder, whose names count
  const write = (name: string, text: string): void => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write('main.js', "import { answer } from './lib.js'; import pack from 'pack'; export default () => answer + pack;");
  write('lib.js', 'export const answer = 42;');
  write('node_modules/pack/package.json', '{"name":"pack","main":"one.js"}');
  write('node_modules/pack/one.js', 'export default "one";');
  write('node_modules/pack/two.js', 'export default "two";');
  const load = async (options: LoadOptions = {}, compiler = 'compiler-1'): Promise<Program> => {
    await until(() => isSettled(folder), 'files that were written well before they are compiled');
    return loadProgram({ path: 'main.js', cwd: folder }, { programs: new ProgramCache(cache, compiler), ...options });
  };
  return { folder, cache, write, load };
}

/** Whether a program was found: one that was compiled has nothing of the engine's, and asks for it. */
const text = ({ code, shared }: Program): string => code + (shared?.code ?? '');

describe('programs that were compiled before', () => {
  test('are there again whole, with what the engine made of them', async () => {
    const { cache, load } = makeScript();
    const compiled = await load();
    assert.equal(compiled.asksForCode, true);
    assert.equal(readdirSync(cache).length, 1);
    const programs = new ProgramCache(cache, 'compiler-1');
    const found = await load({ programs });
    assert.deepEqual({ ...found, name: compiled.name }, compiled);
    assert.notEqual(found.name, compiled.name);
    programs.keepCode(found, { program: new Uint8Array([1, 2, 3]), shared: null });
    const again = await load();
    assert.deepEqual(again.codeCaches?.program && [...again.codeCaches.program], [1, 2, 3]);
    assert.equal(again.asksForCode, undefined);
    assert.equal(again.code, compiled.code);
  });

  test('are no bigger to send to a worker than what is in them', async () => {
    const { cache, load } = makeScript();
    const programs = new ProgramCache(cache, 'compiler-1');
    const compiled = await load({ programs });
    programs.keepCode(compiled, { program: new Uint8Array([1, 2, 3]), shared: Buffer.from([4, 5]) });
    const { codeCaches, segments, lineStarts } = await load();
    const views = { program: codeCaches!.program!, shared: codeCaches!.shared!, segments, lineStarts };
    // A clone has the whole buffer that a view is of.
    for (const [what, { buffer, byteLength }] of Object.entries(views))
      assert.equal(buffer.byteLength, byteLength, what);
    assert.deepEqual(
      [[...views.program], [...views.shared]],
      [
        [1, 2, 3],
        [4, 5],
      ],
    );
    assert.deepEqual([segments, lineStarts], [compiled.segments, compiled.lineStarts]);
  });

  const changes: Record<string, (script: ReturnType<typeof makeScript>) => void> = {
    'a module': ({ write }) => write('lib.js', 'export const answer = 43;'),
    'a file of a package': ({ write }) => write('node_modules/pack/one.js', 'export default "changed";'),
    "a package's choice of a file": ({ write }) =>
      write('node_modules/pack/package.json', '{"name":"pack","main":"two.js"}'),
    'a file that is gone': ({ folder, write }) => {
      write('main.js', "export { default } from './lib.js';");
      write('lib.ts', 'export default () => 44;');
      rmSync(path.join(folder, 'lib.js'));
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    test(`are compiled anew after a change of ${what}`, async () => {
      const script = makeScript();
      const before = await script.load();
      change(script);
      const after = await script.load().catch((error: Error) => error);
      assert.ok(after instanceof Error ? /lib\.js/.test(after.message) : text(after) !== text(before));
    });
  }

  const links: Record<string, { imports: string; link: string; leads: (version: number) => string; cwd?: string }> = {
    'to a file': { imports: './linked.js', link: 'linked.js', leads: (version) => `v${version}/lib.js` },
    'to a file, in a folder of links': {
      imports: './links/lib',
      link: 'links/lib.js',
      leads: (v) => `../v${v}/lib.js`,
    },
    'to a folder, deep down': { imports: './a/b/lib.js', link: 'a/b', leads: (version) => `../v${version}` },
    'to a folder with an index': { imports: './a', link: 'a/index.js', leads: (version) => `../v${version}/lib.js` },
    'to a package': { imports: 'linked', link: 'node_modules/linked', leads: (version) => `../v${version}` },
    'to a package with a scope': { imports: '@s/linked', link: 'node_modules/@s/linked', leads: (v) => `../../v${v}` },
    'that the script is reached by': { imports: './lib.js', link: 'current', leads: (v) => `v${v}`, cwd: 'current' },
  };
  for (const [what, { imports, link, leads, cwd }] of Object.entries(links)) {
    test(`are compiled anew where a link leads elsewhere: ${what}`, async () => {
      const { folder, cache, write } = makeScript();
      for (const version of [1, 2]) {
        write(`v${version}/lib.js`, `export default 'version ${version}';`);
        write(`v${version}/package.json`, '{"name":"linked","main":"lib.js"}');
        write(`v${version}/main.js`, `import lib from '${imports}'; export default () => lib;`);
      }
      write('main.js', `import lib from '${imports}'; export default () => lib;`);
      mkdirSync(path.dirname(path.join(folder, link)), { recursive: true });
      const load = (programs?: ProgramCache): Promise<Program> =>
        loadProgram({ path: 'main.js', cwd: path.join(folder, cwd ?? '') }, { ...(programs && { programs }) });
      for (const version of [1, 2]) {
        rmSync(path.join(folder, link), { force: true });
        symlinkSync(leads(version), path.join(folder, link));
        await until(() => isSettled(folder), 'a link that was made well before');
        assert.match(text(await load(new ProgramCache(cache, 'compiler-1'))), new RegExp(`version ${version}`));
        assert.equal(readdirSync(cache).length, 1);
      }
    });
  }

  test('are compiled anew where a file comes that an import finds first', async () => {
    const { write, load } = makeScript();
    write('main.js', "import { answer } from './sub/lib'; export default () => answer;");
    write('sub/lib.js', 'export const answer = "plain";');
    assert.match((await load()).code, /plain/);
    write('sub/lib.ts', 'export const answer: string = "typed";');
    const once = (await loadProgram({ path: 'main.js', cwd: path.join(root, `script-${made - 1}`) })).code;
    assert.equal((await load()).code, once);
  });

  test('are for one compiler, and one choice of packages', async () => {
    const { load } = makeScript();
    const plain = await load();
    assert.equal((await load({}, 'compiler-2')).asksForCode, true);
    assert.notEqual(text(await load({ perVu: ['pack'] })), text(plain));
    assert.deepEqual((await load({ perVu: ['pack'] })).packages, ['pack']);
  });

  test('do without what cannot be read, and keep nothing where nothing tells compilers apart', async () => {
    const { cache, load } = makeScript();
    const compiled = await load();
    const [name] = readdirSync(cache);
    writeFileSync(path.join(cache, name!), 'no program');
    assert.equal(text(await load()), text(compiled));
    rmSync(cache, { recursive: true });
    await load({ programs: new ProgramCache(cache, null) });
    assert.throws(() => statSync(cache), { code: 'ENOENT' });
  });

  test('are compiled each time where the folder for them cannot be, as with a home of /dev/null', async () => {
    const { folder, load } = makeScript();
    const plain = text(await loadProgram({ path: 'main.js', cwd: folder }));
    writeFileSync(path.join(root, 'taken'), '');
    for (const cache of ['/dev/null/.cache/sixfold', path.join(root, 'taken'), path.join(root, 'taken/below')])
      assert.equal(text(await load({ programs: new ProgramCache(cache, 'compiler-1') })), plain, cache);
  });

  const saves: Record<string, (script: ReturnType<typeof makeScript>) => void> = {
    'a module': ({ write }) => write('lib.js', "export { default as answer } from 'https://a.test/m.js'; // new"),
    'a manifest': ({ write }) => write('node_modules/pack/package.json', '{"name":"pack","main":"two.js"}'),
    'a module that an import would find first': ({ write }) => write('linked.ts', 'export const answer = "added";'),
    'a link': ({ folder }) => {
      rmSync(path.join(folder, 'linked.js'));
      symlinkSync('node_modules/pack/two.js', path.join(folder, 'linked.js'));
    },
  };
  for (const [what, save] of Object.entries(saves)) {
    test(`are compiled anew where something is saved while they compile: ${what}`, async () => {
      const script = makeScript();
      const { folder, cache, write, load } = script;
      write(
        'main.js',
        "import { answer } from './lib.js'; import p from 'pack'; import l from './linked.js'; export default () => [answer, p, l];",
      );
      write('lib.js', "export { default as answer } from 'https://a.test/m.js'; // old");
      symlinkSync('node_modules/pack/one.js', path.join(folder, 'linked.js'));
      const packed = { bodies: new Map([['a.test/m.js', Buffer.from('export default "web";')]]), redirects: {} };
      let saved = 0;
      class Saving extends RemoteModules {
        override load(address: string) {
          // The module that imports it has been read by now.
          if (saved++ === 0) save(script);
          return super.load(address);
        }
      }
      const first = await load({ remote: new Saving({ ...UNKEPT, packed }) });
      assert.equal(saved > 0, true);
      assert.equal(first.asksForCode, undefined);
      assert.throws(() => statSync(cache), { code: 'ENOENT' });
      const second = await load({ remote: new RemoteModules({ ...UNKEPT, packed }) });
      assert.equal(second.asksForCode, true);
    });
  }

  test('are made anew where a kept one is damaged, wherever that is', async () => {
    const { cache, load } = makeScript();
    await load();
    const programs = new ProgramCache(cache, 'compiler-1');
    programs.keepCode(await load({ programs }), { program: new Uint8Array(256).fill(7), shared: null });
    const file = path.join(cache, readdirSync(cache)[0]!);
    const whole = readFileSync(file);
    assert.equal((await load()).codeCaches?.program?.length, 256);
    const inCode = whole.indexOf(Buffer.alloc(256, 7)) + 100;
    for (const at of [0, inCode, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      writeFileSync(file, damaged);
      assert.equal((await load()).asksForCode, true, `octet ${at}`);
    }
    writeFileSync(file, whole.subarray(0, 20));
    assert.equal((await load()).asksForCode, true);
    assert.equal(readdirSync(cache).length, 1); // no drafts are left
  });

  test('are not kept where the script is small, or asks for modules while it runs', async () => {
    const { cache, write, load } = makeScript();
    write('main.js', 'export default () => 1;');
    await load();
    write('main.js', "const name = './lib.js'; const lib = require(name); export default () => lib;");
    await load();
    assert.throws(() => statSync(cache), { code: 'ENOENT' });
  });

  test('are left alone where somebody else may have put them there', {
    skip: process.getuid === undefined,
  }, async () => {
    const { cache, load } = makeScript();
    await load();
    const programs = new ProgramCache(cache, 'compiler-1');
    const isFound = async (): Promise<boolean> => (await load({ programs })).codeCaches !== undefined;
    programs.keepCode(await load({ programs }), { program: new Uint8Array([1]), shared: null });
    assert.equal(await isFound(), true);
    const [name] = readdirSync(cache);
    const whole = readFileSync(path.join(cache, name!));
    for (const mode of [0o720, 0o702, 0o777]) {
      chmodSync(cache, mode);
      assert.equal(await isFound(), false, mode.toString(8));
      assert.deepEqual(readdirSync(cache), [name]);
      assert.deepEqual(readFileSync(path.join(cache, name!)), whole);
    }
    chmodSync(cache, 0o755);
    assert.equal(await isFound(), true);
    if (process.getuid?.() !== 0) return;
    chownSync(cache, 12_345, 0);
    assert.equal(await isFound(), false);
    chownSync(cache, 0, 0);
    assert.equal(await isFound(), true);
  });

  test('are for their owner alone, and few', async () => {
    const { cache, write, load } = makeScript();
    await load();
    const [name] = readdirSync(cache);
    assert.equal(statSync(path.join(cache, name!)).mode & 0o077, 0);
    for (let index = 0; index < 40; index++) writeFileSync(path.join(cache, `old-${index}.program`), '');
    write('lib.js', 'export const answer = 45;');
    await load();
    assert.ok(readdirSync(cache).length <= 32, String(readdirSync(cache).length));
  });
});

test('what the engine made of code is taken in the next run, and what is none of its own is left', () => {
  const code = (operator: string): string => `(function apply(a, b) { return a ${operator} b; })`;
  const compile = (operator: string, given: Uint8Array | null) => {
    const { value, script } = createRealm().compileKept(code(operator), 'sixfold:script/0', given);
    return { outcome: (value as (a: number, b: number) => number)(6, 2), script };
  };
  const plus = compile('+', null);
  assert.equal(plus.outcome, 8);
  // The engine tells texts apart by their length alone: that the other one's code runs shows that it was taken.
  assert.equal(compile('-', plus.script.createCachedData()).outcome, 8);
  const stale = compile('*', new Uint8Array(64));
  assert.equal(stale.script.cachedDataRejected, true);
  assert.equal(stale.outcome, 12);
});
