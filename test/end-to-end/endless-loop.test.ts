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
  const { exit, stdout, stderr } = await new Command(['run', '-q', '--workers', '1', file], { cwd: scratch.folder })
    .ended;
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
      const { exit, stdout, stderr } = await new Command(['run', '-q', '--workers', '1', file], {
        cwd: scratch.folder,
      }).ended;
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
  const { exit, stdout, stderr } = await new Command(['run', '-q', '--workers', '1', file], { cwd: scratch.folder })
    .ended;
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /did not give back control[^\n]*at spin \([^\n]*turns\.js:7:/);
  assert.doesNotMatch(stderr, /internal error/);
  assert.match(stdout, /iterations\.*: 8 /);
});

/** Each with a loop of 14 s in its one iteration: longer than it would be let run while others wait. */
const ALONE = [
  `executor: 'per-vu-iterations', vus: 1, iterations: 1`,
  `executor: 'shared-iterations', vus: 1, iterations: 1`,
  `executor: 'constant-vus', vus: 1, duration: '1s'`,
  `executor: 'ramping-vus', startVUs: 1, stages: [{ target: 1, duration: '1s' }]`,
  // Nothing is due for any of the idle ones.
  `executor: 'constant-arrival-rate', rate: 1, timeUnit: '1m', duration: '1s', preAllocatedVUs: 3`,
];

describe('a virtual user that nobody of its thread waits for computes as long as its scenario lets it', {
  concurrency: true,
}, () => {
  for (const [number, fields] of ALONE.entries())
    test(fields, async () => {
      const file = scratch.write(
        `alone-${number}.js`,
        `export const options = { scenarios: { a: { ${fields} } } };
export default function () {
  for (const end = Date.now() + 14_000; Date.now() < end; );
}`,
      );
      const { exit, stdout, stderr } = await new Command(['run', '-q', '--workers', '1', file], {
        cwd: scratch.folder,
      }).ended;
      assert.equal(exit, 0, stderr);
      assert.doesNotMatch(stderr, /did not give back control/);
      assert.match(stdout, /iterations\.*: 1 /);
      // It made nobody wait.
      assert.doesNotMatch(stdout, /computes for/);
    });
});

/** What gives whoever runs alone and without end its time, long before that is over for those who keep others waiting. */
const ENDS = [
  `executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '1s'`,
  `executor: 'ramping-vus', startVUs: 1, stages: [{ target: 0, duration: '1s' }, { target: 0, duration: '1h' }], gracefulRampDown: '1s'`,
];

describe('a virtual user that runs without end and keeps nobody waiting is cut off when its time is over', {
  concurrency: true,
}, () => {
  for (const [number, fields] of ENDS.entries())
    test(fields, async () => {
      const file = scratch.write(
        `cut-off-${number}.js`,
        `export const options = { scenarios: { a: { ${fields} } } };
export default function () {
  for (;;) {}
}`,
      );
      const command = new Command(['run', '-q', '--workers', '1', file], { cwd: scratch.folder });
      await command.printed(/did not give back control[^\n]*/);
      command.child.kill('SIGINT');
      const { stdout, stderr } = await command.ended;
      assert.match(stderr, /cut-off-\d\.js:3:/);
      assert.match(stdout, /TOTAL RESULTS[\s\S]*data_received/);
    });
});

/** Steps that are given up when their time is over; each ends with an exit code of its own. */
const STEPS = [
  { name: 'setup', exit: 100, body: 'while (true);' },
  { name: 'setup', exit: 100, body: 'sleep(0.01);\n  while (true);' },
  { name: 'teardown', exit: 101, body: 'while (true);' },
];

describe('a step that runs without end ends in time, is told with its line, and what was measured is shown', () => {
  for (const [number, { name, exit, body }] of STEPS.entries())
    test(`${name}() { ${body.replace(/\s+/g, ' ')} }`, async () => {
      const file = scratch.write(
        `step-${number}.js`,
        `import { sleep } from 'k6';
export const options = { ${name}Timeout: '1s' };
export function ${name}() {
  ${body}
}
export default function () {}`,
      );
      const ended = await new Command(['run', '-q', file], { cwd: scratch.folder }).ended;
      assert.equal(ended.exit, exit, ended.stderr);
      assert.match(ended.stderr, new RegExp(`${name}\\(\\) execution timed out after 1 seconds`));
      const line = body.includes('sleep') ? 5 : 4;
      assert.match(ended.stderr, new RegExp(`did not give back control.*at ${name} \\(.*step-${number}\\.js:${line}:`));
      assert.doesNotMatch(ended.stderr, /internal error/);
      assert.match(ended.stdout, /TOTAL RESULTS[\s\S]*data_received/);
    });
});

test('Ctrl-C ends init code of a later virtual user that runs without end, and says where', async () => {
  const file = scratch.write(
    'init.js',
    `if (__VU === 1) {
  console.log('begun');
  while (true);
}
export default function () {}`,
  );
  const command = new Command(['run', '-q', file], { cwd: scratch.folder });
  await command.printed(/begun/);
  command.child.kill('SIGINT');
  const { exit, stderr } = await command.ended;
  assert.equal(exit, 105, stderr);
  assert.match(stderr, /did not give back control.*at file:.*init\.js:3:/);
  assert.doesNotMatch(stderr, /internal error/);
});
