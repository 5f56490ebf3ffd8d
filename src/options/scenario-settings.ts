// Scenarios as the script sets them: parsed, every field that was left out still missing.
import { isSameKey, suggestName } from './closest-name.ts';
import { formatDuration } from './duration.ts';
import { type JsonReader, snippet } from './json-reader.ts';
import { EXECUTORS, type ExecutorName } from './scenario-config.ts';

/** A stage as it was written; what was left out is null. */
export interface StageSettings {
  readonly duration: number | null;
  readonly target: number | null;
}

/** What was set of a scenario. Durations are milliseconds. */
export interface ScenarioSettings {
  readonly executor: ExecutorName;
  readonly startTime?: number;
  readonly gracefulStop?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly exec?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly vus?: number;
  readonly duration?: number;
  readonly startVUs?: number;
  readonly stages?: readonly StageSettings[];
  readonly gracefulRampDown?: number;
  readonly iterations?: number;
  readonly maxDuration?: number;
  readonly rate?: number;
  readonly startRate?: number;
  readonly timeUnit?: number;
  readonly preAllocatedVUs?: number;
  readonly maxVUs?: number;
}

type Field = Exclude<keyof ScenarioSettings, 'executor'>;
type Kind = 'duration' | 'integer' | 'text' | 'texts' | 'object' | 'stages';

const KINDS: Readonly<Record<Field, Kind>> = {
  startTime: 'duration',
  gracefulStop: 'duration',
  env: 'texts',
  exec: 'text',
  tags: 'texts',
  options: 'object',
  vus: 'integer',
  duration: 'duration',
  startVUs: 'integer',
  stages: 'stages',
  gracefulRampDown: 'duration',
  iterations: 'integer',
  maxDuration: 'duration',
  rate: 'integer',
  startRate: 'integer',
  timeUnit: 'duration',
  preAllocatedVUs: 'integer',
  maxVUs: 'integer',
};

const BASE_FIELDS: readonly Field[] = ['startTime', 'gracefulStop', 'env', 'exec', 'tags', 'options'];

const OWN_FIELDS: Readonly<Record<ExecutorName, readonly Field[]>> = {
  'constant-vus': ['vus', 'duration'],
  'ramping-vus': ['stages', 'startVUs', 'gracefulRampDown'],
  'shared-iterations': ['vus', 'iterations', 'maxDuration'],
  'per-vu-iterations': ['vus', 'iterations', 'maxDuration'],
  'constant-arrival-rate': ['rate', 'timeUnit', 'duration', 'preAllocatedVUs', 'maxVUs'],
  'ramping-arrival-rate': ['startRate', 'timeUnit', 'stages', 'preAllocatedVUs', 'maxVUs'],
  'externally-controlled': ['vus', 'maxVUs', 'duration'],
};

/**
 * @throws Error when it has no or an unknown executor, or a field that the executor does not take
 * @throws OptionValueError when a field has the wrong type
 */
export function readScenario(reader: JsonReader, name: string): ScenarioSettings {
  const object = reader.readObject();
  const executor = readExecutor(reader.field('executor').value, name);
  const fields = [...BASE_FIELDS, ...OWN_FIELDS[executor]];
  const out: Record<string, unknown> = { executor };
  for (const key of Object.keys(object)) {
    if (isSameKey(key, 'executor')) continue;
    const field = fields.find((one) => isSameKey(one, key));
    if (field === undefined) {
      throw new Error(
        `scenario "${name}" has an unknown field "${key}"${suggestName(key, fields)}: ${executor} takes ${fields.join(', ')}`,
      );
    }
    const item = reader.at(key);
    if (!item.missing) out[field] = readField(item, KINDS[field], name);
  }
  return out as unknown as ScenarioSettings;
}

function readExecutor(value: unknown, name: string): ExecutorName {
  if (value === undefined || value === null || value === '') {
    throw new Error(
      `scenario "${name}" doesn't have a specified executor type: set "executor" to one of ${EXECUTORS.join(', ')}`,
    );
  }
  if (EXECUTORS.includes(value as ExecutorName)) return value as ExecutorName;
  const hint = typeof value === 'string' ? suggestName(value, EXECUTORS) : '';
  throw new Error(
    `scenario "${name}" has the unknown executor type ${snippet(value)}${hint}: there are ${EXECUTORS.join(', ')}`,
  );
}

function readField(item: JsonReader, kind: Kind, scenario: string): unknown {
  switch (kind) {
    case 'duration':
      return item.readDuration();
    case 'integer':
      return item.readInteger();
    case 'text':
      return item.readString();
    case 'texts':
      return item.readStringMap();
    case 'object':
      return item.readObject();
    case 'stages':
      return readScenarioStages(item, scenario);
  }
}

const STAGE_FIELDS = ['duration', 'target'];

/** A scenario's stages are read as strictly as the scenario itself. @throws Error for an unknown field */
function readScenarioStages(reader: JsonReader, scenario: string): StageSettings[] {
  return reader.readList((item) => {
    for (const key of Object.keys(item.readObject())) {
      if (STAGE_FIELDS.some((field) => isSameKey(field, key))) continue;
      const index = Number(item.path.at(-1)) + 1;
      throw new Error(
        `scenario "${scenario}" has an unknown field "${key}" in stage ${index}${suggestName(key, STAGE_FIELDS)}: a stage takes ${STAGE_FIELDS.join(' and ')}`,
      );
    }
    return readStage(item);
  });
}

/** Stages of the option `stages`. @throws OptionValueError */
export function readStages(reader: JsonReader): StageSettings[] {
  return reader.readList((item) => {
    item.ignoreOthers(STAGE_FIELDS);
    return readStage(item);
  });
}

function readStage(item: JsonReader): StageSettings {
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

/** @returns the scenario in the form of the options' JSON: null for what was not set, durations as text */
export function showScenario(settings: ScenarioSettings): Record<string, unknown> {
  const out: Record<string, unknown> = { executor: settings.executor };
  for (const field of [...BASE_FIELDS, ...OWN_FIELDS[settings.executor]]) {
    const value = settings[field];
    if (value === undefined) {
      if (field !== 'options') out[field] = null;
    } else if (KINDS[field] === 'duration') out[field] = formatDuration(value as number);
    else if (KINDS[field] === 'stages') out[field] = showStages(value as readonly StageSettings[]);
    else out[field] = value;
  }
  return out;
}
