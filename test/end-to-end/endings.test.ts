// How a run ends when all is well with the input: the exit code, what is said, and what still happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';

const scratch = new Scratch();
let server: CountingServer;
before(async () => {
  server = await startCountingServer();
});
after(async () => {
  await server.close();
  scratch.remove();
});

let scripts = 0;
/** Runs a script with `run --quiet` and flags. */
function runScript(source: string, ...flags: string[]) {
  const file = scratch.write(`script-${scripts++}.js`, source);
  return runCommand(['run', '-q', ...flags, file], { cwd: scratch.folder });
}

test('a run without trouble ends with 0 and shows what it measured', async () => {
  const { exit, stdout, stderr } = await runScript(
    `import http from 'k6/http';
     import { check } from 'k6';
     export const options = { iterations: 5 };
     export default function () { check(http.get('${server.url}/'), { fine: (r) => r.status === 200 }); }`,
  );
  assert.deepEqual([exit, stderr], [0, '']);
  assert.match(stdout, /checks_succeeded\.*: 100\.00% 5 out of 5/);
  assert.match(stdout, /http_reqs\.*: 5 /);
});

test('crossed thresholds end with 99, after a summary that marks them', async () => {
  const { exit, stdout, stderr } = await runScript(
    `export const options = { iterations: 2, thresholds: { iterations: ['count>5'] } };
     export default function () {}`,
  );
  assert.equal(exit, 99);
  assert.match(stdout, /✗ 'count>5' count=2/);
  assert.match(stderr, /thresholds on metrics 'iterations' have been crossed/);
});

test('a threshold with abortOnFail ends the run long before its time', async () => {
  const { exit, stderr } = await runScript(
    `import { sleep } from 'k6';
     export const options = { duration: '5m', thresholds: { iterations: [{ threshold: 'count<1', abortOnFail: true }] } };
     export default function () { sleep(0.1); }`,
  );
  assert.equal(exit, 99);
  assert.match(stderr, /at least one has abortOnFail enabled, stopping test prematurely/);
});

test('test.abort ends with 108 and its text; teardown runs', async () => {
  const { exit, stdout, stderr } = await runScript(
    `import exec from 'k6/execution';
     export default function () { exec.test.abort('enough seen'); }
     export function teardown() { console.log('torn down'); }`,
  );
  assert.equal(exit, 108);
  assert.match(stderr, /msg="torn down"[\s\S]*test aborted: enough seen/);
  assert.match(stdout, /TOTAL RESULTS/);
});

test('test.abort in the init code of a later virtual user ends with 108, and the summary of the script comes', async () => {
  const { exit, stdout, stderr } = await runScript(
    `import exec from 'k6/execution';
     export const options = { vus: 3, iterations: 3, handleSummaryTimeout: '60s' };
     if (__VU > 1) exec.test.abort('not here');
     export default function () {}
     export function handleSummary() { return { stdout: 'its summary' }; }`,
  );
  assert.equal(exit, 108);
  assert.match(stderr, /test aborted: not here/);
  assert.match(stdout, /its summary/);
  assert.doesNotMatch(stderr, /timed out/);
});

test('what init code has begun ends before setup and the iterations', async () => {
  const { exit, stderr } = await runScript(
    `let ready = 'not yet';
     setTimeout(() => { ready = 'yes'; }, 20);
     export const options = { iterations: 1 };
     export function setup() { console.log('setup', ready); }
     export default function () { console.log('iteration', ready); }`,
  );
  assert.equal(exit, 0);
  assert.match(stderr, /setup yes/);
  assert.match(stderr, /iteration yes/);
});

test('a timer of an iteration that failed is stopped, with a warning', async () => {
  const { stderr } = await runScript(
    `export const options = { iterations: 2 };
     export default function () {
       setTimeout(() => console.log('late', __ITER), 30);
       if (__ITER === 0) throw new Error('boom');
     }`,
  );
  assert.match(stderr, /setTimeout 1 was stopped because the VU iteration was interrupted/);
  assert.match(stderr, /late 1/);
  assert.doesNotMatch(stderr, /late 0/);
});

test('test.fail ends with 110 when the run is over', async () => {
  const { exit, stdout } = await runScript(
    `import exec from 'k6/execution';
     export const options = { iterations: 3 };
     export default function () { exec.test.fail('not today'); }`,
  );
  assert.equal(exit, 110);
  assert.match(stdout, /iterations\.*: 3 /);
});

