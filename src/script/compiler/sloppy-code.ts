import { childrenOf, isClass, isFunction } from './keys.ts';
import type { FunctionNode, Node, Program } from './syntax.ts';

function hasDirective(statements: readonly Node[]): boolean {
  for (const statement of statements) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) return false;
    if (statement.directive === 'use strict') return true;
  }
  return false;
}

function isStrictFunction({ body }: FunctionNode): boolean {
  return body.type === 'BlockStatement' && hasDirective(body.body);
}

/** Whether code made from a string says itself that it is strict. */
export function isStrict(program: Program, kind: 'function' | 'eval'): boolean {
  if (kind === 'eval') return hasDirective(program.body);
  const [only] = program.body;
  return only?.type === 'ExpressionStatement' && isFunction(only.expression) && isStrictFunction(only.expression);
}

/** Where `this` may stand for the global object: in functions that are not strict. */
export function findSloppyThis(program: Program): Set<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (node.type === 'ThisExpression') found.add(node);
    if (isClass(node)) return;
    if (isFunction(node) && isStrictFunction(node)) return;
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return found;
}
