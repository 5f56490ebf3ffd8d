import type { Realm } from '../../script/realm-interface.ts';
import type { HtmlNode } from './html-tree.ts';

/** Turns nodes into what scripts get, and back. */
export interface PageObjects {
  readonly realm: Realm;
  /** The script's Element for a node of any kind. */
  showNode(node: HtmlNode): object;
  /** Null for what is no Element. */
  nodeOf(value: unknown): HtmlNode | null;
  /** A Selection; `previous` is what its `end()` goes back to. */
  showNodes(nodes: readonly HtmlNode[], previous?: object): object;
  /** Null for what is no Selection. */
  nodesOf(value: unknown): readonly HtmlNode[] | null;
  /** A list of the realm. */
  list(items: Iterable<unknown>): unknown[];
}
