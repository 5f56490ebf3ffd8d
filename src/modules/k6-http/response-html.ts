// A response's body as a page. What reads pages is only loaded when a script asks for one: most never do.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Realm } from '../../script/realm-interface.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import type { HtmlNode } from '../k6-html/html-tree.ts';
import type { ResponseState } from './response-state.ts';

type PageReader = typeof import('./page-reader.ts');

let loaded: PageReader | null = null;

/** Scripts wait for no promise here, so it is loaded as a require. */
export function loadPageReader(): PageReader {
  loaded ??= createRequire(import.meta.url)(fileURLToPath(new URL('./page-reader.ts', import.meta.url))) as PageReader;
  return loaded;
}

/** Pages that have been parsed, which nothing can change; a script may have put another body in. */
const pages = new WeakMap<ResponseState, { text: string; page: HtmlNode }>();

/**
 * The page that a body is.
 * @throws Error when there is no body
 */
export function pageOf(state: ResponseState, body: unknown): HtmlNode {
  // A request that never came about has an empty page, as in k6; one that got no body has none.
  if (state.sent === null && body === null) return pageOf(state, '');
  if (body === null || body === undefined) {
    throw new Error('the body is null, so there is no page in it: the request failed, or its responseType is none');
  }
  const bytes = toBytes(body);
  const text = bytes === null ? String(body) : Buffer.from(bytes).toString('utf8');
  let known = pages.get(state);
  if (known?.text !== text) {
    known = { text, page: loadPageReader().readPage(text) };
    pages.set(state, known);
  }
  return known.page;
}

/** `html(selector)`: a Selection of the page, or of what is found in it. */
export function selectInPage(realm: Realm, page: HtmlNode, selector: unknown): object {
  const { pageObjectsOf, findAll } = loadPageReader();
  const objects = pageObjectsOf(realm);
  const whole = objects.showNodes([page]);
  return selector === undefined || selector === null
    ? whole
    : objects.showNodes(findAll([page], String(selector)), whole);
}
