// `sixfold archive`: a script with all that it needs in one file (k6 page "Archive command").

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { TestRun } from '../execution/control-plane/test-run.ts';
import { onThreads } from '../execution/control-plane/thread-host.ts';
import { REDACTED, type Redactor } from '../execution/secrets/redactor.ts';
import { SecretStore } from '../execution/secrets/secret-store.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { checkScenarioFunctions, consolidateOptions, showMergedOptions } from '../options/consolidate-options.ts';
import { VERSION } from '../options/package-version.ts';
import { readConfigFile } from '../run/config-file.ts';
import { compileScriptFile, remoteModulesOf } from '../run/load-script-file.ts';
import { openScript } from '../run/open-script.ts';
import { packArchive } from '../script/archive/archive.ts';
import { isK6Module } from '../script/load/k6-modules.ts';
import { listImports } from '../script/load/list-imports.ts';
import { readEnvironment } from './env-file.ts';
import { addOptionFlags, readOptionFlags } from './flags/option-flags.ts';
import { addGlobalFlags, addRuntimeFlags, readGlobalFlags, readRuntimeFlags } from './flags/runtime-flags.ts';
import { addNotes } from './help-page.ts';
import { hideSecrets } from './hide-secrets.ts';
import { scriptEnvironment } from './script-environment.ts';

/** Adds `sixfold archive <script>` to the program. */
export function registerArchive(program: Command): void {
  const command = program
    .command('archive')
    .description('pack a script with its modules, files and options into one file, which run takes')
    .argument('<script>', 'a file: a script, or an archive to be packed anew with other options')
    .option('-O, --archive-out <file>', 'where to write it; - for standard output', 'archive.tar')
    .option('--exclude-env-vars', 'leaves the variables of --env out of it');
  addGlobalFlags(addRuntimeFlags(addOptionFlags(command)));
  addNotes(command, {
    examples: [
      ['sixfold archive script.js', 'writes archive.tar'],
      ['sixfold archive -O - script.js | sixfold run -', 'packs and runs it'],
      ['sixfold run archive.tar', 'runs it, on whatever machine'],
    ],
  });
  command.action(async (name: string, flags: { archiveOut: string; excludeEnvVars?: boolean }) => {
    const environment = readEnvironment(command, process.env);
    const { env } = environment;
    const runtime = readRuntimeFlags(command, env, false);
    const global = readGlobalFlags(command, env);
    const script = openScript(name, runtime.type);
    const { file } = script.place;
    if (file === null)
      throw new ExitError(EXIT.other, 'a script from standard input cannot be packed: save it in a file');
    const secrets = new SecretStore(global.secretSources, env);
    const run = new TestRun(
      onThreads({ env: { ...script.archive?.env, ...scriptEnvironment(runtime, environment) }, script: script.place }),
      { onSamples: () => {}, onLog: (_level, message) => console.error(script.showPaths(message)) },
      { secrets },
    );
    try {
      await hideSecrets(secrets.redactor, async () => {
        const remote = remoteModulesOf(script.place.file, { ...runtime, packed: script.packed });
        const exports = await run.load(await compileScriptFile(script.name, { ...runtime, remote }));
        const sources = {
          cli: readOptionFlags(command),
          env,
          configFile: await readConfigFile(global.config, env),
          script: script.archive?.options ?? exports.options ?? undefined,
          isArchived: script.archive !== null,
          noThresholds: runtime.noThresholds,
        };
        const { scenarios, warnings } = consolidateOptions(sources);
        checkScenarioFunctions(scenarios, exports.functions, exports.others);
        for (const warning of warnings) console.error(secrets.redactor.redact(warning));
        const imports = await listImports(file);
        const extensions = imports.modules.filter((one) => one.startsWith('k6/x/') && !isK6Module(one));
        const bytes = packArchive({
          file,
          pwd: script.archive === null ? process.cwd() : fileURLToPath(script.archive.pwd),
          ...(script.place.root !== undefined && { root: script.place.root }),
          files: [...imports.files, ...exports.opened],
          remote: remote.loaded,
          metadata: {
            options: withoutSecrets(showMergedOptions(sources), secrets.redactor),
            env: flags.excludeEnvVars ? {} : { ...script.archive?.env, ...runtime.env },
            compatibilityMode: runtime.compatibilityMode,
            k6version: VERSION,
            goos: process.platform,
            dependencies: { k6: '*', ...Object.fromEntries(extensions.map((one) => [one, '*'])) },
          },
        });
        write(flags.archiveOut, bytes);
      });
    } finally {
      await run.dispose();
      script.close();
    }
  });
}

/** An archive is handed on: what it would show in its options is not in it. */
function withoutSecrets<T>(options: T, redactor: Redactor): T {
  const shown = redactor.redactData(options);
  if (JSON.stringify(shown) !== JSON.stringify(options))
    console.error(`the script's options hold a secret: the archive has ${REDACTED} in its place, and runs with that`);
  return shown;
}

/** @throws ExitError 255 */
function write(target: string, bytes: Buffer): void {
  if (target === '-') {
    process.stdout.write(bytes);
    return;
  }
  try {
    writeFileSync(target, bytes);
  } catch (error) {
    throw new ExitError(
      EXIT.other,
      `the archive could not be written to ${path.resolve(target)}: ${(error as Error).message}`,
    );
  }
}
