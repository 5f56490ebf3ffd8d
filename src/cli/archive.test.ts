import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Archive, openArchive } from '../script/archive/archive.ts';
import { runHere } from './command-line.fixture.ts';

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-archive-command-')));
  process.chdir(folder);
  write('empty.json', '{}');
});
afterEach(() => {
  process.chdir(before);
  delete process.env['K6_VUS'];
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};
/** Packs, and opens what has been packed. */
async function pack(...words: string[]): Promise<Archive> {
  const config = words.includes('--config') ? [] : ['--config', 'empty.json'];
  await runHere('archive', ...config, ...words);
  return openArchive(readFileSync(path.join(folder, 'archive.tar')));
}
const filesOf = ({ files }: Archive): string[] => [...files.keys()].map((file) => path.relative(folder, file)).sort();

describe('an archive of a script', () => {
  test('holds all that the script needs, and nothing that only lies beside it', async () => {
    write(
      'main.js',
      `import { a } from './lib/a'; const data = open('./data/d.json'); export default () => [a, data];`,
    );
    write('lib/a.ts', `import c from 'common'; export const a: number = c;`);
    write('data/d.json', '{}');
    write('data/unused.json', '{}');
    write('node_modules/common/package.json', '{"main":"i.js"}');
    write('node_modules/common/i.js', 'module.exports = 1;');
    write('secret.env', 'X=1');
    const archive = await pack('main.js');
    assert.deepEqual(filesOf(archive), [
      'data/d.json',
      'lib/a.ts',
      'main.js',
      'node_modules/common/i.js',
      'node_modules/common/package.json',
    ]);
    assert.equal(archive.main, path.join(folder, 'main.js'));
    assert.equal(archive.metadata.pwd, `file://${folder}`);
  });

  test('has the options in force: those of flags over the environment, over the script, over the config file', async () => {
    write(
      'main.js',
      `export const options = { vus: 2, iterations: 8, batch: 5, tags: { from: 'script' } }; export default () => {};`,
    );
    write('config.json', '{"vus":1,"batch":4,"userAgent":"config"}');
    process.env['K6_VUS'] = '3';
    const { metadata } = await pack('--config', 'config.json', '--iterations', '9', 'main.js');
    const { vus, iterations, batch, userAgent, tags } = metadata.options;
    assert.deepEqual(
      { vus, iterations, batch, userAgent, tags },
      {
        vus: 3,
        iterations: 9,
        batch: 5,
        userAgent: 'config',
        tags: { from: 'script' },
      },
    );
  });

  test('has the variables of flags, unless they are left out; never those of the system', async () => {
    write('main.js', `export default () => __ENV.TOKEN;`);
    assert.deepEqual((await pack('-e', 'TOKEN=t', '-e', 'OTHER=', 'main.js')).metadata.env, { TOKEN: 't', OTHER: '' });
    assert.deepEqual((await pack('-e', 'TOKEN=t', '--exclude-env-vars', 'main.js')).metadata.env, {});
    const bytes = readFileSync('archive.tar', 'latin1');
    assert.ok(!bytes.includes(process.env['PATH']!));
  });

  test('names the extensions that it needs', async () => {
    write(
      'node_modules/sixfold-x-own/package.json',
      JSON.stringify({
        name: 'sixfold-x-own',
        version: '1.0.0',
        sixfold: { api: 1, modules: { 'k6/x/own': './i.js' } },
      }),
    );
    write('node_modules/sixfold-x-own/i.js', 'export default { create: () => ({ own: 1 }) };');
    write('main.js', `import dns from 'k6/x/dns'; import own from 'k6/x/own'; export default () => [dns, own];`);
    assert.deepEqual((await pack('main.js')).metadata.dependencies, { k6: '*', 'k6/x/own': '*' });
  });

  test('is the same for the same script, wherever it is written to', async () => {
    write('main.js', `export default () => 1;`);
    await pack('main.js');
    mkdirSync('out');
    await runHere('archive', '--config', 'empty.json', '-O', 'out/other.tar', 'main.js');
    assert.ok(readFileSync('archive.tar').equals(readFileSync('out/other.tar')));
  });
});

describe('nothing is packed, and nothing written,', () => {
  const refused = async (exitCode: number, message: RegExp, ...words: string[]): Promise<void> => {
    await assert.rejects(runHere('archive', '--config', 'empty.json', ...words), { exitCode, message });
    assert.equal(existsSync('archive.tar'), false);
  };

  test('where the script is not there, or cannot be loaded', async () => {
    await refused(255, /gone\.js/, 'gone.js');
    write('throws.js', `throw new Error('in the init code');`);
    await refused(107, /in the init code/, 'throws.js');
  });

  test('where the options make no test', async () => {
    write(
      'main.js',
      `export const options = { scenarios: { a: { executor: 'shared-iterations', exec: 'gone' } } }; export default () => {};`,
    );
    await refused(104, /gone/, 'main.js');
  });

  test('where it cannot be written, with the reason', async () => {
    write('main.js', `export default () => 1;`);
    await refused(
      255,
      /the archive could not be written to .*no\/such\/a\.tar: ENOENT/,
      '-O',
      'no/such/a.tar',
      'main.js',
    );
  });
});
