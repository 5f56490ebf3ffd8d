// What a run came to, for the system that started it: JUnit's XML, judged by libxml2, and GitHub's summary with annotations.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { validateXML } from 'xmllint-wasm';
import { type Outcome, runCommand, Scratch } from '../command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const SCHEMA = readFileSync(new URL('junit-form.xsd', import.meta.url), 'utf8');

async function assertValid(xml: string): Promise<void> {
  const { valid, errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [SCHEMA] });
  assert.ok(valid, errors.map(({ message }) => message).join('\n'));
}

const run = (words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
  runCommand(['run', '--quiet', ...words], { cwd: scratch.folder, env });
const read = (name: string): string => readFileSync(`${scratch.folder}/${name}`, 'utf8');

const HOSTILE = scratch.write(
  'hostile.js',
  `import { check, group } from 'k6';
   import { Trend } from 'k6/metrics';
   const took = new Trend('took', true);
   export const options = { iterations: 4, thresholds: {
     took: ['p(95)<5', 'avg<1000'], 'took{kind:<b>&"\\'|}': ['max<2000'],
   } };
   export default function () {
     took.add(10 + __ITER, { kind: '<b>&"\\'|' });
     check(null, { '<img src=x> & "q" | \`tick\`\\u0001\\ud800': () => __ITER % 2 === 0, always: () => true });
     group('outer', () => group('in]]>ner', () => check(null, { 'never\\n:error x': () => false })));
   }`,
);

describe('a run with a crossed threshold and hostile names', () => {
  let outcome: Outcome;
  before(async () => {
    writeFileSync(`${scratch.folder}/step.md`, 'before\n');
    outcome = await run(['--out', 'junit=results.xml', '--out', 'github', HOSTILE], {
      GITHUB_STEP_SUMMARY: `${scratch.folder}/step.md`,
    });
  });

  test('JUnit: valid, a failure for the threshold; checks that nothing judges are no failures', async () => {
    assert.equal(outcome.exit, 99, outcome.stderr);
    const xml = read('results.xml');
    await assertValid(xml);
    assert.match(xml, /<testsuites name="sixfold [^"]*hostile\.js" tests="7" failures="1" errors="0" skipped="2"/);
    assert.match(
      xml,
      /<testcase classname="took" name="p\(95\)&lt;5"[^>]*>\s*<failure message="p\(95\) was 12[^"]*ms" type="thresholds">/,
    );
    assert.match(
      xml,
      /<testcase classname="outer › in\]\]&gt;ner" name="never&#10;:error x"[^>]*>\s*<skipped message="failed 4 of 4 times \(100.00%\)"\/>/,
    );
    assert.doesNotMatch(xml, /[\u0001\ud800]/);
  });

  test('GitHub: a summary behind what was there, and annotations that no name can forge', () => {
    const markdown = read('step.md');
    assert.match(markdown, /^before\n## ❌ Not passed: 1 of 3 thresholds crossed\n/);
    assert.match(markdown, /\| ❌ \| <code>took<\/code> \| <code>p&#40;95&#41;&lt;5<\/code> \| p&#40;95&#41; was 12/);
    assert.doesNotMatch(markdown, /<img|\| `|^::/m);
    // Each row of a table has as many cells as its head.
    for (const line of markdown.split('\n').filter((one) => one.startsWith('| ')))
      assert.equal(line.split('|').length, 6, line);
    const commands = outcome.stdout.split('\n').filter((line) => line.startsWith('::'));
    assert.deepEqual(
      commands.map((line) => line.replace(/was .*/, 'was …')),
      ['::error title=took%3A p(95)<5::p(95) was …'],
    );
  });
});

test('a threshold on checks makes failures of the checks that failed', async () => {
  const file = scratch.write(
    'judged.js',
    `import { check } from 'k6';
     export const options = { iterations: 2, thresholds: { checks: ['rate>0.9'] } };
     export default function () { check(null, { good: () => true, bad: () => false }); }`,
  );
  const { exit } = await run(['--out', 'junit=judged.xml', file]);
  assert.equal(exit, 99);
  const xml = read('judged.xml');
  await assertValid(xml);
  assert.match(xml, /name="bad"[^>]*>\s*<failure message="failed 2 of 2 times/);
  assert.match(xml, /tests="4" failures="2" errors="0" skipped="0"/);
});

test('a run that was aborted is an error, one whose iterations fail is noted', async () => {
  const aborted = scratch.write(
    'aborted.js',
    `import exec from 'k6/execution'; export default function () { exec.test.abort('no <more>'); }`,
  );
  const { exit } = await run(['--out', 'junit=aborted.xml', aborted]);
  assert.equal(exit, 108);
  await assertValid(read('aborted.xml'));
  assert.match(read('aborted.xml'), /<error message="[^"]*no &lt;more&gt;" type="run">/);
  const failing = scratch.write('failing.js', `export default function () { throw new Error('oh'); }`);
  const outcome = await run(['--out', 'junit=failing.xml', '--out', 'github=step2.md', failing]);
  assert.equal(outcome.exit, 0);
  await assertValid(read('failing.xml'));
  assert.match(read('failing.xml'), /<skipped message="every iteration failed \(1 of 1\)/);
  assert.match(outcome.stdout, /^::warning title=Run::every iteration failed .*%0Afirst: Error: oh/m);
  assert.match(read('step2.md'), /^## ✅ Came to its end\n/);
});

test('what cannot be written is known before there is load', async () => {
  const file = scratch.write('load.js', `export default function () { console.log('there was load'); }`);
  for (const [out, reason] of [
    ['junit', /the output junit needs a file, as in junit=results\.xml/],
    ['junit=none/x.xml', /could not write to .*none\/x\.xml: its folder does not exist/],
    ['github', /GITHUB_STEP_SUMMARY, and it is not set/],
  ] as const) {
    const { exit, stderr } = await run(['--out', out, file], { GITHUB_STEP_SUMMARY: '' });
    assert.equal(exit, 255, stderr);
    assert.match(stderr, reason);
    assert.doesNotMatch(stderr, /there was load/);
  }
});
