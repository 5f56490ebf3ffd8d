import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../../exit/exit-error.ts';
import { consolidateOptions } from '../../options/consolidate-options.ts';
import { loadProgram } from '../../script/load/load-program.ts';
import type { Program } from '../../script/program.ts';
import type { RunEnding } from './run-ending.ts';
import { TestRun } from './test-run.ts';
import { onThreads } from './thread-host.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'test-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Observed {
  readonly ending: RunEnding;
  readonly logs: readonly string[];
  readonly samples: number;
  readonly run: TestRun;
}

let scripts = 0;
/** Runs a script on real threads. @param onLog hears of each log line while the run goes on */
async function perform(
  source: string,
  { workers = 1, patienceMs = 300 } = {},
  onLog: (message: string, run: TestRun) => void = () => {},
): Promise<Observed> {
  const file = path.join(folder, `script-${scripts++}.js`);
  writeFileSync(file, source);
  const logs: string[] = [];
  let samples = 0;
  const run: TestRun = new TestRun(
    onThreads({ env: {}, script: { file, folder }, patienceMs }),
    {
      onSamples: (batch) => {
        samples += batch.count;
      },
      onLog: (_, message) => {
        logs.push(message);
        onLog(message, run);
      },
    },
    { hosts: workers, patienceMs },
  );
  try {
    const exports = await run.load(await loadProgram({ path: file, cwd: folder }));
    const { options, scenarios } = consolidateOptions({
      cli: {},
      env: {},
      configFile: undefined,
      script: exports.options,
      noThresholds: false,
    });
    return { ending: await run.run(options, scenarios), logs, samples, run };
  } finally {
    await run.dispose();
  }
}

const STUCK = `if (__ITER === 1) { console.log('stuck'); while (true); }`;

test('what the engine refuses of the code of an earlier run is handed over anew, and the rest stays', async () => {
  const pack = path.join(folder, 'node_modules/pack');
  mkdirSync(pack, { recursive: true });
  writeFileSync(path.join(pack, 'index.js'), 'export default (n) => n + 1;');
  const file = path.join(folder, 'kept.js');
  writeFileSync(file, "import next from 'pack'; const two = next(1); export default () => two;");
  const program = await loadProgram({ path: file, cwd: folder });
  const load = async (given: Pick<Program, 'asksForCode' | 'codeCaches'>) => {
    const run = new TestRun(onThreads({ env: {}, script: { file, folder } }), { onSamples: () => {}, onLog: () => {} });
    try {
      return (await run.load({ ...program, ...given })).codeCaches;
    } finally {
      await run.dispose();
    }
  };
  const made = (await load({ asksForCode: true }))!;
  assert.ok(made.program!.length > 0 && made.shared!.length > 0);
  assert.equal(await load({ codeCaches: made }), undefined);
  const stale = new Uint8Array(64);
  const anewInProgram = (await load({ codeCaches: { ...made, program: stale } }))!;
  assert.ok(anewInProgram.program!.length > stale.length);
  assert.deepEqual(Buffer.from(anewInProgram.shared!), Buffer.from(made.shared!));
  assert.equal(await load({ codeCaches: anewInProgram }), undefined);
  const anewInPackages = (await load({ codeCaches: { ...made, shared: stale } }))!;
  assert.deepEqual(Buffer.from(anewInPackages.program!), Buffer.from(made.program!));
  assert.ok(anewInPackages.shared!.length > stale.length);
  assert.equal(await load({ codeCaches: anewInPackages }), undefined);
});

test('setup, iterations and teardown follow each other, with the data of setup', async () => {
  const { ending, logs, run, samples } = await perform(
    `export const options = { iterations: 3, vus: 2 };
     export function setup() { console.log('setup'); return { n: 7 }; }
     export default function (data) { console.log('iteration ' + data.n); }
     export function teardown(data) { console.log('teardown ' + data.n); }`,
  );
  assert.deepEqual(logs, ['setup', 'iteration 7', 'iteration 7', 'iteration 7', 'teardown 7']);
  assert.deepEqual([ending.stop, ending.error, ending.setupData], [null, null, '{"n":7}']);
  assert.equal(run.counts.iterationsCompleted, 3);
  assert.ok(samples >= 6);
});

