import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadProgram } from './load-program.ts';
import { guessProgramFiles, listProgramFiles } from './program-files.ts';
import { RemoteModules } from './remote/remote-modules.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-files-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}
const shown = (files: readonly string[]): string[] => files.map((file) => path.relative(folder, file)).sort();

describe('the files of a compiled script', () => {
  test('are the script and all that went into it, packages of its own too', async () => {
    write({
      'main.ts': `import { a } from './lib/a.js'; import own from 'own'; export default (): unknown => [a, own];`,
      'lib/a.js': `import data from '../data.json'; export const a = require('./b') + data.x;`,
      'lib/b.js': 'module.exports = 1;',
      'data.json': '{"x":1}',
      'node_modules/own/index.js': `import http from 'k6/http'; export default () => http.get('x');`,
      'unused.js': '',
    });
    const program = await loadProgram({ path: 'main.ts', cwd: folder });
    assert.deepEqual(shown(listProgramFiles(program)), [
      'data.json',
      'lib/a.js',
      'lib/b.js',
      'main.ts',
      'node_modules/own/index.js',
    ]);
  });

  test('are the script alone where it imports only modules of k6', async () => {
    write({ 'main.js': `import http from 'k6/http'; export default () => http.get('x');` });
    assert.deepEqual(shown(listProgramFiles(await loadProgram({ path: 'main.js', cwd: folder }))), ['main.js']);
  });

  test('are those beside it where it comes from standard input, and never modules of the web', async () => {
    write({ 'lib.js': `export { default as a } from 'https://a.test/m.js';` });
    const packed = { bodies: new Map([['a.test/m.js', Buffer.from('export default 1;')]]), redirects: {} };
    const remote = new RemoteModules({ cache: null, lockFile: null, offline: true, packed });
    const source = `import { a } from './lib.js'; export default () => a;`;
    const program = await loadProgram({ path: null, source, cwd: folder }, { remote });
    assert.deepEqual(shown(listProgramFiles(program)), ['lib.js']);
  });

  test('are those of a map that another tool has left, as far as they are there', () => {
    write({ 'dist/main.js': '', 'src/main.ts': '', 'src/lib.ts': '' });
    const sources = [
      '../src/main.ts',
      pathToFileURL(path.join(folder, 'src/lib.ts')).href,
      '../src/gone.ts',
      'webpack://x/y.ts',
    ];
    const file = path.join(folder, 'dist/main.js');
    const origin = {
      file,
      folder: path.dirname(file),
      lineOffset: 0,
      map: JSON.stringify({ version: 3, sources, mappings: '' }),
    };
    assert.deepEqual(shown(listProgramFiles({ origin })), ['dist/main.js', 'src/lib.ts', 'src/main.ts']);
    for (const map of ['no JSON', '{}', 'null', '{"sources":[null]}'])
      assert.deepEqual(shown(listProgramFiles({ origin: { ...origin, map } })), ['dist/main.js'], map);
  });
});

describe('the files that a script which cannot be compiled seems to be made of', () => {
  const guess = (name: string): string[] => shown(guessProgramFiles(path.join(folder, name)));

  test('are those that it names by a relative path, in whatever form, and what they name', () => {
    write({
      'main.js': `import a from './lib/a.js'; export * from "./b"; import './c.json'; const d = require('./d');
        const e = import(\`./e.mjs\`); syntax error (`,
      'lib/a.js': `import '../f.ts'; import './main-again.js';`,
      'lib/main-again.js': `import '../main.js';`,
      'b.ts': '',
      'c.json': '',
      'd/index.js': '',
      'e.mjs': '',
      'f.ts': '',
      'unused.js': '',
    });
    assert.deepEqual(guess('main.js'), [
      'b.ts',
      'c.json',
      'd/index.js',
      'e.mjs',
      'f.ts',
      'lib/a.js',
      'lib/main-again.js',
      'main.js',
    ]);
  });

  test('are also those that are not there yet, and the script itself though it is gone', () => {
    write({ 'main.js': `import './coming.js';` });
    assert.deepEqual(guess('main.js'), ['coming.js', 'main.js']);
    assert.deepEqual(guess('gone.js'), ['gone.js']);
  });

  test('are neither packages, nor addresses, nor modules of k6', () => {
    write({
      'main.js': `import 'k6'; import 'pack'; import 'https://a.test/x.js'; import '/abs.js'; import '.../x.js';`,
    });
    assert.deepEqual(guess('main.js'), ['main.js']);
  });

  test('are never more than anybody can watch', () => {
    const many = Array.from({ length: 3000 }, (_, i) => `import './m${i}.js';`);
    write({ 'main.js': many.join('\n'), 'm0.js': many.map((line) => line.replace('m', 'n')).join('\n') });
    assert.ok(guess('main.js').length <= 3001);
  });
});
