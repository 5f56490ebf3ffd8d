import type { HostMember, Realm } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';
import { readSetCookies } from '../../wire/http/cookie-jar.ts';
import { canonicalName } from '../../wire/http/header-names.ts';
import type { HeaderList, HttpResponse } from '../../wire/http1/exchange.ts';
import { parseHeaderLines } from '../../wire/http1/header-lines.ts';
import { NO_TIMINGS } from '../../wire/net/timings.ts';
import { findJsonError } from './json-error-position.ts';
import { selectJson } from './json-path.ts';
import { RecentTexts } from './recent-texts.ts';
import { type ResponseState, responseStates, stateOfResponse } from './response-state.ts';

type Constructed = (
  remoteIp: string,
  remotePort: number,
  url: string,
  status: number,
  statusText: string,
  proto: string,
  tlsVersion: string,
  tlsCipherSuite: string,
  error: string,
  errorCode: number,
  setsCookies: boolean,
  ocspStatus: string,
) => object;

type Accessor = Pick<PropertyDescriptor, 'get' | 'set'>;

/** Makes Responses; one factory serves all virtual users of a worker. */
export type ResponseFactory = (state: ResponseState) => object;

/**
 * Fields that cost less than a getter are plain ones; the rest are getters, which all responses share. All are own and enumerable,
 * so that a script may copy a response (`{...res}`), list its fields, or overwrite them.
 */
const FACTORY = `(prototype, accessors) => {
  'use strict';
  const define = Object.defineProperty;
  const base = Object.prototype;
  let isBare = false;
  const describe = ({ get, set }) =>
    isBare ? { __proto__: null, get, set, enumerable: true, configurable: true } : { get, set, enumerable: true, configurable: true };
  let headers, cookies, body, timings, request;
  const describeAll = () => {
    headers = describe(accessors.headers);
    cookies = describe(accessors.cookies);
    body = describe(accessors.body);
    timings = describe(accessors.timings);
    request = describe(accessors.request);
  };
  describeAll();
  function Response(remoteIp, remotePort, url, status, statusText, proto, tlsVersion, tlsCipherSuite, error, errorCode, setsCookies, ocspStatus) {
    this.remote_ip = remoteIp;
    this.remote_port = remotePort;
    this.url = url;
    this.status = status;
    this.status_text = statusText;
    this.proto = proto;
    define(this, 'headers', headers);
    if (setsCookies) define(this, 'cookies', cookies);
    else this.cookies = {};
    define(this, 'body', body);
    define(this, 'timings', timings);
    this.tls_version = tlsVersion;
    this.tls_cipher_suite = tlsCipherSuite;
    // Nothing stapled is looked at: over TLS the answer is that of a server that staples none.
    this.ocsp = { produced_at: 0, this_update: 0, next_update: 0, revoked_at: 0, revocation_reason: '', status: ocspStatus };
    this.error = error;
    this.error_code = errorCode;
    define(this, 'request', request);
  }
  Response.prototype = prototype;
  return (a, b, c, d, e, f, g, h, i, j, k, l) => {
    // The engine reads plain descriptors twice as fast, but those inherit what a script puts on Object.prototype.
    if (!isBare && ('value' in base || 'writable' in base)) {
      isBare = true;
      describeAll();
    }
    return new Response(a, b, c, d, e, f, g, h, i, j, k, l);
  };
}`;

/** The order in which k6 lists a response's fields. */
const FIELDS = [
  'remote_ip',
  'remote_port',
  'url',
  'status',
  'status_text',
  'proto',
  'headers',
  'cookies',
  'body',
  'timings',
  'tls_version',
  'tls_cipher_suite',
  'ocsp',
  'error',
  'error_code',
  'request',
] as const;

/**
 * The Response class of the realm.
 * @param more methods beside those that read what came
 */
