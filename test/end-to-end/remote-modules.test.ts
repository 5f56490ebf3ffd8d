// Modules imported by an https address: fetched, recorded, kept, packed, refused.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type Outcome, runCommand, Scratch } from './command.ts';
import { type Answer, type ModuleServer, startModuleServer } from './module-server.ts';

const scratch = new Scratch();
let server: ModuleServer;
before(async () => {
  server = await startModuleServer(scratch.folder);
});
after(async () => {
  await server.close();
  scratch.remove();
});
beforeEach(() => {
  for (const name of ['cache', 'sixfold.lock'])
    rmSync(path.join(scratch.folder, name), { recursive: true, force: true });
  server.answers.clear();
  server.asked.length = 0;
});

const fileOf = (name: string): string => path.join(scratch.folder, name);
const run = (words: readonly string[], input?: string): Promise<Outcome> =>
  runCommand(words, {
    cwd: scratch.folder,
    env: { NODE_EXTRA_CA_CERTS: server.ca, XDG_CACHE_HOME: fileOf('cache') },
    ...(input === undefined ? {} : { input }),
  });
const QUIET = ['run', '-q', '--summary-mode', 'disabled', '--log-format', 'raw'];
/** @returns what the script printed */
const printed = async (name: string, ...flags: string[]): Promise<string> => {
  const { exit, stderr } = await run([...QUIET, ...flags, name]);
  assert.equal(exit, 0, stderr);
  return stderr.trim();
};
const readLock = (): Record<string, { integrity: string; resolved?: string }> =>
  (JSON.parse(readFileSync(fileOf('sixfold.lock'), 'utf8')) as { modules: Record<string, { integrity: string }> })
    .modules;
const script = (address: string): string =>
  `import { shown } from '${server.url}${address}';\nexport const options = { iterations: 1 };\nexport default () => console.log(shown);\n`;

test('a module with relative imports is fetched once, behind redirects too, and then comes from the cache', async () => {
  server.answers.set('/lib?_k6=1', { location: '/v2/lib.js' });
  server.answers.set('/v2/lib.js', `import { part } from './part.ts'; export const shown = 'lib ' + part;`);
  server.answers.set('/v2/part.ts', `export const part: string = 'part';`);
  scratch.write('redirected.js', script('/lib'));
  assert.equal(await printed('redirected.js'), 'lib part');
  assert.deepEqual(server.asked, ['/lib?_k6=1', '/v2/lib.js', '/v2/part.ts?_k6=1', '/v2/part.ts']);
  const lock = JSON.parse(readFileSync(fileOf('sixfold.lock'), 'utf8')) as {
    modules: Record<string, { resolved?: string }>;
  };
  assert.deepEqual(
    Object.entries(lock.modules).map(([address, { resolved }]) => [address, resolved]),
    [
      [`${server.url}/lib`, `${server.url}/v2/lib.js`],
      [`${server.url}/v2/part.ts`, undefined],
    ],
  );
  server.answers.clear();
  assert.equal(await printed('redirected.js'), 'lib part');
  assert.equal(await printed('redirected.js', '--offline'), 'lib part');
  assert.equal(server.asked.length, 4);
});

