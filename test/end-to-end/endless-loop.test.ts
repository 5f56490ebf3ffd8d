// Code of a script that runs without end: it is broken off, and costs its own iteration alone.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
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

/** What calls the script is ended with it: each kind of scenario has to take up its work again. */
const SCENARIOS = [
  `executor: 'per-vu-iterations', vus: 3, iterations: 3`,
  `executor: 'shared-iterations', vus: 3, iterations: 9`,
  `executor: 'constant-vus', vus: 3, duration: '18s'`,
  `executor: 'ramping-vus', startVUs: 3, stages: [{ target: 3, duration: '18s' }]`,
  `executor: 'constant-arrival-rate', rate: 5, duration: '18s', preAllocatedVUs: 3`,
];

describe('a scenario whose first iteration never ends has the others begin all the same', { concurrency: true }, () => {
  for (const [number, fields] of SCENARIOS.entries())
    test(fields, async () => {
      const file = scratch.write(
        `busy-${number}.js`,
        `import { Counter } from 'k6/metrics';
const third = new Counter('of_the_third');
export const options = { scenarios: { a: { ${fields} } } };
let count = 0;
export default function () {
  if (__VU === 1 && ++count === 1) spin();
  if (__VU === 3) third.add(1);
  for (const end = Date.now() + 10; Date.now() < end; );
}
function spin() {
  for (;;) {}
}`,
      );
      const { exit, stdout, stderr } = await new Command(['run', '-q', file], { cwd: scratch.folder }).ended;
      assert.equal(exit, 0, stderr);
      assert.match(stderr, /did not give back control[^\n]*at spin \([^\n]*busy-\d\.js:11:/);
      assert.doesNotMatch(stderr, /internal error/);
      assert.match(stdout, /of_the_third\.*: [1-9]/);
      if (fields.includes('iterations:')) assert.match(stdout, /iterations\.*: 8 /);
    });
});

test('iterations that wait for their turn of the event loop go on where one of them never ends', async () => {
  const file = scratch.write(
    'turns.js',
    `export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 3 } } };
export default function () {
  for (const end = Date.now() + 10; Date.now() < end; );
  if (__VU === 2 && __ITER === 1) spin();
}
function spin() {
  for (;;) {}
}`,
  );
  const { exit, stdout, stderr } = await new Command(['run', '-q', file], { cwd: scratch.folder }).ended;
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /did not give back control[^\n]*at spin \([^\n]*turns\.js:7:/);
  assert.doesNotMatch(stderr, /internal error/);
  assert.match(stdout, /iterations\.*: 8 /);
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
