// Walks from a set of nodes to another: each node once, in the order in which the walk meets it.
import {
  contains,
  elementsOf,
  type HtmlElement,
  type HtmlNode,
  isElement,
  nextElementOf,
  parentElementOf,
  previousElementOf,
} from './html-tree.ts';

type Nodes = readonly HtmlNode[];
type Step = (node: HtmlNode) => HtmlElement | null;

/** Which elements a walk stops before; never by default. */
export type Stop = (element: HtmlElement) => boolean;

function collect(nodes: Nodes, listOf: (node: HtmlNode) => Iterable<HtmlNode>): HtmlNode[] {
  const found = new Set<HtmlNode>();
  for (const node of nodes) for (const item of listOf(node)) found.add(item);
  return [...found];
}

function once(nodes: Nodes, step: Step): HtmlNode[] {
  return collect(nodes, (node) => {
    const next = step(node);
    return next === null ? [] : [next];
  });
}

function onwards(nodes: Nodes, step: Step, stop: Stop): HtmlNode[] {
  return collect(nodes, function* (node) {
    for (let at = step(node); at !== null && !stop(at); at = step(at)) yield at;
  });
}

const never: Stop = () => false;

export const nextOf = (nodes: Nodes): HtmlNode[] => once(nodes, nextElementOf);
export const previousOf = (nodes: Nodes): HtmlNode[] => once(nodes, previousElementOf);
export const parentsOf = (nodes: Nodes): HtmlNode[] => once(nodes, parentElementOf);
export const nextAllOf = (nodes: Nodes, stop = never): HtmlNode[] => onwards(nodes, nextElementOf, stop);
/** Nearest first. */
export const previousAllOf = (nodes: Nodes, stop = never): HtmlNode[] => onwards(nodes, previousElementOf, stop);
/** Nearest first. */
export const ancestorsOf = (nodes: Nodes, stop = never): HtmlNode[] => onwards(nodes, parentElementOf, stop);

export function childElementsOf(nodes: Nodes): HtmlNode[] {
  return collect(nodes, elementsOf);
}

export function contentsOf(nodes: Nodes): HtmlNode[] {
  return collect(nodes, (node) => ('children' in node ? node.children : []));
}

export function siblingsOf(nodes: Nodes): HtmlNode[] {
  return collect(nodes, (node) =>
    node.parent === null ? [] : elementsOf(node.parent).filter((element) => element !== node),
  );
}

/** For each node the first that passes, from itself upwards. */
export function closestOf(nodes: Nodes, test: (element: HtmlElement) => boolean): HtmlNode[] {
  return once(nodes, (node) => {
    for (let at = isElement(node) ? node : parentElementOf(node); at !== null; at = parentElementOf(at)) {
      if (test(at)) return at;
    }
    return null;
  });
}

/** Those nodes in which one of the others is. */
export function holdersOf(nodes: Nodes, others: Nodes): HtmlNode[] {
  return nodes.filter((node) => others.some((other) => other !== node && contains(node, other)));
}

export function uniteNodes(first: Nodes, second: Nodes): HtmlNode[] {
  return [...new Set([...first, ...second])];
}
