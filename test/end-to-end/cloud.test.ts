// `sixfold cloud` against a server: what somebody at a terminal or in CI sees.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page, Project, Run, Test } from '../../src/service/api/documents.ts';
import { ServiceUnderTest } from '../../src/service/service-under-test.fixture.ts';
import { findFreePort } from '../servers/spawn-on-loopback.ts';
import { Command, type Outcome, runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
let service: ServiceUnderTest;
let project: Project;
let env: Record<string, string>;

before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Shop');
  const { token } = await service.addToken(['run'], project.id);
  env = { K6_CLOUD_HOST: service.service.url, K6_CLOUD_TOKEN: token! };
});
after(async () => {
  await service.stop();
  scratch.remove();
});

const cloud = (words: readonly string[], more: Record<string, string> = env): Promise<Outcome> =>
  runCommand(['cloud', ...words], { cwd: scratch.folder, env: more });

test('a script is packed, uploaded and run; the command ends as the run does', async () => {
  scratch.write('lib/check.js', `export const limit = __ENV.LIMIT;`);
  scratch.write(
    'checkout.js',
    `import { Counter } from 'k6/metrics'; import { limit } from './lib/check.js';
     const orders = new Counter('orders');
     export const options = { iterations: 4, cloud: { name: 'Check out' }, thresholds: { orders: ['count>' + (limit ?? 0)] } };
     export default function () { orders.add(1); console.log('limit ' + limit + ' ' + __ENV.HOST); }`,
  );
  const first = await cloud(['run', 'checkout.js', '-e', 'HOST=a']);
  assert.equal(first.exit, 0, first.stderr);
  assert.match(
    first.stdout,
    /script: checkout\.js \(version 1 of Check out\)\n +run: http:\/\/127\.0\.0\.1:\d+\/runs\//,
  );
  assert.match(first.stdout, /orders\.+: 4 /);
  assert.equal(first.stderr.match(/INFO limit undefined a/g)?.length, 4, first.stderr);
  const crossed = await cloud(['run', 'checkout.js', '-e', 'LIMIT=9', '--note', 'too many', '--no-show-logs']);
  assert.equal(crossed.exit, 99, crossed.stderr);
  assert.match(crossed.stderr, /thresholds on metrics 'orders' have been crossed/);
  assert.doesNotMatch(crossed.stderr, /INFO/);
  const again = await cloud(['run', 'checkout.js', '-u', '2', '-i', '6']);
  assert.match(again.stdout, /\(version \d of Check out\)/);
  assert.match(again.stdout, /orders\.+: 6 /);
  const listed = await cloud(['runs', '--search', 'too many']);
  assert.match(listed.stdout, /Check out .* failed \(99\)/);
  assert.match((await cloud(['tests'])).stdout, /^Check out +\d/m);
});

test('files that the script hands over are listed and fetched', async () => {
  scratch.write(
    'files.js',
    `export default function () {} export const handleSummary = () => ({ 'out/report.html': '<p>done</p>' });`,
  );
  assert.equal((await cloud(['run', 'files.js'])).exit, 0);
  assert.match((await cloud(['files', 'last'])).stdout, /^file +octets\nout\/report\.html +11$/m);
  assert.equal((await cloud(['files', 'last', 'out/report.html'])).stdout, '<p>done</p>');
  await cloud(['files', 'last', 'out/report.html', '--out', 'here.html']);
  assert.equal(readFileSync(path.join(scratch.folder, 'here.html'), 'utf8'), '<p>done</p>');
  const missing = await cloud(['files', 'last', 'none.html']);
  assert.deepEqual([missing.exit, /the run has no file "none\.html"/.test(missing.stderr)], [255, true]);
});

test('what is wrong is said, with the code that a local run has', async () => {
  scratch.write('wrong.js', 'export default function () { y( }');
  assert.equal((await cloud(['run', 'wrong.js'])).exit, 107);
  const nobody = await cloud(['runs'], {});
  assert.deepEqual([nobody.exit, /nobody is logged in at http:\/\/localhost:6580/.test(nobody.stderr)], [255, true]);
  const gone = await cloud(['runs'], { ...env, K6_CLOUD_HOST: `http://127.0.0.1:${await findFreePort()}` });
  assert.deepEqual([gone.exit, /the server does not answer: .*ECONNREFUSED/.test(gone.stderr)], [98, true]);
  const refused = await cloud(['runs'], { ...env, K6_CLOUD_TOKEN: 'sxf_wrong' });
  assert.match(refused.stderr, /the token is not known/);
});

test('a login is kept for its owner alone, and shown without its token', async () => {
  const home = { XDG_CONFIG_HOME: path.join(scratch.folder, 'config') };
  const { K6_CLOUD_HOST: url, K6_CLOUD_TOKEN: token } = env;
  const login = await cloud(['login', '--url', url!, '--token', token!], home);
  assert.equal(login.stdout, `logged in at ${url} as ann@example.com, project shop\n`);
  const file = path.join(home.XDG_CONFIG_HOME, 'sixfold/cloud.json');
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).token, token);
  const shown = await cloud(['login', '--show'], home);
  assert.match(shown.stdout, /project: shop/);
  assert.ok(!shown.stdout.includes(token!));
  assert.equal((await cloud(['tests'], home)).exit, 0);
  await cloud(['login', '--reset'], home);
  assert.equal((await cloud(['tests'], home)).exit, 255);
});

test('Ctrl-C stops the run on the server, whose code and summary still come; schedules are kept there', async () => {
  scratch.write(
    'long.js',
    `import { sleep } from 'k6'; export const options = { duration: '5m' }; export default function () { console.log('on'); sleep(0.2); }`,
  );
  const command = new Command(['cloud', 'run', 'long.js'], { cwd: scratch.folder, env });
  await command.printed(/INFO on/);
  command.child.kill('SIGINT');
  const { exit, stdout } = await command.ended;
  assert.equal(exit, 103);
  assert.match(stdout, /iterations\.+: /);
  const { items } = await service.admin.get<Page<Run>>(`/projects/${project.id}/runs?state=aborted`);
  assert.equal(items.length, 1);
  assert.match((await cloud(['logs', 'last'])).stdout, /INFO on/);
  const added = await cloud(['schedules', 'add', 'long.js', '30 2 * * *', '--time-zone', 'Europe/Berlin']);
  const [, id] = /^([\w-]+): next at /.exec(added.stdout)!;
  assert.match((await cloud(['schedules'])).stdout, /long\.js +30 2 \* \* \* \(Europe\/Berlin\)/);
  await cloud(['schedules', 'off', id!]);
  assert.match((await cloud(['schedules', 'list'])).stdout, / off /);
  await cloud(['schedules', 'rm', id!]);
  assert.match((await cloud(['schedules'])).stdout, /nothing yet/);
  const tests = await service.admin.get<Page<Test>>(`/projects/${project.id}/tests`);
  assert.deepEqual(tests.items.map(({ name }) => name).sort(), ['Check out', 'files.js', 'long.js']);
});
