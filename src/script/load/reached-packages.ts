// Which packages of a script may be handed a function that blocks (or an object that holds one).
//
// By name, over the whole text: cheap, and wrong only towards caution, except for values that reach a package through
// data structures under computed names; there the runtime refuses and says which package to instrument.
import type { Program } from 'acorn';
import { suspends } from './k6-modules.ts';
import { SHARED_PREFIX } from './shared-packages.ts';

interface AnyNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

const FUNCTION =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassDeclaration|ClassExpression)$/;

/**
 * @param program the bundle, with `sixfold:package/N` in place of packages
 * @returns specifiers of those that a blocking value may reach
 */
export function findReachedPackages(program: Program): Set<string> {
  const facts = collectFacts(program as unknown as AnyNode);
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
  readonly values: { name: string; value: AnyNode }[];
  readonly calls: { callee: string; values: AnyNode[] }[];
  readonly parameters: Map<string, string[][]>;
  /** What is handed to something of a package. */
  readonly uses: { root: string; values: AnyNode[] }[];
}

function collectFacts(program: AnyNode): Facts {
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
  const define = (name: string | null, value: AnyNode): void => {
    if (name === null) return;
    facts.values.push({ name, value });
    if (!FUNCTION.test(value.type)) return;
    const parameters = ((value['params'] as AnyNode[] | undefined) ?? []).map((p) => namesIn(p)[0] ?? '');
    facts.parameters.set(name, [...(facts.parameters.get(name) ?? []), parameters]);
  };
  const visit = (node: AnyNode): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        importNames(
          (node['source'] as { value: string }).value,
          (node['specifiers'] as AnyNode[]).map((s) => (s['local'] as { name: string }).name),
        );
        return;
      case 'VariableDeclarator': {
        const init = node['init'] as AnyNode | null;
        if (!init) break;
        const names = namesIn(node['id'] as AnyNode);
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
        define((node['id'] as { name: string } | null)?.name ?? null, node);
        break;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node['value']) define(keyOf(node), node['value'] as AnyNode);
        break;
      case 'AssignmentExpression': {
        const left = node['left'] as AnyNode;
        const right = node['right'] as AnyNode;
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
        const callee = (node['callee'] ?? node['tag']) as AnyNode;
        const values = (node['arguments'] as AnyNode[] | undefined) ?? [node['quasi'] as AnyNode];
        const root = rootOf(callee);
        if (root !== null) facts.uses.push({ root, values });
        const name = callee.type === 'Identifier' ? (callee['name'] as string) : keyOf(callee);
        if (name !== null) facts.calls.push({ callee: name, values });
        break;
      }
    }
    const parent =
      (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') && (node['superClass'] as AnyNode | null);
    if (parent) {
      const root = rootOf(parent);
      if (root !== null) facts.uses.push({ root, values: [node['body'] as AnyNode] });
    }
    eachChild(node, visit);
  };
  visit(program);
  return facts;
}

/** Whether evaluating `node` may give something that blocks: it names such a thing, or holds a function that does. */
function mentions(node: AnyNode, facts: Facts, inFunction: boolean): boolean {
  if (node.type === 'Identifier') return facts.blocking.has(node['name'] as string);
  if (!inFunction && node.type === 'CallExpression') {
    const root = rootOf(node['callee'] as AnyNode);
    if (root !== null && facts.k6.has(root)) {
      return (node['arguments'] as AnyNode[]).some((argument) => mentions(argument, facts, false));
    }
  }
  const within = inFunction || FUNCTION.test(node.type);
  let found = false;
  eachChild(node, (child) => {
    found ||= mentions(child, facts, within);
  });
  return found;
}

/** The variable at the start of `a.b(c).d`. */
function rootOf(node: AnyNode): string | null {
  for (let at: AnyNode | undefined = node; at; ) {
    if (at.type === 'Identifier') return at['name'] as string;
    at = (at['object'] ??
      at['callee'] ??
      at['tag'] ??
      at['expression'] ??
      (at.type === 'AwaitExpression' ? at['argument'] : undefined)) as AnyNode | undefined;
  }
  return null;
}

function keyOf(node: AnyNode): string | null {
  const key = (node['key'] ?? node['property']) as AnyNode | undefined;
  if (!key || node['computed']) return null;
  return (key['name'] ?? key['value'] ?? null) as string | null;
}

/** The names that a pattern binds. */
function namesIn(pattern: AnyNode): string[] {
  if (pattern.type === 'Identifier') return [pattern['name'] as string];
  if (pattern.type === 'MemberExpression') return [];
  if (pattern.type === 'Property') return namesIn(pattern['value'] as AnyNode);
  if (pattern.type === 'AssignmentPattern') return namesIn(pattern['left'] as AnyNode);
  const names: string[] = [];
  eachChild(pattern, (child) => names.push(...namesIn(child)));
  return names;
}

/** The specifier if `node` is (a conversion of, or a property of) a `require('…')`. */
function requiredBy(node: AnyNode): string | null {
  if (node.type === 'MemberExpression') return requiredBy(node['object'] as AnyNode);
  if (node.type !== 'CallExpression') return null;
  const callee = node['callee'] as AnyNode;
  const first = (node['arguments'] as AnyNode[])[0];
  if (!first || callee.type !== 'Identifier') return null;
  if (callee['name'] === '__toESM') return requiredBy(first);
  if (callee['name'] !== 'require' && callee['name'] !== '__require') return null;
  return typeof first['value'] === 'string' ? first['value'] : null;
}

function eachChild(node: AnyNode, visit: (child: AnyNode) => void): void {
  for (const key in node) {
    const child = node[key];
    if (child === null || typeof child !== 'object') continue;
    if (Array.isArray(child)) {
      for (const item of child) if (item && typeof item.type === 'string') visit(item);
    } else if (typeof (child as AnyNode).type === 'string') visit(child as AnyNode);
  }
}
