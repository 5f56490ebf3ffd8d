// Copies the shared conformance suite into test/conformance, keeping known-failures.txt: `npm run conformance:sync`.
// With --check it only compares, and fails where they differ; where there is no ../shared it has nothing to say.
import { cpSync, existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';

const SOURCE = path.join(ROOT, '../shared/conformance');
const TARGET = path.join(ROOT, 'test/conformance');
/** What is ours, not the suite's. */
const OWN = new Set(['known-failures.txt', 'node_modules']);

/** Paths of all files below a folder, without what is ours. */
function listFiles(folder: string): string[] {
  return globSync('**/*', { cwd: folder, exclude: (name) => OWN.has(name) })
    .filter((file) => !OWN.has(file.split(path.sep)[0]!) && statSync(path.join(folder, file)).isFile())
    .sort();
}

/** The files that differ between two folders, or are in one of them only. */
export function compareFolders(source: string, target: string): string[] {
  const same = (file: string) => {
    const [a, b] = [path.join(source, file), path.join(target, file)];
    return existsSync(a) && existsSync(b) && readFileSync(a).equals(readFileSync(b));
  };
  return [...new Set([...listFiles(source), ...listFiles(target)])].filter((file) => !same(file)).sort();
}

if (process.argv[1] === import.meta.filename) {
  if (!existsSync(SOURCE)) console.log('There is no ../shared/conformance here: test/conformance is taken as it is.');
  else {
    const different = compareFolders(SOURCE, TARGET);
    if (process.argv.includes('--check')) {
      for (const file of different) console.error(`differs: ${file}`);
      if (different.length > 0)
        console.error('test/conformance is not the shared suite: run "npm run conformance:sync" and commit.');
      process.exitCode = different.length > 0 ? 1 : 0;
    } else {
      for (const file of different) {
        rmSync(path.join(TARGET, file), { force: true });
        if (existsSync(path.join(SOURCE, file))) cpSync(path.join(SOURCE, file), path.join(TARGET, file));
        console.log(`updated ${file}`);
      }
      console.log(different.length > 0 ? `${different.length} files updated.` : 'Nothing to do.');
    }
  }
}
