// What handlers of `page.on('metric')` get (k6 page "MetricMessage"): a metric that they may group with others by giving it a name.
import { types } from 'node:util';
import { nameOf } from './page-function.ts';
import { filledText, type Reader } from './readers.ts';
import { copyPattern } from './script-values.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT'];

interface TagMatch {
  readonly name: string;
  readonly matches: readonly { readonly url: RegExp; readonly method: string | null }[];
}

export class MetricMessage {
  readonly #url: string;
  readonly #method: string | null;
  /** The name that a handler gave: it stands for the URL, too. */
  name: string | null = null;

  /** @param method null for what is no request */
  constructor(url: string, method: string | null) {
    this.#url = url;
    this.#method = method;
  }

  tag({ name, matches }: TagMatch): void {
    for (const { url, method } of matches) {
      if (method !== null && method !== this.#method) continue;
      url.lastIndex = 0;
      if (!url.test(this.#url)) continue;
      this.name = name;
      return;
    }
  }
}

/** The argument of `tag()`. */
export const tagMatch: Reader = (value, what, bridge): TagMatch => {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${what} takes { name, matches }, not ${nameOf(value)}`);
  const { name, matches } = value as Record<string, unknown>;
  const read = filledText(typeof name === 'string' ? name.trim() : name, `name of ${what}`, bridge) as string;
  if (!Array.isArray(matches) || matches.length === 0)
    throw new TypeError(`matches of ${what} must be a list of { url, method }`);
  const list: TagMatch['matches'][number][] = [];
  for (let i = 0; i < matches.length; i++) {
    const { url, method } = ((matches as unknown[])[i] ?? {}) as Record<string, unknown>;
    if (!types.isRegExp(url)) throw new TypeError(`url of match ${i + 1} of ${what} must be a regular expression`);
    if (method !== undefined && method !== null && !METHODS.includes(String(method).toUpperCase()))
      throw new TypeError(`method of match ${i + 1} of ${what} must be one of ${METHODS.join(', ')}`);
    list.push({
      url: copyPattern(url),
      method: method === undefined || method === null ? null : String(method).toUpperCase(),
    });
  }
  return { name: read, matches: list };
};
