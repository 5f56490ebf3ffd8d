// `exec.vu.metrics.tags` and `.metadata`: objects that scripts assign to, in truth the tag set of the virtual user.
import { toTagValue } from '../../vu/custom-tags.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

export interface TagsAccess {
  read(vu: VirtualUser): readonly (readonly [key: string, value: string])[];
  set(vu: VirtualUser, key: string, value: string): void;
  remove(vu: VirtualUser, key: string): void;
}

/** A proxy of the realm, shared by all virtual users: it acts on the one that runs. */
export function createTagsObject({ realm }: VuEnvironment, access: TagsAccess): object {
  const { Object: RealmObject, Proxy: RealmProxy } = realm.intrinsics;
  const current = (): VirtualUser => realm.vu as VirtualUser;
  const find = (key: unknown): string | undefined =>
    typeof key === 'string' ? access.read(current()).find(([name]) => name === key)?.[1] : undefined;
  const put = (key: PropertyKey, value: unknown): boolean => {
    if (typeof key === 'symbol') return false;
    access.set(current(), String(key), toTagValue(realm, String(key), value));
    return true;
  };
  const traps: Record<string, (...args: never[]) => unknown> = {
    get: (target: object, key: PropertyKey) => find(key) ?? Reflect.get(target, key),
    has: (target: object, key: PropertyKey) => find(key) !== undefined || Reflect.has(target, key),
    set: (_target: object, key: PropertyKey, value: unknown) => put(key, value),
    defineProperty: (_target: object, key: PropertyKey, { value }: PropertyDescriptor) => put(key, value),
    deleteProperty: (_target: object, key: PropertyKey) => {
      if (typeof key === 'string') access.remove(current(), key);
      return true;
    },
    ownKeys: () => realm.fromHost(access.read(current()).map(([name]) => name)),
    getOwnPropertyDescriptor: (_target: object, key: PropertyKey) => {
      const value = find(key);
      if (value === undefined) return undefined;
      return realm.fromHost({ value, writable: true, enumerable: true, configurable: true });
    },
  };
  // Nothing to inherit: what a script puts on Object.prototype is no trap.
  const handler = Object.create(null) as Record<string, unknown>;
  for (const [name, trap] of Object.entries(traps)) handler[name] = realm.hostFunction(name, trap.length, trap);
  return new RealmProxy(new RealmObject(), handler as ProxyHandler<object>);
}
