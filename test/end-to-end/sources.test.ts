// Where scripts and their settings come from: files, standard input, TypeScript, packages, variables, config files.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findOlderNode, runCommand, Scratch } from './command.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';

const scratch = new Scratch();
const at = { cwd: scratch.folder };
let server: CountingServer;
before(async () => {
  server = await startCountingServer();
});
after(async () => {
  await server.close();
  scratch.remove();
});

test('a script comes from standard input, with its imports relative to the current folder', async () => {
  scratch.write('part.js', `export const word = 'from a part';`);
  const { exit, stderr } = await runCommand(['run', '-q', '-'], {
    ...at,
    input: `import { word } from './part.js'; export default () => console.log(word);`,
  });
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /msg="from a part"/);
});

test('a script may be TypeScript, and its stacks keep their lines', async () => {
  scratch.write(
    'typed.ts',
    `interface Word {\n  readonly text: string;\n}\nconst word: Word = { text: 'typed' };\nexport default function (): void {\n  console.log(word.text);\n  throw new Error('here' as string);\n}\n`,
  );
  const { exit, stderr } = await runCommand(['run', '-q', 'typed.ts'], at);
  assert.equal(exit, 0);
  assert.match(stderr, /msg=typed/);
  assert.match(stderr, /Error: here.*typed\.ts:7:/);
});

test('packages come from node_modules, ES modules and CommonJS', async () => {
  scratch.write('node_modules/modern/package.json', '{ "name": "modern", "type": "module", "exports": "./index.js" }');
  scratch.write('node_modules/modern/index.js', `export const modern = (word) => 'modern ' + word;`);
  scratch.write('node_modules/@old/one/package.json', '{ "name": "@old/one", "main": "lib/one.js" }');
  scratch.write('node_modules/@old/one/lib/one.js', `exports.one = (word) => require('./two') + word;`);
  scratch.write('node_modules/@old/one/lib/two.js', `module.exports = 'old ';`);
  scratch.write(
    'packages.js',
    `import { modern } from 'modern';
     import old from '@old/one';
     export default () => console.log(modern('word') + ', ' + old.one('word'));`,
  );
  const { exit, stderr } = await runCommand(['run', '-q', 'packages.js'], at);
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /msg="modern word, old word"/);
});

test('variables come from -e over the environment, which can be left out', async () => {
  scratch.write('env.js', `export default () => console.log(JSON.stringify([__ENV.WHO, __ENV.FROM]));`);
  const env = { WHO: 'system', FROM: 'system' };
  const both = await runCommand(['run', '-q', '-e', 'WHO=flag', 'env.js'], { ...at, env });
  assert.match(both.stderr, /\[\\"flag\\",\\"system\\"\]/);
  const alone = await runCommand(['run', '-q', '--include-system-env-vars=false', 'env.js'], { ...at, env });
  assert.match(alone.stderr, /\[null,null\]/);
});

test('a config file gives options below those of script, environment and flags; its hosts lead names to addresses', async () => {
  const hosts = { 'shop.example:80': `127.0.0.1:${server.port}`, '*.example': '127.0.0.1' };
  scratch.write('config.json', JSON.stringify({ hosts, iterations: 9, userAgent: 'config' }));
  scratch.write(
    'hosts.js',
    `import http from 'k6/http';
     export default function () { http.get('http://shop.example/by-name'); http.get('http://any.example:${server.port}/by-pattern'); }`,
  );
  const before = server.requests.length;
  const { exit, stderr } = await runCommand(['run', '-q', '-c', 'config.json', '-i', '2', 'hosts.js'], at);
  assert.deepEqual([exit, stderr], [0, '']);
  assert.deepEqual(server.requests.slice(before).sort(), ['/by-name', '/by-name', '/by-pattern', '/by-pattern']);
});

const olderNode = findOlderNode();
test('the launcher finds the right Node from an older one, and hands on words, input and exit code', {
  skip: olderNode || process.env['CI'] ? false : 'no Node older than 26 on this machine',
}, async () => {
  assert.ok(olderNode, 'no Node older than 26 on this machine');
  const { exit, stdout, stderr } = await runCommand(['run', '-q', '--log-format', 'raw', '-e', 'WORD=a b', '-'], {
    ...at,
    node: olderNode,
    input: `export const options = { thresholds: { iterations: ['count>1'] } };
              export default () => console.log(__ENV.WORD);`,
  });
  assert.equal(exit, 99);
  assert.match(stderr, /^a b\n/);
  assert.match(stdout, /TOTAL RESULTS/);
});
