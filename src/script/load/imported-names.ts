// The names that a script takes from modules outside its text, of k6 and of packages.
import { childrenOf } from '../compiler/keys.ts';
import type { Binding, Scopes } from '../compiler/scope.ts';
import { stringLiteral } from '../compiler/string-literal.ts';
import type { Identifier, Literal, MemberExpression, Node, Program as Tree } from '../compiler/syntax.ts';

/** Plain data: part of the program that is sent to the workers. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
  /** In the text that is compiled, UTF-16 code units. */
  readonly offset: number;
  /** It is asked for of the module's default export, or of what `require` gives, not of the module. */
  readonly ofDefault?: true;
}

/** @returns named and default imports and re-exports from modules that are not part of the text, in its order */
export function listImportedNames(tree: Tree, isMeant: (specifier: string) => boolean): ImportedName[] {
  const names: ImportedName[] = [];
  for (const statement of tree.body) {
    if (statement.type !== 'ImportDeclaration' && statement.type !== 'ExportNamedDeclaration') continue;
    const specifier = stringLiteral(statement.source);
    if (specifier === null || !isMeant(specifier)) continue;
    for (const item of statement.specifiers) {
      if (item.type === 'ImportDefaultSpecifier') names.push({ specifier, name: 'default', offset: item.start });
      // `local` is the module's own name for it where the statement exports.
      else if (item.type === 'ExportSpecifier') names.push({ specifier, ...nameAt(item.local) });
      else if (item.type === 'ImportSpecifier') names.push({ specifier, ...nameAt(item.imported) });
    }
  }
  return names;
}

function nameAt(node: Identifier | Literal): { name: string; offset: number } {
  return { name: node.type === 'Identifier' ? node.name : String(node.value), offset: node.start };
}

/** What a variable, or an expression, stands for. */
interface Source {
  readonly specifier: string;
  readonly ofDefault: boolean;
}

/**
 * Names that a script uses as members of a module: `http.gett(…)` behind `import http`, `import * as http` or `require`, and
 * `const { gett } = http`. Where it only asks whether a name is there, or defines it, the name is not meant.
 * @returns each name once, in the order of the text
 */
export function listMemberNames(tree: Tree, scopes: Scopes, isMeant: (specifier: string) => boolean): ImportedName[] {
  const sources = findSources(tree, scopes, isMeant);
  const names = new Map<string, ImportedName>();
  const defined = new Set<string>();
  const keyOf = ({ specifier, ofDefault }: Source, name: string): string => `${specifier} ${ofDefault} ${name}`;
  const note = (source: Source, name: string, offset: number): void => {
    const key = keyOf(source, name);
    const { specifier, ofDefault } = source;
    if (!names.has(key)) names.set(key, { specifier, name, offset, ...(ofDefault && { ofDefault: true }) });
  };
  const sourceOf = (node: Node | null | undefined): Source | null => {
    if (!node) return null;
    if (node.type === 'Identifier') return sources.get(scopes.references.get(node) as Binding) ?? null;
    return requiredBy(node, scopes, isMeant);
  };
  const visit = (node: Node, parent: Node | null): void => {
    if (node.type === 'MemberExpression') {
      const source = sourceOf(node.object);
      const name = source === null ? null : memberName(node);
      if (source !== null && name !== null) {
        if (isDefinedBy(parent, node)) defined.add(keyOf(source, name));
        else if (isUsedBy(parent, node)) note(source, name, node.property.start);
      }
    } else if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern') {
      const source = sourceOf(node.init);
      if (source !== null)
        for (const property of node.id.properties) {
          if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue;
          const { key } = property;
          if (property.value.type !== 'AssignmentPattern') note(source, key.name, key.start);
        }
    }
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(tree, null);
  return [...names].filter(([key]) => !defined.has(key)).map(([, name]) => name);
}

function findSources(tree: Tree, scopes: Scopes, isMeant: (specifier: string) => boolean): Map<Binding, Source> {
  const sources = new Map<Binding, Source>();
  const add = (local: Identifier, source: Source): void => {
    const binding = scopes.module.names.get(local.name);
    if (binding !== undefined && !binding.reassigned) sources.set(binding, source);
  };
  for (const statement of tree.body) {
    if (statement.type === 'ImportDeclaration') {
      const specifier = String(statement.source.value);
      if (!isMeant(specifier)) continue;
      for (const item of statement.specifiers)
        if (item.type !== 'ImportSpecifier')
          add(item.local, { specifier, ofDefault: item.type === 'ImportDefaultSpecifier' });
        else if (item.imported.type === 'Identifier' && item.imported.name === 'default')
          add(item.local, { specifier, ofDefault: true });
    } else if (statement.type === 'VariableDeclaration')
      for (const { id, init } of statement.declarations) {
        if (!init || id.type !== 'Identifier') continue;
        const source = requiredBy(init, scopes, isMeant);
        if (source !== null) add(id, source);
      }
  }
  return sources;
}

/** `require('k6/http')`, of the global function or of the one that joins files. */
function requiredBy(node: Node, scopes: Scopes, isMeant: (specifier: string) => boolean): Source | null {
  if (node.type !== 'CallExpression') return null;
  const { callee } = node;
  const specifier = stringLiteral(node.arguments[0]);
  if (callee.type !== 'Identifier' || specifier === null || !isMeant(specifier)) return null;
  const isRequire = callee.name === '__require' || (callee.name === 'require' && !scopes.references.get(callee));
  return isRequire ? { specifier, ofDefault: true } : null;
}

function memberName({ property, computed }: MemberExpression): string | null {
  if (computed) return stringLiteral(property);
  return property.type === 'Identifier' ? property.name : null;
}

function isDefinedBy(parent: Node | null, node: Node): boolean {
  return parent?.type === 'AssignmentExpression' && parent.left === node;
}

/** Whether the value is needed, not only whether there is one. */
function isUsedBy(parent: Node | null, node: MemberExpression): boolean {
  switch (parent?.type) {
    case 'CallExpression':
    case 'MemberExpression':
      return !parent.optional;
    case 'BinaryExpression':
    case 'ConditionalExpression':
    case 'ExpressionStatement':
    case 'IfStatement':
    case 'LogicalExpression':
    case 'UnaryExpression':
    case 'UpdateExpression':
    case 'WhileStatement':
      return false;
    default:
      return !node.optional;
  }
}
