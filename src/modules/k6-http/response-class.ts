import { createLateObjects, type LateObjectMaker } from '../../script/late-object.ts';
import type { HostMember, Realm } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';
import { readSetCookies } from '../../wire/http/cookie-jar.ts';
import { canonicalName } from '../../wire/http/header-names.ts';
import type { HttpResponse } from '../../wire/http1/exchange.ts';
import { isSmallBody } from '../../wire/http1/recent-heads.ts';
import { NO_TIMINGS } from '../../wire/net/timings.ts';
import { findJsonError } from './json-error-position.ts';
import { selectJson } from './json-path.ts';
import { RecentTexts } from './recent-texts.ts';
import { type ResponseState, responseStates, type SentDescription, stateOfResponse } from './response-state.ts';

type Constructed = (
  remoteIp: string,
  remotePort: number,
  url: string,
  status: number,
  statusText: string,
  proto: string,
  headers: unknown,
  setsCookies: boolean,
  body: unknown,
  sending: number,
  waiting: number,
  receiving: number,
  blocked: number,
  lookingUp: number,
  connecting: number,
  tlsHandshaking: number,
  tlsVersion: string,
  tlsCipherSuite: string,
  ocspStatus: string,
  error: string,
  errorCode: number,
  sent: SentDescription | null,
) => object;

type Accessor = Pick<PropertyDescriptor, 'get' | 'set'>;

/** Makes Responses; one factory serves all virtual users of a worker. */
export type ResponseFactory = (state: ResponseState) => object;

/** In place of a field that is made when a script asks for it. */
const LATER = Symbol('later');

/**
 * Fields that cost less than a getter are plain ones; the rest are getters, which all responses share. All are own and enumerable,
 * so that a script may copy a response (`{...res}`), list its fields, or overwrite them.
 */
