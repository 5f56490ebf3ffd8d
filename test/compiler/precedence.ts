import type { Node } from './any-node.ts';

/** What binds how tightly, as the grammar nests its productions. */
export const PRECEDENCE = {
  sequence: 0,
  assignment: 1,
  conditional: 2,
  nullish: 3,
  unary: 14,
  postfix: 15,
  new: 16,
  call: 17,
  primary: 18,
} as const;

export const BINARY: Readonly<Record<string, number>> = {
  '??': 3,
  '||': 3,
  '&&': 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '==': 8,
  '!=': 8,
  '===': 8,
  '!==': 8,
  '<': 9,
  '>': 9,
  '<=': 9,
  '>=': 9,
  in: 9,
  instanceof: 9,
  '<<': 10,
  '>>': 10,
  '>>>': 10,
  '+': 11,
  '-': 11,
  '*': 12,
  '/': 12,
  '%': 12,
  '**': 13,
};

export function precedenceOf(node: Node): number {
  switch (node.type) {
    case 'SequenceExpression':
      return PRECEDENCE.sequence;
    case 'AssignmentExpression':
    case 'ArrowFunctionExpression':
    case 'YieldExpression':
      return PRECEDENCE.assignment;
    case 'ConditionalExpression':
      return PRECEDENCE.conditional;
    case 'BinaryExpression':
    case 'LogicalExpression':
      return BINARY[node['operator'] as string] as number;
    case 'UnaryExpression':
    case 'AwaitExpression':
      return PRECEDENCE.unary;
    case 'UpdateExpression':
      return node['prefix'] === true ? PRECEDENCE.unary : PRECEDENCE.postfix;
    case 'ChainExpression':
    case 'CallExpression':
    case 'ImportExpression':
      return PRECEDENCE.call;
    default:
      return PRECEDENCE.primary;
  }
}

/** Whether `new` would take a call in this callee for its own arguments. */
export function holdsCall(callee: Node): boolean {
  switch (callee.type) {
    case 'CallExpression':
    case 'ImportExpression':
    case 'ChainExpression':
      return true;
    case 'MemberExpression':
      return holdsCall(callee['object'] as Node);
    case 'TaggedTemplateExpression':
      return holdsCall(callee['tag'] as Node);
    default:
      return false;
  }
}
