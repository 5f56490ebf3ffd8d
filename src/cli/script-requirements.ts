// What a test asks for, read from its script and options without any load.
import { TestRun } from '../execution/control-plane/test-run.ts';
import { onThreads } from '../execution/control-plane/thread-host.ts';
import { SecretStore } from '../execution/secrets/secret-store.ts';
import { planVus } from '../execution/vu-plan.ts';
import { consolidateOptions } from '../options/consolidate-options.ts';
import type { OptionSettings } from '../options/option-table.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import { findShare } from '../options/segment.ts';
import { compileScriptFile, remoteModulesOf } from '../run/load-script-file.ts';
import { openScript } from '../run/open-script.ts';

export interface ScriptRequirements {
  /** The most virtual users at a time. */
  readonly maxVus: number;
  readonly scenarios: readonly ScenarioConfig[];
}

/**
 * Runs the init code once.
 * @param settings options of the command line
 * @param env `__ENV` of the script
 * @throws ExitError for a script that cannot be loaded, and options that make no test
 */
export async function readRequirements(
  name: string,
  settings: OptionSettings,
  env: Readonly<Record<string, string>>,
): Promise<ScriptRequirements> {
  const script = openScript(name, null);
  const run = new TestRun(
    onThreads({ env: { ...script.archive?.env, ...env }, script: script.place }),
    { onSamples: () => {}, onLog: () => {} },
    { secrets: new SecretStore() },
  );
  try {
    const remote = remoteModulesOf(script.place.file, { offline: false, packed: script.packed });
    const { options } = await run.load(await compileScriptFile(script.name, { remote }, script.source ?? undefined));
    const { scenarios } = consolidateOptions({
      cli: settings,
      env: {},
      configFile: null,
      script: script.archive?.options ?? options ?? undefined,
      noThresholds: true,
    });
    return { maxVus: planVus(scenarios, findShare('', '')).max, scenarios };
  } finally {
    await run.dispose();
    script.close();
  }
}
