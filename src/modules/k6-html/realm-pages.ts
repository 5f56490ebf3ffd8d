// The objects that scripts get of pages: one set of classes for all virtual users of a worker.
import type { Realm } from '../../script/realm-interface.ts';
import { createElementClasses } from './element-classes.ts';
import { readPage } from './page-cache.ts';
import type { PageObjects } from './page-objects.ts';
import { createSelectionClass } from './selection-class.ts';

const made = new WeakMap<Realm, PageObjects>();

/** The objects of a realm. */
export function pageObjectsOf(realm: Realm): PageObjects {
  let objects = made.get(realm);
  if (objects === undefined) {
    objects = createPageObjects(realm);
    made.set(realm, objects);
  }
  return objects;
}

function createPageObjects(realm: Realm): PageObjects {
  const list = (items: Iterable<unknown>): unknown[] => {
    const array = new realm.intrinsics.Array<unknown>();
    for (const item of items) array.push(item);
    return array;
  };
  // The two kinds of class make each other's objects, so each gets the functions of the other when it is used.
  const objects: PageObjects = {
    realm,
    list,
    showNode: (node) => elements.showNode(node),
    nodeOf: (value) => elements.nodeOf(value),
    showNodes: (nodes, previous) => selections.showNodes(nodes, previous),
    nodesOf: (value) => selections.nodesOf(value),
  };
  const elements = createElementClasses(objects);
  const selections = createSelectionClass(objects);
  return objects;
}

/** The Selection that holds the document of a page. */
export function parseToSelection(realm: Realm, text: string): object {
  return pageObjectsOf(realm).showNodes([readPage(text)]);
}