test('a script that never gives back control is ended when the time and some patience are over', async () => {
  const { ending, logs, run } = await perform(
    `export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
     export default function () { ${STUCK} }
     export function teardown() { console.log('torn down'); }`,
  );
  assert.equal(ending.error?.exitCode, EXIT.internalError);
  assert.match(ending.error.message, /does not give back control/);
  assert.equal(run.counts.iterationsCompleted, 1);
  assert.deepEqual(logs, ['stuck']);
});

test('of two runs in one process only the code that does not end is broken off', async () => {
  const [stuck, busy] = await Promise.all([
    perform(
      `export const options = { setupTimeout: '1s' };
       export function setup() { while (true); }
       export default function () {}`,
      { patienceMs: 20_000 },
    ),
    perform(
      `export function setup() { for (const end = Date.now() + 4000; Date.now() < end; ); console.log('done'); }
       export default function () {}`,
    ),
  ]);
  assert.equal(stuck.ending.error?.exitCode, EXIT.setupTimeout);
  assert.match(stuck.logs[0]!, /did not give back control/);
  assert.deepEqual([busy.ending.error, busy.logs], [null, ['done']]);
});

test('a stop ends a stuck worker after some patience, and the reason of the stop stays', async () => {
  const { ending, logs } = await perform(
    `export const options = { duration: '10m' };
     export default function () { ${STUCK} }`,
    {},
    (message, run) => {
      if (message === 'stuck') run.stop({ exitCode: EXIT.interrupted, message: 'asked to' });
    },
  );
  assert.equal(ending.stop?.message, 'asked to');
  assert.match(logs[1]!, /does not give back control/);
});

test('a setup that never gives back control holds up neither the end nor handleSummary for long', async () => {
  let summary: unknown;
  const started = performance.now();
  const { ending } = await perform(
    `export const options = { setupTimeout: '100ms' };
     export function setup() { while (true); }
     export default function () {}
     export function handleSummary() { return { stdout: 'never' }; }`,
  ).then(async (observed) => {
    summary = await observed.run.handleSummary({});
    return observed;
  });
  assert.equal(ending.error?.exitCode, EXIT.setupTimeout);
  assert.equal(summary, null);
  assert.ok(performance.now() - started < 60_000);
});

test('when one worker dies its share is named, and the others go on: their results stand', async () => {
  const { ending, logs, run } = await perform(
    `import exec from 'k6/execution';
     import { sleep } from 'k6';
     export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 5, maxDuration: '1s', gracefulStop: '0s' } } };
     export default function () {
       if (exec.vu.idInTest === 1) while (true);
       sleep(0.01);
     }
     export function teardown() { console.log('torn down'); }`,
    { workers: 2 },
  );
  assert.equal(ending.error?.exitCode, EXIT.internalError);
  assert.match(ending.error.message, /1\/2 of the load is missing from then on; the other one goes on/);
  assert.deepEqual([logs, run.counts.iterationsCompleted], [['torn down'], 5]);
});

test('what fails besides the first failure is logged', async () => {
  const { ending, logs } = await perform(
    `import exec from 'k6/execution';
     export default function () { exec.test.abort('enough'); }
     export function teardown() { throw new Error('not clean'); }`,
  );
  assert.equal(ending.stop?.exitCode, EXIT.scriptAborted);
  assert.match(logs.join('\n'), /not clean/);
});

test('init code that throws is the end of it', async () => {
  await assert.rejects(perform(`throw new Error('no');`), { exitCode: EXIT.scriptException, message: /Error: no/ });
});
