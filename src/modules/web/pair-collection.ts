// What `URLSearchParams`, `Headers` and `FormData` have in common: they are iterated over as pairs, while they may change.

import { createAttachedState } from '../../script/attached-state.ts';
import { createObjectMaker } from '../../script/object-maker.ts';
import type { HostClass, HostSteps, Realm } from '../../script/realm-interface.ts';
import { defineMethod, defineSteps, defineTag } from './script-methods.ts';

type Kind = 'entries' | 'keys' | 'values';

interface Position {
  readonly owner: object;
  readonly kind: Kind;
  at: number;
}

/**
 * Gives a class `entries`, `keys`, `values`, `forEach` and the iteration of the language (WebIDL section 3.7.9).
 * @param pairsOf the pairs of an instance as they are now; throws for what is none
 */
export function makeIterable(
  realm: Realm,
  name: string,
  { prototype }: HostClass,
  pairsOf: (self: unknown) => readonly (readonly [name: string, value: unknown])[],
): void {
  const positions = createAttachedState<Position>();
  const iteratorPrototype = realm.evaluate(
    'Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())))',
  ) as object;
  const makeResult = createObjectMaker(realm, ['value', 'done']);
  const makePair = realm.evaluate('(name, value) => [name, value]') as (name: string, value: unknown) => unknown;
  const next = realm.hostFunction('next', 0, function (this: unknown) {
    const position = positions.of(this);
    if (position === null) throw new TypeError(`this is not an iterator of a ${name}`);
    const pair = pairsOf(position.owner)[position.at];
    if (pair === undefined) return makeResult([undefined, true]);
    position.at++;
    const { kind } = position;
    return makeResult([kind === 'entries' ? makePair(...pair) : kind === 'keys' ? pair[0] : pair[1], false]);
  });
  defineMethod(iteratorPrototype, 'next', next);
  defineTag(iteratorPrototype, `${name} Iterator`);
  const create = realm.evaluate('(prototype) => ({ __proto__: prototype })') as (prototype: object) => object;
  for (const kind of ['entries', 'keys', 'values'] as const) {
    const iterate = realm.hostFunction(kind, 0, function (this: unknown) {
      pairsOf(this);
      const iterator = create(iteratorPrototype);
      positions.attach(iterator, { owner: this as object, kind, at: 0 });
      return iterator;
    });
    defineMethod(prototype, kind, iterate);
    if (kind === 'entries') defineMethod(prototype, Symbol.iterator, iterate);
  }
  defineSteps(realm, prototype, 'forEach', 1, function* (self, { 0: callback, 1: receiver }): HostSteps {
    pairsOf(self);
    if (typeof callback !== 'function') throw new TypeError(`forEach() of a ${name} requires a function`);
    for (let at = 0; ; at++) {
      const pair = pairsOf(self)[at];
      if (pair === undefined) return undefined;
      yield { fn: callback, self: receiver, args: [pair[1], pair[0], self] };
    }
  });
  defineTag(prototype, name);
}
