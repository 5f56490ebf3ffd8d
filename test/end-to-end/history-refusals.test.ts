// A history that cannot be used, or is not wanted; and what is said of words that make no sense.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
const env = { SIXFOLD_HISTORY: path.join(scratch.folder, 'runs.db') };
const script = scratch.write('short.js', 'export const options = { iterations: 1 }; export default () => {};');
after(() => scratch.remove());

const run = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runCommand(words, { cwd: scratch.folder, env: { ...env, ...more } });

test('a history that does not work fails no test, and none is kept where nobody wants one', async () => {
  const short = ['run', '-q', script];
  assert.equal((await run(short)).exit, 0);
  assert.equal((await run([...short.slice(0, 2), '--no-history', ...short.slice(2)])).exit, 0);
  assert.equal((await run(short, { SIXFOLD_HISTORY: 'off' })).exit, 0);
  const listing = await run(['runs', 'list', '--json']);
  assert.equal(JSON.parse(listing.stdout).length, 1);
  const broken = scratch.write('broken.db', 'this is no database '.repeat(100));
  const result = await run(short, { SIXFOLD_HISTORY: broken });
  assert.equal(result.exit, 0, result.stderr);
  assert.match(result.stderr, /the history in .+broken\.db cannot be used, so this run is not kept: .*not a database/);
  const refused = await run(['runs', 'list'], { SIXFOLD_HISTORY: broken });
  assert.equal(refused.exit, 255);
  assert.match(refused.stderr, /the history in .+broken\.db cannot be used/);
});

test('wrong words get an answer before any load', async () => {
  const cases: [words: string[], exit: number, text: RegExp][] = [
    [['run', '--baseline', 'nothing-like-it', script], 104, /--baseline: there is no run \\?"nothing-like-it/],
    [['run', '--baseline', 'gone.html', script], 104, /--baseline: cannot read \\?"gone\.html\\?": ENOENT/],
    [['run', '--baseline', 'last:0', script], 104, /say how many, from last:1 to last:50/],
    [['run', '--baseline', 'pinned', script], 104, /no run is pinned/],
    [['run', '--fail-on', 'everything', script], 255, /--fail-on \\?"everything\\?": it is slower or failures/],
    [['run', '--no-history', '--baseline', 'last', script], 104, /needs the history, which is switched off/],
    [['run', '--no-history', '--fail-on', 'slower', script], 104, /--fail-on compares with earlier runs/],
    [['run', '--baseline', 'none', '--fail-on', 'slower', script], 104, /--fail-on compares with earlier runs/],
    [['runs', 'show', 'nothing-like-it'], 255, /there is no run "nothing-like-it"/],
    [['runs', 'list', '--limit', '0'], 255, /whole number from 1 on/],
    [['runs', 'explode'], 255, /unknown command 'explode'/],
  ];
  const results = await Promise.all(cases.map(([words]) => run(words)));
  for (const [index, { exit, stdout, stderr }] of results.entries()) {
    const [words, wanted, text] = cases[index]!;
    assert.deepEqual([exit, stdout], [wanted, ''], words.join(' '));
    assert.match(stderr, text);
  }
});
