import type { AnyFunction, Protocol, VuHandle } from './protocol.ts';

/**
 * Changes that a script makes to built-ins, kept apart per virtual user; evaluated in the realm (self-contained).
 *
 * All virtual users of a worker share one realm, but each is to see only its own `Array.prototype.last`. So, for programs in
 * which the compiler found such changes, and for those alone, the properties concerned are exchanged whenever another
 * virtual user gets its turn. That costs about a microsecond per property and turn, where a name is known only at run time
 * (`Object.assign(Array.prototype, …)`) about ten microseconds per built-in and turn, and per virtual user one descriptor for
 * each property that differs.
 */
export function installPatches(p: Protocol): void {
  const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
  const nativeDefine = Object.defineProperty;
  const nativeDefineAll = Object.defineProperties;

  interface Slot {
    readonly holder: object;
    readonly key: PropertyKey;
    /** As it was before any script ran. */
    readonly native: PropertyDescriptor | undefined;
  }
  const slots: Slot[] = [];
  /** Keys that have a slot, by holder. */
  const known = new p.Map<object, Set<PropertyKey>>();
  /** Built-ins any property of which may be changed. */
  const open = new p.Set<object>();
  const changes = new p.WeakMap<VuHandle, Map<Slot, PropertyDescriptor | undefined>>();
  /** Whose changes are in place. */
  let owner: VuHandle | undefined;

  const addSlot = (holder: object, key: PropertyKey, native: PropertyDescriptor | undefined): void => {
    let keys = known.get(holder);
    if (keys === undefined) known.set(holder, (keys = new p.Set()));
    if (keys.has(key)) return;
    keys.add(key);
    slots.push({ holder, key, native });
  };

  const isSame = (a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean =>
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      a.value === b.value &&
      a.get === b.get &&
      a.set === b.set &&
      a.enumerable === b.enumerable &&
      a.writable === b.writable);

  /** Puts away what `owner` has changed and brings out what `vu` has. */
  const exchange = (vu: VuHandle): void => {
    for (const holder of open) {
      for (const key of ownKeys(holder)) if (!known.get(holder)?.has(key)) addSlot(holder, key, undefined);
    }
    const kept = new p.Map<Slot, PropertyDescriptor | undefined>();
    const wanted = changes.get(vu);
    for (const slot of slots) {
      const { holder, key, native } = slot;
      const present = getOwnPropertyDescriptor(holder, key);
      if (!isSame(present, native)) kept.set(slot, present);
      const next = wanted?.has(slot) ? wanted.get(slot) : native;
      if (isSame(present, next)) continue;
      if (next === undefined) deleteProperty(holder, key);
      else defineProperty(holder, key, next);
    }
    if (owner !== undefined) changes.set(owner, kept);
    owner = vu;
  };

  /** From now on every change of the current virtual user is seen. */
  const watchTurns = (): void => {
    let current = p.vu;
    owner = current;
    nativeDefine(p, 'vu', {
      get: () => current,
      set: (vu: VuHandle | undefined) => {
        current = vu;
        if (vu !== undefined && vu !== owner) exchange(vu);
      },
      enumerable: true,
      configurable: true,
    });
    // What is defined for good could not be exchanged: on these built-ins it stays configurable.
    const flexible = (target: object, descriptor: PropertyDescriptor): PropertyDescriptor =>
      known.has(target) && typeof descriptor === 'object' ? { ...descriptor, configurable: true } : descriptor;
    const patched = {
      defineProperty(target: object, key: PropertyKey, descriptor: PropertyDescriptor) {
        return nativeDefine(target, key, flexible(target, descriptor));
      },
      defineProperties(target: object, descriptors: PropertyDescriptorMap) {
        if (!known.has(target)) return nativeDefineAll(target, descriptors);
        const all: PropertyDescriptorMap = {};
        for (const key of ownKeys(descriptors))
          all[key as string] = flexible(target, descriptors[key as string] as PropertyDescriptor);
        return nativeDefineAll(target, all);
      },
    };
    const reflected = (target: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean =>
      defineProperty(target, key, flexible(target, descriptor));
    for (const [holder, name, value] of [
      [Object, 'defineProperty', patched.defineProperty],
      [Object, 'defineProperties', patched.defineProperties],
      [Reflect, 'defineProperty', reflected],
    ] as const) {
      nativeDefine(holder, name, { value: p.native(value as AnyFunction), writable: true, configurable: true });
    }
  };

  /** Told by a compiled module, once per worker: pairs of a path from the global object and a key (null: any). */
  p['patches'] = (list: readonly (readonly [path: string, key: string | null])[]): void => {
    if (slots.length === 0 && open.size === 0) watchTurns();
    for (const [path, key] of list) {
      let holder: unknown = globalThis;
      for (const name of path.split('.')) holder = (holder as Record<string, unknown> | undefined | null)?.[name];
      // A path through something of the script's own is each virtual user's own already.
      if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) continue;
      if (key !== null) addSlot(holder, key, getOwnPropertyDescriptor(holder, key));
      else {
        open.add(holder);
        for (const name of ownKeys(holder)) addSlot(holder, name, getOwnPropertyDescriptor(holder, name));
      }
    }
  };
}
