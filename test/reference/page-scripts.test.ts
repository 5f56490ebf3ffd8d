// The scripts that the pages show run against the demo target and meet what they are about.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';
import {
  CATALOGUE,
  EXIT_CODES,
  GRPC_STATUSES,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  PLAIN_HTTP_STATUSES,
  WEBSOCKET_CLOSES,
} from '../../src/codes/index.ts';
import { misbehaviourForCode, wayToCode } from '../../src/demo/code-routes.ts';
import { brokenPortOf } from '../../src/demo/port-list.ts';
import { type SpawnedTarget, spawnTarget } from '../../src/demo/spawn-target.ts';
import {
  closeScript,
  codeScript,
  exitScript,
  grpcScript,
  http2Script,
  httpScript,
} from '../../src/reference/data/scripts.ts';
import {
  whyNoCloseScript,
  whyNoCodeScript,
  whyNoExitScript,
  whyNoHttpScript,
} from '../../src/reference/data/unprovoked.ts';
import { isOwnPage } from '../../src/reference/pages/front.ts';
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

interface Shown {
  readonly name: string;
  readonly script: string | null;
  /** Why there is no script. */
  readonly reason: string | null;
}

const SHOWN: readonly Shown[] = [
  ...GRPC_STATUSES.map(({ status }) => ({ name: `grpc-${status}`, script: grpcScript(status), reason: null })),
  ...[...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].map(({ status }) => ({
    name: `http-${status}`,
    script: httpScript(status),
    reason: whyNoHttpScript(status),
  })),
  ...CATALOGUE.filter(isOwnPage).map(({ code }) => ({
    name: `code-${code}`,
    script: codeScript(code),
    reason: whyNoCodeScript(code),
  })),
  ...HTTP2_ERRORS.map(({ error }) => ({ name: `http2-${error}`, script: http2Script(error), reason: null })),
  ...WEBSOCKET_CLOSES.map(({ close }) => ({
    name: `close-${close}`,
    script: closeScript(close),
    reason: whyNoCloseScript(close),
  })),
];

/** What no server can bring about, or not for certain; each page says why. */
const UNPROVOKED = [
  ...['http-444', 'http-460', 'http-499'],
  ...['code-1000', 'code-1001', 'code-1010', 'code-1030', 'code-1200', 'code-1201', 'code-1202', 'code-1213'],
  ...['code-1214', 'code-1215', 'code-1216', 'code-1217', 'code-1314', 'code-1600', 'code-1650', 'code-1651'],
  ...['code-1653', 'code-1655', 'code-1656', 'code-1658', 'code-1659', 'code-1661', 'code-1663', 'code-1664'],
  'close-1015',
];

test('each page has a script that brings it about, or says why there is none', () => {
  for (const { name, script, reason } of SHOWN) assert.equal(script === null, reason !== null, name);
  assert.deepEqual(
    SHOWN.filter(({ script }) => script === null).map(({ name }) => name),
    UNPROVOKED,
  );
  for (const { exit } of EXIT_CODES) assert.equal(exitScript(exit) === null, whyNoExitScript(exit) !== null, `${exit}`);
});

test('/code/N brings a code about, leads there, or says how', () => {
  const at = { names: 'names:53', protocols: 'protocols:1' };
  const unknown = SHOWN.filter(({ name, script }) => script !== null && name.startsWith('code-'))
    .map(({ name }) => Number(name.slice('code-'.length)))
    .filter((code) => misbehaviourForCode(code) === null && brokenPortOf(code) === null)
    .filter((code) => wayToCode(String(code), at).startsWith('no server'));
  // These a script brings about by itself: a wrong address, a forbidden one, one where nobody listens.
  assert.deepEqual(unknown, [1020, 1110, 1111, 1210, 1212]);
});

const OPTIONS = /^export const options = (.*);$/m;
/** Thresholds of several scripts can be judged together. */
const THRESHOLDS = /thresholds: \{.*?\} (?=\}$)/;
/** HTTP/2 errors have the script of a code. */
const written = SHOWN.flatMap(({ name, script }) =>
  script === null || name.startsWith('http2') ? [] : [{ name, script }],
);
/** Virtual users: each loads all scripts of its program, and some of the scripts wait for seconds. */
const SIDE_BY_SIDE = 12;

/** Scripts with the same options run in one program, side by side, each as a module. */
const byOptions = Map.groupBy(written, ({ script }) => (OPTIONS.exec(script)?.[1] ?? '{ }').replace(THRESHOLDS, ''));

async function run(name: string, script: string): Promise<{ exit: number; output: string }> {
  const file = path.join(folder, `${name}.js`);
  writeFileSync(file, script);
  const { exit, output } = await runProgram(process.execPath, [launcherPath(), 'run', '--quiet', file], {
    cwd: ROOT,
    output: 'keep',
    env: { NO_COLOR: '1' },
  });
  return { exit: exit ?? -1, output };
}

const failuresIn = (output: string): string =>
  output
    .split('\n')
    .filter((line) => /✗|rror|hrow/.test(line))
    .join('\n');

describe('scripts of pages meet their codes', { concurrency: 2, timeout: 300_000 }, () => {
  for (const [options, scripts] of byOptions)
    test(`with the options ${options}`, async () => {
      for (const { name, script } of scripts)
        writeFileSync(path.join(folder, `${name}.js`), leadToTarget(script, target.addresses));
      const all = scripts.map((_, i) => `script${i}`).join(', ');
      const runAll = () =>
        run(
          `main-${[...byOptions.keys()].indexOf(options)}`,
          `
import exec from 'k6/execution';
${scripts.map(({ name }, i) => `import * as script${i} from './${name}.js';`).join('\n')}
const all = [${all}];
const thresholds = Object.assign({ checks: ['rate==1'] }, ...all.map(({ options }) => options?.thresholds));
const own = ${leadToTarget(options, target.addresses)};
export const options = { ...own, vus: ${Math.min(SIDE_BY_SIDE, scripts.length)}, iterations: all.length, thresholds };
export default function () { return all[exec.scenario.iterationInTest].default(); }
`,
        );
      const first = await runAll();
      // A machine that stands still for seconds lets limits pass that no script is about: what is wrong is wrong twice.
      const { exit, output } = first.exit === 0 ? first : await runAll();
      assert.equal(exit, 0, exit === 99 ? failuresIn(output) : output.slice(-5000));
    });

  for (const { exit: wanted } of EXIT_CODES) {
    const script = exitScript(wanted);
    if (script !== null)
      test(`exit code ${wanted}`, async () => {
        const { exit, output } = await run(`exit-${wanted}`, script);
        assert.equal(exit, wanted, output);
      });
  }
});
