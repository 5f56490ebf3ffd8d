// `sixfold new --ts FOLDER`: a folder in which an editor knows what a script can do.
import { cpSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../node/make-folder.ts';
import { VERSION } from '../options/package-version.ts';

export interface FolderContent {
  readonly folder: string;
  /** The script's name and text. */
  readonly script: string;
  readonly text: string;
  /** Writes over files that are there. */
  readonly force: boolean;
}

/**
 * Writes the script with a package.json and a tsconfig.json, and puts the types of this program beside them, so that nothing has to
 * be installed first.
 * @throws what writing throws
 */
export function writeFolder({ folder, script, text, force }: FolderContent): void {
  makeFolder(folder);
  const files = {
    [script]: text,
    'package.json': toJson({
      name:
        path
          .basename(path.resolve(folder))
          .toLowerCase()
          .replace(/[^a-z0-9._-]+/g, '-')
          .replace(/^[._-]+/, '') || 'load-tests', // npm takes no package without a name
      private: true,
      type: 'module',
      scripts: { test: `sixfold run ${script}` },
      devDependencies: { sixfold: `^${VERSION}` },
    }),
    'tsconfig.json': toJson({
      compilerOptions: {
        target: 'esnext',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['esnext'],
        types: ['sixfold/types'],
        strict: true,
        allowJs: true,
        checkJs: true,
        // JavaScript says of few parameters what they are.
        ...(script.endsWith('.js') && { noImplicitAny: false }),
        noEmit: true,
        isolatedModules: true,
        verbatimModuleSyntax: true,
        skipLibCheck: true,
      },
      exclude: ['node_modules'],
    }),
  };
  const taken = Object.keys(files).find((name) => !force && existsSync(path.join(folder, name)));
  if (taken !== undefined)
    throw Object.assign(new Error(`${path.join(folder, taken)} is there`), {
      code: 'EEXIST',
      path: path.join(folder, taken),
    });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  bring('sixfold', fileURLToPath(new URL('../../', import.meta.url)), folder, ['package.json', 'types', 'jslib']);
  bring('@types/k6', path.dirname(createRequire(import.meta.url).resolve('@types/k6/package.json')), folder, ['.']);
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Makes a package known to the editor: by a link, which `npm install` replaces, or by a copy of what it needs where the system allows
 * no links.
 */
function bring(name: string, from: string, folder: string, parts: readonly string[]): void {
  const target = path.join(folder, 'node_modules', name);
  if (existsSync(target)) return;
  try {
    makeFolder(path.dirname(target));
    symlinkSync(path.resolve(from), path.resolve(target), 'junction');
  } catch {
    for (const part of parts) cpSync(path.join(from, part), path.join(target, part), { recursive: true });
  }
}
