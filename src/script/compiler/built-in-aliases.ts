import { childrenOf } from './keys.ts';
import type { Binding, Scopes } from './scope.ts';
import { STANDARD_NAMES } from './standard-names.ts';
import { staticKey } from './static-key.ts';
import type { CallExpression, Identifier, NewExpression, Node, Program } from './syntax.ts';

/** Standard names that stand for no object. */
const PLAIN_VALUES: ReadonlySet<string> = new Set(['undefined', 'NaN', 'Infinity']);
/** Properties that lead from any object to a built-in. */
const LEADING: ReadonlySet<string> = new Set(['prototype', 'constructor', '__proto__']);
/** Methods that call what they are given, or keep it where no program gets at it. */
const CALLING: ReadonlySet<string> = new Set(
  'map filter some every find findIndex findLast findLastIndex forEach flatMap reduce then catch sort isPrototypeOf'.split(
    ' ',
  ),
);

/**
 * Whether a program may get hold of a built-in in a way that cannot be followed, and so may change it: an alias that is handed on or
 * written to, a prototype asked for at run time, a computed name. Calling, constructing, comparing and reading are no such ways, nor are
 * a change of the built-in by its own name (patches.ts) and code from strings (runtime/functions.ts).
 */
export function mayAliasBuiltIns(program: Program, scopes: Scopes): boolean {
  /** Variables that may hold a built-in. */
  const holders = new Set<Binding>();

  const isFree = (node: Node): node is Identifier => node.type === 'Identifier' && !scopes.references.get(node);
  const isGlobal = (node: Node): boolean => isFree(node) && /^global(?:This)?$/.test(node.name);
  const isStandardName = (node: Node): node is Identifier =>
    isFree(node) && STANDARD_NAMES.has(node.name) && !PLAIN_VALUES.has(node.name);

  /** `Array.prototype`, `Math`: what is changed by its own name. */
  const isNamed = (node: Node): boolean => {
    if (isStandardName(node)) return true;
    if (node.type !== 'MemberExpression') return false;
    const key = staticKey(node);
    const object = node.object;
    return key !== null && (isNamed(object) || (isGlobal(object) && STANDARD_NAMES.has(key)));
  };
  const isBuiltIn = (node: Node): boolean => {
    if (node.type === 'Identifier') {
      const binding = scopes.references.get(node);
      return binding ? holders.has(binding) : isStandardName(node);
    }
    if (node.type === 'CallExpression') {
      const callee = node.callee;
      return callee.type === 'MemberExpression' && staticKey(callee) === 'getPrototypeOf';
    }
    if (node.type !== 'MemberExpression') return false;
    const key = staticKey(node);
    const object = node.object;
    if (key === 'constructor' || key === '__proto__') return true;
    if (isGlobal(object)) return key === null || (STANDARD_NAMES.has(key) && !PLAIN_VALUES.has(key));
    return isBuiltIn(object) && (key === null || key === 'prototype' || /^[A-Z][a-z]/.test(key));
  };

  const holds = (pattern: Node): boolean => {
    const binding = pattern.type === 'Identifier' ? scopes.references.get(pattern) : undefined;
    if (!binding) return false;
    holders.add(binding);
    return true;
  };
  /** `const { keys, assign } = Object`: functions alone. */
  const takesFunctions = (pattern: Node): boolean =>
    pattern.type === 'ObjectPattern' &&
    pattern.properties.every((property) => {
      if (property.type !== 'Property' || property.computed) return false;
      if (property.key.type !== 'Identifier') return false;
      const { name } = property.key;
      return !LEADING.has(name) && !/^[A-Z]/.test(name);
    });

  const isHarmlessArgument = (node: Node, call: CallExpression | NewExpression): boolean => {
    const callee = call.callee;
    if (callee.type !== 'MemberExpression') return isStandardName(callee);
    const key = staticKey(callee);
    const object = callee.object;
    if (key === null) return false;
    if (isStandardName(object) && /^(?:Object|Reflect)$/.test(object.name)) {
      if (!/^(?:assign|define|set|deleteProperty)/.test(key)) return true;
      return call.arguments[0] !== node || isNamed(node);
    }
    if (isNamed(object)) return true;
    return CALLING.has(key) && !(node.type === 'MemberExpression' && staticKey(node) !== 'constructor');
  };
  /** Whether the value of `node`, a built-in, is only used where that cannot change it. */
  const isHarmless = (node: Node, ancestors: readonly Node[], depth: number): boolean => {
    const parent = ancestors[depth];
    if (parent === undefined) return false;
    const passesOn = (): boolean => isHarmless(parent, ancestors, depth - 1);
    switch (parent.type) {
      case 'ExpressionStatement':
      case 'BinaryExpression':
      case 'IfStatement':
      case 'TemplateLiteral':
      case 'SwitchStatement':
      case 'SwitchCase':
      case 'ClassDeclaration':
      case 'ClassExpression':
        return true;
      case 'UnaryExpression':
        return parent.operator !== 'delete';
      case 'ChainExpression':
      case 'LogicalExpression':
      case 'SequenceExpression':
        return passesOn();
      case 'ConditionalExpression':
        return parent.test === node || passesOn();
      case 'CallExpression':
      case 'NewExpression':
        return parent.callee === node || isHarmlessArgument(node, parent);
      case 'MemberExpression':
        // What leads on to another built-in is judged by itself.
        return parent.object !== node || isBuiltIn(parent) || !isWritten(parent, ancestors[depth - 1]) || isNamed(node);
      case 'VariableDeclarator':
        return parent.id === node || holds(parent.id) || takesFunctions(parent.id);
      case 'AssignmentExpression':
        // Written by its own name it is another's no more.
        if (parent.left === node)
          return (
            node.type === 'Identifier' ||
            isNamed(node) ||
            !isBuiltIn(node.type === 'MemberExpression' ? node.object : node)
          );
        return holds(parent.left) && passesOn();
      default:
        return false;
    }
  };
  const isWritten = (target: Node, parent: Node | undefined): boolean =>
    (parent?.type === 'AssignmentExpression' && parent.left === target) ||
    parent?.type === 'UpdateExpression' ||
    (parent?.type === 'UnaryExpression' && parent.operator === 'delete');

  const ancestors: Node[] = [];
  const finds = (node: Node): boolean => {
    if (isBuiltIn(node) && !isHarmless(node, ancestors, ancestors.length - 1)) return true;
    ancestors.push(node);
    for (const child of childrenOf(node)) if (finds(child)) return true;
    ancestors.pop();
    return false;
  };
  // A variable may be used before the place where it is seen to hold a built-in.
  for (let known = -1; known < holders.size; ) {
    known = holders.size;
    ancestors.length = 0;
    if (finds(program)) return true;
  }
  return false;
}
