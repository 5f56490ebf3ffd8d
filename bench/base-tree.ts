import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../scripts/root.ts';
import { runProgram } from '../scripts/run-program.ts';

/**
 * Checks another commit out beside this tree for as long as `work` takes; it shares our node_modules.
 * @returns what `work` returns
 * @throws Error with git's words, where there is no such commit
 */
export async function withBaseTree<T>(commit: string, work: (tree: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-base-'));
  const tree = path.join(folder, 'tree');
  const git = (...words: string[]) => runProgram('git', words, { cwd: ROOT, output: 'keep' });
  try {
    const added = await git('worktree', 'add', '--detach', tree, commit);
    if (added.exit !== 0) throw new Error(added.output.trim());
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
    return await work(tree);
  } finally {
    await git('worktree', 'remove', '--force', tree);
    rmSync(folder, { recursive: true, force: true });
  }
}
