import type { Options } from '../../options/options.ts';
import { readDuration } from '../../vu/script-duration.ts';
import type { CookieJar } from '../../wire/http/cookie-jar.ts';
import { canonicalName } from '../../wire/http/header-names.ts';
import type { HeaderList } from '../../wire/http1/exchange.ts';
import { readCodings } from './content-coding.ts';
import type { StatusSet } from './expected-statuses.ts';

export type ResponseType = 'text' | 'binary' | 'none';

/** The `params` of a request, read and checked. */
export interface RequestSettings {
  /** The script's own headers by canonical name, each once, in order; without Host. */
  headers: Readonly<HeaderList> | null;
  /** The value of a Host header. */
  host: string | null;
  cookies: readonly { name: string; value: string; replace: boolean }[] | null;
  jar: CookieJar | null;
  compression: ReturnType<typeof readCodings>;
  /** Null: the option's number. */
  redirects: number | null;
  tags: readonly (readonly [name: string, value: string])[] | null;
  /** An authentication by a challenge of the server; null: none, or credentials that go along. */
  challenge: 'digest' | 'ntlm' | null;
  timeoutMs: number;
  throws: boolean;
  responseType: ResponseType;
  /** Undefined: what `setResponseCallback` has set; null: none. */
  expected: StatusSet | null | undefined;
}

/** Recognises the objects of this module that may stand in params. */
export interface ParamObjects {
  jarOf(value: unknown): CookieJar | null;
  statusesOf(value: unknown): StatusSet | null;
}

const TIMEOUT_MS = 60_000;

/** What holds without params. */
export function defaultSettings(options: Options): RequestSettings {
  return {
    headers: null,
    host: null,
    cookies: null,
    jar: null,
    compression: null,
    redirects: null,
    tags: null,
    challenge: null,
    timeoutMs: TIMEOUT_MS,
    throws: options.throw,
    responseType: options.discardResponseBodies ? 'none' : 'text',
    expected: undefined,
  };
}

/**
 * Reads `params`.
 * @param warn called for what is ignored
 * @throws TypeError that says which part cannot be used
 */
export function readSettings(
  params: unknown,
  defaults: RequestSettings,
  objects: ParamObjects,
  warn: (message: string) => void,
): RequestSettings {
  // `urls.map(http.get)` puts an index in their place: what is no object is passed over, as in k6.
  if (typeof params !== 'object' || params === null) return defaults;
  const settings: RequestSettings = { ...defaults };
  // In this order `throw` already holds for what is wrong with the others.
  const given = params as Record<string, unknown>;
  if (given['throw'] !== undefined && given['throw'] !== null) settings.throws = Boolean(given['throw']);
  try {
    for (const key of Object.keys(given)) readOne(settings, key, given[key], objects, warn);
  } catch (error) {
    throw new SettingsError((error as Error).message, settings.throws);
  }
  return settings;
}

/** Params that cannot be used; `throws` tells whether the script wants to see that as an exception. */
export class SettingsError extends TypeError {
  readonly throws: boolean;

  constructor(message: string, throws: boolean) {
    super(message);
    this.throws = throws;
  }
}

