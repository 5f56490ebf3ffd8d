import { childrenOf, isFunction } from './keys.ts';
import type { Node } from './parse.ts';

function hasDirective(statements: readonly Node[]): boolean {
  for (const statement of statements) {
    if (statement['directive'] === undefined) return false;
    if (statement['directive'] === 'use strict') return true;
  }
  return false;
}

function isStrictFunction(node: Node): boolean {
  const body = node['body'] as Node;
  return body.type === 'BlockStatement' && hasDirective(body['body'] as Node[]);
}

/** Whether code made from a string says itself that it is strict. */
export function isStrict(program: Node, kind: 'function' | 'eval'): boolean {
  const statements = program['body'] as Node[];
  if (kind === 'eval') return hasDirective(statements);
  return isStrictFunction((statements[0] as Node)['expression'] as Node);
}

/** Where `this` may stand for the global object: in functions that are not strict. */
export function findSloppyThis(program: Node): Set<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (node.type === 'ThisExpression') found.add(node);
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return;
    if (isFunction(node) && isStrictFunction(node)) return;
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return found;
}
