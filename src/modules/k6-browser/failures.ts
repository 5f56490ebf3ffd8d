// What Playwright and Chromium say of failures, as errors of the catalogue.
import { stripVTControlCharacters } from 'node:util';
import type { Realm } from '../../script/realm-interface.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { GuardedWay } from './guarded-way.ts';

/**
 * Codes by Chromium's names of network errors, without `net::`
 * (https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h).
 */
const CODES: Readonly<Record<string, number>> = {
  ERR_ABORTED: 1030,
  ERR_TIMED_OUT: 1050,
  ERR_INVALID_URL: 1020,
  ERR_UNKNOWN_URL_SCHEME: 1020,
  ERR_DISALLOWED_URL_SCHEME: 1020,
  ERR_EMPTY_RESPONSE: 1040,
  ERR_CONNECTION_CLOSED: 1040,
  ERR_NAME_NOT_RESOLVED: 1101,
  ERR_NAME_RESOLUTION_FAILED: 1100,
  ERR_DNS_TIMED_OUT: 1102,
  ERR_BLOCKED_BY_CLIENT: 1111,
  ERR_CONNECTION_TIMED_OUT: 1211,
  ERR_CONNECTION_REFUSED: 1212,
  ERR_CONNECTION_RESET: 1220,
  ERR_ADDRESS_UNREACHABLE: 1214,
  ERR_INTERNET_DISCONNECTED: 1215,
  ERR_NETWORK_UNREACHABLE: 1215,
  ERR_PROXY_CONNECTION_FAILED: 1230,
  ERR_TUNNEL_CONNECTION_FAILED: 1230,
  ERR_INVALID_HTTP_RESPONSE: 1041,
  ERR_RESPONSE_HEADERS_TOO_BIG: 1042,
  ERR_SSL_PROTOCOL_ERROR: 1300,
  ERR_CERT_AUTHORITY_INVALID: 1310,
  ERR_CERT_COMMON_NAME_INVALID: 1311,
  ERR_CERT_DATE_INVALID: 1312,
  ERR_CERT_REVOKED: 1314,
  ERR_SSL_VERSION_OR_CIPHER_MISMATCH: 1321,
  ERR_BAD_SSL_CLIENT_AUTH_CERT: 1322,
};

/** Everything else. */
const GENERIC = 1000;
const TIMEOUT = 1050;
/** The browser or its page is gone. */
const GONE = 1040;

/** What Chromium says where a proxy does not connect it. */
const REFUSED = /net::ERR_SOCKS_CONNECTION_(?:HOST_UNREACHABLE|FAILED)/;

/**
 * @param text Chromium's, `net::ERR_…`
 * @param way knows better where it was what refused
 */
export function networkFailure(text: string, way: GuardedWay, url: string): WireError {
  const refusal = REFUSED.test(text) ? way.refusalOf(hostOf(url)) : null;
  return refusal ?? new WireError(codeOf(text), text, { kind: text });
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
}

/**
 * @returns what a script sees of an error of Playwright's: its words, a line below for each step that it had got to, the name, and the
 *   code as `error_code`
 */
export function toPageError(realm: Realm, error: unknown, way: GuardedWay): unknown {
  if (error instanceof WireError) return toScriptError(realm, error);
  if (!(error instanceof Error)) return error;
  // What the realm has made, or what a wrong argument came to, is for the script as it is.
  if (!('log' in error) && !/^[\w$]+\.[\w$]+: /.test(error.message)) return error;
  const message = stripVTControlCharacters(error.message).trimEnd();
  const url = / at (\S+)/.exec(message)?.[1] ?? '';
  const refusal = REFUSED.test(message) ? way.refusalOf(hostOf(url)) : null;
  const failure = refusal === null ? new WireError(classify(error, message), message) : withReason(refusal, message);
  const made = toScriptError(realm, failure);
  if (error.name === 'TimeoutError')
    Object.defineProperty(made, 'name', {
      value: 'TimeoutError',
      writable: true,
      configurable: true,
      enumerable: false,
    });
  return made;
}

function withReason({ code, message: reason }: WireError, message: string): WireError {
  return new WireError(code, message.replace(REFUSED, reason));
}

function classify(error: Error, message: string): number {
  if (error.name === 'TimeoutError') return TIMEOUT;
  if (/(?:page|context|browser|target).* (?:has been )?closed|Target crashed|browser is gone/i.test(message))
    return GONE;
  return codeOf(message);
}

function codeOf(text: string): number {
  const name = /net::(ERR_\w+)/.exec(text)?.[1];
  if (name === undefined) return GENERIC;
  const known = CODES[name];
  if (known !== undefined) return known;
  if (name.startsWith('ERR_CERT_')) return 1310;
  if (name.startsWith('ERR_SSL_')) return 1300;
  if (name.startsWith('ERR_HTTP2_')) return 1600;
  return GENERIC;
}
