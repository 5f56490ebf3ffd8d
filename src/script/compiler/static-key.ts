import type {
  AssignmentProperty,
  MemberExpression,
  MethodDefinition,
  Node,
  Property,
  PropertyDefinition,
} from './syntax.ts';

/** What names a property. */
export type Keyed = MemberExpression | Property | AssignmentProperty | MethodDefinition | PropertyDefinition;

/** The name of a property, method or member access if it is known: `#x` of a private one, `@@iterator` of a symbol. */
export function staticKey(node: Keyed): string | null {
  const key = keyOf(node);
  if (node.computed) return computedName(key);
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Identifier' ? key.name : null;
}

/** The name that an expression in brackets comes to, if it is known. */
export function computedName(key: Node): string | null {
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral') return key.expressions.length > 0 ? null : (key.quasis[0]?.value.cooked ?? null);
  if (key.type !== 'MemberExpression' || key.object.type !== 'Identifier' || key.object.name !== 'Symbol') return null;
  const symbol = staticKey(key);
  return symbol === null ? null : `@@${symbol}`;
}

/** The expression in the brackets of a computed key. */
export function computedKey(node: Node): Node | null {
  return isKeyed(node) && node.computed ? keyOf(node) : null;
}

function keyOf(node: Keyed): MemberExpression['property'] {
  return node.type === 'MemberExpression' ? node.property : node.key;
}

function isKeyed(node: Node): node is Keyed {
  switch (node.type) {
    case 'MemberExpression':
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return true;
    default:
      return false;
  }
}

/** Whether what is stored under a key may be converted by that: elements of typed arrays and the length of arrays are. */
export function isConvertingPlace(key: string | null): boolean {
  return key === null || key === 'length' || /^\d+$/.test(key);
}
