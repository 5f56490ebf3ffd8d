// URLs as k6 reads them, which is as Go does: the text is kept as the script wrote it, not normalised.
import { maskAddress } from '../../addresses/credentials.ts';
import { nearestNames } from '../../codes/nearest-names.ts';

/** A URL that a request can be made of. */
export interface RequestUrl {
  /** As the script gave it, but for a path that had to be escaped and a scheme in capitals: what responses and tags show. */
  text: string;
  scheme: 'http' | 'https';
  /** Without brackets. */
  host: string;
  port: number;
  /** With the query; never empty. */
  path: string;
  /** The value of the Host header. */
  authority: string;
  /** Decoded, from `user:password@`. */
  credentials: { user: string; password: string } | null;
  /** The text with credentials masked, as tags show it. */
  masked: string;
}

/** Why a URL is none: `invalid` ones are 1020 and count as no request, others fail as a request (1000). */
export class UrlError extends Error {
  readonly invalid: boolean;

  constructor(message: string, invalid: boolean) {
    super(message);
    this.invalid = invalid;
  }
}

/** What somebody who wrote a URL without a scheme, or with a typing error in it, meant; nothing where that cannot be told. */
export function suggestUrl(text: string): string {
  const shown = maskAddress(text);
  const [, scheme, rest] = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/)?([^/?#\s][^\s]*)$/i.exec(shown) ?? [];
  if (rest === undefined) return '';
  if (scheme === undefined) return ` (did you mean "http://${rest}"?)`;
  const [near] = nearestNames(scheme.toLowerCase(), ['http', 'https'], 1);
  if (near !== undefined) return ` (did you mean "${near}://${rest}"?)`;
  if (/^wss?$/i.test(scheme)) return ' (WebSockets are in k6/websockets)';
  return ' (http.* functions take http:// and https://)';
}

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;

/** @throws UrlError */
export function parseRequestUrl(text: string): RequestUrl {
  // What is said of it ends up in logs, tags and reports.
  const quote = (): string => JSON.stringify(maskAddress(text));
  if (/[\0-\x1f\x7f]/.test(text))
    throw new UrlError(`invalid URL: parse ${quote()}: invalid control character in URL`, true);
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? '';
  if (text.startsWith(':')) throw new UrlError(`invalid URL: parse ${quote()}: missing protocol scheme`, true);
  if (scheme === '') {
    const firstSegment = text.split(/[/?#]/, 1)[0] ?? '';
    if (firstSegment.includes(':')) {
      throw new UrlError(`invalid URL: parse ${quote()}: first path segment in URL cannot contain colon`, true);
    }
  }
  if (scheme !== 'http' && scheme !== 'https') throw new UrlError(`unsupported protocol scheme "${scheme}"`, false);
  const match = /^[^:]+:(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?/.exec(text);
  const authority = match?.[1] ?? '';
  const rawPath = match?.[2] ?? '';
  const query = match?.[3] ?? '';
  if (/%(?![0-9a-fA-F]{2})/.test(rawPath))
    throw new UrlError(`invalid URL: parse ${quote()}: invalid URL escape`, true);

  const at = authority.lastIndexOf('@');
  const hostPort = at < 0 ? authority : authority.slice(at + 1);
  const { host, port } = splitHostPort(hostPort, quote, text.includes('@', text.indexOf(authority) + authority.length));
  if (host === '') throw new UrlError(`http: no Host in request URL`, false);
  const path = escapePath(rawPath);
  // What stands between the authority and the query, as it will be sent.
  const to = (match?.[0].length ?? 0) - query.length;
  const shown = (
    rawPath === '' || path === rawPath ? text : text.slice(0, to - rawPath.length) + path + text.slice(to)
  ).replace(SCHEME, `${scheme}:`);
  return {
    text: shown,
    scheme,
    host,
    port: port ?? (scheme === 'https' ? 443 : 80),
    path: path + escapeQuery(query),
    authority:
      /[^\0-\x7f]|%/.test(hostPort) && !hostPort.startsWith('[')
        ? `${host}${hostPort.slice(hostPort.search(/:|$/))}`
        : hostPort,
    credentials: at < 0 ? null : readCredentials(authority.slice(0, at), quote),
    masked: at < 0 ? shown : shown.replace(`${authority.slice(0, at)}@`, '****:****@'),
  };
}

/** @param hides what looks like a port may be the beginning of a password that has a slash in it */
function splitHostPort(text: string, quote: () => string, hides: boolean): { host: string; port: number | null } {
  const fail = (why: string): never => {
    throw new UrlError(`invalid URL: parse ${quote()}: ${why}`, true);
  };
  let host = text;
  let rest = '';
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) fail("missing ']' in host");
    host = text.slice(1, end).replace(/%25.*$/, '');
    rest = text.slice(end + 1);
  } else {
    const colon = text.indexOf(':');
    if (colon >= 0) {
      host = text.slice(0, colon);
      rest = text.slice(colon);
    }
    if (/[\s"<>\\^`{|}[\]]/.test(host)) fail('invalid character in host name');
    if (/%(?![89a-fA-F][0-9a-fA-F])/.test(host)) fail('invalid URL escape in host');
  }
  if (rest !== '' && !/^:\d*$/.test(rest)) fail(`invalid port ${hides ? '' : `${JSON.stringify(rest)} `}after host`);
  const port = rest.length > 1 ? Number(rest.slice(1)) : null;
  if (/[^\0-\x7f]|%/.test(host) && !text.startsWith('[')) {
    try {
      host = new URL(`http://${host}`).hostname;
    } catch {
      fail('invalid host name');
    }
  }
  return { host, port };
}

function readCredentials(text: string, quote: () => string): { user: string; password: string } {
  const colon = text.indexOf(':');
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text))
    throw new UrlError(`invalid URL: parse ${quote()}: net/url: invalid userinfo`, true);
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw new UrlError(`invalid URL: parse ${quote()}: invalid userinfo`, true);
    }
  };
  return colon < 0
    ? { user: decode(text), password: '' }
    : { user: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) };
}

function escapePath(path: string): string {
  if (path === '') return '/';
  return /[^!#-;=?-Z_a-z~[\]]/.test(path) ? path.replace(/[^!#-;=?-Z_a-z~[\]]/gu, (char) => encodeUtf8(char)) : path;
}

/** Queries go as they are, but for what would break the request line. */
function escapeQuery(query: string): string {
  return /[^!-~]/.test(query) ? query.replace(/[^!-~]/gu, (char) => encodeUtf8(char)) : query;
}

function encodeUtf8(char: string): string {
  return [...Buffer.from(char, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** The URL that a Location header leads to from `base`. @throws UrlError */
export function resolveLocation(base: RequestUrl, location: string): RequestUrl {
  if (/^https?:\/\//i.test(location)) return parseRequestUrl(location);
  let text: string;
  try {
    text = new URL(location, base.text).href;
  } catch {
    throw new UrlError(`failed to parse Location header ${JSON.stringify(maskAddress(location))}`, true);
  }
  return parseRequestUrl(text);
}
