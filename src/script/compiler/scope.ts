import { childrenOf, isClass, isFunction } from './keys.ts';
import { stringLiteral } from './string-literal.ts';
import type { ClassNode, Expression, FunctionNode, Identifier, Node, Pattern, Program, Statement } from './syntax.ts';

export type BindingKind = 'var' | 'let' | 'const' | 'class' | 'function' | 'param' | 'import' | 'catch' | 'self';

export class Binding {
  readonly name: string;
  kind: BindingKind;
  /** The function that is its only value, if it is a function declaration or `const x = function`. */
  value: FunctionNode | null = null;
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
  readonly references: ReadonlyMap<Identifier, Binding | null>;
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
export function patternNames(pattern: Pattern | Expression | null, into: Identifier[] = []): Identifier[] {
  if (pattern === null) return into;
  switch (pattern.type) {
    case 'Identifier':
      into.push(pattern);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties)
        patternNames(property.type === 'RestElement' ? property.argument : property.value, into);
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) patternNames(element, into);
      break;
    case 'AssignmentPattern':
      patternNames(pattern.left, into);
      break;
    case 'RestElement':
      patternNames(pattern.argument, into);
      break;
  }
  return into;
}

/** Names that the defaults and computed keys of parameters mention: the text of a direct `eval` may mention any. */
function namesInDefaults(params: readonly Pattern[]): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: Node): void => {
    if (node.type === 'Identifier') names.add(node.name);
    for (const child of childrenOf(node)) collect(child);
  };
  const visit = (pattern: Pattern | null): void => {
    switch (pattern?.type) {
      case 'AssignmentPattern':
        visit(pattern.left);
        collect(pattern.right);
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) visit(element);
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') visit(property.argument);
          else {
            if (property.computed) collect(property.key);
            visit(property.value);
          }
        }
        break;
      case 'RestElement':
        visit(pattern.argument);
        break;
    }
  };
  for (const param of params) visit(param);
  return names.has('eval') ? ANY_NAME : names;
}

/** A set of all names there are. */
const ANY_NAME: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

