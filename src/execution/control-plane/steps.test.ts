// Steps that end themselves or are ended by what nobody handles: no timeout has to pass for it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../../exit/exit-error.ts';
import { consolidateOptions } from '../../options/consolidate-options.ts';
import { loadProgram } from '../../script/load/load-program.ts';
import { TestRun } from './test-run.ts';
import { onThreads } from './thread-host.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'steps-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let scripts = 0;
async function withRun<T>(source: string, use: (run: TestRun, logs: string[]) => Promise<T>): Promise<T> {
  const file = path.join(folder, `script-${scripts++}.js`);
  writeFileSync(file, source);
  const logs: string[] = [];
  const run = new TestRun(onThreads({ env: {}, script: { file, folder } }), {
    onSamples: () => {},
    onLog: (_, message) => logs.push(message),
  });
  try {
    await run.load(await loadProgram({ path: file, cwd: folder }));
    return await use(run, logs);
  } finally {
    await run.dispose();
  }
}

async function perform(run: TestRun): ReturnType<TestRun['run']> {
  const { options, scenarios } = consolidateOptions({
    cli: {},
    env: {},
    configFile: undefined,
    script: {},
    noThresholds: false,
  });
  return run.run(options, scenarios);
}

test('test.abort() in teardown ends it at once, with the code of an abort', async () => {
  const ending = await withRun(
    `import exec from 'k6/execution';
     export default function () {}
     export function teardown() { try { exec.test.abort('enough'); } finally { console.log('never'); } }`,
    (run, logs) => perform(run).then(({ stop, error }) => ({ stop, error, logs })),
  );
  assert.deepEqual(ending, {
    stop: { exitCode: EXIT.scriptAborted, message: 'test aborted: enough' },
    error: null,
    logs: [],
  });
});

test('test.abort() in handleSummary ends that alone: the usual summary is wanted', async () => {
  const { files, logs } = await withRun(
    `import exec from 'k6/execution';
     export default function () {}
     export function handleSummary() { exec.test.abort('no words'); }`,
    async (run, logs) => {
      await perform(run);
      return { files: await run.handleSummary({}), logs };
    },
  );
  assert.equal(files, null);
  assert.match(logs.join('\n'), /no words/);
});

test('what nobody handles fails init code, setup and teardown; an iteration only logs it', async () => {
  const rejects = "Promise.reject(new Error('floating'));";
  await assert.rejects(
    withRun(`${rejects} export default function () {}`, async () => {}),
    /Uncaught \(in promise\) Error: floating/,
  );
  for (const step of ['setup', 'teardown']) {
    const { error } = await withRun(`export default function () {} export function ${step}() { ${rejects} }`, perform);
    assert.equal(error?.exitCode, EXIT.scriptException, step);
    assert.match(error.message, /Uncaught \(in promise\) Error: floating/, step);
  }
  const logs = await withRun(`export default function () { ${rejects} }`, async (run, logs) => {
    assert.equal((await perform(run)).error, null);
    return logs;
  });
  assert.match(logs.join('\n'), /Uncaught \(in promise\) Error: floating/);
});

test('the time of setup and teardown counts as time of the run', async () => {
  const { logs, durationMs } = await withRun(
    `import exec from 'k6/execution';
     import { sleep } from 'k6';
     export function setup() { sleep(0.05); console.log(String(exec.instance.currentTestRunDuration >= 49)); }
     export default function () {}
     export function teardown() { sleep(0.05); }`,
    (run, logs) => perform(run).then(({ durationMs }) => ({ logs, durationMs })),
  );
  assert.deepEqual(logs, ['true']);
  assert.ok(durationMs >= 98, String(durationMs));
});
