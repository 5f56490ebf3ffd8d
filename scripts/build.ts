// Compiles src to dist: what the npm package holds. Tests stay behind; files that are not TypeScript are copied.
import { cpSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';

const SOURCE = path.join(ROOT, 'src');
const TARGET = path.join(ROOT, 'dist');

/** The compiler rewrites imports from .ts to .js, but not the URLs by which workers and assets are found. */
function rewriteUrls(file: string): void {
  const text = readFileSync(file, 'utf8');
  const rewritten = text.replaceAll(/(new URL\(\s*(['"`])\.{1,2}\/[^'"`]+)\.ts\2/g, '$1.js$2');
  if (rewritten !== text) writeFileSync(file, rewritten);
}

rmSync(TARGET, { recursive: true, force: true });
const { exit } = await runProgram(path.join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'scripts/tsconfig.build.json'], {
  cwd: ROOT,
});
if (exit === 0) {
  for (const file of globSync('**/*.js', { cwd: TARGET })) rewriteUrls(path.join(TARGET, file));
  const assets = globSync('**/*', { cwd: SOURCE }).filter(
    (file) => !file.endsWith('.ts') && statSync(path.join(SOURCE, file)).isFile(),
  );
  for (const file of assets) cpSync(path.join(SOURCE, file), path.join(TARGET, file));
}
process.exitCode = exit;
