// Element and the classes for its kinds. They are made when a page first has one: most scripts meet few of them.

import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, HostMember } from '../../script/realm-interface.ts';
import type { Reads } from './element-attributes.ts';
import { createElementMethods } from './element-methods.ts';
import { ELEMENT_TYPES } from './element-types.ts';
import { type HtmlElement, type HtmlNode, isElement } from './html-tree.ts';
import type { PageObjects } from './page-objects.ts';

const TYPE_OF_TAG: ReadonlyMap<string, string> = new Map(
  Object.entries(ELEMENT_TYPES).flatMap(([name, { tags }]) => tags.map((tag) => [tag, name] as const)),
);

export function createElementClasses(objects: PageObjects): Pick<PageObjects, 'showNode' | 'nodeOf'> {
  const { realm } = objects;
  const nodes = createAttachedState<HtmlNode>();
  const ownNode = (value: unknown): HtmlNode => {
    const node = nodes.of(value);
    if (node === null) throw new TypeError('this is not an Element of a page');
    return node;
  };
  const show = (value: unknown): unknown => {
    if (Array.isArray(value)) return objects.list(value.map(show));
    if (value === null) return undefined;
    return typeof value === 'object' ? objects.showNode(value as HtmlNode) : value;
  };
  const refuse = (): never => {
    throw new TypeError('elements come from pages; they cannot be constructed');
  };

  const base = realm.hostClass({
    name: 'Element',
    construct: refuse,
    methods: createElementMethods(objects, ownNode, show),
  });
  const classes = new Map<string, HostClass>();
  const classFor = (name: string, methods: Reads): HostClass => {
    let made = classes.get(name);
    if (made === undefined) {
      const members = Object.entries(methods).map(([method, read]): [string, HostMember] => [
        method,
        {
          length: 0,
          impl(this: unknown) {
            const value = read(ownNode(this) as HtmlElement);
            return value === null ? null : show(value);
          },
        },
      ]);
      made = realm.hostClass({
        name,
        construct: refuse,
        methods: Object.fromEntries(members),
        extend: base.constructor,
      });
      classes.set(name, made);
    }
    return made;
  };

  return {
    nodeOf: nodes.of,
    showNode(node) {
      const name = isElement(node) ? TYPE_OF_TAG.get(node.name) : undefined;
      const type = name === undefined ? undefined : ELEMENT_TYPES[name];
      const object = (name === undefined || type === undefined ? base : classFor(name, type.methods)).create();
      nodes.attach(object, node);
      return object;
    },
  };
}
