// Selection: a set of nodes of a page, with jQuery's way of moving and narrowing (k6 page "Selection"). Nothing changes the page.

import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, HostMember, HostSteps } from '../../script/realm-interface.ts';
import { encodeForm } from '../../wire/http/form-encoding.ts';
import { convertData, dataOf, readData } from './data-attributes.ts';
import { fieldsOf, fieldValue, groupFields, pairsOf } from './form-fields.ts';
import { attributeOf, documentOf, elementsOf, type HtmlNode, isElement, textOf } from './html-tree.ts';
import {
  ancestorsOf,
  childElementsOf,
  closestOf,
  contentsOf,
  holdersOf,
  nextAllOf,
  nextOf,
  parentsOf,
  previousAllOf,
  previousOf,
  type Stop,
  siblingsOf,
  uniteNodes,
} from './node-sets.ts';
import type { PageObjects } from './page-objects.ts';
import { findAll, findFirst, testOf } from './selector.ts';
import { writeInner } from './write-html.ts';

type Nodes = readonly HtmlNode[];

interface State {
  readonly nodes: Nodes;
  readonly previous: object | undefined;
}

/** Walks that take a selector for what they find. */
const WALKS: Readonly<Record<string, (nodes: Nodes) => HtmlNode[]>> = {
  children: childElementsOf,
  next: nextOf,
  nextAll: nextAllOf,
  parent: parentsOf,
  parents: ancestorsOf,
  prev: previousOf,
  prevAll: previousAllOf,
  siblings: siblingsOf,
};

