import { types } from 'node:util';
import type { Realm } from './realm-interface.ts';

/** Makes an object of the realm from what it shows. */
export type LateObjectMaker<T extends object> = (source: T) => object;

/** Under this key such an object answers with the plain one that it stands for. */
const PLAIN = Symbol('plain');

/**
 * A plain object to whoever looks at it, by whatever means; nothing of it is made before that. For what a script is given many thousand
 * times a second and hardly ever looks at: a getter on its own would cost the engine three times as much, since each is a transition.
 */
const FACTORY = `(show, PLAIN) => {
  'use strict';
  const { defineProperty, deleteProperty, get, getOwnPropertyDescriptor, has, ownKeys, preventExtensions, set } = Reflect;
  const NativeProxy = Proxy;
  class Later {
    #source;
    constructor(source) {
      this.#source = source;
    }
    #fill(target) {
      if (this.#source === null) return target;
      const made = show(this.#source);
      for (const key of ownKeys(made)) defineProperty(target, key, getOwnPropertyDescriptor(made, key));
      this.#source = null;
      return target;
    }
    get(target, key, receiver) { return key === PLAIN ? this.#fill(target) : get(this.#fill(target), key, receiver); }
    set(target, key, value, receiver) { return set(this.#fill(target), key, value, receiver); }
    has(target, key) { return has(this.#fill(target), key); }
    deleteProperty(target, key) { return deleteProperty(this.#fill(target), key); }
    defineProperty(target, key, descriptor) { return defineProperty(this.#fill(target), key, descriptor); }
    getOwnPropertyDescriptor(target, key) { return getOwnPropertyDescriptor(this.#fill(target), key); }
    ownKeys(target) { return ownKeys(this.#fill(target)); }
    preventExtensions(target) { return preventExtensions(this.#fill(target)); }
  }
  // What a script puts on Object.prototype is no trap.
  Object.setPrototypeOf(Later.prototype, null);
  // Smaller than a literal, which has room for properties.
  const Bare = function () {};
  Bare.prototype = Object.prototype;
  return (source) => new NativeProxy(new Bare(), new Later(source));
}`;

/** @param show makes what the objects show, of the host's own realm; called once for each that is looked at */
export function createLateObjects<T extends object>(realm: Realm, show: (source: T) => object): LateObjectMaker<T> {
  const factory = realm.evaluate(FACTORY, 'sixfold:late-object') as (show: unknown, key: symbol) => LateObjectMaker<T>;
  return factory(
    realm.hostFunction('show', 1, (source: T) => realm.fromHost(show(source))),
    PLAIN,
  );
}

/** @returns the plain object that a late one stands for; null for any other */
export function plainOfLate(value: object): object | null {
  if (!types.isProxy(value)) return null;
  try {
    const plain = (value as Record<symbol, unknown>)[PLAIN];
    return typeof plain === 'object' && plain !== null && !types.isProxy(plain) ? plain : null;
  } catch {
    // A script's own, whose trap has thrown.
    return null;
  }
}
