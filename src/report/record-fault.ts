// Whether a record of a run that came from a file is one: whoever hands a report on may have changed it, and so may whoever made it.

import type { MetricContains, MetricType } from '../metrics/metric.ts';
import { SHOWN_STATS } from './record-summary.ts';
import type { MetricRecord } from './run-record.ts';

/** @returns what is wrong with a value, such as `"thresholds" is no list`; null: nothing is */
type Check = (value: unknown, name: string) => string | null;

const kind =
  (what: string, fits: (value: unknown) => boolean): Check =>
  (value, name) =>
    fits(value) ? null : `"${name}" is ${what}`;

const TEXT = kind('no text', (value) => typeof value === 'string');
const NUMBER = kind('no number', (value) => typeof value === 'number');
const TRUTH = kind('neither true nor false', (value) => typeof value === 'boolean');
/** What was measured may be beyond what JSON has numbers for. */
const MEASURED = kind('no number', (value) => value === null || typeof value === 'number');
const TEXT_OR_NONE = kind('no text', (value) => value === null || typeof value === 'string');

function oneOf<T extends string>(...names: readonly T[]): Check {
  return kind(`none of ${names.join(', ')}`, (value) => (names as readonly unknown[]).includes(value));
}
const TYPE = oneOf<MetricType>('counter', 'gauge', 'rate', 'trend');
const CONTAINS = oneOf<MetricContains>('default', 'time', 'data');

function listOf(item: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value)) return `"${name}" is no list`;
    for (const [index, one] of value.entries()) {
      const fault = item(one, `${name}[${index}]`);
      if (fault !== null) return fault;
    }
    return null;
  };
}

function pairOf(first: Check, second: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value) || value.length !== 2) return `"${name}" is no pair`;
    return first(value[0], `${name}[0]`) ?? second(value[1], `${name}[1]`);
  };
}

function tableOf(item: Check): Check {
  return (value, name) => {
    if (!isObject(value)) return `"${name}" is no object`;
    for (const [key, one] of Object.entries(value)) {
      const fault = item(one, `${name}.${key}`);
      if (fault !== null) return fault;
    }
    return null;
  };
}

function objectWith(fields: Readonly<Record<string, Check>>): Check {
  return (value, name) => {
    if (!isObject(value)) return name === '' ? 'it is no object' : `"${name}" is no object`;
    for (const [key, check] of Object.entries(fields)) {
      const fault = check(value[key], name === '' ? key : `${name}.${key}`);
      if (fault !== null) return fault;
    }
    return null;
  };
}

function maybe(check: Check): Check {
  return (value, name) => (value === undefined ? null : check(value, name));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a summary shows of a metric of each type. */
const SHOWN: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value', 'min', 'max'],
  rate: ['passes', 'fails'],
  trend: SHOWN_STATS,
};
const METRIC: Check = (value, name) => {
  const fault = objectWith({ key: TEXT, type: TYPE, contains: CONTAINS, values: tableOf(NUMBER) })(value, name);
  if (fault !== null) return fault;
  const { type, values } = value as MetricRecord;
  return objectWith(Object.fromEntries(SHOWN[type].map((shown) => [shown, NUMBER])))(values, `${name}.values`);
};

/** The fields that every record has had from the first version on. */
const RECORD = objectWith({
  id: kind('no name of a run', (value) => typeof value === 'string' && /^[\w.-]{1,100}$/.test(value)),
  version: TEXT,
  script: TEXT,
  startedAtMs: NUMBER,
  durationMs: NUMBER,
  plannedMs: MEASURED,
  marks: listOf(MEASURED),
  state: TEXT,
  exitCode: MEASURED,
  reason: TEXT_OR_NONE,
  host: objectWith({ name: TEXT }),
  tags: listOf(pairOf(TEXT, TEXT)),
  scenarios: listOf(objectWith({ name: TEXT, description: TEXT, progress: TEXT })),
  thresholds: listOf(
    objectWith({
      key: TEXT,
      metric: TEXT,
      tags: listOf(TEXT),
      source: TEXT,
      aggregation: TEXT,
      operator: TEXT,
      limit: MEASURED,
      ok: TRUTH,
      value: MEASURED,
      type: TYPE,
      contains: CONTAINS,
    }),
  ),
  metrics: listOf(METRIC),
  checks: listOf(objectWith({ group: listOf(TEXT), name: TEXT, passes: NUMBER, fails: NUMBER })),
  failures: listOf(
    objectWith({
      protocol: TEXT,
      code: NUMBER,
      name: TEXT,
      title: TEXT,
      meaning: TEXT,
      producedBy: TEXT,
      retry: TEXT,
      retryAdvice: TEXT,
      look: TEXT,
      count: NUMBER,
      total: NUMBER,
      names: listOf(objectWith({ name: TEXT, count: NUMBER })),
      message: TEXT,
      stack: TEXT,
      samples: maybe(listOf(objectWith({}))),
    }),
  ),
  iterations: objectWith({ completed: NUMBER, interrupted: NUMBER, failed: NUMBER, firstFailure: TEXT_OR_NONE }),
  concerns: listOf(TEXT),
  generator: objectWith({ text: TEXT, health: listOf(tableOf(MEASURED)) }),
  // Of some runs, or of later versions.
  comparison: maybe(objectWith({ values: listOf(objectWith({})) })),
  agents: maybe(listOf(objectWith({}))),
  segment: maybe(objectWith({})),
  timeline: objectWith({
    rows: listOf(
      objectWith({
        kind: TEXT,
        protocol: TEXT,
        method: TEXT,
        name: TEXT,
        maxMs: MEASURED,
        codes: listOf(pairOf(NUMBER, NUMBER)),
        statuses: listOf(pairOf(TEXT, NUMBER)),
        tags: listOf(pairOf(TEXT, listOf(TEXT))),
      }),
    ),
    codes: listOf(objectWith({ protocol: TEXT, code: NUMBER })),
  }),
});

/** @returns what a record lacks, or has in another form; null: it can be shown */
export function findRecordFault(record: unknown): string | null {
  return RECORD(record, '');
}
