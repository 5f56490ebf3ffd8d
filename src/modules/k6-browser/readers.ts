// Arguments of scripts, read once: each reader gives a value of this realm, or says what is wrong with what it was given.
import { types } from 'node:util';
import { nameOf, type PageFunctions } from './page-function.ts';
import { copyFromScript, copyPattern } from './script-values.ts';

/** What readers ask for of the realm that the values are of. */
export interface ReadingRealm {
  readonly functions: PageFunctions;
  /** Playwright's handle behind one of the script's; null for anything else. */
  handleOf(object: object): object | null;
}

/** @param what names the argument: `the selector of click()` */
export type Reader = (value: unknown, what: string, realm: ReadingRealm) => unknown;

export const text: Reader = (value, what) => {
  if (typeof value === 'string') return value;
  throw new TypeError(`${what} must be text, not ${nameOf(value)}`);
};

/** Text that stands for something and cannot be empty: a selector, a URL. */
export const filledText: Reader = (value, what, realm) => {
  if (value === '') throw new TypeError(`${what} must not be empty`);
  return text(value, what, realm);
};

export const number: Reader = (value, what) => {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new TypeError(`${what} must be a number, not ${Number.isNaN(value) ? 'NaN' : nameOf(value)}`);
};

export const flag: Reader = (value, what) => {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${what} must be true or false, not ${nameOf(value)}`);
};

/** Text, or a regular expression. */
export const pattern: Reader = (value, what) => {
  if (typeof value === 'string') return value;
  if (types.isRegExp(value)) return copyPattern(value);
  throw new TypeError(`${what} must be text or a regular expression, not ${nameOf(value)}`);
};

/** Plain data, in which handles of the page may stand. */
export const data: Reader = (value, what, realm) => copyFromScript(value, what, (object) => realm.handleOf(object));

export const pageFunction: Reader = (value, what, realm) => realm.functions.read(value, what);

export const scriptFunction: Reader = (value, what) => {
  if (typeof value === 'function') return value;
  throw new TypeError(`${what} must be a function, not ${nameOf(value)}`);
};

/** What may be left out. */
export function optional(read: Reader): Reader {
  return (value, what, realm) => (value === undefined || value === null ? undefined : read(value, what, realm));
}

/**
 * An object with some of these keys, which may be left out; others are not read.
 * @param keys each with its reader
 */
export function options(keys: Readonly<Record<string, Reader>>): Reader {
  return (value, what, realm) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object')
      throw new TypeError(`the options of ${what} must be an object, not ${nameOf(value)}`);
    const read: Record<string, unknown> = {};
    for (const [key, reader] of Object.entries(keys)) {
      const given = (value as Record<string, unknown>)[key];
      if (given !== undefined && given !== null) read[key] = reader(given, `${key} of ${what}`, realm);
    }
    return read;
  };
}

export function oneOf(...words: readonly string[]): Reader {
  return (value, what) => {
    if (typeof value === 'string' && words.includes(value)) return value;
    throw new TypeError(`${what} must be one of ${words.join(', ')}, not ${JSON.stringify(value) ?? nameOf(value)}`);
  };
}

export function listOf(read: Reader): Reader {
  return (value, what, realm) => {
    if (!Array.isArray(value)) throw new TypeError(`${what} must be a list, not ${nameOf(value)}`);
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) items.push(read(value[i], `item ${i + 1} of ${what}`, realm));
    return items;
  };
}

export const texts = listOf(text);

/** Names and texts, such as headers. */
export const textMap: Reader = (value, what, realm) => {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${what} must be an object, not ${nameOf(value)}`);
  const map: Record<string, string> = {};
  for (const key of Object.keys(value))
    Object.defineProperty(map, key, {
      value: text((value as Record<string, unknown>)[key], `${key} of ${what}`, realm),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return map;
};
