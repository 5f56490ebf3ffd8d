import { childrenOf, isFunction } from './keys.ts';
import type { Node } from './parse.ts';
import { findPatches, type Patch } from './patches.ts';
import type { Scopes } from './scope.ts';
import {
  INERT_CONSTRUCTORS,
  INERT_FUNCTIONS,
  INERT_METHODS,
  ITERATING_CONSTRUCTORS,
  STANDARD_NAMES,
} from './standard-names.ts';

/**
 * How much is instrumented. `all`: every function (finds errors of the protocol); `conservative`: every function with a
 * call that is not known to be harmless; `precise`: methods of built-ins that the program does not define count as harmless.
 */
export type Mode = 'precise' | 'conservative' | 'all';

/** Implicit calls that may block somewhere in the program: only then are the operators concerned rewritten. */
export interface Features {
  /** Names of getters that may block; '*' stands for any (proxies, accessors defined at run time). */
  readonly getters: Set<string>;
  readonly setters: Set<string>;
  /** A generator or iterator of the program may block. */
  iterators: boolean;
  /** valueOf, toString or Symbol.toPrimitive may block. */
  conversions: boolean;
  /** Symbol.hasInstance or a proxy trap may block. */
  traps: boolean;
  /** A toJSON method may block. */
  json: boolean;
}

export interface Marks {
  /** Functions (and the pseudo-functions of classes) that may block. */
  readonly functions: ReadonlySet<Node>;
  /** Classes whose construction may block. */
  readonly constructors: ReadonlySet<Node>;
  /** Classes whose static part may block, with the class's definition. */
  readonly statics: ReadonlySet<Node>;
  /** Classes one of whose field initialisers may block. */
  readonly fields: ReadonlySet<Node>;
  readonly features: Features;
  /** What the program changes in built-ins. */
  readonly patches: readonly Patch[];
  isInert(call: Node): boolean;
}

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

const ACCESSOR_DEFINERS: ReadonlySet<string> = new Set([
  'defineProperty',
  'defineProperties',
  '__defineGetter__',
  '__defineSetter__',
  'create',
]);
const TRAPS: ReadonlySet<string> = new Set(
  'apply construct defineProperty deleteProperty get getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions set setPrototypeOf'.split(
    ' ',
  ),
);
const CONVERSIONS: ReadonlySet<string> = new Set(['toString', 'valueOf', '@@toPrimitive']);
const ITERATION: ReadonlySet<string> = new Set(['@@iterator', 'next', '@@asyncIterator']);