test('all that a module of the web imports is fetched, recorded and kept with it: by relative path, by absolute path and address, in circles, by require', async () => {
  server.answers.set(
    '/lib/1.0/index.js',
    `import { check } from 'k6';
     import { up } from '../shared/up.js';
     import { root } from '/root.js';
     import whole from '${server.url}/whole.js?v=2';
     export * from './again.js';
     import { circle } from './circle.js';
     export const name = 'index';
     export const shown = [typeof check, up, root, whole, circle()].join(' ');`,
  );
  server.answers.set('/lib/shared/up.js', `export const up = 'up';`);
  server.answers.set('/root.js', `const part = require('./part.js'); exports.root = 'root ' + part.text;`);
  server.answers.set('/part.js', `module.exports = { text: 'part' };`);
  server.answers.set('/whole.js?v=2', `export default 'whole';`);
  server.answers.set('/lib/1.0/again.js', `export { up as again } from '../shared/up.js';`);
  server.answers.set('/lib/1.0/circle.js', `import { name } from './index.js'; export const circle = () => 'circle';`);
  scratch.write('tree.js', script('/lib/1.0/index.js'));
  const shown = 'function up root part whole circle';
  assert.equal(await printed('tree.js'), shown);
  const lock = JSON.parse(readFileSync(fileOf('sixfold.lock'), 'utf8')) as { modules: Record<string, unknown> };
  assert.deepEqual(Object.keys(lock.modules), [...server.answers.keys()].map((address) => server.url + address).sort());
  server.asked.length = 0;
  assert.equal(await printed('tree.js', '--offline'), shown);
  assert.deepEqual(server.asked, []);

  // A part that has changed is found though the module itself is what it was.
  rmSync(fileOf('cache'), { recursive: true });
  server.answers.set('/part.js', `module.exports = { text: 'other' };`);
  const { exit, stderr } = await run([...QUIET, 'tree.js']);
  assert.equal(exit, 107);
  assert.match(stderr, /part\.js is not what it was/);

  // So is one that is gone, with who wanted it.
  rmSync(fileOf('sixfold.lock'));
  server.answers.delete('/lib/shared/up.js');
  const gone = await run([...QUIET, 'tree.js']);
  assert.equal(gone.exit, 107);
  assert.match(gone.stderr, /shared\/up\.js could not be fetched: the server answered 404/);
});

test('a module that has changed since is named, with both sums, and so is a record that cannot be read', async () => {
  server.answers.set('/m.js', `export const shown = 'first';`);
  scratch.write('changed.js', script('/m.js'));
  assert.equal(await printed('changed.js'), 'first');
  const record = readFileSync(fileOf('sixfold.lock'), 'utf8');
  server.answers.set('/m.js', `export const shown = 'second';`);
  rmSync(fileOf('cache'), { recursive: true });
  const { exit, stderr } = await run([...QUIET, 'changed.js']);
  assert.equal(exit, 107);
  assert.match(
    stderr,
    /m\.js is not what it was: .*sixfold\.lock has sha256-\S+, and the server now gives sha256-.*delete its entry/,
  );
  assert.match(stderr, /changed\.js:1:23/);
  assert.equal(readFileSync(fileOf('sixfold.lock'), 'utf8'), record);
  for (const [text, why] of [
    ['{', /is no JSON/],
    ['{"version":7}', /"version" is 7/],
    ['{"version":1,"modules":{"https://a/":{"integrity":"md5-x"}}}', /"integrity" of https:\/\/a\/ is no sha256/],
  ] as const) {
    writeFileSync(fileOf('sixfold.lock'), text);
    const broken = await run([...QUIET, 'changed.js']);
    assert.equal(broken.exit, 107);
    assert.match(broken.stderr, why);
  }
});

test('a copy in the cache that somebody has changed is not taken', async () => {
  server.answers.set('/m.js', `export const shown = 'right';`);
  scratch.write('tampered.js', script('/m.js'));
  await printed('tampered.js');
  const { modules } = JSON.parse(readFileSync(fileOf('sixfold.lock'), 'utf8')) as {
    modules: Record<string, { integrity: string }>;
  };
  const sum = Buffer.from(modules[`${server.url}/m.js`]!.integrity.slice('sha256-'.length), 'base64').toString('hex');
  writeFileSync(path.join(fileOf('cache'), 'sixfold/modules/content', sum), `export const shown = 'wrong';`);
  assert.equal(await printed('tampered.js'), 'right');
  assert.equal(server.asked.length, 4);
});

