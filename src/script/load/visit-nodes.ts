import { childrenOf } from '../compiler/keys.ts';
import type { Node } from '../compiler/syntax.ts';

/** Visits a node and all below it, in source order. */
export function visitNodes(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) visitNodes(child, visit);
}
