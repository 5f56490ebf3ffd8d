import { mayAliasBuiltIns } from './built-in-aliases.ts';
import { childrenOf } from './keys.ts';
import type { Binding, Scopes } from './scope.ts';
import { STANDARD_NAMES } from './standard-names.ts';
import { staticKey } from './static-key.ts';
import { stringLiteral } from './string-literal.ts';
import type { CallExpression, ForInStatement, ForOfStatement, NewExpression, Node, Program } from './syntax.ts';

/** A property of a built-in that the program defines, assigns or deletes. */
export interface Patch {
  /** The built-in that holds it, as a path from the global object: `Array.prototype`. */
  readonly holder: string;
  /** Null: any property, the name is known at run time only. */
  readonly key: string | null;
}

/** The holder, where it is not known which it is. */
const ANY_BUILT_IN = '*';

/** Functions that change their first argument, by where they are found. */
const CHANGING: ReadonlySet<string> = new Set([
  'Object.assign',
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.setPrototypeOf',
  'Reflect.defineProperty',
  'Reflect.deleteProperty',
  'Reflect.set',
  'Reflect.setPrototypeOf',
]);

/** Functions that only look at their arguments. */
const HARMLESS = /^(?:Object\.(?!assign|define|setPrototypeOf)|Reflect\.(?!define|delete|set))/;

/**
 * Finds what a program changes in built-ins that all virtual users of a worker share (`Array.prototype.last = …`,
 * `Date.now = …`, `Object.assign(String.prototype, …)`): the runtime keeps that apart per virtual user. What is reached in
 * a way that cannot be followed (built-in-aliases.ts) may be any of them: the holder is then `*`.
 */
export function findPatches(program: Program, scopes: Scopes): Patch[] {
  const found = new Map<string, Patch>();
  const aliases = new Map<Binding, string>();
  const add = (holder: string | null, key: string | null): void => {
    if (holder !== null) found.set(`${holder} ${key === null ? '' : `.${key}`}`, { holder, key });
  };

  /** `Array.prototype` → its path, if the expression leads to a built-in; the name of a local alias leads there too. */
  const pathOf = (node: Node): string | null => {
    if (node.type === 'Identifier') {
      const binding = scopes.references.get(node);
      if (binding) return aliases.get(binding) ?? null;
      return STANDARD_NAMES.has(node.name) ? node.name : null;
    }
    if (node.type !== 'MemberExpression') return null;
    const object = node.object;
    const key = staticKey(node);
    if (key === null || key.startsWith('@@')) return null;
    const isGlobal = object.type === 'Identifier' && /^global(?:This)?$/.test(object.name);
    if (isGlobal && !scopes.references.get(object)) return STANDARD_NAMES.has(key) ? key : null;
    const holder = pathOf(object);
    return holder === null ? null : `${holder}.${key}`;
  };
  const isPrototype = (path: string | null): path is string => path?.endsWith('.prototype') === true;

  const visitWrite = (target: Node): void => {
    if (target.type !== 'MemberExpression') return;
    const key = staticKey(target);
    add(pathOf(target.object), key?.startsWith('@@') === true ? null : key);
  };
  const visitCall = (node: CallExpression | NewExpression): void => {
    const args = node.arguments;
    const callee = pathOf(node.callee);
    if (callee !== null && HARMLESS.test(callee)) return;
    args.forEach((argument, i) => {
      const path = pathOf(argument);
      if (path === null) return;
      if (callee !== null && CHANGING.has(callee)) {
        const isNamed = /define|delete|Reflect\.set$/.test(callee);
        if (i === 0) add(path, isNamed ? stringLiteral(args[1]) : null);
      } else if (isPrototype(path)) add(path, null); // a function of the program's may change what it is handed
    });
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'VariableDeclarator': {
        const path = node.init ? pathOf(node.init) : null;
        const binding = node.id.type === 'Identifier' ? scopes.references.get(node.id) : null;
        if (binding && isPrototype(path)) aliases.set(binding, path);
        break;
      }
      case 'AssignmentExpression':
        visitWrite(node.left);
        break;
      case 'UpdateExpression':
        visitWrite(node.argument);
        break;
      case 'UnaryExpression':
        if (node.operator === 'delete') visitWrite(node.argument);
        break;
      case 'CallExpression':
      case 'NewExpression':
        visitCall(node);
        break;
      case 'ForOfStatement':
      case 'ForInStatement':
        visitElements(node);
        break;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  /** `for (const proto of [Array.prototype, String.prototype])`: the variable may be any of them. */
  const visitElements = (loop: ForOfStatement | ForInStatement): void => {
    const list = loop.right;
    if (list.type !== 'ArrayExpression') return;
    for (const element of list.elements) {
      const path = element === null ? null : pathOf(element);
      if (isPrototype(path)) add(path, null);
    }
  };
  visit(program);
  if (mayAliasBuiltIns(program, scopes)) add(ANY_BUILT_IN, null);
  return [...found.values()];
}
