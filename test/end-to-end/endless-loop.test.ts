// Code of a script that runs without end: it is broken off, and costs its own iteration alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Command, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

test('an endless loop costs its iteration, and the message names its line', async () => {
  const file = scratch.write(
    'endless.js',
    `import { check, sleep } from 'k6';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 4, iterations: 3 } } };
export default function () {
  check(1, { one: (x) => x === 1 });
  if (__VU === 2 && __ITER === 1) spin();
  sleep(0.1);
}
function spin() {
  for (;;) {}
}`,
  );
  const { exit, stdout, stderr } = await new Command(['run', '-q', file], { cwd: scratch.folder }).ended;
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /did not give back control[^\n]*at spin \([^\n]*endless\.js:9:/);
  assert.match(stdout, /checks_succeeded\.*: 100\.00% 12 out of 12/);
  assert.match(stdout, /iterations\.*: 11 /);
});

test('setup that runs without end fails the test in time, and says where', async () => {
  const file = scratch.write(
    'setup.js',
    `export const options = { setupTimeout: '1s' };
export function setup() {
  while (true);
}
export default function () {}`,
  );
  const { exit, stderr } = await new Command(['run', '-q', file], { cwd: scratch.folder }).ended;
  assert.equal(exit, 100, stderr);
  assert.match(stderr, /setup\(\) execution timed out after 1 seconds/);
});
