// Globals that are made when a script first reaches for them.
import type { VuEnvironment } from './environment.ts';

export interface LazyGlobals {
  readonly names: readonly string[];
  /** Those of which each virtual user has its own; the others are the realm's, and asked for once. */
  readonly ofVu: ReadonlySet<string>;
  /** What scripts see by that name. */
  get(environment: VuEnvironment, name: string): unknown;
}

/** Evaluated in the realm: assigning gives the object that is assigned to a property of its own, as with ordinary globals. */
const SOURCE = `(function (load, name, isKept) {
  'use strict';
  const define = Reflect.defineProperty;
  let value;
  let isLoaded = false;
  return [
    { get() {
      if (!isLoaded) {
        value = load(name);
        isLoaded = isKept;
      }
      return value;
    } }.get,
    { set(value) {
      if (this !== undefined && this !== null) define(this, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    } }.set,
  ];
})`;

/** Accessors for objects that scripts take their globals from. */
export function createLazyGlobals(environment: VuEnvironment, lazy: LazyGlobals): PropertyDescriptorMap {
  const { realm } = environment;
  const load = realm.hostFunction('load', 1, (name: unknown) => lazy.get(environment, name as string));
  const make = realm.evaluate(SOURCE) as (
    load: unknown,
    name: string,
    isKept: boolean,
  ) => [() => unknown, (value: unknown) => void];
  return Object.fromEntries(
    lazy.names.map((name) => {
      const [get, set] = make(load, name, !lazy.ofVu.has(name));
      return [name, { get, set, enumerable: false, configurable: true }];
    }),
  );
}
