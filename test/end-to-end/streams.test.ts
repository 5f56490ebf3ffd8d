// What the command prints into pipes and files that do not take it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { after, test } from 'node:test';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { Command, commandEnvironment, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const script = scratch.write(
  'script.js',
  `import { sleep } from 'k6';
   export const options = { iterations: 3 };
   export default function () { sleep(0.1); }
   export function teardown() { console.log('torn down'); }`,
);

test('a reader that has seen enough does not end the test, nor with a stack', async () => {
  const command = new Command(['run', script], { cwd: scratch.folder });
  await command.printed(/execution: local/);
  command.child.stdout!.destroy();
  const { exit, stderr } = await command.ended;
  assert.equal(exit, 0);
  assert.match(stderr, /^time=.* msg="torn down" source=console\n$/);
});

test('a list whose reader closes early ends quietly', async () => {
  const command = new Command(['explain'], { cwd: scratch.folder });
  command.child.stdout!.destroy();
  const { exit, stderr } = await command.ended;
  assert.deepEqual([exit, stderr], [0, '']);
});

test('a standard output that cannot be written is said once, the test runs, and the code is 255', {
  skip: existsSync('/dev/full') ? false : 'no /dev/full on this machine',
}, () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [launcherPath(), 'run', script], {
    cwd: scratch.folder,
    env: commandEnvironment(scratch.folder),
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  assert.equal(status, 255);
  assert.match(stderr, /^could not write to standard output: ENOSPC.*\n.*msg="torn down" source=console\n$/);
});
