import type { Cookie } from 'tough-cookie';
import { createCookieStore, siteOf } from './cookie-store.ts';
import type { RequestUrl } from './request-url.ts';
import { toughCookie } from './tough-cookie.ts';

/** Where cookies come from or go to. */
export type CookieOrigin = Pick<RequestUrl, 'scheme' | 'host' | 'path'>;

/** A cookie as `response.cookies` shows it. */
export interface ShownCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  http_only: boolean;
  secure: boolean;
  max_age: number;
  /** Epoch milliseconds; 0: none was given. */
  expires: number;
}

/** Attributes of `jar.set(…)`. */
export interface CookieAttributes {
  path?: unknown;
  domain?: unknown;
  expires?: unknown;
  max_age?: unknown;
  secure?: unknown;
  http_only?: unknown;
}

/** RFC 6265 cookies of one virtual user, or of a `new http.CookieJar()`. */
export class CookieJar {
  // Loosely, since a test target may well live on `localhost` or a name without a public suffix.
  readonly #jar = new (toughCookie().CookieJar)(createCookieStore(), {
    rejectPublicSuffixes: false,
    looseMode: true,
    allowSpecialUseDomain: true,
  });

  /** What a request to `url` sends, in sending order. A host that can have no cookies has none. */
  cookiesFor(url: CookieOrigin): { name: string; value: string }[] {
    return this.#find(url).map((cookie) => ({ name: cookie.key, value: cookie.value }));
  }

  #find(url: CookieOrigin): Cookie[] {
    try {
      return this.#jar.getCookiesSync(contextOf(url, url.scheme) as unknown as string);
    } catch {
      return [];
    }
  }

  /** Cookies that are none for this host, or whose domain is no name, are left out, as browsers do. */
  #put(cookie: Cookie, url: CookieOrigin): void {
    // A domain of one label (`Domain=intranet`) is taken, but reaches no further than the site.
    if (cookie.domain?.includes('.') === false && url.host.toLowerCase().endsWith(`.${cookie.domain.toLowerCase()}`))
      cookie.domain = siteOf(url.host.toLowerCase());
    try {
      // Where a cookie comes from does not decide whether it may be secure (k6 takes them over plain HTTP too).
      this.#jar.setCookieSync(cookie, contextOf(url, 'https') as unknown as string, { ignoreError: true });
    } catch {
      // The domain cannot be read.
    }
  }

  /** Takes in Set-Cookie headers of a response from `url`; what is no cookie, or not for this host, is ignored. */
  store(url: CookieOrigin, headers: readonly string[]): void {
    for (const header of headers) {
      const cookie = readSetCookie(header) === null ? undefined : toughCookie().Cookie.parse(header, { loose: true });
      if (cookie === undefined) continue;
      cookie.value = unquoteCookie(cookie.value);
      if (cookie.maxAge !== null && cookie.maxAge !== 'Infinity' && Number(cookie.maxAge) <= 0) {
        cookie.setMaxAge(null as unknown as number);
        cookie.maxAge = null;
        cookie.expires = new Date(0);
      }
      this.#put(cookie, url);
    }
  }

  /** @throws Error for a date that cannot be read */
  set(url: CookieOrigin, name: string, value: string, attributes: CookieAttributes): void {
    const { path, domain, expires, max_age, secure, http_only } = attributes;
    const cookie = new (toughCookie().Cookie)({ key: name, value });
    if (typeof path === 'string' && path !== '') cookie.path = path;
    if (typeof domain === 'string' && domain !== '') cookie.domain = domain.replace(/^\./, '').toLowerCase();
    if (typeof expires === 'string' && expires !== '') {
      const date = new Date(expires);
      if (!/^[A-Za-z]{3,9}, /.test(expires) || Number.isNaN(date.getTime()))
        throw new Error(`unable to parse "expires" date string "${expires}"`);
      cookie.expires = date;
    }
    // Whole seconds; none, or what is no number, is no age.
    const age = Math.trunc(Number(max_age)) || 0;
    if (age < 0) cookie.expires = new Date(0);
    else if (age > 0) cookie.maxAge = age;
    cookie.secure = Boolean(secure);
    cookie.httpOnly = Boolean(http_only);
    this.#put(cookie, url);
  }

  /** Removes the cookie of that name that a request to `url` would send; every one with `name` undefined. */
  remove(url: CookieOrigin, name?: string): void {
    for (const cookie of this.#find(url)) {
      if (name === undefined || cookie.key === name) {
        const gone = new (toughCookie().Cookie)({
          key: cookie.key,
          value: '',
          domain: cookie.domain,
          path: cookie.path,
        });
        gone.hostOnly = cookie.hostOnly;
        gone.expires = new Date(0);
        this.#put(gone, url);
      }
    }
  }
}

/**
 * What tough-cookie asks of a URL. Not the text: WHATWG's parser, which it would call, refuses hosts and ports that a request
 * may well name and only then fail at.
 */
function contextOf(url: CookieOrigin, scheme: string): { protocol: string; hostname: string; pathname: string } {
  return { protocol: `${scheme}:`, hostname: url.host, pathname: url.path.replace(/\?.*$/s, '') };
}

/** Reads Set-Cookie headers for `response.cookies`: only what they say themselves, no defaults. */
export function readSetCookies(headers: readonly string[]): Map<string, ShownCookie[]> {
  const shown = new Map<string, ShownCookie[]>();
  for (const header of headers) {
    const cookie = readSetCookie(header);
    if (cookie === null) continue;
    const list = shown.get(cookie.name) ?? [];
    list.push(cookie);
    shown.set(cookie.name, list);
  }
  return shown;
}

/** Reads one Set-Cookie header with Go's strictness; null: a name that is no token, or a value that no cookie can have. */
function readSetCookie(header: string): ShownCookie | null {
  const [pair = '', ...attributes] = header.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, equals)).trim();
  const value = unquoteCookie(pair.slice(equals + 1).trim());
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || !/^[ !#-:<-[\]-~]*$/.test(value)) return null;
  const cookie: ShownCookie = {
    name,
    value,
    domain: '',
    path: '',
    http_only: false,
    secure: false,
    max_age: 0,
    expires: 0,
  };
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    const text = at < 0 ? '' : attribute.slice(at + 1).trim();
    switch ((at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase()) {
      case 'domain':
        cookie.domain = text;
        break;
      case 'path':
        cookie.path = text;
        break;
      case 'httponly':
        cookie.http_only = true;
        break;
      case 'secure':
        cookie.secure = true;
        break;
      case 'max-age':
        // Zero and below mean "delete at once", which Go writes as -1.
        if (/^(0|[-+]?[1-9]\d*)$/.test(text)) cookie.max_age = Number(text) <= 0 ? -1 : Number(text);
        break;
      case 'expires': {
        const expires = toughCookie().Cookie.parse(`a=b; Expires=${text}`, { loose: true })?.expires;
        if (expires instanceof Date) cookie.expires = expires.getTime();
        break;
      }
    }
  }
  return cookie;
}

/** The value of a cookie without the quotes it may stand in. */
function unquoteCookie(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
