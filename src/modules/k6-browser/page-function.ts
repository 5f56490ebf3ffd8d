// Functions of a script that run in a page: they go there as text.
import { Script } from 'node:vm';
import type { Realm } from '../../script/realm-interface.ts';

/** What Playwright takes for a function: it asks for the text only. */
export type PageFunction = (...args: unknown[]) => unknown;

/** Reads functions of scripts as their authors wrote them. */
export class PageFunctions {
  /** The realm's own, kept before a script could replace it. */
  readonly #textOf: (...args: unknown[]) => unknown;
  readonly #realm: Realm;

  constructor(realm: Realm) {
    this.#realm = realm;
    this.#textOf = realm.intrinsics.Function.prototype.toString as (...args: unknown[]) => unknown;
  }

  /**
   * @param value a function, or text: that of a function, or an expression
   * @param what for messages: `evaluate()`
   * @returns what Playwright takes: a function for what is one
   * @throws TypeError for anything else
   */
  read(value: unknown, what: string): PageFunction | string {
    if (typeof value === 'function') return asFunction(this.textOf(value));
    if (typeof value !== 'string') throw new TypeError(`${what} takes a function or text, not ${nameOf(value)}`);
    return isFunctionText(value) ? asFunction(value) : value;
  }

  /** @returns the source text of a function of the script */
  textOf(fn: unknown): string {
    const text = this.#realm.apply(this.#textOf, fn, []) as string;
    // A method's text is none of an expression: `{ read() {} }` gives `read() {}`.
    return isExpression(text) ? text : text.replace(/^(async\s+)?(?!function\b)/, '$1function ');
  }
}

function asFunction(text: string): PageFunction {
  const page = (): never => {
    throw new Error('this runs in pages only');
  };
  return Object.defineProperty(page, 'toString', { value: () => text });
}

function isFunctionText(text: string): boolean {
  return /^\s*(?:async\b\s*)?(?:function\b|\([\s\S]*?\)\s*=>|[\w$]+\s*=>)/.test(text) && isExpression(text);
}

function isExpression(text: string): boolean {
  try {
    new Script(`(${text}\n)`);
    return true;
  } catch {
    return false;
  }
}

/** What a value is, for messages. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : typeof value;
}
