import { childrenOf, isClass, isFunction, isResource } from './keys.ts';
import { findPatches, type Patch } from './patches.ts';
import type { Scopes } from './scope.ts';
import {
  INERT_CONSTRUCTORS,
  INERT_FUNCTIONS,
  INERT_METHODS,
  ITERATING_CONSTRUCTORS,
  STANDARD_NAMES,
} from './standard-names.ts';
import { computedKey, computedName, isConvertingPlace, staticKey } from './static-key.ts';
import type {
  CallExpression,
  ClassNode,
  Expression,
  FunctionNode,
  Identifier,
  MethodDefinition,
  NewExpression,
  Node,
  Program,
} from './syntax.ts';

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
  /** The `then` of an object that is no promise may block. */
  thenables: boolean;
  /** Methods may block that constructors of collections call (`set`, `add`), or that RegExp's do (`exec`). */
  overrides: boolean;
}

/** Whether the language itself may call something of the program's that blocks. */
export function callsImplicitly(features: Features): boolean {
  const { getters, setters, iterators, conversions, traps, json, thenables, overrides } = features;
  return getters.size > 0 || setters.size > 0 || iterators || conversions || traps || json || thenables || overrides;
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
const ITERATION: ReadonlySet<string> = new Set(['@@iterator', 'next', 'return', 'throw', '@@asyncIterator']);
/** What the language looks up on subclasses of its own: collections, regular expressions, promises. */
const OVERRIDES: ReadonlySet<string> = new Set(['set', 'add', 'has', 'keys', 'exec', 'constructor', 'resolve']);
/** What an iterator and its results are read by. */
const ITERATOR_PARTS: ReadonlySet<string> = new Set([
  'next',
  'done',
  'value',
  'return',
  'throw',
  '@@iterator',
  '@@asyncIterator',
]);
const SET_METHODS: ReadonlySet<string> = new Set(
  'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'.split(' '),
);
/** An accessor of such a name is met by methods of arrays on what is not an ordinary array. */
const isElement = (key: string): boolean => key === '*' || key === 'length' || /^\d+$/.test(key);

/** Whether an array, or what is treated like one, may have elements that are accessors, or be a proxy. */
export function hasExoticObjects({ getters, setters, traps }: Features): boolean {
  return traps || [...getters, ...setters].some(isElement);
}

/** Whether making a class may block by reading its parent's `prototype`. */
export function inheritsBlocking({ getters }: Features, { superClass }: ClassNode): boolean {
  const isKnown = !superClass || superClass.type === 'Literal' || isFunction(superClass);
  return !isKnown && (getters.has('*') || getters.has('prototype'));
}

/** Whether walking through anything iterable may block, be it an array. */
export function iteratesImplicitly(features: Features): boolean {
  return features.iterators || features.overrides || features.traps || features.getters.has('*');
}

/**
 * Decides which functions may block: a fixpoint, since blocking getters make their readers block and so on.
 * @param isArmed code beside this program has implicit calls that may block, of any kind
 */
export function markBlocking(program: Program, scopes: Scopes, mode: Mode, isArmed = false): Marks {
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
    thenables: false,
    overrides: false,
  };
  const functions = new Set<Node>();
  const constructors = new Set<Node>();
  const statics = new Set<Node>();
  const fields = new Set<Node>();

  const isFree = (node: Node): node is Identifier =>
    node.type === 'Identifier' &&
    !scopes.references.get(node) &&
    !scopes.assignedGlobals.has(node.name) &&
    STANDARD_NAMES.has(node.name);

  const isInertNew = ({ callee, arguments: args }: NewExpression): boolean => {
    if (!isFree(callee) || features.conversions) return false;
    const name = callee.name;
    if (INERT_CONSTRUCTORS.has(name)) return !features.iterators || !name.endsWith('Array') || name === 'Array';
    return ITERATING_CONSTRUCTORS.has(name) && (args.length === 0 || !features.iterators);
  };

  const isInert = (call: Node): boolean => {
    if (mode === 'all') return false;
    if (call.type === 'NewExpression') return isInertNew(call);
    if (call.type !== 'CallExpression') return false;
    let callee = call.callee;
    if (callee.type === 'ChainExpression') callee = callee.expression;
    if (callee.type === 'Identifier') {
      const binding = scopes.references.get(callee);
      if (binding) {
        const { value } = binding;
        return value !== null && !binding.reassigned && !functions.has(value) && !value.async && !value.generator;
      }
      return isFree(callee) && !features.conversions && INERT_FUNCTIONS.has(callee.name);
    }
    if (callee.type !== 'MemberExpression') return false;
    const key = staticKey(callee);
    if (key === null || features.conversions || features.getters.has('*') || features.getters.has(key)) return false;
    const object = callee.object;
    if (isFree(object)) {
      const name = object.name;
      if (name === 'Math') return !isPatched(name, key);
      // The accessors that it brings may be called.
      if (key === 'getOwnPropertyDescriptor' && callsImplicitly(features)) return false;
      if (INERT_FUNCTIONS.has(`${name}.${key}`)) return !facts.hasProxy && !isPatched(name, key);
    }
    if (mode !== 'precise' || object.type === 'Super') return false;
    if (features.overrides || hasExoticObjects(features)) return false;
    // `Iterator.concat` walks through what it is given.
    if (key === 'concat' && facts.usesIterators) return false;
    return INERT_METHODS.has(key) && !facts.defined.has(key) && !facts.hasProxy;
  };

  const readsBlocking = (name: string | null): boolean =>
    features.getters.size > 0 && (name === null || features.getters.has('*') || features.getters.has(name));
  const writesBlocking = (name: string | null): boolean =>
    features.setters.size > 0 && (name === null || features.setters.has('*') || features.setters.has(name));

  /** Whether what stands in brackets may block by being turned into a key. */
  const convertsKey = (node: Node): boolean =>
    features.conversions && (computedKey(node)?.type ?? 'Literal') !== 'Literal';

  /** Whether evaluating this node (not what it defines) may block. */
  const mayBlock = (node: Node): boolean => {
    if (convertsKey(node)) return true;
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression':
        if (!isInert(node)) return true;
        break;
      case 'TaggedTemplateExpression':
        return true;
      case 'VariableDeclaration':
        if (isResource(node)) return true;
        break;
      case 'ForOfStatement':
        if (iteratesImplicitly(features) || node.await) return true;
        break;
      case 'SpreadElement':
      case 'ArrayPattern':
        if (features.setters.size > 0 && node.type === 'ArrayPattern') return true;
        if (iteratesImplicitly(features) || features.getters.size > 0) return true;
        break;
      case 'ForInStatement':
        if (features.traps) return true;
        break;
      case 'YieldExpression':
        if (node.delegate && iteratesImplicitly(features)) return true;
        break;
      case 'MemberExpression':
        if (readsBlocking(staticKey(node)) || writesBlocking(staticKey(node))) return true;
        // It may be written.
        if (features.conversions && isConvertingPlace(staticKey(node))) return true;
        break;
      case 'ObjectPattern':
        if (features.getters.has('*')) return true;
        for (const property of node.properties) {
          if (property.type === 'RestElement' ? features.getters.size > 0 : readsBlocking(staticKey(property)))
            return true;
        }
        break;
      case 'BinaryExpression':
        if (features.conversions && node.operator === 'in') return true;
        if (features.traps && (node.operator === 'in' || node.operator === 'instanceof')) return true;
        if (features.conversions && !STRICT_OPERATORS.has(node.operator)) return true;
        break;
      case 'UnaryExpression':
        if (features.traps && node.operator === 'delete') return true;
        if (features.conversions && '+-~'.includes(node.operator)) return true;
        break;
      case 'UpdateExpression':
        if (features.conversions) return true;
        break;
      case 'TemplateLiteral':
        if (features.conversions && node.expressions.length > 0) return true;
        break;
      case 'AssignmentExpression':
        if (features.conversions && !PLAIN_ASSIGNMENTS.has(node.operator)) return true;
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (statics.has(node)) return true;
        if (node.superClass && (mayBlock(node.superClass) || inheritsBlocking(features, node))) return true;
        for (const member of node.body.body) {
          const key = computedKey(member);
          if (key !== null && (convertsKey(member) || mayBlock(key))) return true;
        }
        return false;
    }
    if (isFunction(node)) return false;
    for (const child of childrenOf(node)) if (mayBlock(child)) return true;
    return false;
  };

  const functionBlocks = (node: FunctionNode): boolean => {
    for (const child of childrenOf(node)) if (child !== node.id && mayBlock(child)) return true;
    return false;
  };

  const isInertParent = (parent: Node): boolean =>
    isFree(parent) && (INERT_CONSTRUCTORS.has(parent.name) || ITERATING_CONSTRUCTORS.has(parent.name));

  const markClass = (node: ClassNode): boolean => {
    let changed = false;
    const add = (set: Set<Node>, is: boolean): void => {
      if (!is || set.has(node)) return;
      set.add(node);
      changed = true;
    };
    const members = node.body.body;
    const initialisers = (isStatic: boolean): Expression[] =>
      members.flatMap((m) => (m.type === 'PropertyDefinition' && m.static === isStatic && m.value ? m.value : []));
    add(fields, mode === 'all' ? initialisers(false).length > 0 : initialisers(false).some(mayBlock));
    add(
      statics,
      initialisers(true).some(mayBlock) || members.some((m) => m.type === 'StaticBlock' && m.body.some(mayBlock)),
    );
    const own = members.find((m) => m.type === 'MethodDefinition' && m.kind === 'constructor') as
      | MethodDefinition
      | undefined;
    const parent = node.superClass ?? null;
    const ownBlocks = (): boolean => own !== undefined && constructorBlocks(own.value, parent);
    // Of null nothing is constructed but what the class's own constructor brings.
    const isNull = parent?.type === 'Literal';
    add(
      constructors,
      isNull
        ? ownBlocks()
        : mode === 'all' ||
            fields.has(node) ||
            (parent !== null && (!isInertParent(parent) || callsImplicitly(features))) ||
            ownBlocks(),
    );
    return changed;
  };

  /** `super(…)` of an inert parent is no reason. */
  const constructorBlocks = (fn: FunctionNode, parent: Node | null): boolean => {
    if (parent === null) return functionBlocks(fn);
    const blocks = (node: Node): boolean => {
      if (node.type === 'CallExpression' && node.callee.type === 'Super') return node.arguments.some(blocks);
      if (isFunction(node)) return false;
      if (node.type === 'BlockStatement' || node.type === 'ExpressionStatement') return childrenOf(node).some(blocks);
      return mayBlock(node);
    };
    return childrenOf(fn).some(blocks);
  };

  /** Whether what is stored under a name that the language knows may block; what cannot be seen is taken to. */
  const valueBlocks = (value: Node): boolean => {
    if (isFunction(value)) return functions.has(value);
    if (value.type !== 'Identifier') return false;
    const binding = scopes.references.get(value);
    if (!binding) return !STANDARD_NAMES.has(value.name);
    return binding.value === null || binding.reassigned || functions.has(binding.value);
  };
  const enableAll = (): void => {
    features.traps = true;
    features.conversions = true;
    features.iterators = true;
    features.json = true;
    features.thenables = true;
    features.overrides = true;
    features.getters.add('*');
    features.setters.add('*');
  };

  const collectFeatures = (): boolean => {
    const before = JSON.stringify([features, features.getters.size, features.setters.size]);
    for (const { node, key, kind, inherits } of facts.members) {
      if (!valueBlocks(node)) continue;
      const isLiteral = isFunction(node);
      if (kind === 'get') features.getters.add(key ?? '*');
      else if (kind === 'set') features.setters.add(key ?? '*');
      else if ((key === 'get' || key === 'set') && facts.hasAccessorDefiner)
        features[key === 'get' ? 'getters' : 'setters'].add('*');
      if (kind === 'set') continue;
      // A proxy may stand where anything else could: whatever is done to it may block. Under a computed key there may be a trap.
      if (facts.hasProxy && (key === null || TRAPS.has(key))) enableAll();
      if (key === null) continue;
      if (
        kind === 'value'
          ? ITERATION.has(key) && (isLiteral || facts.isIterable)
          : ITERATOR_PARTS.has(key) && facts.isIterable
      )
        features.iterators = true;
      if (CONVERSIONS.has(key)) features.conversions = true;
      if (key === 'toJSON') features.json = true;
      if (key === 'then') features.thenables = true;
      if (key === '@@hasInstance') features.traps = true;
      if ((OVERRIDES.has(key) && (inherits || facts.usesSetMethods)) || (key.startsWith('@@') && !ITERATION.has(key)))
        features.overrides = true;
    }
    for (const node of facts.functions) if (node.generator && functions.has(node)) features.iterators = true;
    // An array is converted by way of its elements.
    if (hasExoticObjects(features)) features.conversions = true;
    return before !== JSON.stringify([features, features.getters.size, features.setters.size]);
  };

  /**
   * A built-in that waits runs again: what it calls of the program's must keep its results, whether it blocks itself or not.
   */
  const recordImplicit = (): void => {
    for (const { node, key, kind } of facts.members) {
      const fn = isFunction(node) ? node : scopes.references.get(node)?.value;
      if (fn && (kind !== 'value' || (key !== null && isCalledImplicitly(key)))) functions.add(fn);
    }
    for (const node of facts.functions) if (node.generator && !node.async) functions.add(node);
  };

  if (isArmed) enableAll();
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
  if (callsImplicitly(features)) recordImplicit();
  return { functions, constructors, statics, fields, features, patches, isInert };
}

