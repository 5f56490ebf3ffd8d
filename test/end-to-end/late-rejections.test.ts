// To a script a blocking call takes no turn: a promise that is rejected before one may still be handled behind it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

async function run(script: string) {
  scratch.write('script.js', script);
  const { exit, stderr } = await runCommand(['run', '-q', '--log-format', 'raw', 'script.js'], { cwd: scratch.folder });
  return { exit, lines: stderr.split('\n').filter((line) => /^(?:said|Uncaught)/.test(line)) };
}

test('what is handled behind the call is no failure, in setup and teardown too; what never is, is told of once', async () => {
  const late = `
    const late = async (what) => {
      const kept = [Promise.reject(new Error(what)), new Promise((_, no) => { sleep(0.02); no(what) })];
      sleep(0.02);
      const then = Promise.reject(what);
      sleep(0.02);
      const ends = await Promise.allSettled([...kept, then]);
      console.log('said ' + what + ' ' + ends.map((end) => end.status).join());
    };`;
  const { exit, lines } = await run(`
    import { sleep } from 'k6';
    ${late}
    export async function setup() { await late('setup'); }
    export default async function () {
      Promise.reject(new Error('never handled')), sleep(0.02);
      await late('iteration');
    }
    export async function teardown() { await late('teardown'); }`);
  assert.equal(exit, 0);
  assert.deepEqual(
    lines.map((line) => line.replace(/ at .*/, '').replace(/\s*$/, '')),
    [
      'said setup rejected,rejected,rejected',
      'said iteration rejected,rejected,rejected',
      'Uncaught (in promise) Error: never handled',
      'said teardown rejected,rejected,rejected',
    ],
  );
});

test('what never is handled fails setup, also when a call was in progress', async () => {
  const { exit, lines } = await run(`
    import { sleep } from 'k6';
    export function setup() { Promise.reject(new Error('of setup')); sleep(0.02); }
    export default function () { console.log('said never'); }`);
  assert.notEqual(exit, 0);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('said')),
    [],
  );
});
