// The script that a command names, packed with all that it needs and the options of the command line.

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
import { readOptionFlags } from './flags/option-flags.ts';
import { readGlobalFlags, readRuntimeFlags } from './flags/runtime-flags.ts';
import { hideSecrets } from './hide-secrets.ts';
import { scriptEnvironment } from './script-environment.ts';

export interface PackedScript {
  /** The archive. */
  readonly bytes: Buffer;
  /** What the script exports as its options. */
  readonly exported: unknown;
  /** Those of `-e`. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * @param command with the flags of options, of what is global, and of how scripts run
 * @param excludesEnv leaves the variables of `-e` out of it
 * @throws ExitError for a script that cannot be loaded, and options that make no sense
 */
export async function packScriptOf(command: Command, name: string, excludesEnv: boolean): Promise<PackedScript> {
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
    return await hideSecrets(secrets.redactor, async () => {
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
          env: excludesEnv ? {} : { ...script.archive?.env, ...runtime.env },
          compatibilityMode: runtime.compatibilityMode,
          k6version: VERSION,
          goos: process.platform,
          dependencies: { k6: '*', ...Object.fromEntries(extensions.map((one) => [one, '*'])) },
        },
      });
      return { bytes, exported: exports.options ?? {}, variables: runtime.env };
    });
  } finally {
    await run.dispose();
    script.close();
  }
}

/** An archive is handed on: what it would show in its options is not in it. */
function withoutSecrets<T>(options: T, redactor: Redactor): T {
  const shown = redactor.redactData(options);
  if (JSON.stringify(shown) !== JSON.stringify(options))
    console.error(`the script's options hold a secret: the archive has ${REDACTED} in its place, and runs with that`);
  return shown;
}
