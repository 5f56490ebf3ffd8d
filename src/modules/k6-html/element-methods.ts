// What every node of a page can be asked (k6 page "Element"): getters of the DOM, as methods.
import { adapter } from 'parse5-htmlparser2-tree-adapter';
import type { HostMember } from '../../script/realm-interface.ts';
import { tokensOf } from './element-attributes.ts';
import {
  attributeOf,
  childrenOf,
  contains,
  descendantsOf,
  documentOf,
  elementsOf,
  type HtmlElement,
  type HtmlNode,
  isElement,
  nextElementOf,
  parentElementOf,
  previousElementOf,
  textOf,
} from './html-tree.ts';
import type { PageObjects } from './page-objects.ts';
import { findAll, findFirst, testOf } from './selector.ts';
import { writeInner, writeNode } from './write-html.ts';

const HTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';

/** What a method answers for a node, given its argument. */
type Answer = (node: HtmlNode, argument: unknown) => unknown;

const ofElement =
  <T>(answer: (element: HtmlElement) => T, other: T): Answer =>
  (node) =>
    isElement(node) ? answer(node) : other;

function nodeName(node: HtmlNode): string {
  if (isElement(node)) return node.name;
  if (adapter.isTextNode(node)) return '#text';
  if (adapter.isCommentNode(node)) return '#comment';
  return adapter.isDocumentTypeNode(node) ? adapter.getDocumentTypeNodeName(node) : '#document';
}

function nodeType(node: HtmlNode): number {
  if (isElement(node)) return 1;
  if (adapter.isTextNode(node)) return 3;
  if (adapter.isCommentNode(node)) return 8;
  return adapter.isDocumentTypeNode(node) ? 10 : 9;
}

function nodeValue(node: HtmlNode): string | undefined {
  return adapter.isTextNode(node) || adapter.isCommentNode(node) ? node.data : undefined;
}

function namespaceOf(node: HtmlNode): string {
  return isElement(node) ? (node.namespace ?? HTML_NAMESPACE) : '';
}

function withClasses(node: HtmlNode, names: string): HtmlElement[] {
  const wanted = names.split(/\s+/).filter((name) => name !== '');
  if (wanted.length === 0) return [];
  return [...descendantsOf(node)].filter((element) => {
    const has = tokensOf(element, 'class');
    return wanted.every((name) => has.includes(name));
  });
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  childElementCount: (node) => elementsOf(node).length,
  childNodes: (node) => [...childrenOf(node)],
  children: (node) => elementsOf(node),
  classList: ofElement((element) => tokensOf(element, 'class'), []),
  className: (node) => attributeOf(node, 'class'),
  firstChild: (node) => childrenOf(node)[0],
  firstElementChild: (node) => elementsOf(node)[0],
  hasAttributes: ofElement((element) => Object.keys(element.attribs).length > 0, false),
  hasChildNodes: (node) => childrenOf(node).length > 0,
  id: (node) => attributeOf(node, 'id') ?? '',
  innerHTML: (node) => writeInner(node),
  isDefaultNamespace: (node) => namespaceOf(node) === HTML_NAMESPACE,
  lang: (node) => attributeOf(node, 'lang'),
  lastChild: (node) => childrenOf(node).at(-1),
  lastElementChild: (node) => elementsOf(node).at(-1),
  namespaceURI: namespaceOf,
  nextElementSibling: nextElementOf,
  nextSibling: (node) => node.next,
  nodeName,
  nodeType,
  nodeValue,
  ownerDocument: (node) => (node.parent === null ? undefined : documentOf(node)),
  parentElement: parentElementOf,
  parentNode: (node) => node.parent,
  previousElementSibling: previousElementOf,
  previousSibling: (node) => node.prev,
  textContent: textOf,
  toString: () => '[object html.Node]',
};

const ANSWERS_BY_NAME: Readonly<Record<string, (node: HtmlNode, name: string) => unknown>> = {
  getAttribute: (node, name) => attributeOf(node, name.toLowerCase()),
  getElementsByClassName: withClasses,
  getElementsByTagName: (node, name) =>
    [...descendantsOf(node)].filter((element) => name === '*' || element.name === name.toLowerCase()),
  hasAttribute: (node, name) => attributeOf(node, name.toLowerCase()) !== undefined,
  matches: (node, selector) => isElement(node) && testOf(selector)(node),
  querySelector: (node, selector) => findFirst([node], selector),
  querySelectorAll: (node, selector) => findAll([node], selector),
};

/**
 * The methods of Element.
 * @param ownNode the node that an Element stands for
 * @param show makes nodes, and lists of them, into what scripts get
 */
export function createElementMethods(
  objects: PageObjects,
  ownNode: (value: unknown) => HtmlNode,
  show: (value: unknown) => unknown,
): Record<string, HostMember> {
  const { realm } = objects;
  const showAttribute = createAttributes(objects);
  const otherNode = (value: unknown): HtmlNode | null => objects.nodeOf(value) ?? objects.nodesOf(value)?.[0] ?? null;
  const method = (length: number, answer: Answer): HostMember => ({
    length,
    impl(this: unknown, argument: unknown) {
      return answer(ownNode(this), argument);
    },
  });
  const members: Record<string, HostMember> = {};
  for (const [name, answer] of Object.entries(ANSWERS)) {
    members[name] = method(0, (node) => show(answer(node, undefined)));
  }
  for (const [name, answer] of Object.entries(ANSWERS_BY_NAME)) {
    members[name] = method(1, (node, argument) => show(answer(node, String(argument))));
  }
  members['attributes'] = method(0, (node) => {
    const all = new realm.intrinsics.Object() as Record<string, unknown>;
    for (const name of isElement(node) ? Object.keys(node.attribs) : []) all[name] = showAttribute(node, name);
    return all;
  });
  members['getAttributeNode'] = method(1, (node, argument) => {
    const name = String(argument).toLowerCase();
    return attributeOf(node, name) === undefined ? undefined : showAttribute(node, name);
  });
  members['contains'] = method(1, (node, argument) => {
    const other = otherNode(argument);
    return other !== null && contains(node, other);
  });
  members['isSameNode'] = method(1, (node, argument) => otherNode(argument) === node);
  members['isEqualNode'] = method(1, (node, argument) => {
    const other = otherNode(argument);
    return other !== null && (other === node || writeNode(other) === writeNode(node));
  });
  members['selection'] = method(0, (node) => objects.showNodes([node]));
  return members;
}

/** Makes the Attribute objects of a realm. */
function createAttributes(objects: PageObjects): (node: HtmlNode, name: string) => object {
  const { realm } = objects;
  const local = (name: string): string => name.slice(name.indexOf(':') + 1);
  const named = (self: unknown): string => String((self as { name?: unknown }).name);
  const attribute = realm.hostClass({
    name: 'Attribute',
    construct() {
      throw new TypeError('attributes come from elements; they cannot be constructed');
    },
    methods: {
      localName: {
        length: 0,
        impl(this: unknown) {
          return local(named(this));
        },
      },
      prefix: {
        length: 0,
        impl(this: unknown) {
          return named(this).includes(':') ? named(this).slice(0, named(this).indexOf(':')) : '';
        },
      },
      namespaceURI: { length: 0, impl: () => '' },
    },
  });
  return (node, name) => {
    const object = attribute.create() as Record<string, unknown>;
    object['name'] = name;
    object['value'] = attributeOf(node, name);
    object['ownerElement'] = objects.showNode(node);
    return object;
  };
}