test('offline, what is not in the cache is said to be missing, and where there is a counterpart it is named', async () => {
  for (const [address, ways] of [
    ['https://jslib.k6.io/k6-utils/1.4.0/index.js', [/sixfold\/jslib\/utils/]],
    ['https://jslib.k6.io/url/1.0.0/index.js', [/globals URL and URLSearchParams/]],
    ['https://jslib.k6.io/formdata/0.0.2/index.js', [/global FormData/]],
    ['https://jslib.k6.io/aws/0.12.3/s3.js', [/aws4fetch/]],
    ['https://cdnjs.cloudflare.com/ajax/libs/dayjs/1.11.10/dayjs.min.js', [/npm install dayjs/]],
    ['https://cdn.jsdelivr.net/npm/@scope/name@1.0.0/x.js', [/npm install @scope\/name/]],
    ['https://example.com/lib.js', [/save it beside the script/]],
  ] as const) {
    scratch.write('lacking.js', `import x from '${address}';\nexport default () => x;`);
    const { exit, stderr } = await run([...QUIET, '--offline', 'lacking.js']);
    assert.equal(exit, 107);
    assert.ok(stderr.includes(`the module ${address} is not in the cache, and --offline forbids to fetch it`), stderr);
    for (const way of ways) assert.match(stderr, way);
    assert.match(stderr, /lacking\.js:1:15/);
  }
});

test('without a network the error says why, and that there is a copy', async () => {
  const gone = await startModuleServer(scratch.folder);
  gone.answers.set('/m.js', `export const shown = 'kept';`);
  const text = `import { shown } from '${gone.url}/m.js'; export default () => console.log(shown); export const options = { iterations: 1 };`;
  const options = {
    cwd: scratch.folder,
    env: { NODE_EXTRA_CA_CERTS: gone.ca, XDG_CACHE_HOME: fileOf('cache') },
    input: text,
  };
  // A script from standard input has no record.
  assert.equal((await runCommand([...QUIET, '-'], options)).stderr.trim(), 'kept');
  await gone.close();
  const { exit, stderr } = await runCommand([...QUIET, '-'], options);
  assert.equal(exit, 107);
  assert.match(stderr, /m\.js could not be fetched: .*ECONNREFUSED.*--offline uses the copy/);
  assert.equal((await runCommand([...QUIET, '--offline', '-'], options)).stderr.trim(), 'kept');
});

test('a server without a known authority, one that refuses, and one that leads to http are told apart', async () => {
  const cases = [
    ['/none.js', 404, /the server answered 404 Not Found/],
    ['/broken.js', 500, /the server answered 500/],
    [
      '/plain.js',
      { location: 'http://127.0.0.1:1/m.js' },
      /redirects to http:\/\/127\.0\.0\.1:1\/m\.js: modules are fetched by https only/,
    ],
    ['/loop.js', { location: '/loop.js' }, /more than 10 redirects/],
    ['/syntax.js', 'export const shown = ;', /SyntaxError/],
  ] as const;
  for (const [address, answer, why] of cases) {
    server.answers.set(address, answer);
    scratch.write('refused.js', script(address));
    const { exit, stderr } = await run([...QUIET, 'refused.js']);
    assert.equal(exit, 107);
    assert.match(stderr, why);
  }
  const { stderr } = await runCommand([...QUIET, 'refused.js'], { cwd: scratch.folder });
  assert.match(stderr, /could not be fetched: .*certificate/);
});

test('an archive holds its modules of the web and runs without the server', async () => {
  server.answers.set('/lib', { location: '/v2/lib.js' });
  server.answers.set('/v2/lib.js', `import { part } from './part.js'; export const shown = 'packed ' + part;`);
  server.answers.set('/v2/part.js', `export const part = 'part';`);
  scratch.write('packed.js', script('/lib'));
  const { exit, stderr } = await run(['archive', '-O', 'packed.tar', 'packed.js']);
  assert.equal(exit, 0, stderr);
  rmSync(fileOf('cache'), { recursive: true });
  rmSync(fileOf('sixfold.lock'));
  server.answers.clear();
  server.asked.length = 0;
  assert.match(await printed('packed.tar', '--offline'), /^packed part$/m);
  assert.deepEqual(server.asked, []);
});