/** Resolves every identifier of a module. */
export function analyseScopes(program: Program): Scopes {
  const references = new Map<Identifier, Binding | null>();
  const assignedGlobals = new Set<string>();
  const bodyNames = new Map<Node, ReadonlySet<string>>();
  const module = new Scope(null, true);
  const evals = new Map<Node, EvalScope>();
  const apart = new Map<Node, Binding[]>();

  /** `var` and function-level function declarations below `node`, without entering functions. */
  const hoistVars = (node: Node, scope: Scope, names: Set<string>): void => {
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const declarator of node.declarations) {
        for (const id of patternNames(declarator.id)) {
          names.add(id.name);
          const binding = scope.declare(id.name, 'var');
          binding.reassigned = true;
        }
      }
    }
    if (isFunction(node) || isClass(node)) return;
    for (const child of childrenOf(node)) hoistVars(child, scope, names);
  };

  /** Lexical declarations directly in a list of statements. */
  const declareLexical = (statements: readonly Node[], scope: Scope): void => {
    for (const given of statements) {
      let statement = given;
      if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
        if (!statement.declaration) continue;
        statement = statement.declaration;
      }
      while (statement.type === 'LabeledStatement') statement = statement.body;
      switch (statement.type) {
        case 'VariableDeclaration': {
          if (statement.kind === 'var') break;
          for (const declarator of statement.declarations) {
            for (const id of patternNames(declarator.id)) {
              const binding = scope.declare(id.name, statement.kind === 'let' ? 'let' : 'const');
              const init = declarator.init;
              if (declarator.id === id && init && isFunction(init)) binding.value = init;
            }
          }
          break;
        }
        case 'FunctionDeclaration': {
          const id = statement.id;
          if (id === null) break;
          const binding = scope.declare(id.name, 'function');
          if (!binding.reassigned) binding.value = statement;
          break;
        }
        case 'ClassDeclaration': {
          const id = statement.id;
          if (id !== null) scope.declare(id.name, 'class');
          break;
        }
        case 'ImportDeclaration':
          for (const specifier of statement.specifiers) {
            scope.declare(specifier.local.name, 'import');
          }
          break;
      }
    }
  };

  const reference = (id: Identifier, scope: Scope, write: boolean): void => {
    const binding = scope.find(id.name);
    references.set(id, binding);
    if (binding !== null) {
      binding.used = true;
      if (write) {
        binding.reassigned = true;
        binding.value = null;
      }
    } else if (write) assignedGlobals.add(id.name);
  };

  /** Targets of an assignment: identifiers are written, the rest is read. */
  const visitTarget = (target: Pattern | Expression | null, scope: Scope): void => {
    if (target === null) return;
    switch (target.type) {
      case 'Identifier':
        reference(target, scope, true);
        break;
      case 'ObjectPattern':
        for (const property of target.properties) {
          if (property.type === 'RestElement') visitTarget(property.argument, scope);
          else {
            if (property.computed) visit(property.key, scope);
            visitTarget(property.value, scope);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of target.elements) visitTarget(element, scope);
        break;
      case 'AssignmentPattern':
        visitTarget(target.left, scope);
        visit(target.right, scope);
        break;
      case 'RestElement':
        visitTarget(target.argument, scope);
        break;
      case 'MemberExpression': {
        const object = target.object;
        const property = target.property;
        if (object.type === 'Identifier' && (object.name === 'globalThis' || object.name === 'global')) {
          const name = target.computed
            ? stringLiteral(property)
            : property.type === 'Identifier'
              ? property.name
              : null;
          if (name !== null) assignedGlobals.add(name);
        }
        visit(target, scope);
        break;
      }
      default:
        visit(target, scope);
    }
  };

  /** A binding pattern: its names are declared already; defaults and computed keys are read. */
  const visitPattern = (pattern: Pattern | null, scope: Scope): void => {
    if (pattern === null) return;
    switch (pattern.type) {
      case 'Identifier':
        references.set(pattern, scope.find(pattern.name));
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') visitPattern(property.argument, scope);
          else {
            if (property.computed) visit(property.key, scope);
            visitPattern(property.value, scope);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) visitPattern(element, scope);
        break;
      case 'AssignmentPattern':
        visitPattern(pattern.left, scope);
        visit(pattern.right, scope);
        break;
      case 'RestElement':
        visitPattern(pattern.argument, scope);
        break;
    }
  };

  const visitFunction = (node: FunctionNode, outer: Scope): void => {
    let scope = outer;
    const id = node.id;
    if (node.type === 'FunctionExpression' && id) {
      scope = new Scope(outer, false);
      const self = scope.declare(id.name, 'self');
      self.value = node;
      references.set(id, self);
    }
    const inner = new Scope(scope, true);
    if (node.type !== 'ArrowFunctionExpression') inner.declare('arguments', 'param').reassigned = true;
    for (const param of node.params) {
      for (const name of patternNames(param)) inner.declare(name.name, 'param').reassigned = true;
    }
    const names = new Set<string>();
    const body = node.body;
    const own = new Scope(inner, true);
    own.apart = namesInDefaults(node.params);
    if (body.type === 'BlockStatement') {
      hoistVars(body, own, names);
      for (const statement of body.body) {
        if (statement.type === 'FunctionDeclaration') names.add(statement.id.name);
      }
      declareLexical(body.body, own);
    }
    bodyNames.set(node, names);
    const bindings = [...own.names.values()].filter(({ name }) => names.has(name));
    if (bindings.length > 0) apart.set(node, bindings);
    for (const param of node.params) visitPattern(param, inner);
    if (body.type === 'BlockStatement') for (const statement of body.body) visit(statement, own);
    else visit(body, own);
  };

  const visitBlock = (statements: readonly Statement[], scope: Scope): void => {
    const inner = new Scope(scope, false);
    declareLexical(statements, inner);
    for (const statement of statements) visit(statement, inner);
  };

  const visitClass = (node: ClassNode, outer: Scope): void => {
    const scope = new Scope(outer, false);
    const id = node.id;
    if (id) {
      references.set(id, outer.find(id.name));
      scope.declare(id.name, 'class').reassigned = true;
    }
    if (node.superClass) visit(node.superClass, scope);
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        const inner = new Scope(scope, true);
        inner.hidesArguments = true;
        const names = new Set<string>();
        for (const statement of member.body) hoistVars(statement, inner, names);
        declareLexical(member.body, inner);
        for (const statement of member.body) visit(statement, inner);
        continue;
      }
      if (member.computed) visit(member.key, scope);
      if (!member.value) continue;
      let inner = scope;
      if (member.type === 'PropertyDefinition') {
        inner = new Scope(scope, true);
        inner.hidesArguments = true;
      }
      visit(member.value, inner);
    }
  };

  const visit = (node: Node, scope: Scope): void => {
    switch (node.type) {
      case 'Identifier':
        reference(node, scope, false);
        return;
      case 'FunctionDeclaration':
        if (node.id) references.set(node.id, scope.find(node.id.name));
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
        const callee = node.callee;
        if (callee.type === 'Identifier' && callee.name === 'eval' && scope.find('eval') === null)
          evals.set(node, seenFrom(scope));
        for (const child of childrenOf(node)) visit(child, scope);
        return;
      }
      case 'MemberExpression':
        visit(node.object, scope);
        if (node.computed) visit(node.property, scope);
        return;
      case 'Property':
        if (node.computed) visit(node.key, scope);
        visit(node.value, scope);
        return;
      case 'VariableDeclarator':
        visitPattern(node.id, scope);
        if (node.init) visit(node.init, scope);
        return;
      case 'AssignmentExpression':
        visitTarget(node.left, scope);
        visit(node.right, scope);
        return;
      case 'UpdateExpression':
        visitTarget(node.argument, scope);
        return;
      case 'BlockStatement':
        visitBlock(node.body, scope);
        return;
      case 'SwitchStatement': {
        visit(node.discriminant, scope);
        const inner = new Scope(scope, false);
        const cases = node.cases;
        for (const one of cases) declareLexical(one.consequent, inner);
        for (const one of cases) for (const child of childrenOf(one)) visit(child, inner);
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = new Scope(scope, false);
        const head = node.type === 'ForStatement' ? node.init : node.left;
        if (head?.type === 'VariableDeclaration') {
          declareLexical([head], inner);
          for (const name of head.declarations.flatMap((d) => patternNames(d.id))) {
            const binding = inner.find(name.name);
            if (binding !== null && node.type !== 'ForStatement') {
              binding.reassigned = true;
              binding.value = null;
            }
          }
          visit(head, inner);
        } else if (head && node.type !== 'ForStatement') visitTarget(head, inner);
        else if (head) visit(head, inner);
        const parts = node.type === 'ForStatement' ? [node.test, node.update] : [node.right];
        for (const part of [...parts, node.body]) if (part) visit(part, inner);
        return;
      }
      case 'CatchClause': {
        const inner = new Scope(scope, false);
        for (const { name } of patternNames(node.param ?? null)) {
          const binding = inner.declare(name, 'catch');
          binding.reassigned = true;
          binding.hidden = scope.find(name);
        }
        if (node.param) visitPattern(node.param, inner);
        visit(node.body, inner);
        return;
      }
      case 'ExportNamedDeclaration':
        if (node.declaration) visit(node.declaration, scope);
        else if (!node.source)
          for (const { local } of node.specifiers) if (local.type === 'Identifier') reference(local, scope, false);
        return;
      case 'LabeledStatement':
        visit(node.body, scope);
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
  declareLexical(program.body, module);
  bodyNames.set(program, names);
  for (const statement of program.body) visit(statement, module);
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
