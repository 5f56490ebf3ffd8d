import { childrenOf, isFunction } from './keys.ts';
import type { Node } from './parse.ts';

export type BindingKind = 'var' | 'let' | 'const' | 'class' | 'function' | 'param' | 'import' | 'catch' | 'self';

export class Binding {
  readonly name: string;
  kind: BindingKind;
  /** The function that is its only value, if it is a function declaration or `const x = function`. */
  value: Node | null = null;
  /** Assigned anywhere but in its declaration, or declared more than once. */
  reassigned = false;
  /** Referenced at all. */
  used = false;
  /** The scope that declares it is a function's or the module's body. */
  readonly scope: Scope;
  /** Of what `catch` binds: the variable of that name that it hides, and that `var` in its block declares. */
  hidden: Binding | null = null;

  constructor(name: string, kind: BindingKind, scope: Scope) {
    this.name = name;
    this.kind = kind;
    this.scope = scope;
  }
}

class Scope {
  readonly parent: Scope | null;
  readonly isFunction: boolean;
  /** A class's initialisers: what they hold has no `arguments`. */
  hidesArguments = false;
  /** Of a body that shares its other names with its parameters: those that it has of its own. */
  apart: ReadonlySet<string> | null = null;
  readonly names = new Map<string, Binding>();

  constructor(parent: Scope | null, isFunctionScope: boolean) {
    this.parent = parent;
    this.isFunction = isFunctionScope;
  }

  declare(name: string, kind: BindingKind): Binding {
    if (this.apart !== null && !this.apart.has(name)) return (this.parent as Scope).declare(name, kind);
    const known = this.names.get(name);
    if (known !== undefined) {
      known.reassigned = true;
      known.value = null;
      return known;
    }
    const binding = new Binding(name, kind, this);
    this.names.set(name, binding);
    return binding;
  }

  find(name: string): Binding | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const binding = scope.names.get(name);
      if (binding !== undefined) return binding;
    }
    return null;
  }
}

/** What the scope pass learns. */
export interface Scopes {
  /** Identifier reference → its binding, or null if it is free. */
  readonly references: Map<Node, Binding | null>;
  /** Names of free identifiers that the script assigns, also through `globalThis.x =`. */
  readonly assignedGlobals: Set<string>;
  readonly module: Scope;
  /** Direct calls of `eval`, with the names that their text sees. */
  readonly evals: ReadonlyMap<Node, EvalScope>;
  /** Names that `var` and function declarations of a function's body introduce. */
  readonly bodyNames: Map<Node, ReadonlySet<string>>;
  /**
   * Functions one of whose parameters names something that the body declares, too: by `var` or as a function. Of that the body has a
   * binding of its own (ECMA-262, FunctionDeclarationInstantiation, step 28), unless it is among the parameters' own.
   */
  readonly apart: ReadonlyMap<Node, readonly Binding[]>;
}

/** What the text of a direct `eval` sees. */
export interface EvalScope {
  /** Names of functions and blocks, the nearest of each; `arguments` may be one. */
  readonly inner: readonly Binding[];
  /** All of the module's names. */
  readonly outer: readonly Binding[];
}

function seenFrom(from: Scope): EvalScope {
  const inner = new Map<string, Binding>();
  let hasArguments = true;
  let scope = from;
  for (; scope.parent !== null; scope = scope.parent) {
    for (const [name, binding] of scope.names)
      if (!inner.has(name) && (hasArguments || name !== 'arguments')) inner.set(name, binding);
    hasArguments &&= !scope.hidesArguments;
  }
  return { inner: [...inner.values()], outer: [...scope.names.values()] };
}

/** Names that a binding pattern introduces. */
export function patternNames(pattern: Node | null, into: Node[] = []): Node[] {
  if (pattern === null) return into;
  switch (pattern.type) {
    case 'Identifier':
      into.push(pattern);
      break;
    case 'ObjectPattern':
      for (const property of pattern['properties'] as Node[])
        patternNames((property['value'] ?? property['argument']) as Node, into);
      break;
    case 'ArrayPattern':
      for (const element of pattern['elements'] as (Node | null)[]) patternNames(element, into);
      break;
    case 'AssignmentPattern':
      patternNames(pattern['left'] as Node, into);
      break;
    case 'RestElement':
      patternNames(pattern['argument'] as Node, into);
      break;
  }
  return into;
}

