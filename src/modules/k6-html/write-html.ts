// Markup of a tree, written as Go's html package does it, whose output k6 scripts have been written against.
import { adapter } from 'parse5-htmlparser2-tree-adapter';
import { childrenOf, type HtmlElement, type HtmlNode, isElement } from './html-tree.ts';

const VOID: ReadonlySet<string> = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'keygen',
  'link',
  'meta',
  'param',
  'source',
  'track',
  'wbr',
]);

/** Elements whose text is not escaped. */
const RAW: ReadonlySet<string> = new Set([
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'plaintext',
  'script',
  'style',
  'xmp',
]);

/** Elements whose first line break a parser drops, so that it is written twice. */
const LEADING_BREAK: ReadonlySet<string> = new Set(['listing', 'pre', 'textarea']);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  '\r': '&#13;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&'<>"\r]/g, (char) => ESCAPES[char] as string);
}

/** The markup of what is in a node. */
export function writeInner(node: HtmlNode): string {
  return childrenOf(node)
    .map((child) => writeNode(child))
    .join('');
}

/** The markup of a node with its own tags. */
export function writeNode(node: HtmlNode): string {
  if (adapter.isTextNode(node)) {
    return isElement(node.parent) && RAW.has(node.parent.name) ? node.data : escapeHtml(node.data);
  }
  if (adapter.isCommentNode(node)) return `<!--${node.data}-->`;
  if (adapter.isDocumentTypeNode(node)) return `<!DOCTYPE ${adapter.getDocumentTypeNodeName(node)}>`;
  return isElement(node) ? writeElement(node) : writeInner(node);
}

function writeElement(element: HtmlElement): string {
  let open = `<${element.name}`;
  for (const [name, value] of Object.entries(element.attribs)) open += ` ${name}="${escapeHtml(value)}"`;
  if (VOID.has(element.name)) return `${open}/>`;
  const [first] = element.children;
  const opening =
    LEADING_BREAK.has(element.name) && first !== undefined && adapter.isTextNode(first) && first.data.startsWith('\n')
      ? '\n'
      : '';
  return `${open}>${opening}${writeInner(element)}</${element.name}>`;
}