/** Answers whoever gives this name and password, and keeps everybody else out. */
const USER = 'ann';
const PASSWORD = 'hunter2%';
const behindPassword = (text: string): Answer => {
  const wanted = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  return (response, { headers }) =>
    headers.authorization === wanted ? response.end(text) : response.writeHead(401).end();
};
const privately = (address: string): string => server.url.replace('//', `//${USER}:${PASSWORD}@`) + address;
/** All files below a folder. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));

test('a name and password of an address, a broken % in them too, are told to its server and to nobody else', async () => {
  server.answers.set('/private/lib.js?_k6=1', { location: '../v2/lib.js' });
  server.answers.set(
    '/v2/lib.js',
    behindPassword(`import { part } from './part.js'; export function fail() { throw new Error('in ' + part); }
      export const shown = 'lib ' + import.meta.resolve('./x.js');`),
  );
  server.answers.set('/v2/part.js?_k6=1', behindPassword(`export const part = 'part';`));
  const address = privately('/private/lib.js');
  scratch.write(
    'private.js',
    `import { shown, fail } from '${address}';
     export const options = { iterations: 1 };
     const same = require('${address}' + '').shown === shown;
     let why;
     try { require('${privately('/no.js')}' + ''); } catch (error) { why = error.message; }
     export default () => {
       console.log(shown);
       console.log(same);
       console.log(why);
       fail();
     };`,
  );
  const outcomes = [
    await run([...QUIET, 'private.js']),
    await run([...QUIET, '--offline', 'private.js']),
    await run(['run', '--summary-export', 'summary.json', 'private.js']),
    await run(['archive', '-O', 'private.tar', 'private.js']),
    await run(['deps', 'private.js']),
    await run(['deps', '--json', 'private.js']),
    await run(['inspect', '--execution-requirements', 'private.js']),
  ];
  for (const { exit, stdout, stderr } of outcomes) {
    assert.equal(exit, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  }
  assert.match(outcomes[0]!.stderr, new RegExp(`lib ${server.url}/private/x.js\ntrue\n`));
  assert.match(outcomes[0]!.stderr, new RegExp(`at fail \\(${server.url}/private/lib\\.js:1:`));
  assert.match(outcomes[0]!.stderr, /no\.js" cannot be fetched while the script runs/);
  assert.match(outcomes[4]!.stdout, new RegExp(`${server.url}/private/lib.js`));
  const lock = readFileSync(fileOf('sixfold.lock'), 'utf8');
  assert.deepEqual(Object.keys((JSON.parse(lock) as { modules: object }).modules), [
    `${server.url}/private/lib.js`,
    `${server.url}/v2/part.js`,
  ]);
  const kept = [fileOf('sixfold.lock'), fileOf('summary.json'), ...filesBelow(fileOf('cache/sixfold/modules'))];
  assert.ok(kept.length > 5, String(kept));
  for (const file of kept) assert.ok(!readFileSync(file, 'latin1').includes('hunter2'), file);
  // What is packed needs no server.
  server.answers.clear();
  rmSync(fileOf('cache'), { recursive: true });
  assert.match((await run([...QUIET, 'private.tar'])).stderr, /in part/);
  assert.equal(server.asked.filter((one) => one.startsWith('/private')).length, 1);
});

test('a module that is behind a password is fetched anew with it where nothing but the compiled script is left', async () => {
  server.answers.set('/lib.js?_k6=1', behindPassword(`export const shown = 'private';`));
  scratch.write('again.js', script('/lib.js').replace(server.url, privately('')));
  assert.equal(await printed('again.js'), 'private');
  rmSync(fileOf('sixfold.lock'));
  rmSync(fileOf('cache/sixfold/modules'), { recursive: true });
  assert.equal(await printed('again.js'), 'private');
  assert.deepEqual(Object.keys(readLock()), [`${server.url}/lib.js`]);
});

test('a record of an earlier version is read, and written anew without its passwords', async () => {
  server.answers.set('/lib.js?_k6=1', behindPassword(`export const shown = 'private';`));
  scratch.write('again.js', script('/lib.js').replace(server.url, privately('')));
  assert.equal(await printed('again.js'), 'private');
  const { integrity } = readLock()[`${server.url}/lib.js`]!;
  writeFileSync(
    fileOf('sixfold.lock'),
    JSON.stringify({ version: 1, modules: { [privately('/lib.js')]: { integrity, resolved: privately('/lib.js') } } }),
  );
  assert.equal(await printed('again.js'), 'private');
  assert.deepEqual(readLock(), { [`${server.url}/lib.js`]: { integrity, resolved: `${server.url}/lib.js` } });
  server.answers.set('/lib.js?_k6=1', behindPassword(`export const shown = 'changed';`));
  rmSync(fileOf('cache'), { recursive: true });
  const { exit, stderr } = await run([...QUIET, 'again.js']);
  assert.equal(exit, 107);
  assert.match(stderr, /is not what it was/);
  assert.doesNotMatch(stderr, /hunter2/);
});

test('what keeps a module with a password from being had is said where it is imported, without the password', async () => {
  server.answers.set('/away.js?_k6=1', { location: 'http://ann:hunter2@127.0.0.1/away.js' });
  server.answers.set('/astray.js?_k6=1', { location: 'https://ann:hunter2/@[bad' });
  server.answers.set('/bad.js?_k6=1', behindPassword('export const shown = ;'));
  server.answers.set('/web.js?_k6=1', behindPassword(`import 'lodash';`));
  for (const [address, why] of [
    [
      `${server.url.replace('//', '//ann:hunter2x@')}/wrong.js`,
      /the module https:\/\/127.*wrong\.js could not be fetched: .*404/,
    ],
    [
      privately('/away.js'),
      /redirects to http:\/\/\*\*\*\*:\*\*\*\*@127\.0\.0\.1\/away\.js: modules are fetched by https/,
    ],
    [privately('/astray.js'), /redirects to ".*", which is no address/],
    [privately('/bad.js'), /SyntaxError: Unexpected ";"/],
    [privately('/web.js'), /web\.js imports lodash: a module on the web can only import by address/],
    ['https://ann:hun/ter/hunter2@host/m.js', /is no address/],
    ['https://ann:my hunter2@host:port/m.js', /is no address/],
    ['http://ann:hunter2@host/m.js', /http:\/\/\*\*\*\*:\*\*\*\*@host\/m\.js: modules are fetched by https only/],
  ] as const) {
    scratch.write('refused.js', `import { shown } from '${address}'; export default () => shown;`);
    const { exit, stderr } = await run([...QUIET, 'refused.js']);
    assert.equal(exit, 107, `${address}: ${stderr}`);
    assert.match(stderr, why, address);
    assert.doesNotMatch(stderr, /hunter2/, address);
    assert.match(stderr, /refused\.js:1:23|bad\.js:1:22|web\.js:1:8/, address);
  }
});

test('a proxy for modules that cannot be read is named without its password', async () => {
  // What is on this machine is reached without a proxy.
  scratch.write('proxied.js', script('/m.js').replace(server.url, 'https://modules.test'));
  for (const [proxy, why] of [
    ['http://ann:hunter2@127.0.0.1:port', /the environment variable HTTPS_PROXY cannot be used: the proxy "/],
    ['ann:hunter2%@127.0.0.1:1', /could not be fetched: .*ECONNREFUSED 127\.0\.0\.1:1/],
  ] as const) {
    const env = { NODE_EXTRA_CA_CERTS: server.ca, XDG_CACHE_HOME: fileOf('cache'), HTTPS_PROXY: proxy };
    const { exit, stderr } = await runCommand([...QUIET, 'proxied.js'], { cwd: scratch.folder, env });
    assert.notEqual(exit, 0);
    assert.match(stderr, why);
    assert.doesNotMatch(stderr, /hunter2/);
  }
});
