import type { BinaryExpression, Expression, Super } from '../syntax.ts';

/** How tightly the outermost operator of an expression binds; more is tighter. */
export const Level = {
  Sequence: 0,
  /** Also arrow functions and `yield`. */
  Assignment: 1,
  Conditional: 2,
  Coalesce: 3,
  Or: 4,
  And: 5,
  BitOr: 6,
  BitXor: 7,
  BitAnd: 8,
  Equality: 9,
  Relational: 10,
  Shift: 11,
  Additive: 12,
  Multiplicative: 13,
  Exponent: 14,
  Unary: 15,
  Postfix: 16,
  /** What no `.`, `[` or `(` may follow: an optional chain, `new X` without arguments, a number. */
  LeftHandSide: 17,
  /** What may be called and have members read, but is no callee of `new`. */
  Call: 18,
  Member: 19,
  Primary: 20,
} as const;
export type Level = (typeof Level)[keyof typeof Level];

const BINARY: Readonly<Record<BinaryExpression['operator'], Level>> = {
  '|': Level.BitOr,
  '^': Level.BitXor,
  '&': Level.BitAnd,
  '==': Level.Equality,
  '!=': Level.Equality,
  '===': Level.Equality,
  '!==': Level.Equality,
  '<': Level.Relational,
  '<=': Level.Relational,
  '>': Level.Relational,
  '>=': Level.Relational,
  in: Level.Relational,
  instanceof: Level.Relational,
  '<<': Level.Shift,
  '>>': Level.Shift,
  '>>>': Level.Shift,
  '+': Level.Additive,
  '-': Level.Additive,
  '*': Level.Multiplicative,
  '/': Level.Multiplicative,
  '%': Level.Multiplicative,
  '**': Level.Exponent,
};

/** The level of an expression as its author wrote it. */
export function levelOf(node: Expression | Super): Level {
  switch (node.type) {
    case 'SequenceExpression':
      return Level.Sequence;
    case 'AssignmentExpression':
    case 'ArrowFunctionExpression':
    case 'YieldExpression':
      return Level.Assignment;
    case 'ConditionalExpression':
      return Level.Conditional;
    case 'LogicalExpression':
      return node.operator === '??' ? Level.Coalesce : node.operator === '||' ? Level.Or : Level.And;
    case 'BinaryExpression':
      return BINARY[node.operator];
    case 'UnaryExpression':
    case 'AwaitExpression':
      return Level.Unary;
    case 'UpdateExpression':
      return node.prefix ? Level.Unary : Level.Postfix;
    case 'ChainExpression':
      return Level.LeftHandSide;
    case 'Literal':
      return typeof node.value === 'number' || typeof node.value === 'bigint' ? Level.LeftHandSide : Level.Primary;
    case 'NewExpression':
      return Level.Member;
    case 'CallExpression':
    case 'ImportExpression':
      return Level.Call;
    case 'MemberExpression':
      return levelOfLink(node.object);
    case 'TaggedTemplateExpression':
      return levelOfLink(node.tag);
    default:
      return Level.Primary;
  }
}

/** A call anywhere at the head of `a().b.c` makes it one that `new` would take apart. */
function levelOfLink(head: Expression | Super): Level {
  let node = head;
  for (;;) {
    if (node.type === 'MemberExpression') node = node.object;
    else if (node.type === 'TaggedTemplateExpression') node = node.tag;
    else return node.type === 'CallExpression' || node.type === 'ImportExpression' ? Level.Call : Level.Member;
  }
}

/** Whether an expression of a level may stand where `least` is asked for; `??` mixes with neither `||` nor `&&`. */
export function fits(level: Level, least: Level): boolean {
  return level >= least && !(least === Level.Coalesce && (level === Level.Or || level === Level.And));
}
