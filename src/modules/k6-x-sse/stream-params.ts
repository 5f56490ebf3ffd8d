// What scripts give to `open`, read and checked.
import { basicAuthorization } from '../../addresses/credentials.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { readTimeLimit } from '../../vu/script-duration.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { CookieJar } from '../../wire/http/cookie-jar.ts';
import type { RequestUrl } from '../../wire/http/request-url.ts';
import type { HttpRequest } from '../../wire/http1/exchange.ts';
import { httpClientOf } from '../k6-http/http-client.ts';
import { httpStateOf } from '../k6-http/http-state.ts';
import { scriptObjectsOf } from '../k6-http/script-objects.ts';

/** For everything up to the head of the answer, as for HTTP. */
const ANSWER_MS = 60_000;

export interface StreamParams {
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | string | null;
  readonly tags: unknown;
  readonly jar: CookieJar | null;
  readonly timeoutMs: number;
}

/**
 * @param given undefined and null are none; other keys are ignored, as by other modules of k6
 * @throws TypeError that names the one that cannot be used
 */
export function readParams(environment: VuEnvironment, given: unknown): StreamParams {
  if (given !== undefined && given !== null && typeof given !== 'object')
    throw new TypeError(`open() takes params as an object, not ${typeof given}`);
  const { method, headers, body, tags, jar, timeout } = (given ?? {}) as Record<string, unknown>;
  const jarOf = jar === undefined || jar === null ? null : scriptObjectsOf(environment).jarOf(jar);
  if (jar !== undefined && jar !== null && jarOf === null)
    throw new TypeError('params.jar must be a CookieJar of k6/http');
  return {
    method: method === undefined || method === null ? 'GET' : String(method).toUpperCase(),
    headers: readHeaders(headers),
    body: readBody(body),
    tags,
    jar: jarOf,
    timeoutMs: timeout === undefined || timeout === null ? ANSWER_MS : readTimeLimit(timeout, 'params.timeout'),
  };
}

function readHeaders(given: unknown): [string, string][] {
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object') throw new TypeError('params.headers must be an object of names and values');
  return Object.keys(given).map((name) => [name, String((given as Record<string, unknown>)[name])]);
}

function readBody(given: unknown): Uint8Array | string | null {
  if (given === undefined || given === null) return null;
  if (typeof given === 'string') return given;
  const bytes = toBytes(given);
  if (bytes === null) throw new TypeError(`params.body must be text or an ArrayBuffer, not ${typeof given}`);
  return Uint8Array.from(bytes);
}

/**
 * The request, with the cookies that the jar has for it. What the script gives stands over what is ours.
 * @param more headers of ours
 */
export function createRequest(
  vu: VirtualUser,
  url: RequestUrl,
  params: StreamParams,
  more: readonly (readonly [name: string, value: string])[],
): HttpRequest {
  const { options, network } = vu.environment;
  const { host, port, path, authority, credentials, scheme } = url;
  const own: [string, string][] = [
    ['Host', authority],
    ['Accept', 'text/event-stream'],
    ['Cache-Control', 'no-cache'],
    ...(more as [string, string][]),
  ];
  if (options.userAgent !== '') own.push(['User-Agent', options.userAgent]);
  if (credentials !== null) own.push(['Authorization', basicAuthorization(credentials)]);
  const cookies = cookieJarOf(vu, params)?.cookiesFor(url) ?? [];
  if (cookies.length > 0) own.push(['Cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; ')]);
  const { body } = params;
  if (body !== null)
    own.push(['Content-Length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length)]);
  const given = new Set(params.headers.map(([name]) => name.toLowerCase()));
  const headers = [...own.filter(([name]) => !given.has(name.toLowerCase())), ...params.headers] as [string, string][];
  return {
    method: params.method,
    scheme,
    host,
    port,
    path,
    headers,
    body,
    proxy: network.proxyFor(scheme, host, port),
  };
}

function cookieJarOf(vu: VirtualUser, params: StreamParams): CookieJar | null {
  return params.jar ?? httpStateOf(httpClientOf(vu.environment), vu).jar;
}

/** Keeps the cookies that an answer sets. */
export function storeCookies(vu: VirtualUser, url: RequestUrl, params: StreamParams, headers: readonly string[]): void {
  if (headers.length === 0) return;
  const jar = params.jar ?? httpStateOf(httpClientOf(vu.environment), vu).openJar();
  jar.store(url, headers);
}
