// Decides which scenarios run: those that were written out, or one named `default` made of the shortcuts.
import { invalidConfig } from '../exit/exit-error.ts';
import { formatDuration } from './duration.ts';
import type { OptionSettings } from './option-table.ts';
import type { ScenarioSettings } from './scenario-settings.ts';

/** What decides over execution: set by one source, it hides all of it that lower ones set. */
export const EXECUTION_KEYS = ['duration', 'iterations', 'stages', 'scenarios'] as const;

/** Name of the scenario that shortcuts make. */
const DEFAULT_NAME = 'default';

type Scenarios = Readonly<Record<string, ScenarioSettings>>;

/** @throws ExitError 104 for settings of execution that contradict each other */
function checkConflicts({ duration, iterations, stages, scenarios }: OptionSettings): void {
  const clash = (a: string, b: string): never => {
    throw invalidConfig(
      `there was an error in the options: using multiple execution config shortcuts (\`${a}\` and \`${b}\`) simultaneously is not allowed`,
    );
  };
  const hasStages = stages !== undefined && stages.length > 0;
  if (iterations !== undefined && hasStages) clash('iterations', 'stages');
  if (duration !== undefined && hasStages) clash('duration', 'stages');
  if (scenarios === undefined || Object.keys(scenarios).length === 0) return;
  if (iterations !== undefined) clash('iterations', 'scenarios');
  if (duration !== undefined) clash('duration', 'scenarios');
  if (hasStages) clash('stages', 'scenarios');
}

/**
 * @param settings of all sources together
 * @param warnings is added to
 * @throws ExitError 104
 */
export function deriveScenarios(settings: OptionSettings, warnings: string[]): Scenarios {
  checkConflicts(settings);
  const { vus, duration, iterations, stages, scenarios } = settings;
  const vusField = vus === undefined ? {} : { vus };
  if (iterations !== undefined) {
    return single({
      executor: 'shared-iterations',
      ...vusField,
      iterations,
      ...(duration === undefined ? {} : { maxDuration: duration }),
    });
  }
  if (duration !== undefined) {
    if (duration <= 0)
      throw invalidConfig(
        `duration must be more than 0, but is ${formatDuration(duration)}: for no end, there is no option`,
      );
    return single({ executor: 'constant-vus', ...vusField, duration });
  }
  if (stages !== undefined && stages.length > 0) {
    // A stage without a duration has no place in time.
    const timed = stages.filter((stage) => stage.duration !== null);
    return single({ executor: 'ramping-vus', stages: timed, ...(vus === undefined ? {} : { startVUs: vus }) });
  }
  const hasScenarios = scenarios !== undefined && Object.keys(scenarios).length > 0;
  if (vus !== undefined) {
    if (hasScenarios)
      warnings.push(`\`vus\` is set, so the scenarios are not run, but ${vus} iterations shared among ${vus} VUs`);
    return single({ executor: 'shared-iterations', vus, iterations: vus });
  }
  if (hasScenarios) return scenarios;
  if (stages !== undefined)
    warnings.push('`stages` is explicitly set to an empty value, so the script runs with 1 iteration in 1 VU');
  if (scenarios !== undefined)
    warnings.push('`scenarios` is explicitly set to an empty value, so the script runs with 1 iteration in 1 VU');
  return single({ executor: 'per-vu-iterations' });
}

function single(settings: ScenarioSettings): Scenarios {
  return { [DEFAULT_NAME]: settings };
}
