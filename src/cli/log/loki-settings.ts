// What a log that goes to Loki is told on the command line: `loki=URL,label.service=shop,limit=32,level=info`.

import { basicAuthorization, takeCredentials } from '../../addresses/credentials.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { parseGoDuration } from '../../options/duration.ts';
import { parseBoolean } from '../../options/value-forms.ts';
import { findSeverity, KNOWN_LEVELS, SEVERITY } from './log-levels.ts';

export interface LokiSettings {
  /** Without user and password, which are among the headers. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Added to each line. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those that lines may have; what else would be one is written behind the message. null: any. */
  readonly allowedLabels: readonly string[] | null;
  /** Lines per period; those beyond are counted and left out. */
  readonly limit: number;
  readonly pushPeriodMs: number;
  /** Characters that a message may have; a longer one loses its middle. */
  readonly maxMessageLength: number;
  /** The least urgent lines that are sent, as in {@link SEVERITY}. */
  readonly severity: number;
  /** Whether each push tells what it cost. */
  readonly profile: boolean;
}

const DEFAULTS: LokiSettings = {
  url: new URL('http://127.0.0.1:3100/loki/api/v1/push'),
  headers: {},
  labels: {},
  allowedLabels: null,
  limit: 100,
  pushPeriodMs: 1000,
  maxMessageLength: 1024 * 1024,
  severity: SEVERITY.debug,
  profile: false,
};

const KEYS = 'label.NAME, header.NAME, allowedLabels, limit, level, pushPeriod, msgMaxSize, profile';
/** What Loki takes as the name of a label. */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function refuse(problem: string): ExitError {
  return new ExitError(EXIT.other, `invalid log output: loki: ${problem}`);
}

/**
 * @param text `[URL][,KEY=VALUE…]`; commas within brackets divide nothing
 * @throws ExitError 255 that shows no value of a header and no password
 */
export function readLokiSettings(text: string): LokiSettings {
  const [address = '', ...parts] = text.split(/,(?![^[]*\])/);
  let settings = address === '' ? DEFAULTS : { ...DEFAULTS, ...readAddress(address) };
  for (const part of parts) {
    const equals = part.indexOf('=');
    const key = (equals < 0 ? part : part.slice(0, equals)).trim();
    settings = applySetting(settings, key, equals < 0 ? null : part.slice(equals + 1).trim());
  }
  return settings;
}

function readAddress(text: string): Pick<LokiSettings, 'url' | 'headers'> {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw refuse('its address is no http or https URL, as in loki=http://127.0.0.1:3100/loki/api/v1/push');
  const credentials = takeCredentials(url);
  return { url, headers: credentials === null ? {} : { authorization: basicAuthorization(credentials) } };
}

function applySetting(settings: LokiSettings, key: string, value: string | null): LokiSettings {
  if (key === 'profile') return { ...settings, profile: readProfile(value) };
  if (value === null) throw refuse(`"${showKey(key)}" has no value; there are ${KEYS}`);
  const [, kind, name = ''] = /^(label|header)\.(.*)$/s.exec(key) ?? [];
  switch (kind ?? key) {
    case 'label':
      if (!LABEL_NAME.test(name)) throw refuse(`"${name}" is no name of a label: use letters, digits and _`);
      return { ...settings, labels: { ...settings.labels, [name]: value } };
    case 'header':
      return { ...settings, headers: { ...settings.headers, [name.toLowerCase()]: checkHeader(name, value) } };
    case 'allowedLabels':
      return { ...settings, allowedLabels: readList(value) };
    case 'limit':
      return { ...settings, limit: readCount(key, value) };
    case 'msgMaxSize':
      return { ...settings, maxMessageLength: readCount(key, value) };
    case 'pushPeriod':
      return { ...settings, pushPeriodMs: readPeriod(value) };
    case 'level': {
      const severity = findSeverity(value);
      if (severity === null) throw refuse(`level "${value}" is not one of ${KNOWN_LEVELS}`);
      return { ...settings, severity };
    }
    default:
      throw refuse(`unknown key "${showKey(key)}"; there are ${KEYS}`);
  }
}

/** A part without a key may be the end of a secret that has a comma in it. */
function showKey(key: string): string {
  return /^[\w.]{1,40}$/.test(key) ? key : '…';
}

function readProfile(value: string | null): boolean {
  if (value === null || value === '') return true;
  try {
    return parseBoolean(value);
  } catch {
    throw refuse('profile is either there or not: it takes true or false');
  }
}

function readList(value: string): string[] {
  const [, inside] = /^\[(.*)\]$/s.exec(value) ?? [];
  if (inside === undefined) throw refuse('allowedLabels is a list in brackets, as in allowedLabels=[level,source]');
  return inside
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function readCount(key: string, value: string): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < 1 || count > 1e9) throw refuse(`${key} "${value}" is no whole number from 1 on`);
  return count;
}

function readPeriod(value: string): number {
  const ms = readDuration(value);
  if (ms < 1 || ms > 86_400_000) throw refuse(`pushPeriod "${value}" is not between 1ms and 24h`);
  return ms;
}

function readDuration(value: string): number {
  try {
    return parseGoDuration(value);
  } catch (error) {
    throw refuse(`pushPeriod: ${(error as Error).message}`);
  }
}

function checkHeader(name: string, value: string): string {
  try {
    new Headers([[name, value]]);
  } catch {
    throw refuse(`the header "${showKey(name)}" cannot be sent: a name is a token, a value has no line breaks`);
  }
  return value;
}