export const STRICT_OPERATORS: ReadonlySet<string> = new Set(['===', '!==', 'in', 'instanceof']);
export const PLAIN_ASSIGNMENTS: ReadonlySet<string> = new Set(['=', '&&=', '||=', '??=']);

/** Names under which the language looks for functions to call. */
const isCalledImplicitly = (key: string): boolean =>
  key.startsWith('@@') ||
  CONVERSIONS.has(key) ||
  OVERRIDES.has(key) ||
  TRAPS.has(key) ||
  ITERATOR_PARTS.has(key) ||
  key === 'then' ||
  key === 'toJSON';

interface Facts {
  readonly functions: FunctionNode[];
  readonly classes: ClassNode[];
  /** What stands for a function as a member of an object or class, with its key. */
  readonly members: Member[];
  /** Names of properties that the program defines anywhere. */
  readonly defined: Set<string>;
  hasProxy: boolean;
  hasAccessorDefiner: boolean;
  /** The program defines an iterable, or makes iterators. */
  isIterable: boolean;
  usesIterators: boolean;
  usesSetMethods: boolean;
}

interface Member {
  /** The function, or a name for it. */
  readonly node: FunctionNode | Identifier;
  readonly key: string | null;
  readonly kind: 'get' | 'set' | 'value';
  /** In a class that has a parent. */
  readonly inherits: boolean;
}

