// Scenarios as the script sets them: parsed, every field that was left out still missing.
import { isSameKey, suggestName } from './closest-name.ts';
import { type JsonReader, snippet } from './json-reader.ts';
import type { ExecutorName } from './scenario-config.ts';
import { readStage, STAGE_FIELDS, type StageSettings, showStages } from './stages.ts';
import { DURATION, INTEGER, inJson, OBJECT, TEXT, TEXTS, type ValueForm } from './value-forms.ts';

/** All fields of scenarios. Durations are milliseconds. */
const FIELD_FORMS = {
  startTime: DURATION,
  gracefulStop: DURATION,
  env: TEXTS,
  exec: TEXT,
  tags: TEXTS,
  options: OBJECT,
  vus: INTEGER,
  duration: DURATION,
  startVUs: INTEGER,
  stages: inJson(readScenarioStages, showStages),
  gracefulRampDown: DURATION,
  iterations: INTEGER,
  maxDuration: DURATION,
  rate: INTEGER,
  startRate: INTEGER,
  timeUnit: DURATION,
  preAllocatedVUs: INTEGER,
  maxVUs: INTEGER,
};

type Field = keyof typeof FIELD_FORMS;
type FieldSettings = { readonly [Name in Field]?: ReturnType<(typeof FIELD_FORMS)[Name]['fromJson']> };

/** What was set of a scenario. */
export type ScenarioSettings = FieldSettings & { readonly executor: ExecutorName };

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

/** Names of executors, in k6's order. */
export const EXECUTORS = Object.keys(OWN_FIELDS) as ExecutorName[];

/** Scenarios by their names. */
export const SCENARIOS: ValueForm<Readonly<Record<string, ScenarioSettings>>> = inJson(
  (reader) => reader.readMap((item, name) => readScenario(item, name)),
  (scenarios) =>
    Object.fromEntries(Object.entries(scenarios).map(([name, scenario]) => [name, showScenario(scenario)])),
);

/** @returns the fields that a scenario with this executor may have */
export function fieldsOf(executor: ExecutorName): readonly string[] {
  return [...BASE_FIELDS, ...OWN_FIELDS[executor]];
}

/**
 * @throws Error when it has no or an unknown executor, or a field that the executor does not take
 * @throws OptionValueError when a field has the wrong type
 */
function readScenario(reader: JsonReader, name: string): ScenarioSettings {
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
    if (!item.missing) out[field] = FIELD_FORMS[field].fromJson(item);
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

/** A scenario's stages are read as strictly as the scenario itself. @throws Error for an unknown field */
function readScenarioStages(reader: JsonReader): readonly StageSettings[] {
  const scenario = reader.path.at(-2);
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

/** @returns the scenario in the form of the options' JSON: null for what was not set, durations as text */
function showScenario(settings: ScenarioSettings): Record<string, unknown> {
  const out: Record<string, unknown> = { executor: settings.executor };
  for (const field of [...BASE_FIELDS, ...OWN_FIELDS[settings.executor]]) {
    const value = settings[field];
    if (value !== undefined) out[field] = (FIELD_FORMS[field] as ValueForm<unknown>).show(value);
    else if (field !== 'options') out[field] = null;
  }
  return out;
}
