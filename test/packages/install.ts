import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** What is written last: an installation that was broken off has none. */
const COMPLETE = 'node_modules/.package-lock.json';

/**
 * Brings the packages of a folder, unless they are there.
 * @param cwd has a package.json and its lock; this folder unless given
 */
export function installPackages(cwd = import.meta.dirname): void {
  if (existsSync(path.join(cwd, COMPLETE))) return;
  const options = { cwd, stdio: 'ignore' } as const;
  execFileSync('npm', ['ci', '--no-fund', '--no-audit', '--ignore-scripts'], options);
}
