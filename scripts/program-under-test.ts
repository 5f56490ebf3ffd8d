// Which program tests start as their users would. A check of the whole makes a package first, and tests start what is in it: that is what
// users install, and it starts in a third of the time that the sources take. Elsewhere they start the sources, which need no build.
import path from 'node:path';
import { ROOT } from './root.ts';

/** Names the folder of the package in the environment of what a check runs. */
export const PACKAGE_VARIABLE = 'SIXFOLD_TEST_PACKAGE';

/** @returns the launcher's path: what a user's `sixfold` is */
export function launcherPath(): string {
  return path.join(process.env[PACKAGE_VARIABLE] ?? ROOT, 'bin/sixfold.js');
}
