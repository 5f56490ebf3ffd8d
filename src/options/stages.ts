// The shortcut `stages`: ramps of virtual users.
import { formatDuration, parseGoDuration } from './duration.ts';
import type { JsonReader } from './json-reader.ts';
import { parseInteger, splitList, type ValueForm } from './value-forms.ts';

/** A stage as it was written; what was left out is null. */
export interface StageSettings {
  /** Ms. */
  readonly duration: number | null;
  readonly target: number | null;
}

export const STAGE_FIELDS = ['duration', 'target'];

/** In text `30s:10,1m:0`; either side of the colon may be missing, behind a flag only the target. */
export const STAGES: ValueForm<readonly StageSettings[]> = {
  fromJson: readStages,
  fromText: parseStages,
  fromFlag: parseStagesFlag,
  join: (before, next) => [...before, ...next],
  show: showStages,
};

function readStages(reader: JsonReader): StageSettings[] {
  return reader.readList((item) => {
    item.ignoreOthers(STAGE_FIELDS);
    return readStage(item);
  });
}

/** @throws OptionValueError */
export function readStage(item: JsonReader): StageSettings {
  const duration = item.field('duration');
  const target = item.field('target');
  return {
    duration: duration.missing ? null : duration.readDuration(),
    target: target.missing ? null : target.readInteger(),
  };
}

/** @returns stages in the form of the options' JSON */
export function showStages(stages: readonly StageSettings[]): unknown[] {
  return stages.map(({ duration, target }) => ({
    duration: duration === null ? null : formatDuration(duration),
    target,
  }));
}

/** @throws Error, also for a duration without a unit */
function parseStages(text: string): StageSettings[] {
  return splitList(text).map((stage) => {
    const at = stage.indexOf(':');
    const [duration, target] = at < 0 ? [stage, ''] : [stage.slice(0, at), stage.slice(at + 1)];
    return {
      duration: duration === '' ? null : parseGoDuration(duration),
      target: target === '' ? null : parseInteger(target),
    };
  });
}

function parseStagesFlag(text: string): StageSettings[] {
  const stages = parseStages(text);
  if (stages.some(({ duration }) => duration === null))
    throw new Error(`"${text}" has a stage without a duration: write duration:target, such as 30s:10`);
  return stages;
}
