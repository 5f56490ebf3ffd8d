// The tree of a page: parsed as browsers do (the HTML standard's parser), never changed afterwards.
import { parse } from 'parse5';
import { adapter, type Htmlparser2TreeAdapterMap } from 'parse5-htmlparser2-tree-adapter';

export type HtmlDocument = Htmlparser2TreeAdapterMap['document'];
export type HtmlElement = Htmlparser2TreeAdapterMap['element'];
export type HtmlNode = Htmlparser2TreeAdapterMap['node'];

/** Parses a whole page; what the markup leaves out (html, head, body) is added. Scripting counts as on, as in k6. */
export function parsePage(text: string): HtmlDocument {
  return parse(text, { treeAdapter: adapter, scriptingEnabled: true });
}

export function isElement(node: HtmlNode | null | undefined): node is HtmlElement {
  return node !== null && node !== undefined && adapter.isElementNode(node);
}

/** All nodes right below: texts and comments too. */
export function childrenOf(node: HtmlNode): readonly HtmlNode[] {
  return 'children' in node ? node.children : [];
}

/** The elements right below. */
export function elementsOf(node: HtmlNode): HtmlElement[] {
  return childrenOf(node).filter(isElement);
}

/** The element above; null for the root element, whose parent is the document. */
export function parentElementOf(node: HtmlNode): HtmlElement | null {
  return isElement(node.parent) ? node.parent : null;
}

/** Every node below `node`, in the order of the page; without recursion, since a page may be nested as deep as it likes. */
function* walk(node: HtmlNode): Generator<HtmlNode> {
  let at: HtmlNode | null = childrenOf(node)[0] ?? null;
  while (at !== null) {
    yield at;
    const child: HtmlNode | undefined = childrenOf(at)[0];
    if (child !== undefined) {
      at = child;
      continue;
    }
    while (at !== null && at.next === null) at = at.parent === node ? null : at.parent;
    at = at === null ? null : at.next;
  }
}

/** Every element below `node`, in the order of the page. */
export function* descendantsOf(node: HtmlNode): Generator<HtmlElement> {
  for (const below of walk(node)) if (isElement(below)) yield below;
}

/** The first element below `node` of one of these names. */
export function firstOf(node: HtmlNode, ...names: readonly string[]): HtmlElement | null {
  for (const element of descendantsOf(node)) if (names.includes(element.name)) return element;
  return null;
}

/** The nearest element above `node` of that name. */
export function enclosing(node: HtmlNode, name: string): HtmlElement | null {
  for (let at = parentElementOf(node); at !== null; at = parentElementOf(at)) if (at.name === name) return at;
  return null;
}

/** The top of the tree. */
export function documentOf(node: HtmlNode): HtmlNode {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** The text of a node and all below it; comments have none. */
export function textOf(node: HtmlNode): string {
  if (adapter.isTextNode(node)) return node.data;
  let text = '';
  for (const below of walk(node)) if (adapter.isTextNode(below)) text += below.data;
  return text;
}

/** An attribute's value; undefined when the element, or the node, does not have it. */
export function attributeOf(node: HtmlNode | null | undefined, name: string): string | undefined {
  return isElement(node) && Object.hasOwn(node.attribs, name) ? node.attribs[name] : undefined;
}

/** Whether `inner` is `outer` or somewhere below it. */
export function contains(outer: HtmlNode, inner: HtmlNode): boolean {
  for (let at: HtmlNode | null = inner; at !== null; at = at.parent) if (at === outer) return true;
  return false;
}

/** The next sibling that is an element. */
export function nextElementOf(node: HtmlNode): HtmlElement | null {
  let at = node.next;
  while (at !== null && !isElement(at)) at = at.next;
  return at as HtmlElement | null;
}

/** The previous sibling that is an element. */
export function previousElementOf(node: HtmlNode): HtmlElement | null {
  let at = node.prev;
  while (at !== null && !isElement(at)) at = at.prev;
  return at as HtmlElement | null;
}
