// Ctrl-C and its like: once ends the run in order, twice at once, whatever the script is doing.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Command, findOlderNode, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

let scripts = 0;
function start(source: string, options: { node?: string } = {}): Command {
  const file = scratch.write(`script-${scripts++}.js`, source);
  return new Command(['run', '-q', file], { cwd: scratch.folder, ...options });
}

/** Iterations that count, then wait for long; a teardown that speaks. */
const PATIENT = `
  import { sleep } from 'k6';
  export const options = { duration: '10m', vus: 2 };
  export default function () {
    if (__ITER > 0) { console.log('waiting'); sleep(600); }
  }
  export function teardown() { console.log('torn down'); }`;

const STUCK = `
  import { sleep } from 'k6';
  export const options = { duration: '10m' };
  export default function () {
    if (__ITER === 5) { console.log('stuck'); while (true); }
    sleep(0.06);
  }
  export function teardown() { console.log('torn down'); }`;

const olderNode = findOlderNode();
const skipOlder = olderNode || process.env['CI'] ? false : 'no Node older than 26 on this machine';

describe('signals', { concurrency: 3 }, () => {
  test('a script that never gives back control is ended all the same, and what it measured is reported', async () => {
    const command = start(STUCK);
    await command.printed(/msg=stuck/);
    command.child.kill('SIGINT');
    const { exit, stdout, stderr } = await command.ended;
    assert.equal(exit, 105, stderr);
    assert.match(stderr, /did not give back control[^\n]*script-\d+\.js:5:/);
    assert.match(stdout, /iterations\.*: 5 /);
    assert.match(stderr, /torn down/);
  });

  test('SIGUSR1 opens no debugger, and the test goes on', { skip: process.platform === 'win32' }, async () => {
    const command = start(`
      import { sleep } from 'k6';
      export const options = { iterations: 1 };
      export default function () { console.log('running'); sleep(2); }`);
    await command.printed(/msg=running/);
    command.child.kill('SIGUSR1');
    const { exit, stderr } = await command.ended;
    assert.equal(exit, 0, stderr);
    assert.doesNotMatch(stderr, /Debugger listening/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} interrupts iterations, runs teardown, prints the summary and ends with 105`, async () => {
      const command = start(PATIENT);
      await command.printed(/waiting[\s\S]*waiting/);
      command.child.kill(signal);
      const { exit, stdout, stderr } = await command.ended;
      assert.equal(exit, 105);
      assert.match(stderr, /msg="torn down"[\s\S]*received the signal '(?:interrupt|terminated)'/);
      assert.match(stdout, /iterations\.*: 2 /);
    });
  }

  test('a second signal ends even a stuck script at once', async () => {
    const command = start(STUCK);
    await command.printed(/msg=stuck/);
    command.child.kill('SIGINT');
    // Signals that come close together count as one, so it takes a few, whenever each comes.
    const again = setInterval(() => command.child.kill('SIGINT'), 50);
    const { exit, stdout, stderr } = await command.ended;
    clearInterval(again);
    assert.deepEqual([exit, stdout], [105, '']);
    assert.equal(stderr.match(/ends at once, after a second signal: what was not written yet is lost/g)?.length, 1);
  });

  test('a signal during setup ends the run without an iteration', async () => {
    const command = start(
      `import { sleep } from 'k6';
       export function setup() { console.log('setting up'); sleep(600); }
       export default function () { console.log('ran'); }`,
    );
    await command.printed(/setting up/);
    command.child.kill('SIGINT');
    const { exit, stderr } = await command.ended;
    assert.equal(exit, 105);
    assert.doesNotMatch(stderr, /msg=ran/);
  });

  test('signals end a handleSummary that has no end', async () => {
    const command = start(
      `export default function () {}
       export function handleSummary() { console.log('summing'); while (true); }`,
    );
    await command.printed(/summing/);
    const again = setInterval(() => command.child.kill('SIGINT'), 50);
    const { exit } = await command.ended;
    clearInterval(again);
    assert.equal(exit, 105);
  });

  test('a signal to the launcher on an older Node reaches the program', { skip: skipOlder }, async () => {
    assert.ok(olderNode, 'no Node older than 26 on this machine');
    const command = start(PATIENT, { node: olderNode });
    await command.printed(/waiting/);
    command.child.kill('SIGINT');
    const { exit, stderr } = await command.ended;
    assert.equal(exit, 105);
    assert.match(stderr, /torn down/);
  });

  test('a signal to launcher and program at once counts once', { skip: skipOlder }, async () => {
    assert.ok(olderNode, 'no Node older than 26 on this machine');
    const file = scratch.write('group.js', PATIENT);
    const command = new Command(['run', '-q', file], { cwd: scratch.folder, node: olderNode, ownGroup: true });
    await command.printed(/waiting/);
    process.kill(-command.child.pid!, 'SIGINT');
    const { exit, stdout, stderr } = await command.ended;
    assert.equal(exit, 105);
    assert.match(stderr, /torn down/);
    assert.match(stdout, /TOTAL RESULTS/);
  });
});