export function createResponseClass(
  environment: VuEnvironment,
  more: Readonly<Record<string, HostMember>>,
): ResponseFactory {
  const { realm } = environment;
  const copy = realm.evaluate('(object) => ({ ...object })', 'k6/http') as (object: object) => object;
  // Nothing but copies of these reaches a script.
  const ofLines = new RecentTexts((lines) => realm.fromHost(joinHeaders(parseHeaderLines(lines), true)) as object);
  const showHeaders = (wire: HttpResponse): unknown =>
    wire.lines === '' ? realm.fromHost(joinHeaders(wire.headers, false)) : copy(ofLines.of(wire.lines));
  const parsed = new RecentTexts(parseQuietly);
  const lazy: Record<string, (state: ResponseState) => unknown> = {
    headers: ({ wire }) => (wire === null ? realm.fromHost({}) : showHeaders(wire)),
    cookies: (state) => realm.fromHost(listCookies(state)),
    body: (state) => showBody(state, realm),
    timings: (state) => realm.fromHost(showTimings(state)),
    request: (state) => realm.fromHost(showRequest(state)),
  };
  const read = (object: unknown, name: string): unknown => {
    const state = stateOfResponse(object);
    if (!(name in state.made)) state.made[name] = lazy[name]?.(state);
    return state.made[name];
  };
  const accessor = (name: string): Accessor => ({
    get: realm.hostFunction(`get ${name}`, 0, function (this: unknown) {
      return read(this, name);
    }) as () => unknown,
    set: realm.hostFunction(`set ${name}`, 1, function (this: unknown, value: unknown) {
      stateOfResponse(this).made[name] = value;
    }) as (value: unknown) => void,
  });
  const { prototype } = realm.hostClass({
    name: 'Response',
    construct() {
      throw new TypeError('a Response cannot be constructed');
    },
    methods: {
      ...more,
      json: {
        length: 1,
        impl(this: unknown, selector: unknown) {
          return readJson(stateOfResponse(this), read(this, 'body'), selector, realm, parsed);
        },
      },
      toJSON: {
        length: 0,
        impl(this: Record<string, unknown>) {
          const plain = new realm.intrinsics.Object() as Record<string, unknown>;
          for (const field of FIELDS) plain[field] = this[field];
          return plain;
        },
      },
    },
  });
  const construct = (
    realm.evaluate(FACTORY, 'k6/http') as (
      prototype: object,
      accessors: Readonly<Record<string, Accessor>>,
    ) => Constructed
  )(prototype, Object.fromEntries(Object.keys(lazy).map((name) => [name, accessor(name)])));
  return (state) => {
    const { wire } = state;
    const object =
      wire === null
        ? construct('', 0, state.url, 0, '', '', '', '', state.error, state.errorCode, false, '')
        : construct(
            wire.remoteIp,
            wire.remotePort,
            state.url,
            wire.status,
            statusText(wire.status, wire.statusText),
            wire.proto,
            wire.tls === null ? '' : wire.tls.version,
            wire.tls === null ? '' : wire.tls.cipher,
            state.error,
            state.errorCode,
            wire.setsCookies,
            wire.tls === null ? '' : 'unknown',
          );
    responseStates.attach(object, state);
    return object;
  };
}

let lastStatus = 0;
let lastReason = '';
let lastText = '';

/** `200 OK`; nearly always the one before. */
function statusText(status: number, reason: string): string {
  if (status !== lastStatus || reason !== lastReason) {
    lastStatus = status;
    lastReason = reason;
    lastText = reason === '' ? String(status) : `${status} ${reason}`;
  }
  return lastText;
}

/**
 * As Go keeps them: without those that only say how the message was framed, and a repeated length once.
 * @param isHttp1 whether headers may say how the message was framed
 */
function joinHeaders(headers: Readonly<HeaderList>, isHttp1: boolean): Record<string, string> {
  const joined = new Map<string, string>();
  const framed = isHttp1 && headers.some(([name]) => canonicalName(name) === 'Transfer-Encoding');
  for (const [name, value] of headers) {
    const canonical = canonicalName(name);
    if (framed && (canonical === 'Transfer-Encoding' || canonical === 'Trailer' || canonical === 'Content-Length'))
      continue;
    const before = joined.get(canonical);
    if (canonical === 'Content-Length' && before === value) continue;
    joined.set(canonical, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}

function listCookies(state: ResponseState): Record<string, unknown> {
  if (state.wire === null) return {};
  return Object.fromEntries(readSetCookies(state.wire.values('set-cookie')));
}

function showBody(state: ResponseState, realm: Realm): unknown {
  const { bytes } = state;
  if (bytes === null) return null;
  if (state.responseType === 'text') return bytes.toString('utf8');
  return toRealmBuffer(realm, bytes);
}

function showTimings({ timings }: ResponseState): Record<string, number> {
  const t = timings ?? NO_TIMINGS;
  return {
    duration: t.sending + t.waiting + t.receiving,
    blocked: t.blocked,
    looking_up: t.lookingUp,
    connecting: t.connecting,
    tls_handshaking: t.tlsHandshaking,
    sending: t.sending,
    waiting: t.waiting,
    receiving: t.receiving,
  };
}

function showRequest(state: ResponseState): unknown {
  if (state.sent === null) return null;
  const { method, url, headers, body, cookies } = state.sent.describeSent();
  return {
    method,
    url,
    headers: listByName(headers),
    body,
    cookies: listByName(cookies.map((cookie) => [cookie.name, { ...cookie }])),
  };
}

/** Names come from the script or the server: `constructor` and `__proto__` are names like others. */
function listByName<T>(entries: readonly (readonly [name: string, value: T])[]): Record<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const [name, value] of entries) {
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [value]);
    else list.push(value);
  }
  return Object.fromEntries(lists);
}

function readJson(
  state: ResponseState,
  body: unknown,
  selector: unknown,
  realm: Realm,
  parsed: RecentTexts<unknown>,
): unknown {
  if (body === null || body === undefined) {
    throw new Error('the body is null, so there is no JSON in it: the request failed, or its responseType is none');
  }
  const text = typeof body === 'string' ? body : Buffer.from(body as ArrayBuffer).toString('utf8');
  if (selector !== undefined && selector !== null) {
    state.parsed ??= { value: parsed.of(text) };
    const found = selectJson(state.parsed.value, String(selector));
    // A copy: the script may change what it gets, and the next selector must find the body as it came.
    return typeof found === 'object' && found !== null ? realm.fromHost(found) : found;
  }
  if (!('json' in state.made)) {
    try {
      state.made['json'] = realm.parseJson(text);
    } catch (error) {
      throw new Error(describeJsonError(text, error));
    }
  }
  return state.made['json'];
}

function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeJsonError(text: string, error: unknown): string {
  const message = String((error as Error).message);
  const before = text.slice(0, findJsonError(text));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return `cannot parse json due to an error at line ${line}, character ${column}, error: ${message}`;
}
