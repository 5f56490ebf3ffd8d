// What a script exports besides its iterations, and what becomes of it at the end of a run.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runCommand, Scratch } from '../../test/end-to-end/command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

let scripts = 0;
const run = (source: string) => {
  const name = `script-${scripts++}.js`;
  scratch.write(name, source);
  return runCommand(['run', '--quiet', name], { cwd: scratch.folder });
};

test('a setup that is no function is refused, a handleSummary that is none is complained of', async () => {
  const refused = await run('export const setup = 5; export default function () { console.log("ran"); }');
  assert.equal(refused.exit, 255);
  assert.match(refused.stderr, /exported 'setup' must be a function, not number/);
  assert.doesNotMatch(refused.stderr, /ran/);
  const summarised = await run('export const handleSummary = {}; export default function () {}');
  assert.equal(summarised.exit, 0);
  assert.match(summarised.stderr, /level=error msg="exported 'handleSummary' must be a function, not object/);
  assert.match(summarised.stdout, /iterations\.+: 1/);
});

test('options of null are no options', async () => {
  const { exit, stderr } = await run('export const options = null; export default function () { console.log("ran"); }');
  assert.equal(exit, 0);
  assert.match(stderr, /ran/);
});

test('a summary that cannot be written down is logged; only one that is no object brings the usual one', async () => {
  const iteration = 'export default function () {}';
  const odd = await run(`${iteration} export const handleSummary = () => ({ stdout: 5 });`);
  assert.match(odd.stderr, /returned number for .{1,2}stdout/);
  assert.equal(odd.stdout, '');
  const none = await run(`${iteration} export const handleSummary = () => 5;`);
  assert.match(none.stderr, /must return an object of texts/);
  assert.match(none.stdout, /iterations\.+: 1/);
});