/** Walks that take what stops them, and a selector for what they find. */
const WALKS_UNTIL: Readonly<Record<string, (nodes: Nodes, stop: Stop) => HtmlNode[]>> = {
  nextUntil: nextAllOf,
  parentsUntil: ancestorsOf,
  prevUntil: previousAllOf,
};

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export function createSelectionClass(objects: PageObjects): Pick<PageObjects, 'showNodes' | 'nodesOf'> {
  const { realm } = objects;
  const states = createAttachedState<State>();
  const stateOf = (value: unknown): State => {
    const state = states.of(value);
    if (state === null) throw new TypeError('this is not a Selection');
    return state;
  };
  /** The nodes of a Selection or an Element. */
  const nodesIn = (value: unknown, what: string): Nodes => {
    const nodes = states.of(value)?.nodes;
    if (nodes !== undefined) return nodes;
    const node = objects.nodeOf(value);
    if (node === null) throw new TypeError(`${what} takes a selector, a Selection or an Element, not ${typeof value}`);
    return [node];
  };
  const testFor = (value: unknown, what: string): ((node: HtmlNode) => boolean) => {
    if (typeof value === 'string') {
      const test = testOf(value);
      return (node) => isElement(node) && test(node);
    }
    const nodes = new Set(nodesIn(value, what));
    return (node) => nodes.has(node);
  };
  const keep = (nodes: Nodes, value: unknown, what: string): Nodes =>
    isGiven(value) ? nodes.filter(testFor(value, what)) : nodes;

  /** A method that gives another Selection. */
  const moving = (length: number, move: (nodes: Nodes, first: unknown, second: unknown) => Nodes): HostMember => ({
    length,
    impl(this: object, first: unknown, second: unknown) {
      return showNodes(move(stateOf(this).nodes, first, second), this);
    },
  });
  /** A method that gives something else. */
  const reading = (
    length: number,
    read: (nodes: Nodes, first: unknown, second: unknown, count: number) => unknown,
  ): HostMember => ({
    length,
    impl(this: object, ...args: unknown[]) {
      return read(stateOf(this).nodes, args[0], args[1], args.length);
    },
  });
  const single = (nodes: Nodes, index: number): Nodes => {
    const node = nodes.at(Math.trunc(index) || 0);
    return node === undefined ? [] : [node];
  };

  const methods: Record<string, HostMember> = {
    add: moving(1, (nodes, other) => {
      if (typeof other !== 'string') return uniteNodes(nodes, nodesIn(other, 'add()'));
      const [first] = nodes;
      return first === undefined ? nodes : uniteNodes(nodes, findAll([documentOf(first)], other));
    }),
    attr: reading(2, ([first], name, fallback) => attributeOf(first, String(name)) ?? fallback),
    closest: moving(1, (nodes, value) => closestOf(nodes, testFor(value, 'closest()'))),
    contents: moving(0, (nodes) => contentsOf(nodes)),
    data: reading(1, ([first], key) => {
      if (!isElement(first)) return undefined;
      const convert = (text: string): unknown => convertData(text, (json) => realm.parseJson(json));
      if (isGiven(key)) {
        const text = readData(first, String(key));
        return text === undefined ? undefined : convert(text);
      }
      const all = dataOf(first);
      if (all.length === 0) return undefined;
      const shown = new realm.intrinsics.Object() as Record<string, unknown>;
      for (const [name, text] of all) shown[name] = convert(text);
      return shown;
    }),
    end: {
      length: 0,
      impl(this: object) {
        return stateOf(this).previous ?? showNodes([]);
      },
    },
    eq: moving(1, (nodes, index) => single(nodes, Number(index))),
    find: moving(1, (nodes, value) => {
      if (typeof value === 'string') return findAll(nodes, value);
      const wanted = nodesIn(value, 'find()');
      return wanted.filter((node) => holdersOf(nodes, [node]).length > 0);
    }),
    first: moving(0, (nodes) => nodes.slice(0, 1)),
    get: reading(1, (nodes, index) => {
      if (!isGiven(index)) return objects.list(nodes.map((node) => objects.showNode(node)));
      const [node] = single(nodes, Number(index));
      return node === undefined ? undefined : objects.showNode(node);
    }),
    has: moving(1, (nodes, value) =>
      typeof value === 'string'
        ? nodes.filter((node) => findFirst([node], value) !== null)
        : holdersOf(nodes, nodesIn(value, 'has()')),
    ),
    html: reading(0, ([first]) => (first === undefined ? '' : writeInner(first))),
    index: reading(1, (nodes, value) => {
      const [first] = nodes;
      if (first === undefined) return -1;
      if (!isGiven(value)) return first.parent === null ? -1 : (elementsOf(first.parent) as HtmlNode[]).indexOf(first);
      if (typeof value === 'string') return (findAll([documentOf(first)], value) as HtmlNode[]).indexOf(first);
      const [wanted] = nodesIn(value, 'index()');
      return wanted === undefined ? -1 : nodes.indexOf(wanted);
    }),
    last: moving(0, (nodes) => nodes.slice(-1)),
    serialize: reading(0, (nodes) => encodeForm(pairsOf(fieldsOf(nodes)), () => {})),
    serializeArray: reading(0, (nodes) => realm.fromHost(fieldsOf(nodes))),
    serializeObject: reading(0, (nodes) => realm.fromHost(groupFields(fieldsOf(nodes)))),
    single: moving(1, (nodes, selector) => {
      const found = findFirst(nodes, String(selector));
      return found === null ? [] : [found];
    }),
    size: reading(0, (nodes) => nodes.length),
    slice: moving(2, (nodes, start, end) => nodes.slice(Number(start) || 0, isGiven(end) ? Number(end) : undefined)),
    text: reading(0, (nodes) => nodes.map(textOf).join('')),
    toArray: {
      length: 0,
      impl(this: object) {
        return objects.list(stateOf(this).nodes.map((node) => showNodes([node], this)));
      },
    },
    val: reading(0, ([first]) => realm.fromHost(first === undefined ? undefined : fieldValue(first))),
  };
  for (const [name, walk] of Object.entries(WALKS)) {
    methods[name] = moving(1, (nodes, selector) => keep(walk(nodes), selector, `${name}()`));
  }
  for (const [name, walk] of Object.entries(WALKS_UNTIL)) {
    methods[name] = moving(2, (nodes, until, selector) =>
      keep(walk(nodes, isGiven(until) ? testFor(until, `${name}()`) : () => false), selector, `${name}()`),
    );
  }

  const { prototype, create }: HostClass = realm.hostClass({
    name: 'Selection',
    construct() {
      throw new TypeError('a Selection comes from parseHTML() or Response.html(); it cannot be constructed');
    },
    methods,
  });

  function showNodes(nodes: Nodes, previous?: object): object {
    const object = create();
    states.attach(object, { nodes, previous });
    return object;
  }

  /** Asks a function of the script about each node, which it sees as a Selection; gives those it says yes to. */
  function* ask(self: object, fn: unknown): Generator<HostCallOf, HtmlNode[], unknown> {
    const accepted: HtmlNode[] = [];
    let index = 0;
    for (const node of stateOf(self).nodes) {
      if (yield { fn, args: [index++, showNodes([node], self)] }) accepted.push(node);
    }
    return accepted;
  }

  const callbacks: Record<string, (self: object, given: unknown) => HostSteps> = {
    *each(self, fn) {
      requireFunction(fn, 'each()');
      let index = 0;
      for (const node of stateOf(self).nodes) yield { fn, args: [index++, objects.showNode(node)] };
      return self;
    },
    *map(self, fn) {
      requireFunction(fn, 'map()');
      const mapped = objects.list([]);
      let index = 0;
      for (const node of stateOf(self).nodes) mapped.push(yield { fn, args: [index++, showNodes([node], self)] });
      return mapped;
    },
    *filter(self, given) {
      const { nodes } = stateOf(self);
      return showNodes(typeof given === 'function' ? yield* ask(self, given) : keep(nodes, given, 'filter()'), self);
    },
    *not(self, given) {
      const { nodes } = stateOf(self);
      const out = new Set(
        typeof given === 'function' ? yield* ask(self, given) : nodes.filter(testFor(given, 'not()')),
      );
      return showNodes(
        nodes.filter((node) => !out.has(node)),
        self,
      );
    },
    *is(self, given) {
      if (typeof given === 'function') return (yield* ask(self, given)).length > 0;
      return stateOf(self).nodes.some(testFor(given, 'is()'));
    },
  };
  for (const [name, steps] of Object.entries(callbacks)) {
    Object.defineProperty(prototype, name, {
      value: realm.steppedFunction(name, 1, (self, { 0: given }) => steps(self as object, given)),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }

  return { showNodes, nodesOf: (value) => states.of(value)?.nodes ?? null };
}

/** A call of a script's function that a generator asks for. */
interface HostCallOf {
  readonly fn: unknown;
  readonly args: readonly unknown[];
}

function requireFunction(value: unknown, what: string): void {
  if (typeof value !== 'function') throw new TypeError(`${what} takes a function, not ${typeof value}`);
}
