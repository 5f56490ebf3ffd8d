import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** What is written last: an installation that was broken off has none. */
const COMPLETE = path.join(import.meta.dirname, 'node_modules/.package-lock.json');

/** Brings the packages of this folder, unless they are there. */
export function installPackages(): void {
  if (existsSync(COMPLETE)) return;
  const options = { cwd: import.meta.dirname, stdio: 'ignore' } as const;
  execFileSync('npm', ['ci', '--no-fund', '--no-audit', '--ignore-scripts'], options);
}
