// A running test steered from other terminals.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { runCommand, Scratch } from '../../test/end-to-end/command.ts';
import { findFreePort } from '../../test/servers/spawn-on-loopback.ts';
import { renderYaml } from './yaml.ts';

const scratch = new Scratch();
after(() => scratch.remove());

test('status, scale, pause, resume, stats and stop reach the run', async () => {
  const script = scratch.write(
    'steered.js',
    `import { sleep } from 'k6';
     export const options = { scenarios: { looping: { executor: 'externally-controlled', vus: 1, maxVUs: 3 } } };
     export default function () { sleep(0.05); }
     export function teardown() { console.log('torn down'); }`,
  );
  const address = `127.0.0.1:${await findFreePort()}`;
  const run = runCommand(['run', '--quiet', '--address', address, script], { cwd: scratch.folder });
  const steer = (...words: string[]) =>
    runCommand([words[0]!, '--address', address, ...words.slice(1)], { cwd: scratch.folder });
  const until = async (pattern: RegExp): Promise<void> => {
    const deadline = performance.now() + 60_000;
    while (!pattern.test((await steer('status')).stdout))
      assert.ok(performance.now() < deadline, `never ${pattern}: ${(await steer('status')).stdout}`);
  };
  await until(/^running: true$/m);
  assert.match((await steer('scale', '--vus', '3')).stdout, /^vus-max: 3$/m);
  await until(/^vus: 3$/m);
  assert.match((await steer('pause')).stdout, /^paused: true$/m);
  assert.match((await steer('resume')).stdout, /^paused: false$/m);
  const again = await steer('resume');
  assert.deepEqual([again.exit, /not paused/.test(again.stderr)], [255, true]);
  assert.equal((await steer('scale')).exit, 255);
  await until(/^running: true$/m);
  assert.match((await steer('stats')).stdout, /^- name: vus$/m);
  assert.match((await steer('stop')).stdout, /^stopped: true$/m);
  const { exit, stderr } = await run;
  assert.equal(exit, 103, stderr);
  assert.match(stderr, /torn down/);
});

test('where nothing listens the sentence says what to do', async () => {
  const { exit, stderr } = await runCommand(['status', '--address', `127.0.0.1:${await findFreePort()}`], {
    cwd: scratch.folder,
  });
  assert.equal(exit, 255);
  assert.match(stderr, /there is no REST API at http:\/\/127\.0\.0\.1:\d+ .*start the test with --address/);
});

test('an address that is taken ends the program with 106, before any load', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const script = scratch.write('never.js', `export default function () { console.log('ran'); }`);
  const { exit, stderr } = await runCommand(['run', '--address', `127.0.0.1:${port}`, script], { cwd: scratch.folder });
  server.close();
  assert.equal(exit, 106, stderr);
  assert.doesNotMatch(stderr, /ran/);
});

test('YAML shows what JSON has', () => {
  assert.equal(
    renderYaml([{ a: 1, b: { c: [], d: 'yes' } }, 'x y', null]),
    '- a: 1\n  b:\n    c: []\n    d: "yes"\n- "x y"\n- null\n',
  );
});
