// What k6's users take from https://jslib.k6.io/k6-utils/ (https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/).
import { check as checkNow } from 'k6';
import exec, { test } from 'k6/execution';
import type { Scenario } from 'k6/options';

/** What `check` takes here: its predicates may be async, and so may the value be a promise. */
export type AsyncCheckers<T> = Record<string, ((value: T) => unknown) | unknown>;

/**
 * As `check` of k6, for values and predicates that are waited for. It is a promise only where one of them is.
 * @param tags of its samples
 */
export function check<T>(
  value: T | Promise<T>,
  checkers: AsyncCheckers<T>,
  tags?: Record<string, string>,
): boolean | Promise<boolean> {
  if (value instanceof Promise) return value.then((known: T) => check(known, checkers, tags));
  const names = Object.keys(checkers);
  const results = names.map((name) => {
    const checker = checkers[name];
    return typeof checker === 'function' ? (checker as (value: T) => unknown)(value) : checker;
  });
  const report = (known: readonly unknown[]): boolean =>
    checkNow(value, Object.fromEntries(names.map((name, i) => [name, () => Boolean(known[i])])), tags);
  return results.some((result) => result instanceof Promise) ? Promise.all(results).then(report) : report(results);
}

/** A random UUID of version 4; with `true` from `crypto.getRandomValues()`, else from `Math.random()`, which `randomSeed` governs. */
export function uuidv4(secure = false): string {
  if (secure) return crypto.randomUUID();
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const digit = Math.floor(Math.random() * 16);
    return (place === 'x' ? digit : (digit & 3) | 8).toString(16);
  });
}

/** A whole number from `min` to `max`, both included. */
export function randomIntBetween(min: number, max: number): number {
  return Math.floor(Math.random() * (max - min + 1)) + min;
}

/** An element of a list, or undefined where it is empty. */
export function randomItem<T>(list: ArrayLike<T>): T {
  return list[Math.floor(Math.random() * list.length)]!;
}

/** A text of so many characters out of `charset`. */
export function randomString(length: number, charset = 'abcdefghijklmnopqrstuvwxyz'): string {
  let text = '';
  for (let i = 0; i < length; i++) text += charset[Math.floor(Math.random() * charset.length)];
  return text;
}

/** What stands in a text between two others: the first such place or, with `repeat`, a list of all. */
export function findBetween(content: string, left: string, right: string, repeat?: false): string | null;
export function findBetween(content: string, left: string, right: string, repeat: true): string[];
export function findBetween(content: string, left: string, right: string, repeat = false): string | string[] | null {
  const found: string[] = [];
  for (let from = 0; ; ) {
    const start = content.indexOf(left, from);
    if (start < 0) break;
    const end = content.indexOf(right, start + left.length);
    if (end < 0) break;
    found.push(content.slice(start + left.length, end));
    if (!repeat) break;
    from = end + right.length;
  }
  return repeat ? found : (found[0] ?? null);
}

/**
 * Stages of a ramp that has the shape of a bell.
 * @param maxVus at its height
 * @param durationSeconds of the whole
 * @param numberOfStages besides the last one, which leads to 0
 */
export function normalDistributionStages(
  maxVus: number,
  durationSeconds: number,
  numberOfStages = 10,
): { duration: string; target: number }[] {
  const [MEAN, DEVIATION, EDGE] = [0, 1, 2];
  const density = (x: number): number =>
    Math.exp(-((x - MEAN) ** 2) / (2 * DEVIATION ** 2)) / (DEVIATION * Math.sqrt(2 * Math.PI));
  const points: number[] = [];
  for (let i = 0; i <= numberOfStages + 1; i++) points.push(density(-EDGE + (2 * EDGE * i) / (numberOfStages + 1)));
  const highest = Math.max(...points);
  const stages: { duration: string; target: number }[] = [];
  const whole = Math.ceil(durationSeconds / (numberOfStages + 2));
  for (const point of points) stages.push({ duration: `${whole}s`, target: Math.round((maxVus * point) / highest) });
  stages.push({ duration: `${whole}s`, target: 0 });
  return stages;
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** @returns the milliseconds of a duration such as `1h30m` or `500ms`; a number is milliseconds already */
export function parseDuration(text: string): number {
  const parts = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text) ? text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g) : null;
  if (parts === null) {
    if (text !== '' && Number.isFinite(Number(text))) return Number(text);
    throw new Error(`"${text}" is no duration: it has a number and a unit (d, h, m, s, ms), as in 1m30s`);
  }
  let sum = 0;
  for (const [, number, unit] of parts) sum += Number(number) * UNITS[unit!]!;
  return sum;
}

interface Staged {
  readonly stages?: readonly { readonly duration: string; readonly target: number }[];
  readonly startVUs?: number;
  readonly startRate?: number;
}

/** The stages of the scenario that runs this. @throws Error where it has none */
function stagesOfScenario(): { scenario: Staged; stages: NonNullable<Staged['stages']> } {
  const name = exec.scenario.name;
  const scenario = (test.options.scenarios as Record<string, Scenario> | undefined)?.[name] as Staged | undefined;
  if (!scenario?.stages?.length)
    throw new Error(`the scenario ${name} has no stages: only those of ramping executors have`);
  return { scenario, stages: scenario.stages };
}

/** The number of the stage that the scenario is in, from 0 on; after the end that of the last one. */
export function getCurrentStageIndex(): number {
  const { stages } = stagesOfScenario();
  let left = Date.now() - exec.scenario.startTime;
  const index = stages.findIndex(({ duration }) => {
    left -= parseDuration(duration);
    return left < 0;
  });
  return index < 0 ? stages.length - 1 : index;
}

/** Tags what this virtual user measures from now on with `stage`, the number of the stage. */
export function tagWithCurrentStageIndex(): void {
  exec.vu.metrics.tags['stage'] = String(getCurrentStageIndex());
}

/** Tags what this virtual user measures from now on with `stage_profile`: `ramp-up`, `steady` or `ramp-down`. */
export function tagWithCurrentStageProfile(): void {
  const { scenario, stages } = stagesOfScenario();
  const index = getCurrentStageIndex();
  const before = index === 0 ? (scenario.startVUs ?? scenario.startRate ?? 0) : stages[index - 1]!.target;
  const { target } = stages[index]!;
  exec.vu.metrics.tags['stage_profile'] = target > before ? 'ramp-up' : target < before ? 'ramp-down' : 'steady';
}
