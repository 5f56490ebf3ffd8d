import { Cookie, CookieJar as ToughJar } from 'tough-cookie';

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
  readonly #jar = new ToughJar(undefined, {
    rejectPublicSuffixes: false,
    looseMode: true,
    allowSpecialUseDomain: true,
  });

  /** What a request to `url` sends, in sending order. */
  cookiesFor(url: string): { name: string; value: string }[] {
    return this.#jar.getCookiesSync(url).map((cookie) => ({ name: cookie.key, value: cookie.value }));
  }

  /** Takes in Set-Cookie headers of a response from `url`; what is no cookie, or not for this host, is ignored. */
  store(url: string, headers: readonly string[]): void {
    for (const header of headers) {
      const cookie = readSetCookie(header) === null ? undefined : Cookie.parse(header, { loose: true });
      if (cookie === undefined) continue;
      cookie.value = unquoteCookie(cookie.value);
      if (cookie.maxAge !== null && cookie.maxAge !== 'Infinity' && Number(cookie.maxAge) <= 0) {
        cookie.setMaxAge(null as unknown as number);
        cookie.maxAge = null;
        cookie.expires = new Date(0);
      }
      this.#jar.setCookieSync(cookie, asSecure(url), { ignoreError: true });
    }
  }

  /** @throws Error for a date that cannot be read */
  set(url: string, name: string, value: string, attributes: CookieAttributes): void {
    const { path, domain, expires, max_age, secure, http_only } = attributes;
    const cookie = new Cookie({ key: name, value });
    if (typeof path === 'string' && path !== '') cookie.path = path;
    if (typeof domain === 'string' && domain !== '') cookie.domain = domain.replace(/^\./, '').toLowerCase();
    if (typeof expires === 'string' && expires !== '') {
      const date = new Date(expires);
      if (!/^[A-Za-z]{3,9}, /.test(expires) || Number.isNaN(date.getTime()))
        throw new Error(`unable to parse "expires" date string "${expires}"`);
      cookie.expires = date;
    }
    if (max_age !== undefined && Number(max_age) !== 0) {
      if (Number(max_age) < 0) cookie.expires = new Date(0);
      else cookie.maxAge = Math.trunc(Number(max_age));
    }
    cookie.secure = Boolean(secure);
    cookie.httpOnly = Boolean(http_only);
    this.#jar.setCookieSync(cookie, asSecure(url), { ignoreError: true });
  }

  /** Removes the cookie of that name that a request to `url` would send; every one with `name` undefined. */
  remove(url: string, name?: string): void {
    for (const cookie of this.#jar.getCookiesSync(url)) {
      if (name === undefined || cookie.key === name) {
        const gone = new Cookie({ key: cookie.key, value: '', domain: cookie.domain, path: cookie.path });
        gone.hostOnly = cookie.hostOnly;
        gone.expires = new Date(0);
        this.#jar.setCookieSync(gone, url, { ignoreError: true });
      }
    }
  }
}

/**
 * Where a cookie comes from does not decide whether it may be secure (k6 takes them over plain HTTP too), only where it is
 * sent does.
 */
function asSecure(url: string): string {
  return url.replace(/^http:/i, 'https:');
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
        const expires = Cookie.parse(`a=b; Expires=${text}`, { loose: true })?.expires;
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
