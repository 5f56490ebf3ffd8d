import type { Realm } from '../../script/realm-interface.ts';

/** @returns gives what `make` makes for a realm, made once */
export function oncePerRealm<T>(make: (realm: Realm) => T): (realm: Realm) => T {
  const made = new WeakMap<Realm, { readonly value: T }>();
  return (realm) => {
    let entry = made.get(realm);
    if (entry === undefined) made.set(realm, (entry = { value: make(realm) }));
    return entry.value;
  };
}
