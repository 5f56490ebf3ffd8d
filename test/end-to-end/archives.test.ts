// Archives as their user has them: packed here, run there, packed anew, read from standard input, looked into.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openArchive } from '../../src/script/archive/archive.ts';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());
const at = (name: string): string => path.join(scratch.folder, name);
const run = (words: readonly string[], input?: Buffer) =>
  runCommand(words, { cwd: scratch.folder, ...(input && { input }) });

/** Checks what needs a module, a package, an opened text, opened bytes, a variable and an option. */
const MAIN = `
import { check } from 'k6';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { help } from './lib/helper.ts';
const users: number[] = new SharedArray('users', () => JSON.parse(open('./lib/users.json')).users);
const blob = open('./lib/blob.bin', 'b');
export const options = { vus: 2, iterations: 4, thresholds: { checks: ['rate==1'] } };
export default function (): void {
  check(null, {
    module: () => help(1) === 'tiny 1',
    text: () => users.length === 3,
    bytes: () => new Uint8Array(blob)[3] === 0,
    variable: () => __ENV.WHERE === 'here',
    tag: () => exec.vu.metrics.tags['run'] === 'packed',
  });
}`;

before(async () => {
  scratch.write('test/main.ts', MAIN);
  scratch.write(
    'test/lib/helper.ts',
    "import { tiny } from 'tiny'; export const help = (x: number): string => tiny(x);",
  );
  scratch.write('test/lib/users.json', '{"users":[1,2,3]}');
  scratch.write('test/lib/blob.bin', 'bin\0');
  scratch.write('test/node_modules/tiny/package.json', '{"name":"tiny","type":"module","exports":"./index.js"}');
  scratch.write('test/node_modules/tiny/index.js', "export const tiny = (x) => 'tiny ' + x;");
  const flags = ['-e', 'WHERE=here', '--tag', 'run=packed', '--console-output', at('said.txt')];
  const { exit, stderr } = await run(['archive', ...flags, 'test/main.ts']);
  assert.equal(`${stderr}${exit}`, '0');
  // From now on there is nothing but the archive.
  renameSync(at('test'), at('gone'));
});

test('an archive runs where nothing of the script is, and warns of none of its own options', async () => {
  const { exit, stderr } = await run(['run', '-q', 'archive.tar']);
  assert.equal(`${stderr}${exit}`, '0');
});

test('an archive runs from standard input', async () => {
  const { exit, stderr } = await run(['run', '-q', '-'], readFileSync(at('archive.tar')));
  assert.equal(`${stderr}${exit}`, '0');
  const script = Buffer.from('export const options = { iterations: 1 }; export default () => console.log("plain");');
  assert.match((await run(['run', '-q', '-'], script)).stderr, /msg="?plain/);
});

test('what is called a script is no archive, and the other way round', async () => {
  const asScript = await run(['run', '-q', '--type', 'js', 'archive.tar']);
  assert.equal(asScript.exit, 107);
  const asArchive = await run(['run', '-q', '--type', 'archive', '-'], Buffer.from('export default () => {};'));
  assert.equal(asArchive.exit, 255);
  assert.match(asArchive.stderr, /the archive from standard input cannot be used: /);
});

test('packing an archive anew gives the same, with other options where some are given', async () => {
  assert.equal((await run(['archive', '-O', 'again.tar', 'archive.tar'])).exit, 0);
  assert.ok(readFileSync(at('again.tar')).equals(readFileSync(at('archive.tar'))));
  assert.equal(
    (await run(['archive', '-O', 'more.tar', '-u', '7', '-i', '9', '-e', 'WHERE=there', 'archive.tar'])).exit,
    0,
  );
  const { metadata, main } = openArchive(readFileSync(at('more.tar')));
  assert.equal(main, at('test/main.ts'));
  assert.equal(metadata.options['vus'], 7);
  assert.deepEqual(metadata.env, { WHERE: 'there' });
  assert.equal((await run(['run', '-q', 'more.tar'])).exit, 99, 'the other variable counts');
});

test('inspect and deps look into an archive, with the paths that it was packed from', async () => {
  const inspected = await run(['inspect', 'archive.tar']);
  assert.equal(`${inspected.stderr}${inspected.exit}`, '0');
  const { vus, tags, consoleOutput } = JSON.parse(inspected.stdout) as Record<string, unknown>;
  assert.deepEqual({ vus, tags, consoleOutput }, { vus: 2, tags: { run: 'packed' }, consoleOutput: at('said.txt') });
  const deps = await run(['deps', '--json', 'archive.tar']);
  assert.deepEqual((JSON.parse(deps.stdout) as { imports: string[] }).imports, [
    `file://${at('test/lib/helper.ts')}`,
    `file://${at('test/node_modules/tiny/index.js')}`,
    'k6',
    'k6/data',
    'k6/execution',
  ]);
});

test('damaged archives are refused before any load, and leave no unpacked files', async () => {
  // A folder of its own: other tests unpack archives at the same time.
  const TMPDIR = mkdtempSync(path.join(os.tmpdir(), 'sixfold-damaged-'));
  const whole = readFileSync(at('archive.tar'));
  writeFileSync(at('cut.tar'), whole.subarray(0, 3000));
  writeFileSync(at('other.tar'), Buffer.concat([whole.subarray(0, 512), Buffer.from('x'), whole.subarray(513)]));
  const header = Buffer.from(whole);
  header[0]! ^= 1;
  writeFileSync(at('header.tar'), header);
  for (const name of ['cut.tar', 'other.tar', 'header.tar'])
    for (const command of ['run', 'inspect', 'archive', 'deps']) {
      const { exit, stderr } = await runCommand([command, name], { cwd: scratch.folder, env: { TMPDIR } });
      assert.equal(exit, 255, `${command} ${name}: ${stderr}`);
      assert.match(stderr, new RegExp(`the archive .*${name} cannot be used: `));
    }
  assert.deepEqual(
    readdirSync(TMPDIR).filter((name) => name.startsWith('sixfold-archive-')),
    [],
  );
  rmSync(TMPDIR, { recursive: true });
});
