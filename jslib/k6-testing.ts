// `expect` as k6's users have it from https://jslib.k6.io/k6-testing/ (https://grafana.com/docs/k6/latest/using-k6/assertions/): the
// matchers for values. Those that wait for a page belong to k6/browser.
import { test } from 'k6/execution';

/** Of a failed expectation. */
export class AssertionFailedError extends Error {
  override readonly name = 'AssertionFailedError';
}

export interface Configuration {
  /** A failed expectation marks the test as failed, and the iteration goes on. */
  soft?: boolean;
  /** What soft expectations do: `fail` marks the test, `throw` ends the iteration. */
  softMode?: 'fail' | 'throw';
}

type Class = abstract new (...args: never) => unknown;

export interface Matchers {
  /** The contrary. */
  readonly not: Matchers;
  toBe(expected: unknown): void;
  /** @param digits behind the point that agree, 2 unless given */
  toBeCloseTo(expected: number, digits?: number): void;
  toBeDefined(): void;
  toBeFalsy(): void;
  toBeGreaterThan(expected: number | bigint): void;
  toBeGreaterThanOrEqual(expected: number | bigint): void;
  toBeInstanceOf(expected: Class): void;
  toBeLessThan(expected: number | bigint): void;
  toBeLessThanOrEqual(expected: number | bigint): void;
  toBeNaN(): void;
  toBeNull(): void;
  toBeTruthy(): void;
  toBeUndefined(): void;
  /** Of a text, a list or a Set. */
  toContain(expected: unknown): void;
  /** As toContain(), by what elements hold. */
  toContainEqual(expected: unknown): void;
  /** By what the values hold; what is undefined may be absent. */
  toEqual(expected: unknown): void;
  toHaveLength(expected: number): void;
  /** @param path as in `address.city` or `list[0]` */
  toHaveProperty(path: string, expected?: unknown): void;
}

export interface Expect {
  (actual: unknown, message?: string): Matchers;
  /** Expectations that do not end the iteration. */
  soft(actual: unknown, message?: string): Matchers;
  configure(configuration: Configuration): Expect;
}

function isEqual(a: unknown, b: unknown, pairs: readonly (readonly [unknown, unknown])[] = []): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  // A circle that both have is equal as far as the rest is.
  if (pairs.some(([x, y]) => x === a && y === b)) return true;
  const inside = [...pairs, [a, b] as const];
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error) return a.name === (b as Error).name && a.message === (b as Error).message;
  if (a instanceof ArrayBuffer) return isEqual(new Uint8Array(a), new Uint8Array(b as ArrayBuffer), inside);
  if (a instanceof Set)
    return (
      a.size === (b as Set<unknown>).size &&
      [...a].every((one) => [...(b as Set<unknown>)].some((other) => isEqual(one, other, inside)))
    );
  if (a instanceof Map) {
    const other = b as Map<unknown, unknown>;
    return (
      a.size === other.size && [...a].every(([key, value]) => other.has(key) && isEqual(value, other.get(key), inside))
    );
  }
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => isEqual(x[key], y[key], inside));
}

/** What stands at a path, in a list of its own; null: nothing. */
function readPath(value: unknown, path: string): [unknown] | null {
  const keys = path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
  let at = value;
  for (const key of keys) {
    if (at === null || at === undefined || !(key in Object(at))) return null;
    at = (at as Record<string, unknown>)[key];
  }
  return [at];
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name || 'a function';
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : String(value);
  if (value instanceof Error) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function contains(actual: unknown, expected: unknown, equal: (a: unknown, b: unknown) => boolean): boolean {
  if (typeof actual === 'string') return actual.includes(String(expected));
  if (actual === null || actual === undefined || typeof (actual as Iterable<unknown>)[Symbol.iterator] !== 'function')
    throw new TypeError(`toContain() takes a text, a list or a Set, not ${show(actual)}`);
  return [...(actual as Iterable<unknown>)].some((one) => equal(one, expected));
}

function createMatchers(
  actual: unknown,
  message: string | undefined,
  settings: Configuration,
  negated: boolean,
): Matchers {
  const settle = (holds: boolean, matcher: string, ...expected: unknown[]): void => {
    if (holds !== negated) return;
    const call = `expect(${show(actual)})${negated ? '.not' : ''}.${matcher}(${expected.map(show).join(', ')})`;
    const text = message === undefined ? call : `${message}: ${call}`;
    if (!settings.soft) throw new AssertionFailedError(text);
    console.error(text);
    if (settings.softMode === 'throw') throw new AssertionFailedError(text);
    test.fail(text);
  };
  const order = (matcher: string, holds: (a: number, b: number) => boolean) => (expected: number | bigint) =>
    settle(holds(actual as number, expected as number), matcher, expected);
  const is = (matcher: string, holds: boolean) => () => settle(holds, matcher);
  return {
    get not() {
      return createMatchers(actual, message, settings, !negated);
    },
    toBe: (expected) => settle(Object.is(actual, expected), 'toBe', expected),
    toBeCloseTo: (expected, digits = 2) =>
      settle(
        actual === expected || Math.abs((actual as number) - expected) < 10 ** -digits / 2,
        'toBeCloseTo',
        expected,
        digits,
      ),
    toBeDefined: is('toBeDefined', actual !== undefined),
    toBeFalsy: is('toBeFalsy', !actual),
    toBeGreaterThan: order('toBeGreaterThan', (a, b) => a > b),
    toBeGreaterThanOrEqual: order('toBeGreaterThanOrEqual', (a, b) => a >= b),
    toBeInstanceOf: (expected) => settle(actual instanceof expected, 'toBeInstanceOf', expected),
    toBeLessThan: order('toBeLessThan', (a, b) => a < b),
    toBeLessThanOrEqual: order('toBeLessThanOrEqual', (a, b) => a <= b),
    toBeNaN: is('toBeNaN', Number.isNaN(actual)),
    toBeNull: is('toBeNull', actual === null),
    toBeTruthy: is('toBeTruthy', Boolean(actual)),
    toBeUndefined: is('toBeUndefined', actual === undefined),
    toContain: (expected) => settle(contains(actual, expected, Object.is), 'toContain', expected),
    toContainEqual: (expected) => settle(contains(actual, expected, isEqual), 'toContainEqual', expected),
    toEqual: (expected) => settle(isEqual(actual, expected), 'toEqual', expected),
    toHaveLength: (expected) =>
      settle((actual as { length?: unknown } | null)?.length === expected, 'toHaveLength', expected),
    toHaveProperty(path, ...expected) {
      const found = readPath(actual, path);
      settle(
        found !== null && (expected.length === 0 || isEqual(found[0], expected[0])),
        'toHaveProperty',
        path,
        ...expected,
      );
    },
  };
}

function createExpect(settings: Configuration): Expect {
  const call = (actual: unknown, message?: string): Matchers => createMatchers(actual, message, settings, false);
  return Object.assign(call, {
    soft: (actual: unknown, message?: string) => createMatchers(actual, message, { ...settings, soft: true }, false),
    configure: (more: Configuration) => createExpect({ ...settings, ...more }),
  });
}

export const expect: Expect = createExpect({});
export default { expect };
