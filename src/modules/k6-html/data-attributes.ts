// `data-…` attributes as values, by jQuery's rules.
import type { HtmlElement } from './html-tree.ts';

const PREFIX = 'data-';

/** All of an element's, by their names in camel case, as they are written. */
export function dataOf(element: HtmlElement): [name: string, text: string][] {
  return Object.entries(element.attribs)
    .filter(([name]) => name.startsWith(PREFIX) && name.length > PREFIX.length)
    .map(([name, text]) => [camelCase(name.slice(PREFIX.length)), text]);
}

/** One of them, by either form of its name. */
export function readData(element: HtmlElement, key: string): string | undefined {
  const wanted = camelCase(key);
  return dataOf(element).find(([name]) => name === wanted)?.[1];
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * What the text stands for: a boolean, null, a number that is written as JavaScript would, or JSON; else the text itself.
 * An empty one is null, as in k6.
 * @param parseJson of the realm that the value is for
 */
export function convertData(text: string, parseJson: (text: string) => unknown): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null' || text === '') return null;
  if (text !== '' && String(Number(text)) === text) return Number(text);
  if (!/^(?:\{.*\}|\[.*\])$/s.test(text)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
