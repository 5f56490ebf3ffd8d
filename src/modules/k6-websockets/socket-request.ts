// What a script gives to open a WebSocket, read and checked (k6 page "k6/websockets > Params").
import { basicAuthorization, maskAddress } from '../../addresses/credentials.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { readTimeLimit } from '../../vu/script-duration.ts';
import { copyList } from '../../vu/script-list.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { CookieJar } from '../../wire/http/cookie-jar.ts';
import { parseRequestUrl, type RequestUrl } from '../../wire/http/request-url.ts';
import type { WebSocketRequest } from '../../wire/websocket/dial-websocket.ts';
import { Http2Connections } from '../../wire/websocket/http2-connections.ts';
import { httpClientOf } from '../k6-http/http-client.ts';
import { httpStateOf } from '../k6-http/http-state.ts';
import { scriptObjectsOf } from '../k6-http/script-objects.ts';

/** How long look-up, connecting and handshake may take together, in ms: k6's own time. */
const HANDSHAKE_MS = 60_000;
/** An upgrade is of HTTP/1.1: nothing else is offered. */
const UPGRADABLE = ['http/1.1'] as const;
/** Where the script wants HTTP/2: the server chooses. */
const CONNECTABLE = ['h2', 'http/1.1'] as const;
const CONNECTIONS = Symbol('WebSockets over HTTP/2');

export interface SocketParams {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As the script gave them: its values are checked when the tags are made. */
  readonly tags: unknown;
  readonly jar: CookieJar | null;
  readonly compression: boolean;
  readonly timeoutMs: number;
  /** Whether to try HTTP/2 first (RFC 8441), which k6 never does. */
  readonly http2: boolean;
}

export interface SocketTarget {
  /** What scripts and tags see. */
  readonly url: string;
  readonly secure: boolean;
  /** The address as HTTP has it. */
  readonly http: RequestUrl;
}

/**
 * @param given as the script wrote it
 * @throws Error that says what is wrong with it
 */
export function readTarget(given: unknown): SocketTarget {
  if (given === undefined || given === null || given === '') throw new Error('WebSocket requires a url');
  const text = String(given);
  const scheme = /^(wss?):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined)
    throw new Error(`invalid WebSocket URL ${JSON.stringify(maskAddress(text))}: it must begin with ws:// or wss://`);
  if (text.includes('#'))
    throw new Error(`invalid WebSocket URL ${JSON.stringify(maskAddress(text))}: it must not have a fragment (#…)`);
  const secure = scheme === 'wss';
  const rest = text.slice(scheme.length);
  const http = parseRequestUrl(`http${secure ? 's' : ''}${rest}`);
  return { url: scheme + http.masked.slice(secure ? 5 : 4), secure, http };
}

/**
 * @param given the script's params; undefined and null are none
 * @param unknown what becomes of keys that there are not: k6/ws, unlike k6/websockets, does not mind them
 * @throws Error that names the one that cannot be used
 */
export function readParams(
  environment: VuEnvironment,
  given: unknown,
  unknown: 'refuse unknown' | 'ignore unknown' = 'refuse unknown',
): SocketParams {
  const params = {
    headers: [] as [string, string][],
    tags: undefined as unknown,
    jar: null as CookieJar | null,
    compression: false,
    timeoutMs: HANDSHAKE_MS,
    http2: false,
  };
  if (given === undefined || given === null) return params;
  if (typeof given !== 'object') throw new TypeError(`params must be an object, not ${typeof given}`);
  const source = given as Record<string, unknown>;
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value === undefined || value === null) continue;
    switch (key) {
      case 'headers':
        params.headers = readHeaders(value);
        break;
      case 'tags':
        params.tags = value;
        break;
      case 'jar':
        params.jar = scriptObjectsOf(environment).jarOf(value);
        if (params.jar === null) throw new TypeError('params.jar must be a CookieJar of k6/http');
        break;
      case 'compression':
        if (value === '') break;
        if (value !== 'deflate')
          throw new Error(`unsupported compression algorithm ${JSON.stringify(String(value))}: there is 'deflate'`);
        params.compression = true;
        break;
      case 'timeout':
        params.timeoutMs = readTimeLimit(value, 'params.timeout');
        break;
      case 'http2':
        if (typeof value !== 'boolean') throw new TypeError('params.http2 must be true or false');
        params.http2 = value;
        break;
      default:
        if (unknown === 'ignore unknown') break;
        throw new Error(
          `unknown option ${JSON.stringify(key)}: there are headers, tags, jar, compression, timeout and http2`,
        );
    }
  }
  return params;
}

function readHeaders(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null)
    throw new TypeError('params.headers must be an object of names and values');
  const source = value as Record<string, unknown>;
  return Object.keys(source).map((name) => [name, String(source[name])]);
}

/** Subprotocols: one as text, or a list; undefined and null are none. */
export function readProtocols(given: unknown): string[] {
  if (given === undefined || given === null || given === '') return [];
  if (typeof given === 'string') return [given];
  if (!Array.isArray(given)) throw new TypeError('protocols must be text or a list of texts');
  return copyList(given).map(String);
}

/** The request of a handshake, with the cookies that the jar has for it. @param more headers of ours */
export function createRequest(
  vu: VirtualUser,
  target: SocketTarget,
  params: SocketParams,
  protocols: readonly string[],
  more: readonly (readonly [name: string, value: string])[],
): WebSocketRequest {
  const { environment } = vu;
  const { options, network } = environment;
  const headers: (readonly [string, string])[] = [...params.headers, ...more];
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  if (options.userAgent !== '' && !given.has('user-agent')) headers.unshift(['User-Agent', options.userAgent]);
  const jar = params.jar ?? httpStateOf(httpClientOf(environment), vu).jar;
  const cookies = given.has('cookie') ? [] : (jar?.cookiesFor(target.http) ?? []);
  if (cookies.length > 0) headers.push(['Cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; ')]);
  const { host, port, path, authority, credentials } = target.http;
  if (credentials !== null && !given.has('authorization'))
    headers.push(['Authorization', basicAuthorization(credentials)]);
  if (params.http2 && !target.secure)
    throw new Error('params.http2 is for wss:// addresses: HTTP/2 is agreed on in the TLS handshake');
  const dial = {
    host,
    port,
    timeoutMs: params.timeoutMs,
    meter: vu.meter,
    proxy: network.proxyFor(target.secure ? 'https' : 'http', host, port),
    localAddressIndex: network.localAddressOf(vu),
  };
  return {
    authority,
    path,
    headers,
    protocols,
    compression: params.compression,
    dialer: network.dialer,
    dial: { ...dial, tls: target.secure ? network.tlsFor(host, UPGRADABLE) : null },
    http2: params.http2
      ? {
          dial: { ...dial, tls: network.tlsFor(host, CONNECTABLE) },
          connections: vu.state(CONNECTIONS, () => new Http2Connections()),
        }
      : null,
  };
}

/** Keeps the cookies that a handshake's answer sets. */
export function storeCookies(
  vu: VirtualUser,
  target: SocketTarget,
  params: SocketParams,
  headers: readonly string[],
): void {
  if (headers.length === 0) return;
  const jar = params.jar ?? httpStateOf(httpClientOf(vu.environment), vu).openJar();
  jar.store(target.http, headers);
}
