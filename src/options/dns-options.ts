// The option `dns`: how host names become addresses.
import type { DnsOptions } from '../wire/net/resolver.ts';
import { parseDuration } from './duration.ts';
import type { JsonReader } from './json-reader.ts';
import type { ValueForm } from './value-forms.ts';

/** The option as far as it was set. */
export interface DnsSettings {
  readonly ttl: string | null;
  readonly select: DnsOptions['select'] | null;
  readonly policy: DnsOptions['policy'] | null;
}

/** The option with its defaults. */
export interface ResolvedDns extends Readonly<Omit<DnsOptions, 'ttlMs'>> {
  /** How long an answer is kept, in ms; 0 asks every time, null keeps it for ever. */
  readonly ttlMs: number | null;
}

const SELECTS: readonly DnsOptions['select'][] = ['first', 'random', 'roundRobin'];
const POLICIES: readonly DnsOptions['policy'][] = ['preferIPv4', 'preferIPv6', 'onlyIPv4', 'onlyIPv6', 'any'];

export const DEFAULT_DNS: ResolvedDns = { ttlMs: 300_000, select: 'random', policy: 'preferIPv4' };
const NOTHING_SET: DnsSettings = { ttl: null, select: null, policy: null };

/** In text `ttl=5m,select=first,policy=any`. */
export const DNS: ValueForm<DnsSettings> = {
  fromJson: readDns,
  fromText: parseDnsText,
  show: (settings) => mergeDns(NOTHING_SET, settings),
};

/**
 * @param ttl a duration, a number of milliseconds, `inf` or `0`
 * @returns milliseconds; null for ever
 * @throws Error
 */
function parseTtl(ttl: string): number | null {
  if (ttl === 'inf') return null;
  if (ttl === '') return DEFAULT_DNS.ttlMs;
  const ms = parseDuration(ttl);
  if (ms < 0) throw new Error(`the dns ttl "${ttl}" must not be negative`);
  return ms;
}

function readDns(reader: JsonReader): DnsSettings {
  if (typeof reader.value === 'string') return parseDnsText(reader.value);
  reader.ignoreOthers(['ttl', 'select', 'policy']);
  const [ttl, select, policy] = ['ttl', 'select', 'policy'].map((key) => reader.field(key));
  const ttlText = ttl.missing ? null : typeof ttl.value === 'number' ? String(ttl.value) : ttl.readString();
  if (ttlText !== null) parseTtl(ttlText);
  return {
    ttl: ttlText,
    select: select.missing ? null : select.readChoice(SELECTS),
    policy: policy.missing ? null : policy.readChoice(POLICIES),
  };
}

/** @throws Error */
function parseDnsText(text: string): DnsSettings {
  let out = NOTHING_SET;
  if (text.trim() === '') return out;
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at < 0 ? undefined : at).trim();
    const value = at < 0 ? '' : part.slice(at + 1).trim();
    if (key === 'ttl') {
      parseTtl(value);
      out = { ...out, ttl: value };
    } else if (key === 'select') out = { ...out, select: choose('select', value, SELECTS) };
    else if (key === 'policy') out = { ...out, policy: choose('policy', value, POLICIES) };
    else
      throw new Error(
        `dns has no "${key}": it takes ttl, select and policy, as in ttl=5m,select=random,policy=preferIPv4`,
      );
  }
  return out;
}

function choose<T extends string>(key: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new Error(`dns ${key} "${value}" is none of ${choices.join(', ')}`);
  return found;
}

/** Lays what a higher source set over what a lower one did, field by field. */
export function mergeDns(lower: DnsSettings, higher: DnsSettings): DnsSettings {
  return {
    ttl: higher.ttl ?? lower.ttl,
    select: higher.select ?? lower.select,
    policy: higher.policy ?? lower.policy,
  };
}

export function resolveDns({ ttl, select, policy }: DnsSettings): ResolvedDns {
  return {
    ttlMs: ttl ? parseTtl(ttl) : DEFAULT_DNS.ttlMs,
    select: select ?? DEFAULT_DNS.select,
    policy: policy ?? DEFAULT_DNS.policy,
  };
}
