// The scripts that the pages show run against the demo target and meet what they are about.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';
import { CATALOGUE, GRPC_STATUSES, HTTP_STATUSES, PLAIN_HTTP_STATUSES } from '../../src/codes/index.ts';
import { type SpawnedTarget, spawnTarget } from '../../src/demo/spawn-target.ts';
import { codeScript, grpcScript, httpScript } from '../../src/reference/data/scripts.ts';
import { leadToTarget } from '../servers/lead-to-target.ts';

let target: SpawnedTarget;
let folder: string;
before(async () => {
  target = await spawnTarget();
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-pages-'));
});
after(async () => {
  await target.stop();
  rmSync(folder, { recursive: true, force: true });
});

const SCRIPTS: readonly (readonly [name: string, script: string | null])[] = [
  ...GRPC_STATUSES.map(({ status }) => [`grpc-${status}`, grpcScript(status)] as const),
  ...[...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].map(({ status }) => [`http-${status}`, httpScript(status)] as const),
  ...CATALOGUE.map(({ code }) => [`code-${code}`, codeScript(code)] as const),
];

const OPTIONS = /^export const options = (.*);$/m;
/** Thresholds of several scripts can be judged together. */
const THRESHOLDS = /thresholds: \{.*?\} (?=\}$)/;
const written = SCRIPTS.flatMap(([name, script]) => (script === null ? [] : [{ name, script }]));
/** Scripts with the same options run in one program, each as a module. */
const byOptions = Map.groupBy(written, ({ script }) => (OPTIONS.exec(script)?.[1] ?? '{ }').replace(THRESHOLDS, ''));

test('there is a script for every status, and for what a server can bring about', () => {
  assert.ok(written.length > 130, `only ${written.length}`);
});

for (const [options, scripts] of byOptions)
  test(`scripts with the options ${options} meet their codes`, async () => {
    for (const { name, script } of scripts)
      writeFileSync(path.join(folder, `${name}.js`), leadToTarget(script, target.addresses));
    const imports = scripts.map(({ name }, i) => `import * as script${i} from './${name}.js';`);
    const main = path.join(folder, `main-${[...byOptions.keys()].indexOf(options)}.js`);
    writeFileSync(
      main,
      `import exec from 'k6/execution';
${imports.join('\n')}
const all = [${scripts.map((_, i) => `script${i}`).join(', ')}];
const thresholds = Object.assign({ checks: ['rate==1'] }, ...all.map(({ options }) => options?.thresholds));
export const options = { ...${options}, vus: Math.min(8, all.length), iterations: all.length, thresholds };
export default function () { all[exec.scenario.iterationInTest].default(); }
`,
    );
    const { exit, output } = await runProgram(process.execPath, ['bin/sixfold.js', 'run', '--quiet', main], {
      cwd: ROOT,
      output: 'keep',
      env: { NO_COLOR: '1' },
    });
    assert.equal(
      exit,
      0,
      output
        .split('\n')
        .filter((line) => /✗|rror|hrow/.test(line))
        .join('\n'),
    );
  });
