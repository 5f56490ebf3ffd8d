// What a script asks for, found by running its init code once.
import { TestRun } from '../../execution/control-plane/test-run.ts';
import { onThreads } from '../../execution/control-plane/thread-host.ts';
import { describeScenario } from '../../execution/scenario-progress.ts';
import { longestDuration, planVus } from '../../execution/vu-plan.ts';
import { invalidConfig } from '../../exit/exit-error.ts';
import { checkScenarioFunctions, consolidateOptions } from '../../options/consolidate-options.ts';
import { compileScriptFile, remoteModulesOf } from '../../run/load-script-file.ts';
import { openScript } from '../../run/open-script.ts';
import { listProgramFiles } from '../../script/load/program-files.ts';
import type { ChildLink } from './child-link.ts';
import type { ChildTask } from './child-protocol.ts';
import { MOST_KEPT } from './kept-size.ts';
import { endingOf } from './task-ending.ts';
import { LimitGuard, requestOf } from './task-request.ts';

export async function inspectTask(task: ChildTask, link: ChildLink): Promise<void> {
  try {
    const script = openScript(task.script, task.type);
    const env = { ...script.archive?.env, ...task.variables };
    const run = new TestRun(onThreads({ env, script: script.place, targets: task.targets }), {
      onSamples: () => {},
      onLog: (level, message, fields) => link.log(level, script.showPaths(message), fields ?? {}, new Date()),
    });
    try {
      const remote = remoteModulesOf(script.place.file, { offline: false, packed: script.packed });
      const isBase = script.archive?.compatibilityMode === 'base';
      const program = await compileScriptFile(script.name, {
        ...(isBase && { compatibilityMode: 'base' as const }),
        remote,
      });
      new LimitGuard(task).onFiles(listProgramFiles(program));
      const exports = await run.load(program);
      const { options, scenarios, warnings, ineffective } = consolidateOptions({
        cli: requestOf(task).settings ?? {},
        env: {},
        configFile: undefined,
        script: script.archive?.options ?? exports.options ?? undefined,
        noThresholds: false,
      });
      checkScenarioFunctions(scenarios, exports.functions, exports.others);
      const exported = (script.archive?.options ?? exports.options ?? {}) as Readonly<Record<string, unknown>>;
      const size = JSON.stringify(exported).length;
      if (size > MOST_KEPT)
        throw invalidConfig(
          `the options of the script have ${size} characters as JSON, and ${MOST_KEPT} are allowed: keep data in files`,
        );
      const duration = longestDuration(scenarios);
      link.say({
        type: 'inspected',
        requirements: {
          maxVus: planVus(scenarios).max,
          durationMs: Number.isFinite(duration) ? Math.round(duration) : null,
          scenarios: scenarios.map((scenario) => ({ name: scenario.name, description: describeScenario(scenario) })),
          thresholds: Object.entries(options.thresholds).flatMap(([key, expressions]) =>
            expressions.map((one) => `${key}: ${typeof one === 'string' ? one : one.threshold}`),
          ),
          options: exported,
          warnings: [...warnings, ...ineffective],
        },
      });
      link.finish(endingOf(0, null));
    } finally {
      await run.dispose();
      script.close();
    }
  } catch (error) {
    link.finish(endingOf(error, task));
  }
}