/** Decides which functions may block: a fixpoint, since blocking getters make their readers block and so on. */
export function markBlocking(program: Node, scopes: Scopes, mode: Mode): Marks {
  const facts = collectFacts(program);
  const patches = findPatches(program, scopes);
  const isPatched = (holder: string, key: string): boolean =>
    patches.some((patch) => patch.holder === holder && (patch.key === null || patch.key === key));
  const features: Features = {
    getters: new Set(),
    setters: new Set(),
    iterators: false,
    conversions: false,
    traps: false,
    json: false,
  };
  const functions = new Set<Node>();
  const constructors = new Set<Node>();
  const statics = new Set<Node>();
  const fields = new Set<Node>();

  const isFree = (node: Node): boolean =>
    node.type === 'Identifier' &&
    !scopes.references.get(node) &&
    !scopes.assignedGlobals.has(node['name'] as string) &&
    STANDARD_NAMES.has(node['name'] as string);

  const isInertNew = (node: Node): boolean => {
    const callee = node['callee'] as Node;
    if (!isFree(callee) || features.conversions) return false;
    const name = callee['name'] as string;
    if (INERT_CONSTRUCTORS.has(name)) return !features.iterators || !name.endsWith('Array') || name === 'Array';
    return ITERATING_CONSTRUCTORS.has(name) && ((node['arguments'] as Node[]).length === 0 || !features.iterators);
  };

  const isInert = (call: Node): boolean => {
    if (mode === 'all') return false;
    if (call.type === 'NewExpression') return isInertNew(call);
    if (call.type !== 'CallExpression') return false;
    let callee = call['callee'] as Node;
    if (callee.type === 'ChainExpression') callee = callee['expression'] as Node;
    if (callee.type === 'Identifier') {
      const binding = scopes.references.get(callee);
      if (binding) {
        const { value } = binding;
        return (
          value !== null &&
          !binding.reassigned &&
          !functions.has(value) &&
          value['async'] !== true &&
          value['generator'] !== true
        );
      }
      return isFree(callee) && !features.conversions && INERT_FUNCTIONS.has(callee['name'] as string);
    }
    if (callee.type !== 'MemberExpression') return false;
    const key = staticKey(callee);
    if (key === null || features.conversions || features.getters.has('*') || features.getters.has(key)) return false;
    const object = callee['object'] as Node;
    if (isFree(object)) {
      const name = object['name'] as string;
      if (name === 'Math') return !isPatched(name, key);
      if (INERT_FUNCTIONS.has(`${name}.${key}`)) return !facts.hasProxy && !isPatched(name, key);
    }
    if (mode !== 'precise' || object.type === 'Super') return false;
    return INERT_METHODS.has(key) && !facts.defined.has(key) && !facts.hasProxy;
  };

  const readsBlocking = (name: string | null): boolean =>
    features.getters.size > 0 && (name === null || features.getters.has('*') || features.getters.has(name));
  const writesBlocking = (name: string | null): boolean =>
    features.setters.size > 0 && (name === null || features.setters.has('*') || features.setters.has(name));

  /** Whether evaluating this node (not what it defines) may block. */
  const mayBlock = (node: Node): boolean => {
    if (
      features.conversions &&
      node['computed'] === true &&
      ((node['property'] ?? node['key']) as Node).type !== 'Literal'
    )
      return true;
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression':
        if (!isInert(node)) return true;
        break;
      case 'TaggedTemplateExpression':
        return true;
      case 'ForOfStatement':
        if (features.iterators || node['await'] === true) return true;
        break;
      case 'SpreadElement':
      case 'ArrayPattern':
        if (features.iterators || features.getters.size > 0) return true;
        break;
      case 'YieldExpression':
        if (node['delegate'] === true && features.iterators) return true;
        break;
      case 'MemberExpression':
        if (readsBlocking(staticKey(node)) || writesBlocking(staticKey(node))) return true;
        break;
      case 'ObjectPattern':
        if (features.getters.has('*')) return true;
        for (const property of node['properties'] as Node[]) {
          if (property.type === 'RestElement' ? features.getters.size > 0 : readsBlocking(staticKey(property)))
            return true;
        }
        break;
      case 'BinaryExpression':
        if (features.conversions && node['operator'] === 'in') return true;
        if (features.traps && (node['operator'] === 'in' || node['operator'] === 'instanceof')) return true;
        if (features.conversions && !STRICT_OPERATORS.has(node['operator'] as string)) return true;
        break;
      case 'UnaryExpression':
        if (features.traps && node['operator'] === 'delete') return true;
        if (features.conversions && '+-~'.includes(node['operator'] as string)) return true;
        break;
      case 'UpdateExpression':
        if (features.conversions) return true;
        break;
      case 'TemplateLiteral':
        if (features.conversions && (node['expressions'] as Node[]).length > 0) return true;
        break;
      case 'AssignmentExpression':
        if (features.conversions && !PLAIN_ASSIGNMENTS.has(node['operator'] as string)) return true;
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (statics.has(node)) return true;
        if (node['superClass'] && mayBlock(node['superClass'] as Node)) return true;
        for (const member of (node['body'] as Node)['body'] as Node[]) {
          if (member['computed'] === true && mayBlock(member['key'] as Node)) return true;
        }
        return false;
    }
    if (isFunction(node)) return false;
    for (const child of childrenOf(node)) if (mayBlock(child)) return true;
    return false;
  };

  const functionBlocks = (node: Node): boolean => {
    for (const child of childrenOf(node)) if (child !== node['id'] && mayBlock(child)) return true;
    return false;
  };

  const isInertParent = (parent: Node): boolean =>
    isFree(parent) &&
    (INERT_CONSTRUCTORS.has(parent['name'] as string) || ITERATING_CONSTRUCTORS.has(parent['name'] as string));

  const markClass = (node: Node): boolean => {
    let changed = false;
    const add = (set: Set<Node>, is: boolean): void => {
      if (!is || set.has(node)) return;
      set.add(node);
      changed = true;
    };
    const members = (node['body'] as Node)['body'] as Node[];
    const initialisers = members.filter((m) => m.type === 'PropertyDefinition' && m['value']);
    add(
      fields,
      mode === 'all'
        ? initialisers.some((m) => m['static'] !== true)
        : initialisers.some((m) => m['static'] !== true && mayBlock(m['value'] as Node)),
    );
    add(
      statics,
      initialisers.some((m) => m['static'] === true && mayBlock(m['value'] as Node)) ||
        members.some((m) => m.type === 'StaticBlock' && (m['body'] as Node[]).some(mayBlock)),
    );
    const own = members.find((m) => m.type === 'MethodDefinition' && m['kind'] === 'constructor');
    const parent = node['superClass'] as Node | null;
    const isNull = parent !== null && parent.type === 'Literal';
    add(
      constructors,
      !isNull &&
        (mode === 'all' ||
          fields.has(node) ||
          (parent !== null && !isInertParent(parent)) ||
          (own !== undefined && constructorBlocks(own['value'] as Node, parent))),
    );
    return changed;
  };

  /** `super(…)` of an inert parent is no reason. */
  const constructorBlocks = (fn: Node, parent: Node | null): boolean => {
    if (parent === null) return functionBlocks(fn);
    const blocks = (node: Node): boolean => {
      if (node.type === 'CallExpression' && (node['callee'] as Node).type === 'Super')
        return (node['arguments'] as Node[]).some(blocks);
      if (isFunction(node)) return false;
      if (node.type === 'BlockStatement' || node.type === 'ExpressionStatement') return childrenOf(node).some(blocks);
      return mayBlock(node);
    };
    return childrenOf(fn).some(blocks);
  };

  const collectFeatures = (): boolean => {
    const before = `${features.getters.size} ${features.setters.size} ${features.iterators} ${features.conversions} ${features.traps}`;
    for (const { node, key, kind } of facts.members) {
      if (!functions.has(node)) continue;
      if (kind === 'get') features.getters.add(key ?? '*');
      else if (kind === 'set') features.setters.add(key ?? '*');
      else {
        if (key === null || ITERATION.has(key)) features.iterators ||= key !== null;
        if (key !== null && CONVERSIONS.has(key)) features.conversions = true;
        if (key === 'toJSON') features.json = true;
        if (key === '@@hasInstance') features.traps = true;
        if (key !== null && TRAPS.has(key) && facts.hasProxy) {
          features.traps = true;
          features.getters.add('*');
          features.setters.add('*');
        }
        if ((key === 'get' || key === 'set') && facts.hasAccessorDefiner)
          features[key === 'get' ? 'getters' : 'setters'].add('*');
      }
    }
    for (const node of facts.functions)
      if (node['generator'] === true && functions.has(node)) features.iterators = true;
    return (
      before !==
      `${features.getters.size} ${features.setters.size} ${features.iterators} ${features.conversions} ${features.traps}`
    );
  };

  for (let changed = true; changed; ) {
    changed = false;
    for (const node of facts.functions) {
      if (functions.has(node) || !(mode === 'all' || functionBlocks(node))) continue;
      functions.add(node);
      changed = true;
    }
    for (const node of facts.classes) if (markClass(node)) changed = true;
    if (collectFeatures()) changed = true;
  }
  return { functions, constructors, statics, fields, features, patches, isInert };
}

