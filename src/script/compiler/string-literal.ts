import type { Node } from './syntax.ts';

/** The string that a literal is; null for whatever else a node may be. */
export function stringLiteral(node: Node | null | undefined): string | null {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}
