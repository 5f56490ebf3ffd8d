// What a task asks of a run, and what it may not ask for.
import path from 'node:path';
import { longestDuration, planVus } from '../../execution/vu-plan.ts';
import { EXIT, ExitError, invalidConfig } from '../../exit/exit-error.ts';
import { formatDuration } from '../../options/duration.ts';
import { readScriptSettings } from '../../options/read-settings.ts';
import type { RunObserver, RunPlan } from '../../run/run-observer.ts';
import type { RunRequest } from '../../run/run-request.ts';
import { isOwnLibrary } from '../../script/own-libraries.ts';
import type { ChildTask } from './child-protocol.ts';

/** @throws ExitError 104 for options that cannot be read */
export function requestOf(task: ChildTask): RunRequest {
  const ineffective: string[] = [];
  const caller = 'the options of the run';
  const settings = readScriptSettings(task.options, ineffective, { where: caller });
  return {
    script: task.script,
    type: task.type,
    settings,
    caller,
    variables: task.variables,
    workers: task.workers,
    isControlled: true,
    targets: task.targets,
    ineffective,
  };
}

/** Refuses, before there is any load, what the project does not allow. */
export class LimitGuard implements RunObserver {
  readonly #task: ChildTask;
  readonly #folder = path.dirname(process.argv[1] ?? '/');

  constructor(task: ChildTask) {
    this.#task = task;
  }

  /** @throws ExitError 107 for a script that is made of what is none of its own, as for any import that is not there */
  onFiles(files: readonly string[]): void {
    const own = process.env['TMPDIR'] ?? this.#folder;
    // Libraries of ours are in no archive: they come with the program.
    const foreign = files.find(
      (file) => path.isAbsolute(file) && !file.startsWith(own + path.sep) && !isOwnLibrary(file),
    );
    if (foreign === undefined) return;
    throw new ExitError(
      EXIT.scriptException,
      `the script imports ${path.basename(foreign)}, which is not in its archive: pack it with "sixfold archive"`,
    );
  }

  /** @throws ExitError 104 */
  onReady({ scenarios }: RunPlan): void {
    const { maxVus, maxDurationMs } = this.#task.limits;
    const vus = planVus(scenarios).max;
    if (vus > maxVus)
      throw invalidConfig(
        `the test has up to ${vus} virtual users, and its project allows ${maxVus}: ask its administrator`,
      );
    const duration = longestDuration(scenarios);
    if (Number.isFinite(duration) && duration > maxDurationMs)
      throw invalidConfig(
        `the test takes up to ${formatDuration(duration)}, and its project allows ${formatDuration(maxDurationMs)}: ask its administrator`,
      );
  }
}
