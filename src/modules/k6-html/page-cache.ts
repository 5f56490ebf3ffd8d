// Virtual users mostly fetch the same few pages, and a page once parsed never changes: the latest ones are kept per worker.
import { type HtmlDocument, parsePage } from './html-tree.ts';

const KEPT = 8;
/** Characters. A tree takes some twenty times its text, so longer pages are parsed anew. */
const LONGEST = 128 * 1024;

/** By text; the one that was used last comes last. */
const pages = new Map<string, HtmlDocument>();

/** The tree of a page; shared, so nobody may change it. */
export function readPage(text: string): HtmlDocument {
  if (text.length > LONGEST) return parsePage(text);
  const page = pages.get(text) ?? parsePage(text);
  pages.delete(text);
  pages.set(text, page);
  if (pages.size > KEPT) pages.delete(pages.keys().next().value as string);
  return page;
}
