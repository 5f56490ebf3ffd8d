import type { HostClass, HostClassSpec, HostMember, RealmFunction } from '../realm-interface.ts';
import type { HostFunctions } from './host-function.ts';
import type { AnyFunction } from './twin-call.ts';

interface MemberFactory {
  member(name: string, member: HostMember): RealmFunction;
  readonly intrinsics: { readonly Object: ObjectConstructor };
}

/** A class of the realm whose behaviour is the host's: methods and accessors sit on the prototype, not enumerable. */
export function createHostClass(realm: MemberFactory, functions: HostFunctions, spec: HostClassSpec): HostClass {
  const made = functions.constructible(spec.name, spec.length ?? 0, spec.construct.bind(spec), spec.extend);
  const prototype = (made as unknown as { prototype: object }).prototype;
  for (const [name, member] of Object.entries(spec.methods ?? {})) {
    functions.member(prototype, name, realm.member(name, member));
  }
  for (const [name, member] of Object.entries(spec.statics ?? {})) {
    functions.member(made, name, realm.member(name, member));
  }
  const accessors = new Set([...Object.keys(spec.getters ?? {}), ...Object.keys(spec.setters ?? {})]);
  for (const name of accessors) {
    const getter = spec.getters?.[name];
    const setter = spec.setters?.[name];
    functions.accessor(
      prototype,
      name,
      getter && (realm.member(`get ${name}`, { length: 0, impl: getter }) as AnyFunction),
      setter && (realm.member(`set ${name}`, { length: 1, impl: setter }) as AnyFunction),
    );
  }
  return { constructor: made, prototype, create: () => Object.create(prototype) as object };
}