/** Names that the defaults and computed keys of parameters mention: the text of a direct `eval` may mention any. */
function namesInDefaults(params: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: Node): void => {
    if (node.type === 'Identifier') names.add(node['name'] as string);
    for (const child of childrenOf(node)) collect(child);
  };
  const visit = (pattern: Node | null): void => {
    switch (pattern?.type) {
      case 'AssignmentPattern':
        visit(pattern['left'] as Node);
        collect(pattern['right'] as Node);
        break;
      case 'ArrayPattern':
        for (const element of pattern['elements'] as (Node | null)[]) visit(element);
        break;
      case 'ObjectPattern':
        for (const property of pattern['properties'] as Node[]) {
          if (property['computed'] === true) collect(property['key'] as Node);
          visit((property['value'] ?? property['argument']) as Node);
        }
        break;
      case 'RestElement':
        visit(pattern['argument'] as Node);
        break;
    }
  };
  for (const param of params) visit(param);
  return names.has('eval') ? ANY_NAME : names;
}

/** A set of all names there are. */
const ANY_NAME: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

/** Resolves every identifier of a module. */
export function analyseScopes(program: Node): Scopes {
  const references = new Map<Node, Binding | null>();
  const assignedGlobals = new Set<string>();
  const bodyNames = new Map<Node, ReadonlySet<string>>();
  const module = new Scope(null, true);
  const evals = new Map<Node, EvalScope>();
  const apart = new Map<Node, Binding[]>();

  /** `var` and function-level function declarations below `node`, without entering functions. */
  const hoistVars = (node: Node, scope: Scope, names: Set<string>): void => {
    if (node.type === 'VariableDeclaration' && node['kind'] === 'var') {
      for (const declarator of node['declarations'] as Node[]) {
        for (const id of patternNames(declarator['id'] as Node)) {
          names.add(id['name'] as string);
          const binding = scope.declare(id['name'] as string, 'var');
          binding.reassigned = true;
        }
      }
    }
    if (isFunction(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return;
    for (const child of childrenOf(node)) hoistVars(child, scope, names);
  };

  /** Lexical declarations directly in a list of statements. */
  const declareLexical = (statements: readonly Node[], scope: Scope): void => {
    for (let statement of statements) {
      if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
        const declaration = statement['declaration'] as Node | null;
        if (declaration === null) continue;
        statement = declaration;
      }
      while (statement.type === 'LabeledStatement') statement = statement['body'] as Node;
      switch (statement.type) {
        case 'VariableDeclaration': {
          if (statement['kind'] === 'var') break;
          for (const declarator of statement['declarations'] as Node[]) {
            for (const id of patternNames(declarator['id'] as Node)) {
              const binding = scope.declare(id['name'] as string, statement['kind'] === 'let' ? 'let' : 'const');
              const init = declarator['init'] as Node | null;
              if (declarator['id'] === id && init !== null && isFunction(init)) binding.value = init;
            }
          }
          break;
        }
        case 'FunctionDeclaration': {
          const id = statement['id'] as Node | null;
          if (id === null) break;
          const binding = scope.declare(id['name'] as string, 'function');
          if (!binding.reassigned) binding.value = statement;
          break;
        }
        case 'ClassDeclaration': {
          const id = statement['id'] as Node | null;
          if (id !== null) scope.declare(id['name'] as string, 'class');
          break;
        }
        case 'ImportDeclaration':
          for (const specifier of statement['specifiers'] as Node[]) {
            scope.declare((specifier['local'] as Node)['name'] as string, 'import');
          }
          break;
      }
    }
  };

  const reference = (id: Node, scope: Scope, write: boolean): void => {
    const binding = scope.find(id['name'] as string);
    references.set(id, binding);
    if (binding !== null) {
      binding.used = true;
      if (write) {
        binding.reassigned = true;
        binding.value = null;
      }
    } else if (write) assignedGlobals.add(id['name'] as string);
  };

  /** Targets of an assignment: identifiers are written, the rest is read. */
  const visitTarget = (target: Node | null, scope: Scope): void => {
    if (target === null) return;
    switch (target.type) {
      case 'Identifier':
        reference(target, scope, true);
        break;
      case 'ObjectPattern':
        for (const property of target['properties'] as Node[]) {
          if (property.type === 'RestElement') visitTarget(property['argument'] as Node, scope);
          else {
            if (property['computed'] === true) visit(property['key'] as Node, scope);
            visitTarget(property['value'] as Node, scope);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of target['elements'] as (Node | null)[]) visitTarget(element, scope);
        break;
      case 'AssignmentPattern':
        visitTarget(target['left'] as Node, scope);
        visit(target['right'] as Node, scope);
        break;
      case 'RestElement':
        visitTarget(target['argument'] as Node, scope);
        break;
      case 'MemberExpression': {
        const object = target['object'] as Node;
        const property = target['property'] as Node;
        if (object.type === 'Identifier' && (object['name'] === 'globalThis' || object['name'] === 'global')) {
          const name: unknown = target['computed'] === true ? property['value'] : property['name'];
          if (typeof name === 'string') assignedGlobals.add(name);
        }
        visit(target, scope);
        break;
      }
      default:
        visit(target, scope);
    }
  };

  /** A binding pattern: its names are declared already; defaults and computed keys are read. */
  const visitPattern = (pattern: Node | null, scope: Scope): void => {
    if (pattern === null) return;
    switch (pattern.type) {
      case 'Identifier':
        references.set(pattern, scope.find(pattern['name'] as string));
        break;
      case 'ObjectPattern':
        for (const property of pattern['properties'] as Node[]) {
          if (property.type === 'RestElement') visitPattern(property['argument'] as Node, scope);
          else {
            if (property['computed'] === true) visit(property['key'] as Node, scope);
            visitPattern(property['value'] as Node, scope);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern['elements'] as (Node | null)[]) visitPattern(element, scope);
        break;
      case 'AssignmentPattern':
        visitPattern(pattern['left'] as Node, scope);
        visit(pattern['right'] as Node, scope);
        break;
      case 'RestElement':
        visitPattern(pattern['argument'] as Node, scope);
        break;
    }
  };

  const visitFunction = (node: Node, outer: Scope): void => {
    let scope = outer;
    const id = node['id'] as Node | null;
    if (node.type === 'FunctionExpression' && id) {
      scope = new Scope(outer, false);
      const self = scope.declare(id['name'] as string, 'self');
      self.value = node;
      references.set(id, self);
    }
    const inner = new Scope(scope, true);
    if (node.type !== 'ArrowFunctionExpression') inner.declare('arguments', 'param').reassigned = true;
    for (const param of node['params'] as Node[]) {
      for (const name of patternNames(param)) inner.declare(name['name'] as string, 'param').reassigned = true;
    }
    const names = new Set<string>();
    const body = node['body'] as Node;
    const own = new Scope(inner, true);
    own.apart = namesInDefaults(node['params'] as Node[]);
    if (body.type === 'BlockStatement') {
      hoistVars(body, own, names);
      for (const statement of body['body'] as Node[]) {
        if (statement.type === 'FunctionDeclaration') names.add((statement['id'] as Node)['name'] as string);
      }
      declareLexical(body['body'] as Node[], own);
    }
    bodyNames.set(node, names);
    const bindings = [...own.names.values()].filter(({ name }) => names.has(name));
    if (bindings.length > 0) apart.set(node, bindings);
    for (const param of node['params'] as Node[]) visitPattern(param, inner);
    if (body.type === 'BlockStatement') for (const statement of body['body'] as Node[]) visit(statement, own);
    else visit(body, own);
  };

  const visitBlock = (statements: readonly Node[], scope: Scope): void => {
    const inner = new Scope(scope, false);
    declareLexical(statements, inner);
    for (const statement of statements) visit(statement, inner);
  };

  const visitClass = (node: Node, outer: Scope): void => {
    const scope = new Scope(outer, false);
    const id = node['id'] as Node | null;
    if (id !== null) {
      references.set(id, outer.find(id['name'] as string));
      scope.declare(id['name'] as string, 'class').reassigned = true;
    }
    if (node['superClass']) visit(node['superClass'] as Node, scope);
    for (const member of (node['body'] as Node)['body'] as Node[]) {
      if (member.type === 'StaticBlock') {
        const inner = new Scope(scope, true);
        inner.hidesArguments = true;
        const names = new Set<string>();
        for (const statement of member['body'] as Node[]) hoistVars(statement, inner, names);
        declareLexical(member['body'] as Node[], inner);
        for (const statement of member['body'] as Node[]) visit(statement, inner);
        continue;
      }
      if (member['computed'] === true) visit(member['key'] as Node, scope);
      if (!member['value']) continue;
      let inner = scope;
      if (member.type === 'PropertyDefinition') {
        inner = new Scope(scope, true);
        inner.hidesArguments = true;
      }
      visit(member['value'] as Node, inner);
    }
  };

  const visit = (node: Node, scope: Scope): void => {
    switch (node.type) {
      case 'Identifier':
        reference(node, scope, false);
        return;
      case 'FunctionDeclaration':
        if (node['id']) references.set(node['id'] as Node, scope.find((node['id'] as Node)['name'] as string));
        visitFunction(node, scope);
        return;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        visitFunction(node, scope);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        visitClass(node, scope);
        return;
      case 'CallExpression': {
        const callee = node['callee'] as Node;
        if (callee.type === 'Identifier' && callee['name'] === 'eval' && scope.find('eval') === null)
          evals.set(node, seenFrom(scope));
        for (const child of childrenOf(node)) visit(child, scope);
        return;
      }
      case 'MemberExpression':
        visit(node['object'] as Node, scope);
        if (node['computed'] === true) visit(node['property'] as Node, scope);
        return;
      case 'Property':
        if (node['computed'] === true) visit(node['key'] as Node, scope);
        visit(node['value'] as Node, scope);
        return;
      case 'VariableDeclarator':
        visitPattern(node['id'] as Node, scope);
        if (node['init']) visit(node['init'] as Node, scope);
        return;
      case 'AssignmentExpression':
        visitTarget(node['left'] as Node, scope);
        visit(node['right'] as Node, scope);
        return;
      case 'UpdateExpression':
        visitTarget(node['argument'] as Node, scope);
        return;
      case 'BlockStatement':
        visitBlock(node['body'] as Node[], scope);
        return;
      case 'SwitchStatement': {
        visit(node['discriminant'] as Node, scope);
        const inner = new Scope(scope, false);
        const cases = node['cases'] as Node[];
        for (const one of cases) declareLexical(one['consequent'] as Node[], inner);
        for (const one of cases) for (const child of childrenOf(one)) visit(child, inner);
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = new Scope(scope, false);
        const head = (node['init'] ?? node['left']) as Node | null | undefined;
        if (head && head.type === 'VariableDeclaration') {
          declareLexical([head], inner);
          for (const name of (head['declarations'] as Node[]).flatMap((d) => patternNames(d['id'] as Node))) {
            const binding = inner.find(name['name'] as string);
            if (binding !== null && node.type !== 'ForStatement') {
              binding.reassigned = true;
              binding.value = null;
            }
          }
          visit(head, inner);
        } else if (head && node.type !== 'ForStatement') visitTarget(head, inner);
        else if (head) visit(head, inner);
        for (const key of ['test', 'update', 'right', 'body']) if (node[key]) visit(node[key] as Node, inner);
        return;
      }
      case 'CatchClause': {
        const inner = new Scope(scope, false);
        for (const { ['name']: name } of patternNames((node['param'] as Node | null) ?? null)) {
          const binding = inner.declare(name as string, 'catch');
          binding.reassigned = true;
          binding.hidden = scope.find(name as string);
        }
        if (node['param']) visitPattern(node['param'] as Node, inner);
        visit(node['body'] as Node, inner);
        return;
      }
      case 'ExportNamedDeclaration':
        if (node['declaration']) visit(node['declaration'] as Node, scope);
        else if (!node['source'])
          for (const specifier of node['specifiers'] as Node[]) reference(specifier['local'] as Node, scope, false);
        return;
      case 'LabeledStatement':
        visit(node['body'] as Node, scope);
        return;
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'MetaProperty':
        return;
      default:
        for (const child of childrenOf(node)) visit(child, scope);
    }
  };

  const names = new Set<string>();
  hoistVars(program, module, names);
  declareLexical(program['body'] as Node[], module);
  bodyNames.set(program, names);
  for (const statement of program['body'] as Node[]) visit(statement, module);
  // The text may do with them whatever it likes.
  for (const { inner, outer } of evals.values()) {
    for (const binding of [...inner, ...outer]) {
      binding.used = true;
      binding.reassigned = true;
      binding.value = null;
    }
  }
  return { references, assignedGlobals, module, bodyNames, evals, apart };
}