const FACTORY = `(prototype, accessors, LATER, lateRequest) => {
  'use strict';
  const define = Object.defineProperty;
  const base = Object.prototype;
  let isBare = false;
  const describe = ({ get, set }) =>
    isBare ? { __proto__: null, get, set, enumerable: true, configurable: true } : { get, set, enumerable: true, configurable: true };
  let headersLater, cookiesLater, bodyLater;
  const describeAll = () => {
    headersLater = describe(accessors.headers);
    cookiesLater = describe(accessors.cookies);
    bodyLater = describe(accessors.body);
  };
  describeAll();
  function Response(
    remoteIp, remotePort, url, status, statusText, proto, headers, setsCookies, body,
    sending, waiting, receiving, blocked, lookingUp, connecting, tlsHandshaking,
    tlsVersion, tlsCipherSuite, ocspStatus, error, errorCode, sent,
  ) {
    this.remote_ip = remoteIp;
    this.remote_port = remotePort;
    this.url = url;
    this.status = status;
    this.status_text = statusText;
    this.proto = proto;
    if (headers === LATER) define(this, 'headers', headersLater);
    else this.headers = { ...headers };
    if (setsCookies) define(this, 'cookies', cookiesLater);
    else this.cookies = {};
    if (body === LATER) define(this, 'body', bodyLater);
    else this.body = body;
    this.timings = {
      duration: sending + waiting + receiving,
      blocked,
      looking_up: lookingUp,
      connecting,
      tls_handshaking: tlsHandshaking,
      sending,
      waiting,
      receiving,
    };
    this.tls_version = tlsVersion;
    this.tls_cipher_suite = tlsCipherSuite;
    // Nothing stapled is looked at: over TLS the answer is that of a server that staples none.
    this.ocsp = { produced_at: 0, this_update: 0, next_update: 0, revoked_at: 0, revocation_reason: '', status: ocspStatus };
    this.error = error;
    this.error_code = errorCode;
    this.request = sent === null ? null : lateRequest(sent);
  }
  Response.prototype = prototype;
  return (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v) => {
    // The engine reads plain descriptors twice as fast, but those inherit what a script puts on Object.prototype.
    if (!isBare && ('value' in base || 'writable' in base)) {
      isBare = true;
      describeAll();
    }
    return new Response(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v);
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
  const shownHeaders = new ShownHeaders(realm);
  const bodies = new RecentBodies();
  const parsed = new RecentTexts(parseQuietly);
  const lazy: Record<string, (state: ResponseState) => unknown> = {
    headers: ({ wire }) => realm.fromHost(wire === null ? {} : joinHeaders(wire)),
    cookies: (state) => realm.fromHost(listCookies(state)),
    body: (state) => showBody(state, realm),
  };
  const read = (object: unknown, name: string): unknown => {
    const state = stateOfResponse(object);
    const made = (state.made ??= {});
    if (!(name in made)) made[name] = lazy[name]?.(state);
    return made[name];
  };
  const accessor = (name: string): Accessor => ({
    get: realm.hostFunction(`get ${name}`, 0, function (this: unknown) {
      return read(this, name);
    }) as () => unknown,
    set: realm.hostFunction(`set ${name}`, 1, function (this: unknown, value: unknown) {
      (stateOfResponse(this).made ??= {})[name] = value;
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
          const state = stateOfResponse(this);
          return readJson(
            state,
            state.made !== null && 'body' in state.made ? state.made['body'] : (this as { body: unknown }).body,
            selector,
            realm,
            parsed,
          );
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
      later: symbol,
      lateRequest: LateObjectMaker<SentDescription>,
    ) => Constructed
  )(
    prototype,
    Object.fromEntries(Object.keys(lazy).map((name) => [name, accessor(name)])),
    LATER,
    createLateObjects(realm, showRequest),
  );
  return (state) => {
    const { wire } = state;
    const t = state.timings ?? NO_TIMINGS;
    const { sending, waiting, receiving, blocked, lookingUp, connecting, tlsHandshaking } = t;
    const tls = wire === null ? null : wire.tls;
    const object = construct(
      wire === null ? '' : wire.remoteIp,
      wire === null ? 0 : wire.remotePort,
      state.url,
      wire === null ? 0 : wire.status,
      wire === null ? '' : statusText(wire.status, wire.statusText),
      wire === null ? '' : wire.proto,
      wire === null ? LATER : shownHeaders.of(wire),
      wire?.received.setsCookies === true,
      state.bytes === null ? null : state.responseType === 'text' ? bodies.textOf(state.bytes) : LATER,
      sending,
      waiting,
      receiving,
      blocked,
      lookingUp,
      connecting,
      tlsHandshaking,
      tls === null ? '' : tls.version,
      tls === null ? '' : tls.cipher,
      tls === null ? '' : 'unknown',
      state.error,
      state.errorCode,
      state.sent,
    );
    responseStates.attach(object, state);
    return object;
  };
}

/** The headers of answers that repeat, as scripts see them: each is read once, and copied for every response. */
class ShownHeaders {
  readonly #realm: Realm;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** Nothing but copies of what it gives reaches a script. */
  of(wire: HttpResponse): unknown {
    const { received } = wire;
    const shown = received.derived;
    if (shown === undefined) {
      // Perhaps they come only once, and nobody asks for them.
      received.derived = SEEN;
      return LATER;
    }
    if (shown !== SEEN) return shown;
    const object = this.#realm.fromHost(joinHeaders(wire));
    received.derived = object;
    return object;
  }
}

const SEEN = Symbol('seen once');

/** The texts of bodies that repeat; those that do share their octets, too (`recent-heads.ts`). */
class RecentBodies {
  readonly #bytes: (Buffer | null)[] = new Array<Buffer | null>(64).fill(null);
  readonly #texts: (string | null)[] = new Array<string | null>(64).fill(null);

  textOf(bytes: Buffer): string | symbol {
    const { length } = bytes;
    if (length === 0) return '';
    if (!isSmallBody(length)) return LATER;
    const place = length % 64;
    if (this.#bytes[place] !== bytes) {
      this.#bytes[place] = bytes;
      this.#texts[place] = null;
      // Perhaps it comes only once, and nobody asks for it.
      return LATER;
    }
    this.#texts[place] ??= bytes.toString('utf8');
    return this.#texts[place];
  }
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

/** As Go keeps them: without those that only say how a message of HTTP/1 was framed, and a repeated length once. */
function joinHeaders({ received }: HttpResponse): Record<string, string> {
  const headers = received.list;
  const isHttp1 = received.lines !== '';
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

function showRequest(sent: SentDescription): object {
  const { method, url, headers, body, cookies } = sent.describeSent();
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
  const made = (state.made ??= {});
  if (!('json' in made)) {
    try {
      made['json'] = realm.parseJson(text);
    } catch (error) {
      throw new Error(describeJsonError(text, error));
    }
  }
  return made['json'];
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
