// Methods of host classes that call back into the script, and iterate for it.
import type { HostClass, Realm } from '../../script/realm-interface.ts';
import type { StartSteps } from '../../script/runtime/protocol-host.ts';
import { copyList } from '../../vu/script-list.ts';
import { toText } from '../../vu/to-text.ts';
import { oncePerRealm } from './once-per-realm.ts';

/** Defines a method as a class of the language has it. */
export function defineMethod(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}

/** Defines a method whose steps may call functions of the script that block. */
export function defineSteps(realm: Realm, target: object, name: string, length: number, start: StartSteps): void {
  defineMethod(target, name, realm.steppedFunction(name, length, start));
}

/** Gives a class the tag that `Object.prototype.toString` shows. */
export function defineTag(target: object, tag: string): void {
  Object.defineProperty(target, Symbol.toStringTag, { value: tag, configurable: true });
}

const INTO_LIST = `(function () {
  'use strict';
  const define = Object.defineProperty;
  return (given, most) => {
    const list = [];
    let length = 0;
    for (const item of given) {
      define(list, length++, { __proto__: null, value: item, writable: true, configurable: true, enumerable: true });
      if (length === most) break;
    }
    return list;
  };
})()`;

const listReader = oncePerRealm(
  (realm) => realm.evaluate(INTO_LIST) as (this: unknown, ...args: unknown[]) => readonly unknown[],
);

/**
 * What an iterable of the script gives.
 * @param most of it that is looked at
 */
export function readList(realm: Realm, iterable: object, most = Number.POSITIVE_INFINITY): unknown[] {
  return copyList(realm.apply(listReader(realm), undefined, [iterable, most]) as readonly unknown[]);
}

/**
 * What an initialiser of the web – a sequence of pairs, or a record – holds.
 * @param what is being made, for the error
 */
export function readPairs(realm: Realm, given: object, what: string): [name: string, value: string][] {
  const iterator = (given as { [Symbol.iterator]?: unknown })[Symbol.iterator];
  if (iterator === undefined || iterator === null)
    return Object.keys(given).map((key) => [key, toText((given as Record<string, unknown>)[key])]);
  return readList(realm, given).map((item) => {
    const pair = typeof item === 'object' && item !== null ? readList(realm, item, 3) : [];
    if (pair.length !== 2) throw new TypeError(`${what} takes pairs of a name and a value`);
    return [toText(pair[0]), toText(pair[1])];
  });
}

/** Makes one class extend another without calling its constructor. */
export function inherit(child: Omit<HostClass, 'create'>, parent: Omit<HostClass, 'create'>): void {
  Object.setPrototypeOf(child.constructor, parent.constructor);
  Object.setPrototypeOf(child.prototype, parent.prototype);
}
