import { createRequire } from 'node:module';

type ToughCookie = typeof import('tough-cookie');

let loaded: ToughCookie | null = null;

/** The library, from the first cookie on: with its list of public suffixes it takes long to load, and most tests have none. */
export function toughCookie(): ToughCookie {
  loaded ??= createRequire(import.meta.url)('tough-cookie') as ToughCookie;
  return loaded;
}