test('a setup that throws ends with 107; one that takes too long with 100; neither starts an iteration', async () => {
  const [failed, late] = await Promise.all([
    runScript(
      `export function setup() { throw new Error('no ground'); }
       export default function () { console.log('ran'); }`,
    ),
    runScript(
      `import { sleep } from 'k6';
       export const options = { setupTimeout: '100ms' };
       export function setup() { sleep(60); }
       export default function () { console.log('ran'); }`,
    ),
  ]);
  assert.equal(failed.exit, 107);
  assert.match(failed.stderr, /Error: no ground\\n\\tat setup \(.*script-\d+\.js:1:\d+\)/);
  assert.equal(late.exit, 100);
  assert.match(late.stderr, /setup\(\) execution timed out after 0\.1 seconds/);
  assert.doesNotMatch(failed.stderr + late.stderr, /msg=ran/);
});

test('a teardown that throws ends with 107; one that takes too long with 101; the summary comes', async () => {
  const [failed, late] = await Promise.all([
    runScript(`export default function () {}\nexport function teardown() { throw new Error('not clean'); }`),
    runScript(
      `export const options = { teardownTimeout: '100ms' };
       export default function () {}
       export function teardown() { return new Promise(() => setTimeout(() => {}, 60000)); }`,
    ),
  ]);
  assert.deepEqual([failed.exit, late.exit], [107, 101]);
  for (const { stdout } of [failed, late]) assert.match(stdout, /iterations\.*: 1 /);
});

test('an iteration that throws is logged with its place, and the run ends with 0', async () => {
  const { exit, stderr } = await runScript(
    'export const options = { iterations: 2 };\nexport default function () {\n  null.x;\n}\n',
  );
  assert.equal(exit, 0);
  assert.equal(stderr.match(/level=error msg="TypeError: .*script-\d+\.js:3:8\)/g)?.length, 2);
});

test('a script that fills the memory: what was measured is reported, and the run ends with 109 and the reason', async () => {
  const file = scratch.write(
    'hoard.js',
    `export const options = { duration: '10m' };
     const kept = [];
     export default function () { for (let i = 0; i < 10000; i++) kept.push({ text: String(i), list: [i] }); }
     export function teardown() { console.log('torn down'); }
     export function handleSummary() { return { stdout: 'never' }; }`,
  );
  const { exit, stdout, stderr } = await runCommand(['run', '-q', file], {
    cwd: scratch.folder,
    env: { NODE_OPTIONS: '--max-old-space-size=60' },
  });
  assert.equal(exit, 109, stderr);
  assert.match(stdout, /iterations\.*: [1-9]\d+ /);
  assert.equal(stderr.match(/a load worker ran out of memory and was ended: the script keeps more/g)?.length, 1);
});

test('two workers share iterations exactly', async () => {
  const { exit, stdout } = await runScript(
    `export const options = { scenarios: { all: { executor: 'shared-iterations', vus: 7, iterations: 1001 } } };
     export default function () {}`,
    '--workers',
    '2',
  );
  assert.equal(exit, 0);
  assert.match(stdout, /iterations\.*: 1001 /);
});

test('handleSummary writes where it says, and what it cannot write is said', async () => {
  const { exit, stdout, stderr } = await runScript(
    `export default function () {}
     export function handleSummary(data) {
       return {
         stdout: 'for the screen\\n',
         stderr: 'for the log\\n',
         'summary.json': JSON.stringify(data.metrics.iterations.values.count),
         'no/such/folder.txt': 'lost',
         'bytes.bin': new Uint8Array([1, 2, 255]).buffer,
       };
     }`,
  );
  assert.equal(exit, 0);
  assert.equal(stdout, 'for the screen\n');
  assert.match(stderr, /^for the log\n.*level=error msg="handleSummary: could not write \\"no\/such\/folder\.txt\\"/);
  assert.equal(readFileSync(path.join(scratch.folder, 'summary.json'), 'utf8'), '1');
  assert.deepEqual([...readFileSync(path.join(scratch.folder, 'bytes.bin'))], [1, 2, 255]);
});

test('a handleSummary that throws is logged, and the usual summary comes', async () => {
  const { exit, stdout, stderr } = await runScript(
    `export default function () {}
     export function handleSummary() { throw new Error('no words'); }`,
  );
  assert.equal(exit, 0);
  assert.match(stdout, /iterations\.*: 1 /);
  assert.match(stderr, /Error: no words/);
});

test('--summary-export and --out write files beside the summary', async () => {
  const { exit, stdout } = await runScript(
    'export default function () {}',
    '--summary-export',
    'export.json',
    '--out',
    'json=samples.json',
  );
  assert.equal(exit, 0);
  assert.match(stdout, /iterations/);
  const read = (name: string) => readFileSync(path.join(scratch.folder, name), 'utf8');
  const exported = JSON.parse(read('export.json')) as { metrics: { iterations: { count: number } } };
  assert.equal(exported.metrics.iterations.count, 1);
  const points = read('samples.json').trimEnd().split('\n');
  assert.ok(points.some((line) => (JSON.parse(line) as { metric: string; type: string }).metric === 'iterations'));
});
