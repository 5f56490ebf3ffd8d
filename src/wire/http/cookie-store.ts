import type { Cookie, MemoryCookieStore } from 'tough-cookie';
import { toughCookie } from './tough-cookie.ts';

type Found = (error: Error | null, cookies: Cookie[]) => void;

let Store: (new () => MemoryCookieStore) | null = null;

/**
 * A store that finds cookies of every domain above a host. tough-cookie's own leaves out what a list of public suffixes rules
 * out; Go's jar without such a list, which is k6's, does not.
 */
export function createCookieStore(): MemoryCookieStore {
  Store ??= defineStore();
  return new Store();
}

function defineStore(): new () => MemoryCookieStore {
  const { MemoryCookieStore, pathMatch } = toughCookie();
  return class CookieStore extends MemoryCookieStore {
    override findCookies(
      domain: string | null,
      path: string | null,
      allowSpecialUseDomain?: boolean,
    ): Promise<Cookie[]>;
    override findCookies(
      domain: string | null,
      path: string | null,
      allowSpecialUseDomain: boolean | undefined,
      callback: Found,
    ): void;
    override findCookies(
      domain: string | null,
      path: string | null,
      _allowSpecialUseDomain?: boolean,
      callback?: Found,
    ): Promise<Cookie[]> | undefined {
      const found: Cookie[] = [];
      for (const name of domainsAbove(domain ?? '')) {
        const byPath = this.idx[name];
        if (byPath === undefined) continue;
        for (const [cookiePath, byName] of Object.entries(byPath)) {
          if (path === null || pathMatch(path, cookiePath)) found.push(...Object.values(byName));
        }
      }
      if (callback === undefined) return Promise.resolve(found);
      callback(null, found);
      return undefined;
    }
  };
}

/** The part of a host that Go's jar keeps cookies under: its last two labels. A cookie is never seen outside of it. */
export function siteOf(host: string): string {
  const last = host.lastIndexOf('.');
  return last < 0 ? host : host.slice(host.lastIndexOf('.', last - 1) + 1);
}

/** `a.b.c`, `b.c`, `c`; an address alone. */
function* domainsAbove(domain: string): Iterable<string> {
  if (domain === '') return;
  yield domain;
  if (/^[\d.]+$|:/.test(domain)) return;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) yield domain.slice(dot + 1);
}
