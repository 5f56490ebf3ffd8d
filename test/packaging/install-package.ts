// The package as npm makes it, unpacked; and in a project of a user's, as npm would put it there.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PACKAGE_VARIABLE } from '../../scripts/program-under-test.ts';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';

/** Builds and packs the package. @param folder where it is unpacked; what is there goes @throws Error with what npm says */
export async function unpackPackage(folder: string): Promise<void> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'sixfold-pack-'));
  try {
    const words = ['pack', '--pack-destination', scratch];
    const { exit, output } = await runProgram('npm', words, { cwd: ROOT, output: 'keep' });
    if (exit !== 0) throw new Error(`npm pack ended with ${exit}:\n${output}`);
    const [archive] = readdirSync(scratch);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', path.join(scratch, archive!), '-C', folder, '--strip-components=1']);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Installs the package, the one of the check where there is one. @param project an empty folder @returns where it lies there */
export async function installPackage(project: string): Promise<string> {
  const installed = path.join(project, 'node_modules/sixfold');
  const made = process.env[PACKAGE_VARIABLE];
  if (made === undefined) await unpackPackage(installed);
  else cpSync(made, installed, { recursive: true });
  // Its dependencies are taken from here, since the machine that tests may be without a network.
  const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  for (const name of Object.keys({ ...manifest['dependencies'], ...manifest['optionalDependencies'] })) {
    const link = path.join(project, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules', name), link);
  }
  return installed;
}
