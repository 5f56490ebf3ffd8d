// What submitting a form of a page and following a link of it request (k6 pages "Response.submitForm", "Response.clickLink").

import { encodeForm } from '../../wire/http/form-encoding.ts';
import type { HtmlElement, HtmlNode } from '../k6-html/html-tree.ts';
import { loadPageReader } from './response-html.ts';

/** The arguments of the request that a page leads to. */
export interface PageRequest {
  readonly method: string;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly params: unknown;
}

export interface PageSource {
  readonly page: HtmlNode;
  readonly url: string;
}

/** An options object that a script has left out, or given. */
function readOptions(given: unknown, what: string): Record<string, unknown> {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object') throw new TypeError(`${what} takes an object, not ${typeof given}`);
  return given as Record<string, unknown>;
}

/**
 * @param given `{ selector, params }`
 * @throws Error when the page has no such link
 */
export function requestOfLink(source: PageSource, given: unknown): PageRequest {
  const { selector = 'a[href]', params } = readOptions(given, 'clickLink()');
  const { attributeOf } = loadPageReader();
  const link = find(source, String(selector), 'element');
  const href = attributeOf(link, 'href');
  if (href === undefined) {
    throw new Error(`the element found for selector '${String(selector)}' in response '${source.url}' has no href`);
  }
  return { method: 'GET', url: resolve(source.url, href), body: null, params };
}

/**
 * @param given `{ formSelector, submitSelector, fields, params }`
 * @param warn told of fields that a form cannot hold
 * @throws Error when the page has no such form
 */
export function requestOfForm(source: PageSource, given: unknown, warn: (message: string) => void): PageRequest {
  const options = readOptions(given, 'submitForm()');
  const { formSelector = 'form', submitSelector = '[type="submit"]', params } = options;
  const { attributeOf, fieldsOf, fieldValue, findFirst, groupFields } = loadPageReader();
  const form = find(source, String(formSelector), 'form');
  const fields: Record<string, unknown> = groupFields(fieldsOf([form]));
  const button = findFirst([form], String(submitSelector));
  const buttonName = attributeOf(button, 'name');
  if (button !== null && buttonName !== undefined && buttonName !== '') fields[buttonName] = fieldValue(button) ?? '';
  Object.assign(fields, readOptions(options['fields'], 'fields'));

  const url = resolve(source.url, attributeOf(form, 'action') ?? '');
  const method = methodOf(attributeOf(form, 'method') ?? '');
  if (method !== 'GET') return { method, url, body: fields, params };
  const query = encodeForm(Object.entries(fields), warn);
  const [target = ''] = url.split(/[?#]/, 1);
  return { method, url: query === '' ? target : `${target}?${query}`, body: null, params };
}

/** In capitals; a form for a dialog sends nothing of its own, so it counts as the default. */
function methodOf(attribute: string): string {
  const method = attribute.trim().toUpperCase();
  return method === '' || method === 'DIALOG' ? 'GET' : method;
}

function find(source: PageSource, selector: string, what: string): HtmlElement {
  const found = loadPageReader().findFirst([source.page], selector);
  if (found === null) throw new Error(`no ${what} found for selector '${selector}' in response '${source.url}'`);
  return found;
}

/** Where a reference of a page leads. Whole URLs stay as they are written. */
function resolve(base: string, reference: string): string {
  const trimmed = reference.trim();
  if (/^https?:\/\//i.test(trimmed)) return trimmed;
  try {
    return new URL(trimmed, base).href;
  } catch {
    throw new Error(`the page '${base}' leads to '${trimmed}', which is no URL`);
  }
}
