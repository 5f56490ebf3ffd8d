// `sixfold inspect`: the options of a script as JSON, without running it.

import type { Command } from 'commander';
import { TestRun } from '../execution/control-plane/test-run.ts';
import { onThreads } from '../execution/control-plane/thread-host.ts';
import { SecretStore } from '../execution/secrets/secret-store.ts';
import { longestDuration, planVus } from '../execution/vu-plan.ts';
import { consolidateOptions, showScriptOptions } from '../options/consolidate-options.ts';
import { formatDuration } from '../options/duration.ts';
import { findShare } from '../options/segment.ts';
import { readConfigFile } from '../run/config-file.ts';
import { compileScriptFile, remoteModulesOf } from '../run/load-script-file.ts';
import { openScript } from '../run/open-script.ts';
import { type CommandEnvironment, readEnvironment } from './env-file.ts';
import {
  addGlobalFlags,
  addRuntimeFlags,
  type GlobalFlags,
  type RuntimeFlags,
  readGlobalFlags,
  readRuntimeFlags,
} from './flags/runtime-flags.ts';
import { addNotes } from './help-page.ts';
import { hideSecrets } from './hide-secrets.ts';
import { scriptEnvironment } from './script-environment.ts';

/** Adds `sixfold inspect <script>` to the program. */
export function registerInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description('print the options of a script as JSON, without running it')
    .argument('<script>', 'a file, or - to read the script from standard input')
    .option(
      '--execution-requirements',
      'counts all sources of options, and adds the longest duration and the most VUs',
    );
  addGlobalFlags(addRuntimeFlags(command));
  addNotes(command, {
    examples: [
      ['sixfold inspect script.js', 'its options'],
      [
        'sixfold inspect --execution-requirements script.js',
        'what counts in the end, the longest duration, the most VUs',
      ],
    ],
  });
  command.action(async (script: string, flags: { executionRequirements?: boolean }) => {
    const environment = readEnvironment(command, process.env);
    const { env } = environment;
    const runtime = readRuntimeFlags(command, env, false);
    const global = readGlobalFlags(command, env);
    const secrets = new SecretStore(global.secretSources, env);
    const { shown, warnings } = await hideSecrets(secrets.redactor, async () => {
      const found = await readScriptOptions(script, runtime, environment, secrets);
      return flags.executionRequirements
        ? await addRequirements(found, global, runtime, env)
        : showScriptOptions(found.options, found.isArchived);
    });
    for (const warning of warnings) console.error(secrets.redactor.redact(warning));
    process.stdout.write(`${JSON.stringify(secrets.redactor.redactData(shown), null, 2)}\n`);
  });
}

/** Runs the init code once. @returns the exported options, or those of an archive */
async function readScriptOptions(
  name: string,
  runtime: RuntimeFlags,
  environment: CommandEnvironment,
  secrets: SecretStore,
): Promise<{ options: unknown; isArchived: boolean }> {
  const script = openScript(name, runtime.type);
  const run = new TestRun(
    onThreads({ env: { ...script.archive?.env, ...scriptEnvironment(runtime, environment) }, script: script.place }),
    { onSamples: () => {}, onLog: (_level, message) => console.error(script.showPaths(message)) },
    { secrets },
  );
  try {
    const { options } = await run.load(
      await compileScriptFile(
        script.name,
        { ...runtime, remote: remoteModulesOf(script.place.file, { ...runtime, packed: script.packed }) },
        script.source ?? undefined,
      ),
    );
    return { options: script.archive?.options ?? options, isArchived: script.archive !== null };
  } finally {
    await run.dispose();
    script.close();
  }
}

async function addRequirements(
  { options: script, isArchived }: { options: unknown; isArchived: boolean },
  global: GlobalFlags,
  runtime: RuntimeFlags,
  env: NodeJS.ProcessEnv,
): Promise<{ shown: Record<string, unknown>; warnings: readonly string[] }> {
  const { options, shownShortcuts, scenarios, warnings, ineffective } = consolidateOptions({
    cli: {},
    env,
    configFile: await readConfigFile(global.config, env),
    script,
    isArchived,
    noThresholds: runtime.noThresholds,
  });
  const share = findShare(options.executionSegment, options.executionSegmentSequence);
  const { max } = planVus(scenarios, share);
  const { paused, ...shown } = options.shown;
  return {
    shown: {
      paused,
      ...shownShortcuts,
      ...shown,
      totalDuration: formatDuration(longestDuration(scenarios, share)),
      maxVUs: max,
    },
    warnings: [...ineffective, ...warnings],
  };
}
