// Objects of the realm that each virtual user needs a copy of: made from a literal, they are compact. Objects that grow key by
// key become hash tables in V8, at ten times the memory.
import type { Realm } from './realm-interface.ts';

type Make = (values: readonly unknown[]) => Record<string, unknown>;

/**
 * @param keys of the objects, in their order
 * @returns makes an ordinary object of the realm from the values of its keys
 */
export function createObjectMaker(realm: Realm, keys: readonly string[]): Make {
  // Written as a plain key, __proto__ would set the prototype.
  const members = keys.map((key, i) => `${key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}: v[${i}]`);
  return realm.evaluate(`(function (v) { return { ${members.join(', ')} }; })`) as Make;
}

/** @returns makes copies of `original` in the realm */
export function createCopier(realm: Realm, original: Readonly<Record<string, unknown>>): () => Record<string, unknown> {
  const make = createObjectMaker(realm, Object.keys(original));
  const values = Object.values(original);
  return () => make(values);
}