function collectFacts(program: Node): Facts {
  const facts: Facts = {
    functions: [],
    classes: [],
    members: [],
    defined: new Set(),
    hasProxy: false,
    hasAccessorDefiner: false,
    isIterable: false,
    usesIterators: false,
    usesSetMethods: false,
  };
  const add = (node: Node, key: string | null, kind: Member['kind'], inherits = false): void => {
    if (isFunction(node) || (node.type === 'Identifier' && node.name !== 'undefined'))
      facts.members.push({ node, key, kind, inherits });
  };
  let inherits = false;
  let extendsBuiltIn = false;
  const visitClass = (node: ClassNode): void => {
    const outer = [inherits, extendsBuiltIn] as const;
    const parent = node.superClass;
    inherits = Boolean(parent);
    // The species of an array, say: its methods construct what they bring.
    extendsBuiltIn =
      parent?.type === 'Identifier' && /^(?:Array|Promise|RegExp|\w+Array|ArrayBuffer)$/.test(parent.name);
    for (const child of childrenOf(node)) visit(child);
    [inherits, extendsBuiltIn] = outer;
  };
  const visit = (node: Node): void => {
    if (isFunction(node)) facts.functions.push(node);
    else if (isClass(node)) facts.classes.push(node);
    else if (node.type === 'Identifier' && node.name === 'Proxy') facts.hasProxy = true;
    else if (node.type === 'Identifier' && node.name === 'Iterator') facts.usesIterators = true;
    if (node.type === 'MemberExpression') {
      const key = staticKey(node);
      const owner = node.object.type === 'Identifier' ? node.object.name : null;
      if (key !== null && ACCESSOR_DEFINERS.has(key) && (key !== 'create' || owner === 'Object'))
        facts.hasAccessorDefiner = true;
      if (key === 'revocable' || key === 'Proxy') facts.hasProxy = true;
      if (key !== null && SET_METHODS.has(key)) facts.usesSetMethods = true;
    }
    if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') {
      const key = staticKey(node);
      if (key !== null) facts.defined.add(key);
      const value = node.value;
      const role = node.type === 'PropertyDefinition' ? 'init' : node.kind;
      const kind = role === 'get' || role === 'set' ? role : 'value';
      if (value && role !== 'constructor') add(value, key, kind, node.type !== 'Property' && inherits);
      else if (value && extendsBuiltIn) add(value, 'constructor', 'value', true);
    }
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      const key = staticKey(node.left);
      if (key !== null) facts.defined.add(key);
      add(node.right, key, 'value', key !== null && OVERRIDES.has(key));
    }
    if (node.type === 'CallExpression') visitDefinition(node);
    if (isClass(node)) visitClass(node);
    else for (const child of childrenOf(node)) visit(child);
  };
  /** `Object.defineProperty(o, 'toString', { value: f })` */
  const visitDefinition = (call: CallExpression): void => {
    const callee = call.callee;
    if (callee.type !== 'MemberExpression' || staticKey(callee) !== 'defineProperty') return;
    const [, name, descriptor] = call.arguments;
    if (name === undefined || descriptor?.type !== 'ObjectExpression') return;
    const key = computedName(name);
    if (key === null) return;
    facts.defined.add(key);
    for (const property of descriptor.properties)
      if (property.type === 'Property' && staticKey(property) === 'value') add(property.value, key, 'value', true);
  };
  visit(program);
  facts.isIterable = facts.defined.has('@@iterator') || facts.defined.has('@@asyncIterator') || facts.usesIterators;
  return facts;
}
