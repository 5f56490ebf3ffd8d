// `sixfold deps`: what a script imports, and what it would need beyond that (k6 page "k6 deps").
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { ExtensionError, type ExtensionPlace, findExtension } from '../extension/find-extension.ts';
import { type OpenScript, openScript } from '../run/open-script.ts';
import { isK6Module } from '../script/load/k6-modules.ts';
import { listImports } from '../script/load/list-imports.ts';
import { ScriptError } from '../script/load/script-error.ts';
import { addNotes } from './help-page.ts';

interface Dependencies {
  /** Versions that are asked for, by name. */
  readonly buildDependencies: Readonly<Record<string, string>>;
  /** k6's modules, and the addresses of files and of modules of the web. */
  readonly imports: readonly string[];
  /** Extensions that packages give; missing where there are none. */
  readonly extensions?: readonly { name: string; package: string; version: string; file: string }[];
  /** k6 would have to be built with an extension that no package gives here. */
  readonly customBuildRequired: boolean;
}

/** Adds `sixfold deps <script>` to the program. */
export function registerDeps(program: Command): void {
  const command = program
    .command('deps')
    .description('list what a script imports, and the extensions that it would need')
    .argument('<script>', 'a file: a script or an archive')
    .option('--json', 'as JSON')
    .action(async (script: string, flags: { json?: boolean }) => {
      const dependencies = await findDependencies(script);
      process.stdout.write(flags.json ? `${JSON.stringify(dependencies, null, 2)}\n` : format(dependencies));
    });
  addNotes(command, {
    examples: [
      ['sixfold deps script.js', 'modules, packages, extensions'],
      ['sixfold deps --json script.js', 'for programs'],
    ],
    remark: 'The script is read, and not run.',
  });
}

/** @throws ExitError 255 when the script is not there, 107 when it cannot be read as one */
async function findDependencies(name: string): Promise<Dependencies> {
  const script = openScript(name.startsWith('file://') ? fileURLToPath(name) : name, null);
  try {
    return await readDependencies(script);
  } finally {
    script.close();
  }
}

async function readDependencies({ place, showPaths }: OpenScript): Promise<Dependencies> {
  const { file, root = '' } = place;
  if (file === null) throw new ExitError(EXIT.other, 'deps needs a file: save the script in one');
  let found: Awaited<ReturnType<typeof listImports>>;
  try {
    found = await listImports(file);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ExitError(error.kind === 'missing' ? EXIT.other : EXIT.scriptException, showPaths(error.message), {
      cause: error,
    });
  }
  const extensions = found.modules.filter((name) => name.startsWith('k6/x/') && !isK6Module(name));
  const places = extensions.flatMap((name) => findPackaged(name, path.dirname(file)) ?? []);
  return {
    buildDependencies: { k6: '*', ...Object.fromEntries(extensions.map((name) => [name, '*'])) },
    imports: [
      ...found.modules,
      ...found.remote,
      ...found.files.filter((one) => one !== file).map((one) => pathToFileURL(one.slice(root.length)).href),
    ].sort(),
    ...(places.length === 0
      ? {}
      : {
          extensions: places.map(({ name, packageName, version, file }) => ({
            name,
            package: packageName,
            version,
            file,
          })),
        }),
    customBuildRequired: extensions.length > places.length,
  };
}

/** @throws ExitError 107 for a package that is meant but cannot be used */
function findPackaged(name: string, folder: string): ExtensionPlace | null {
  try {
    return findExtension('modules', name, folder);
  } catch (error) {
    if (error instanceof ExtensionError) throw new ExitError(EXIT.scriptException, error.message, { cause: error });
    throw error;
  }
}

function format({ buildDependencies, imports, extensions = [], customBuildRequired }: Dependencies): string {
  const list = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');
  return (
    `Build Dependencies:\n${list(Object.entries(buildDependencies).map(([name, version]) => `${name}: ${version}`))}\n` +
    `Imports:\n${list(imports)}\n` +
    (extensions.length === 0
      ? ''
      : `Extensions:\n${list(extensions.map((one) => `${one.name}: ${one.package} ${one.version} (${one.file})`))}\n`) +
    `Custom Build Required: ${customBuildRequired ? 'yes' : 'no'}\n`
  );
}
