// The settings of a source of secrets behind a URL: built-in ones, then the environment, a file, the command line.
import { readFileSync } from 'node:fs';
import { suggestName } from '../../options/closest-name.ts';
import { parseGoDuration } from '../../options/duration.ts';
import { type Environment, findVariable, variableNames } from '../../options/environment.ts';
import { badSource, type SourceDescription } from './secret-source.ts';

export interface UrlSettings {
  /** With `{key}` where the name of the secret goes. */
  readonly urlTemplate: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A GJSON path to the secret in a JSON response; empty: the whole body is the secret. */
  readonly responsePath: string;
  readonly timeoutMs: number;
  readonly requestsPerMinute: number;
  readonly burst: number;
  readonly maxRetries: number;
  /** The base of the waiting times before further attempts, in s. */
  readonly retryBackoff: number;
}

const PREFIX = 'K6_SECRET_SOURCE_URL_';
const HEADER_PREFIX = `${PREFIX}HEADER_`;
/** Names of settings, with those of their variables. */
const VARIABLES: Readonly<Record<string, string>> = {
  urlTemplate: 'URL_TEMPLATE',
  method: 'METHOD',
  responsePath: 'RESPONSE_PATH',
  timeout: 'TIMEOUT',
  requestsPerMinuteLimit: 'REQUESTS_PER_MINUTE_LIMIT',
  requestsBurst: 'REQUESTS_BURST',
  maxRetries: 'MAX_RETRIES',
  retryBackoff: 'RETRY_BACKOFF',
};
const DEFAULTS: Readonly<Record<string, string>> = {
  method: 'GET',
  responsePath: '',
  timeout: '30s',
  requestsPerMinuteLimit: '300',
  requestsBurst: '10',
  maxRetries: '3',
  retryBackoff: '1s',
};

/** @throws ExitError 255 that names the setting which cannot be used */
export function readUrlSettings({ settings }: SourceDescription, env: Environment): UrlSettings {
  const inline = new Map<string, string>();
  let file: string | null = null;
  for (const [key, value] of settings) {
    if (key === '')
      throw badSource('a source of the type url takes key=value,…, as in url=urlTemplate=https://host/secrets/{key}');
    if (key === 'config') file = value;
    else inline.set(sameCase(key), value);
  }
  const all = new Map([...Object.entries(DEFAULTS), ...fromEnvironment(env), ...fromFile(file), ...inline]);
  const headers: Record<string, string> = {};
  for (const [key, value] of all) {
    if (key.startsWith('headers.') && key !== 'headers.') headers[key.slice('headers.'.length)] = value;
    else if (!Object.hasOwn(VARIABLES, key))
      throw badSource(
        `a source of the type url has no setting "${key}"${suggestName(key, [...Object.keys(VARIABLES), 'config', 'headers.NAME'])}`,
      );
  }
  const text = (key: string): string => all.get(key) ?? '';
  return {
    urlTemplate: readTemplate(text('urlTemplate')),
    method: readMethod(text('method')),
    headers: readHeaders(headers),
    responsePath: text('responsePath'),
    timeoutMs: readDuration('timeout', text('timeout')),
    requestsPerMinute: readNumber('requestsPerMinuteLimit', text('requestsPerMinuteLimit'), 1),
    burst: readNumber('requestsBurst', text('requestsBurst'), 1),
    maxRetries: readNumber('maxRetries', text('maxRetries'), 0),
    retryBackoff: readDuration('retryBackoff', text('retryBackoff')) / 1000,
  };
}

function* fromEnvironment(env: Environment): Generator<[string, string]> {
  for (const [key, variable] of Object.entries(VARIABLES)) {
    const found = findVariable(PREFIX + variable, env);
    if (found !== null) yield [key, found.text];
  }
  // What is told last counts.
  for (const prefix of variableNames(HEADER_PREFIX).toReversed()) {
    for (const [variable, value] of Object.entries(env)) {
      if (!variable.startsWith(prefix) || value === undefined) continue;
      // A variable's name can hold no hyphen.
      yield [`headers.${variable.slice(prefix.length).toLowerCase().replaceAll('_', '-')}`, value];
    }
  }
}

function fromFile(file: string | null): [string, string][] {
  if (file === null) return [];
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What the parser says may quote a secret.
    throw badSource(code === 'ENOENT' ? `there is no file ${file}` : `the file ${file} cannot be read as JSON`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw badSource(`the file ${file} must hold a JSON object`);
  return Object.entries(content).flatMap(([key, value]): [string, string][] => {
    if (key === 'headers' && typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.entries(value).map(([name, header]) => [sameCase(`headers.${name}`), String(header)]);
    if (typeof value === 'string' || typeof value === 'number') return [[sameCase(key), String(value)]];
    throw badSource(`the file ${file}: "${key}" must be ${key === 'headers' ? 'an object' : 'a text or a number'}`);
  });
}

/** The case of headers' names does not matter. */
function sameCase(key: string): string {
  return key.startsWith('headers.') ? key.toLowerCase() : key;
}

function readTemplate(template: string): string {
  if (template === '')
    throw badSource(
      'a source of the type url needs urlTemplate=https://host/secrets/{key}, or K6_SECRET_SOURCE_URL_URL_TEMPLATE',
    );
  if (!template.includes('{key}')) throw badSource('urlTemplate needs {key} where the name of the secret goes');
  const url = URL.parse(template.replaceAll('{key}', 'key'));
  if (url === null || !/^https?:$/.test(url.protocol)) throw badSource('urlTemplate is no http or https URL');
  return template;
}

function readMethod(method: string): string {
  if (!/^[A-Za-z]+$/.test(method)) throw badSource('method is no HTTP method');
  return method.toUpperCase();
}

function readHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      throw badSource(`the header "${name}" has a name or a value that no header can have`);
    }
  }
  return headers;
}

function readDuration(key: string, text: string): number {
  let ms: number;
  try {
    ms = parseGoDuration(text);
  } catch (error) {
    throw badSource(`${key}: ${(error as Error).message}`);
  }
  if (ms <= 0) throw badSource(`${key} must be longer than 0, not ${text}`);
  return ms;
}

function readNumber(key: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text.trim()) || number < least || !Number.isSafeInteger(number))
    throw badSource(`${key} must be a whole number from ${least} on, not ${text}`);
  return number;
}
