import type { Node } from './parse.ts';

/** The name of a property, method or member access if it is known. */
export function staticKey(node: Node): string | null {
  const key = (node['property'] ?? node['key']) as Node;
  if (node['computed'] !== true)
    return key.type === 'PrivateIdentifier' ? `#${key['name'] as string}` : String(key['name'] ?? key['value']);
  if (key.type === 'Literal') return String(key['value']);
  if (key.type === 'TemplateLiteral' && (key['expressions'] as Node[]).length === 0) {
    return ((key['quasis'] as Node[])[0] as Node)['value'].cooked as string;
  }
  if (key.type === 'MemberExpression' && (key['object'] as Node)['name'] === 'Symbol')
    return `@@${String((key['property'] as Node)['name'])}`;
  return null;
}