function readOne(
  settings: RequestSettings,
  key: string,
  value: unknown,
  objects: ParamObjects,
  warn: (message: string) => void,
): void {
  if (value === undefined || (value === null && key !== 'responseCallback')) return;
  switch (key) {
    case 'headers':
      readHeaders(settings, value, warn);
      break;
    case 'cookies':
      settings.cookies = Object.entries(asObject(value, 'cookies'))
        .filter(([, cookie]) => cookie !== undefined && cookie !== null)
        .map(([name, cookie]) => readCookie(name, cookie));
      break;
    case 'jar':
      settings.jar = objects.jarOf(value);
      break;
    case 'compression': {
      const codings = readCodings(String(value));
      if (codings === null)
        throw new TypeError(`unknown compression "${String(value)}"; it takes gzip, deflate, br and zstd`);
      settings.compression = codings.length === 0 ? null : codings;
      break;
    }
    case 'redirects':
      settings.redirects = Math.trunc(Number(value)) || 0;
      break;
    case 'tags':
      settings.tags = readTags(value);
      break;
    case 'auth':
      settings.challenge = value === 'digest' || value === 'ntlm' ? value : null;
      break;
    case 'timeout': {
      const ms = readDuration(value);
      if (Number.isNaN(ms)) throw new TypeError(`invalid timeout value: ${String(value)}`);
      settings.timeoutMs = Math.max(0, ms);
      break;
    }
    case 'responseType':
      if (value !== 'text' && value !== 'binary' && value !== 'none') {
        throw new TypeError(`invalid responseType "${String(value)}"; it is text, binary or none`);
      }
      settings.responseType = value;
      break;
    case 'responseCallback': {
      settings.expected = value === null ? null : objects.statusesOf(value);
      if (settings.expected === null && value !== null) {
        throw new TypeError('unsupported responseCallback; it takes what http.expectedStatuses() returns, or null');
      }
      break;
    }
  }
}

function asObject(value: unknown, what: string): object {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${what} must be an object, not ${typeof value}`);
  return value;
}

function readHeaders(settings: RequestSettings, value: unknown, warn: (message: string) => void): void {
  const headers: HeaderList = [];
  const given = asObject(value, 'headers') as Record<string, unknown>;
  const names = Object.keys(given);
  const places = names.length > FEW_HEADERS ? new Map<string, HeaderList[number]>() : null;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    const canonical = canonicalName(name);
    const text = String(given[name]);
    if (canonical === 'Host') settings.host = text;
    else if (canonical === 'Content-Length')
      warn(`the Content-Length header is set from the body; the given value "${text}" is ignored`);
    // How the body is framed is the transport's to say: two framings at once are how requests are smuggled.
    else if (canonical !== 'Transfer-Encoding' && canonical !== 'Trailer') setHeader(headers, places, canonical, text);
  }
  settings.headers = headers;
}

/** Up to here a look through the list is the quickest way to a header. */
const FEW_HEADERS = 16;

/**
 * Two spellings of one name are one header, whose place is that of the first.
 * @param places the headers by name, where they are many
 */
function setHeader(
  headers: HeaderList,
  places: Map<string, HeaderList[number]> | null,
  name: string,
  value: string,
): void {
  const known = places === null ? findHeader(headers, name) : places.get(name);
  if (known !== undefined) {
    known[1] = value;
    return;
  }
  const header: HeaderList[number] = [name, value];
  headers.push(header);
  places?.set(name, header);
}

function findHeader(headers: Readonly<HeaderList>, name: string): HeaderList[number] | undefined {
  for (let at = 0; at < headers.length; at++) if ((headers[at] as HeaderList[number])[0] === name) return headers[at];
  return undefined;
}

/** @returns undefined where the script gives no such header; `name` is canonical */
export function givenHeader(headers: Readonly<HeaderList> | null, name: string): string | undefined {
  return headers === null ? undefined : findHeader(headers, name)?.[1];
}

function readCookie(name: string, value: unknown): { name: string; value: string; replace: boolean } {
  if (typeof value === 'object' && value !== null) {
    const { value: text, replace } = value as { value?: unknown; replace?: unknown };
    return { name, value: String(text ?? ''), replace: Boolean(replace) };
  }
  return { name, value: String(value), replace: false };
}

/** Tag values are text, numbers and booleans (k6: others are an error). */
function readTags(value: unknown): [name: string, value: string][] {
  const given = asObject(value, 'tags') as Record<string, unknown>;
  const names = Object.keys(given);
  const tags: [name: string, value: string][] = [];
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    const tag = given[name];
    if (typeof tag === 'object' || typeof tag === 'undefined' || typeof tag === 'function' || typeof tag === 'symbol') {
      throw new TypeError(`invalid value for tag "${name}": only text, numbers and booleans can be tag values`);
    }
    tags.push([name, String(tag)]);
  }
  return tags;
}
