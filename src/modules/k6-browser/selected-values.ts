// What is chosen in a list of a form, and what is given to a file input.
import { toBytes } from '../../vu/script-bytes.ts';
import { nameOf } from './page-function.ts';
import { number, options, type Reader, text } from './readers.ts';

const choice = options({ value: text, label: text, index: number });

/** One or several of: a value or label, an element, `{ value, label, index }`. */
export const selectedValues: Reader = (value, what, bridge) => {
  if (value === null || value === undefined) return [];
  const one = (item: unknown): unknown => {
    if (typeof item === 'string') return item;
    if (typeof item !== 'object' || item === null)
      throw new TypeError(`${what} takes values as text, elements, or { value, label, index }, not ${nameOf(item)}`);
    return bridge.handleOf(item) ?? choice(item, what, bridge);
  };
  if (!Array.isArray(value)) return one(value);
  const list: unknown[] = [];
  for (let i = 0; i < value.length; i++) list.push(one(value[i]));
  // Playwright takes texts or objects, not both.
  const isMixed = list.some((item) => typeof item !== 'string');
  return isMixed ? list.map((item) => (typeof item === 'string' ? { value: item } : item)) : list;
};

/** One or several of `{ name, mimeType, buffer }`, whose buffer is bytes, or their base64 as text. */
export const inputFiles: Reader = (value, what, bridge) => {
  const one = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null)
      throw new TypeError(`${what} takes files as { name, mimeType, buffer }, not ${nameOf(item)}`);
    const { name, mimeType, buffer } = item as Record<string, unknown>;
    const bytes = typeof buffer === 'string' ? Buffer.from(buffer, 'base64') : toBytes(buffer);
    if (bytes === null) throw new TypeError(`buffer of ${what} must be an ArrayBuffer, or base64 as text`);
    return {
      name: text(name, `name of ${what}`, bridge),
      mimeType: text(mimeType, `mimeType of ${what}`, bridge),
      buffer: Buffer.from(bytes),
    };
  };
  if (!Array.isArray(value)) return one(value);
  const list: unknown[] = [];
  for (let i = 0; i < value.length; i++) list.push(one(value[i]));
  return list;
};
