// Runs every script of examples/ against the demo target, as its reader would: each must end with 0 and fail no check.
// A line "// try: FLAGS" in a script shortens it for this purpose, "// needs: SERVER" has one started for it.
// Each must do something, too: at least a check or a failure that is counted.
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { demoConfig } from '../src/cli/demo.ts';
import { type SpawnedTarget, spawnTarget } from '../src/demo/spawn-target.ts';
import { installPackages } from '../test/packages/install.ts';
import { EXAMPLE_SERVERS } from './example-servers.ts';
import { launcherPath } from './program-under-test.ts';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';
import type { FileOutcome } from './test-files.ts';

/** Scripts that import packages of npm, which this folder brings. */
const PACKAGES = 'examples/packages';

/** They wait for their targets for half of their time. */
const AT_A_TIME = 3;

/** @param names parts of names of examples; all unless given @returns what came of each */
export async function runExamples(names: readonly string[] = []): Promise<FileOutcome[]> {
  const scripts = globSync('examples/{,guides/,packages/}*.{js,ts}', { cwd: ROOT })
    .sort()
    .filter((script) => names.length === 0 || names.some((name) => script.includes(name)));
  if (scripts.some((script) => path.dirname(script) === PACKAGES)) installPackages(path.join(ROOT, PACKAGES));
  const outcomes: FileOutcome[] = [];
  const next = scripts.entries();
  const work = async (): Promise<void> => {
    // What a script does to its target is nothing that another one meets.
    const target = await spawnTarget();
    const scratch = mkdtempSync(path.join(os.tmpdir(), 'sixfold-examples-'));
    const config = path.join(scratch, 'config.json');
    writeFileSync(config, JSON.stringify(demoConfig(target.addresses)));
    try {
      for (const [i, script] of next) {
        const outcome = await runExample(script, config, target);
        if (outcome !== null) outcomes[i] = outcome;
      }
    } finally {
      await target.stop();
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, scripts.length) }, work));
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** @returns null where its server is not on this machine */
async function runExample(script: string, config: string, target: SpawnedTarget): Promise<FileOutcome | null> {
  const text = readFileSync(path.join(ROOT, script), 'utf8');
  const flags = /^\/\/ try: (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
  const needed = /^\/\/ needs: (.*)$/m.exec(text)?.[1];
  const kind = needed === undefined ? null : EXAMPLE_SERVERS[needed];
  if (kind === undefined) throw new Error(`${script} needs "${needed}": there is no such server`);
  if (kind?.absent) {
    console.log(`skip ${script}: ${kind.absent}`);
    return null;
  }
  const server = (await kind?.start()) ?? null;
  const { http, ws, grpc } = target.addresses;
  const words = [
    'run',
    '--quiet',
    '-c',
    config,
    '-e',
    `SHOP_HTTP=${http}`,
    '-e',
    `SHOP_GRPC=${grpc}`,
    '-e',
    `SHOP_WS=${ws}`,
    ...(server?.variables ?? []).flatMap((variable) => ['-e', variable]),
    ...flags,
    script,
  ];
  const { exit, output } = await runProgram(process.execPath, [launcherPath(), ...words], {
    cwd: ROOT,
    output: 'keep',
    env: { NO_COLOR: '1', ...server?.env },
  });
  await server?.stop();
  const failedChecks = /^\s*✗ /m.test(output);
  const didSomething = /^\s*(?:✓ |checks_total)/m.test(output);
  const fine = exit === 0 && !failedChecks && didSomething;
  const failures = fine ? [] : [{ name: `exit ${exit}`, lines: output.trimEnd().split('\n').slice(-30) }];
  console.log(`${fine ? 'ok  ' : 'FAIL'} ${script}${fine ? '' : `: exit ${exit}\n${output}`}`);
  return { file: script, passed: fine ? 1 : 0, skipped: 0, failures };
}

if (process.argv[1] === import.meta.filename) {
  const outcomes = await runExamples(process.argv.slice(2));
  process.exitCode = outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
}
