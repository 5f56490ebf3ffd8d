import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { loadProgram } from '../script/load/load-program.ts';
import { runHere } from './command-line.fixture.ts';
import { fillTemplate, TEMPLATES, writeInTypeScript } from './script-templates.ts';

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-new-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const make = async (...words: string[]): Promise<string> => (await runHere('new', ...words)).stdout;
const refused = (words: readonly string[], message: RegExp): Promise<void> =>
  assert.rejects(make(...words), { exitCode: 255, message }, words.join(' '));

describe('a new script', () => {
  test('is script.js here, and is said to be run so', async () => {
    assert.equal(await make(), 'New script created: script.js\nRun it with: sixfold run script.js\n');
    assert.deepEqual(readdirSync('.'), ['script.js']);
  });

  test('can be loaded, whatever template it is of', async () => {
    for (const name of Object.keys(TEMPLATES)) {
      await make('--template', name, `${name}.js`);
      const program = await loadProgram({ path: `${name}.js`, cwd: folder });
      assert.ok(program.exportNames.includes('default') && program.exportNames.includes('options'), name);
    }
  });

  test('never takes the place of another, unless that is said', async () => {
    writeFileSync('mine.js', 'mine');
    await refused(['mine.js'], /mine\.js already exists: choose another name, or write over it with --force/);
    assert.equal(readFileSync('mine.js', 'utf8'), 'mine');
    await make('-f', 'mine.js');
    assert.match(readFileSync('mine.js', 'utf8'), /export default function/);
  });

  test('needs a folder that is there', async () => {
    await refused(['no/such/x.js'], /no\/such\/x\.js cannot be written: its folder does not exist/);
  });

  test('may be of a template of one’s own, with the fields that k6 has for it', async () => {
    writeFileSync('own.tpl', '// {{ .ScriptName }} {{.ProjectID}} {{- .ScriptName -}}\n');
    await make('--template', 'own.tpl', '--project-id', '$& $1 "12"', 'named.js');
    assert.equal(readFileSync('named.js', 'utf8'), '// named.js $& $1 "12" named.js\n');
  });

  test('is not written where its template is not there, or asks for what nobody knows', async () => {
    await refused(['--template', 'gone.tpl'], /there is no template "gone\.tpl": use minimal, protocol, browser/);
    await refused(['--template', 'toString'], /there is no template "toString"/);
    writeFileSync('own.tpl', '{{ .Author }}');
    await refused(['--template', 'own.tpl'], /the template has \{\{ \.Author \}\}, but only/);
    assert.deepEqual(readdirSync('.'), ['own.tpl']);
  });
});

describe('a folder with a new script', () => {
  const manifest = (at: string) => JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8')) as { name: string };

  test('is what a name with a slash, a folder that is there, or any name with --ts means', async () => {
    mkdirSync('there');
    assert.match(await make('new-one/'), /New script created: new-one\/script\.js\n/);
    assert.match(await make('there'), /there\/script\.js/);
    assert.match(await make('--ts', 'typed'), /typed\/script\.ts/);
    assert.match(await make('--ts'), /created: script\.ts/);
    assert.match(await make('--ts', 'file.ts'), /created: file\.ts/);
    assert.equal(existsSync('typed/tsconfig.json'), true);
  });

  test('can be loaded, and has the types of the program beside it', async () => {
    for (const name of Object.keys(TEMPLATES)) {
      await make('--ts', '--template', name, name);
      const cwd = path.join(folder, name);
      assert.ok((await loadProgram({ path: 'script.ts', cwd })).exportNames.includes('default'), name);
      for (const types of ['sixfold/types/index.d.ts', '@types/k6/index.d.ts'])
        assert.ok(existsSync(path.join(cwd, 'node_modules', types)), types);
    }
  });

  test('is a package by a name that npm takes', async () => {
    const names: Readonly<Record<string, string>> = {
      'Load Tests': 'load-tests',
      '.hidden': 'hidden',
      __x__: 'x__',
      'a.b-c_d': 'a.b-c_d',
      zátěž: 'z-t-',
      日本: 'load-tests',
      '---': 'load-tests',
    };
    for (const [name, shown] of Object.entries(names)) {
      await make(`./${name}/`);
      assert.equal(manifest(name).name, shown, name);
    }
  });

  test('leaves everything as it is where any of its files is there', async () => {
    mkdirSync('there');
    writeFileSync('there/tsconfig.json', 'mine');
    await refused(['--ts', 'there'], /there\/tsconfig\.json already exists/);
    assert.deepEqual(readdirSync('there'), ['tsconfig.json']);
    await make('--ts', '--force', 'there');
    assert.notEqual(readFileSync('there/tsconfig.json', 'utf8'), 'mine');
  });
});

test('a template without fields is itself, and one with types says which', () => {
  assert.equal(fillTemplate('{ a: 1 } {{ }', { scriptName: 'x', projectId: '' }), '{ a: 1 } {{ }');
  for (const [name, text] of Object.entries(TEMPLATES)) {
    const typed = writeInTypeScript(text);
    assert.match(typed, /^import type \{ Options \} from 'k6\/options';\n/, name);
    assert.doesNotMatch(typed, /function \((?:\{ token \})?\) \{/, name);
  }
  assert.equal(writeInTypeScript('export default () => {};'), 'export default () => {};');
});
