// What scripts give to ping() and pingAsync(), read and checked (Grafana's page "k6/x/icmp > PingOptions").
import { isIP } from 'node:net';
import { type Environment, findVariable } from '../../options/environment.ts';
import type { Realm } from '../../script/realm-interface.ts';
import { toTagValue } from '../../vu/custom-tags.ts';
import { readDuration } from '../../vu/script-duration.ts';

export interface PingOptions {
  /** Null: ping chooses. */
  readonly id: number | null;
  readonly seq: number;
  /** Null: the system's own. */
  readonly ttl: number | null;
  readonly timeoutMs: number;
  /** Infinity: none. */
  readonly deadlineMs: number;
  readonly count: number;
  /** Percent. */
  readonly threshold: number;
  /** Bytes. */
  readonly size: number;
  readonly intervalMs: number;
  readonly source: string | null;
  readonly preferred: 4 | 6 | null;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_MINIMUM_INTERVAL_MS = 500;
/** As in ping(8). */
const DEFAULT_SIZE = 56;
const MOST_SIZE = 65_507;
const MOST_UINT16 = 65_535;
/** What timers can wait for, in ms. */
const MOST_MS = 2_147_483_647;
const MOST_NAME = 253;
const MINIMUM_INTERVAL = 'K6_PING_MINIMUM_INTERVAL';

/**
 * @returns how close together the requests of a call may be, in ms
 * @throws Error that names the variable
 */
export function readMinimumInterval(env: Environment): number {
  const variable = findVariable(MINIMUM_INTERVAL, env);
  if (variable === null) return DEFAULT_MINIMUM_INTERVAL_MS;
  const ms = readDuration(variable.text);
  if (!(ms >= 0 && ms <= MOST_MS))
    throw new Error(`${variable.name} must be a time, such as 100ms, not ${JSON.stringify(variable.text)}`);
  return ms;
}

/**
 * @param what the function's name
 * @throws TypeError for what is neither a name of a host nor an address
 */
export function readTarget(what: string, given: unknown): string {
  if (typeof given !== 'string' || given === '')
    throw new TypeError(`${what}() takes a host first, such as 'example.com' or '192.0.2.1'`);
  const bracketed = /^\[(.*)\]$/.exec(given)?.[1];
  if (bracketed !== undefined && isIP(bracketed) === 6) return bracketed;
  const labels = given.replace(/\.$/, '').split('.');
  const isName = given.length <= MOST_NAME + 1 && labels.every((label) => /^[^\s\0/:[\]]{1,63}$/.test(label));
  if (isIP(given) === 0 && !isName)
    throw new TypeError(
      `${what}() cannot reach ${JSON.stringify(given.slice(0, 300))}: give a host's name or address alone, without scheme, port and path`,
    );
  return given;
}

/**
 * @param what the function's name
 * @param minimumMs how close together requests may be, in ms
 * @throws TypeError that names the option
 */
export function readPingOptions(realm: Realm, what: string, given: unknown, minimumMs: number): PingOptions {
  if (given !== undefined && given !== null && typeof given !== 'object')
    throw new TypeError(`${what}() takes its options as an object, not ${typeof given}`);
  const fields = (given ?? {}) as Readonly<Record<string, unknown>>;
  const whole = (name: string, least: number, most: number): number | null => {
    const value = fields[name];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      throw new TypeError(`${what}(): ${name} must be a whole number from ${least} to ${most}, not ${show(value)}`);
    return value;
  };
  const time = (name: string): number | null => {
    const value = fields[name];
    if (value === undefined || value === null) return null;
    const ms = readDuration(value);
    if (!(ms > 0 && ms <= MOST_MS))
      throw new TypeError(
        `${what}(): ${name} must be a time above 0, in milliseconds or as in "2s", not ${show(value)}`,
      );
    return ms;
  };
  const intervalMs = time('interval');
  if (intervalMs !== null && intervalMs < minimumMs)
    throw new TypeError(
      `${what}(): interval must be at least ${minimumMs} ms, not ${show(fields['interval'])}: ${MINIMUM_INTERVAL} allows less`,
    );
  return {
    id: whole('id', 0, MOST_UINT16),
    seq: whole('seq', 0, MOST_UINT16) ?? 1,
    ttl: whole('ttl', 1, 255),
    timeoutMs: time('timeout') ?? DEFAULT_TIMEOUT_MS,
    deadlineMs: time('deadline') ?? Number.POSITIVE_INFINITY,
    count: whole('count', 1, MOST_UINT16) ?? 1,
    threshold: readThreshold(what, fields['threshold']),
    size: whole('size', 0, MOST_SIZE) ?? DEFAULT_SIZE,
    intervalMs: intervalMs ?? Math.max(DEFAULT_INTERVAL_MS, minimumMs),
    source: readSource(what, fields['source']),
    preferred: readVersion(what, fields['preferred_ip_version']),
    tags: readTags(realm, what, fields['tags']),
  };
}

function readThreshold(what: string, value: unknown): number {
  if (value === undefined || value === null) return 100;
  if (typeof value !== 'number' || !(value >= 0 && value <= 100))
    throw new TypeError(`${what}(): threshold must be a percentage from 0 to 100, not ${show(value)}`);
  return value;
}

function readTags(realm: Realm, what: string, value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') throw new TypeError(`${what}(): tags must be an object of names and values`);
  return Object.entries(value).map(([name, text]) => [name, toTagValue(realm, name, text)]);
}

function readSource(what: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || isIP(value) === 0)
    throw new TypeError(`${what}(): source must be an IP address of this machine, not ${show(value)}`);
  return value;
}

function readVersion(what: string, value: unknown): 4 | 6 | null {
  if (value === undefined || value === null || value === '') return null;
  if (value === 'ip4') return 4;
  if (value === 'ip6') return 6;
  throw new TypeError(`${what}(): preferred_ip_version must be "ip4" or "ip6", not ${show(value)}`);
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.slice(0, 100))
    : typeof value === 'number'
      ? String(value)
      : typeof value;
}