export const STRICT_OPERATORS: ReadonlySet<string> = new Set(['===', '!==', 'in', 'instanceof']);
export const PLAIN_ASSIGNMENTS: ReadonlySet<string> = new Set(['=', '&&=', '||=', '??=']);

interface Facts {
  readonly functions: Node[];
  readonly classes: Node[];
  /** Functions that are members of objects and classes, with their key. */
  readonly members: { readonly node: Node; readonly key: string | null; readonly kind: 'get' | 'set' | 'value' }[];
  /** Names of properties that the program defines anywhere. */
  readonly defined: Set<string>;
  hasProxy: boolean;
  hasAccessorDefiner: boolean;
}

function collectFacts(program: Node): Facts {
  const facts: Facts = {
    functions: [],
    classes: [],
    members: [],
    defined: new Set(),
    hasProxy: false,
    hasAccessorDefiner: false,
  };
  const visit = (node: Node): void => {
    if (isFunction(node)) facts.functions.push(node);
    else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') facts.classes.push(node);
    else if (node.type === 'Identifier' && node['name'] === 'Proxy') facts.hasProxy = true;
    if (node.type === 'MemberExpression') {
      const key = staticKey(node);
      const isObject = (node['object'] as Node)['name'] === 'Object';
      if (key !== null && ACCESSOR_DEFINERS.has(key) && (key !== 'create' || isObject)) facts.hasAccessorDefiner = true;
      if (key === 'revocable' || key === 'Proxy') facts.hasProxy = true;
    }
    if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') {
      const key = staticKey(node);
      if (key !== null) facts.defined.add(key);
      const value = node['value'] as Node | null;
      if (value && isFunction(value)) {
        const kind = node['kind'] === 'get' || node['kind'] === 'set' ? (node['kind'] as 'get' | 'set') : 'value';
        facts.members.push({ node: value, key, kind });
      }
    }
    if (node.type === 'AssignmentExpression' && (node['left'] as Node).type === 'MemberExpression') {
      const key = staticKey(node['left'] as Node);
      if (key !== null) facts.defined.add(key);
      if (isFunction(node['right'] as Node)) facts.members.push({ node: node['right'] as Node, key, kind: 'value' });
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return facts;
}
