// Which packages of a script may be handed a function that blocks (or an object that holds one).
//
// By name, over the whole text: cheap, and wrong only towards caution, except for values that reach a package through
// data structures under computed names; there the runtime refuses and says which package to instrument.
import { childrenOf, isClass, isFunction } from '../compiler/keys.ts';
import { patternNames } from '../compiler/scope.ts';
import { type Keyed, staticKey } from '../compiler/static-key.ts';
import { stringLiteral } from '../compiler/string-literal.ts';
import type { Node, Pattern, Program } from '../compiler/syntax.ts';
import { suspends } from './k6-modules.ts';
import { SHARED_PREFIX } from './shared-packages.ts';

/**
 * @param program the bundle, with `sixfold:package/N` in place of packages
 * @returns specifiers of those that a blocking value may reach
 */
export function findReachedPackages(program: Program): Set<string> {
  const facts = collectFacts(program);
  const reached = new Set<string>();
  for (let before = -1; before !== facts.blocking.size; ) {
    before = facts.blocking.size;
    for (const { name, value } of facts.values) {
      if (!facts.blocking.has(name) && mentions(value, facts, false)) facts.blocking.add(name);
    }
    for (const { callee, values } of facts.calls) {
      const parameters = facts.parameters.get(callee);
      if (!parameters) continue;
      values.forEach((value, i) => {
        for (const names of parameters) {
          if (names[i] && !facts.blocking.has(names[i]) && mentions(value, facts, false)) facts.blocking.add(names[i]);
        }
      });
    }
  }
  for (const { root, values } of facts.uses) {
    const specifier = facts.roots.get(root);
    if (specifier && !reached.has(specifier) && values.some((value) => mentions(value, facts, false)))
      reached.add(specifier);
  }
  return reached;
}

interface Facts {
  /** Local names whose value may block: imports of k6 first, then whatever mentions one. */
  readonly blocking: Set<string>;
  /** Those that are k6's own: what a call of them returns is data. */
  readonly k6: Set<string>;
  /** Local names that stand for a package or something of it. */
  readonly roots: Map<string, string>;
  readonly values: { name: string; value: Node }[];
  readonly calls: { callee: string; values: Node[] }[];
  readonly parameters: Map<string, string[][]>;
  /** What is handed to something of a package. */
  readonly uses: { root: string; values: Node[] }[];
}

function collectFacts(program: Node): Facts {
  const facts: Facts = {
    blocking: new Set(),
    k6: new Set(),
    roots: new Map(),
    values: [],
    calls: [],
    parameters: new Map(),
    uses: [],
  };
  const importNames = (specifier: string, names: string[]): void => {
    if (specifier.startsWith(SHARED_PREFIX)) for (const name of names) facts.roots.set(name, specifier);
    else if (suspends(specifier)) {
      for (const name of names) {
        facts.blocking.add(name);
        facts.k6.add(name);
      }
    }
  };
  const define = (name: string | null, value: Node): void => {
    if (name === null) return;
    facts.values.push({ name, value });
    if (!isFunction(value) && !isClass(value)) return;
    const parameters = isFunction(value) ? value.params.map((p) => namesIn(p)[0] ?? '') : [];
    facts.parameters.set(name, [...(facts.parameters.get(name) ?? []), parameters]);
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        importNames(
          String(node.source.value),
          node.specifiers.map((s) => s.local.name),
        );
        return;
      case 'VariableDeclarator': {
        const { init } = node;
        if (!init) break;
        const names = namesIn(node.id);
        const required = requiredBy(init);
        if (required !== null) importNames(required, names);
        else {
          const root = rootOf(init);
          const specifier = root === null ? undefined : facts.roots.get(root);
          if (specifier) for (const name of names) facts.roots.set(name, specifier);
          for (const name of names) define(name, init);
        }
        break;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        define(node.id?.name ?? null, node);
        break;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.value) define(keyOf(node), node.value);
        break;
      case 'AssignmentExpression': {
        const { left, right } = node;
        const root = rootOf(left);
        if (left.type === 'MemberExpression') {
          define(keyOf(left), right);
          if (root !== null) {
            facts.values.push({ name: root, value: right }); // an object that holds it may be handed on
            facts.uses.push({ root, values: [right] });
          }
        } else for (const name of namesIn(left)) define(name, right);
        break;
      }
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression': {
        const callee = node.type === 'TaggedTemplateExpression' ? node.tag : node.callee;
        const values = node.type === 'TaggedTemplateExpression' ? [node.quasi] : node.arguments;
        const root = rootOf(callee);
        if (root !== null) facts.uses.push({ root, values });
        const name =
          callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? keyOf(callee) : null;
        if (name !== null) facts.calls.push({ callee: name, values });
        break;
      }
    }
    if (isClass(node) && node.superClass) {
      const root = rootOf(node.superClass);
      if (root !== null) facts.uses.push({ root, values: [node.body] });
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return facts;
}

/** Whether evaluating `node` may give something that blocks: it names such a thing, or holds a function that does. */
function mentions(node: Node, facts: Facts, inFunction: boolean): boolean {
  if (node.type === 'Identifier') return facts.blocking.has(node.name);
  if (!inFunction && node.type === 'CallExpression') {
    const root = rootOf(node.callee);
    if (root !== null && facts.k6.has(root)) {
      return node.arguments.some((argument) => mentions(argument, facts, false));
    }
  }
  const within = inFunction || isFunction(node) || isClass(node);
  return childrenOf(node).some((child) => mentions(child, facts, within));
}

/** The variable at the start of `a.b(c).d`. */
function rootOf(node: Node): string | null {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'MemberExpression':
      return rootOf(node.object);
    case 'CallExpression':
    case 'NewExpression':
      return rootOf(node.callee);
    case 'TaggedTemplateExpression':
      return rootOf(node.tag);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return rootOf(node.expression);
    case 'AwaitExpression':
      return rootOf(node.argument);
    default:
      return null;
  }
}

function keyOf(node: Keyed): string | null {
  return node.computed ? null : staticKey(node);
}

/** The names that a pattern binds. */
function namesIn(pattern: Pattern): string[] {
  return patternNames(pattern).map(({ name }) => name);
}

/** The specifier if `node` is (a conversion of, or a property of) a `require('…')`. */
function requiredBy(node: Node): string | null {
  if (node.type === 'MemberExpression') return requiredBy(node.object);
  if (node.type !== 'CallExpression') return null;
  const { callee } = node;
  const [first] = node.arguments;
  if (!first || callee.type !== 'Identifier') return null;
  if (callee.name === '__toESM') return requiredBy(first);
  return callee.name === 'require' || callee.name === '__require' ? stringLiteral(first) : null;
}
