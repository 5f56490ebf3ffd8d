import type { Protocol } from './protocol.ts';
import type { VuHandle } from './protocol-host.ts';
import type { AnyFunction } from './twin-call.ts';

/**
 * Changes that a script makes to built-ins, kept apart per virtual user; evaluated in the realm (self-contained).
 *
 * All virtual users of a worker share one realm, but each is to see only its own `Array.prototype.last`. So, for programs in
 * which the compiler found such changes, and for those alone, the properties concerned are exchanged whenever another
 * virtual user gets its turn. That costs about a microsecond per property and turn, where a name is known only at run time
 * (`Object.assign(Array.prototype, …)`) about ten microseconds per built-in and turn, and per virtual user one descriptor for
 * each property that differs.
 *
 * Where a program may reach a built-in in a way that the compiler cannot follow (an alias, code made from a string), every built-in is
 * watched: before the next virtual user has its turn they are compared with what they were (runtime/watched-built-ins.ts).
 */
export function installPatches(p: Protocol): void {
  const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect;
  const { is } = Object;
  const nativeDefine = Object.defineProperty;
  const nativeDefineAll = Object.defineProperties;

  interface Slot {
    readonly holder: object;
    readonly key: PropertyKey;
    /** As it was before any script ran. */
    native: PropertyDescriptor | undefined;
    /** As it was found last. */
    present: PropertyDescriptor | undefined;
  }
  const slots: Slot[] = [];
  /** Keys that have a slot, by holder. */
  const known = new p.Map<object, Set<PropertyKey>>();
  /** Built-ins any property of which may be changed. */
  const open = new p.Set<object>();
  const changes = new p.WeakMap<VuHandle, Map<Slot, PropertyDescriptor | undefined>>();
  /** Whose changes are in place. */
  let owner: VuHandle | undefined;
  let watching = false;

  const addSlot = (holder: object, key: PropertyKey, native: PropertyDescriptor | undefined): void => {
    let keys = known.get(holder);
    if (keys === undefined) known.set(holder, (keys = new p.Set()));
    if (keys.has(key)) return;
    keys.add(key);
    slots[slots.length] = { holder, key, native, present: native };
  };

  const isSame = (a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean =>
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      is(a.value, b.value) &&
      a.get === b.get &&
      a.set === b.set &&
      a.enumerable === b.enumerable &&
      a.writable === b.writable);

  const read = ({ holder, key }: Slot): PropertyDescriptor | undefined =>
    key === p.prototypeSlot ? { value: getPrototypeOf(holder) } : getOwnPropertyDescriptor(holder, key);
  const isKnown = (holder: object, key: PropertyKey): boolean => known.get(holder)?.has(key) === true;
  const createWatch = p.createWatch;
  let findChanges: (() => void) | undefined;

  /** Puts away what `owner` has changed and brings out what `vu` has. */
  const exchange = (vu: VuHandle): void => {
    findChanges?.();
    for (const holder of open) {
      for (const key of ownKeys(holder)) if (!known.get(holder)?.has(key)) addSlot(holder, key, undefined);
    }
    const kept = new p.Map<Slot, PropertyDescriptor | undefined>();
    const wanted = changes.get(vu);
    // All is read before anything is written: the length of Array.prototype takes its elements along.
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as Slot;
      slot.present = read(slot);
      if (!isSame(slot.present, slot.native)) kept.set(slot, slot.present);
    }
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as Slot;
      const { holder, key, native, present } = slot;
      const next = wanted?.has(slot) ? wanted.get(slot) : native;
      if (isSame(present, next)) continue;
      if (key === p.prototypeSlot) setPrototypeOf(holder, next?.value as object | null);
      else if (next === undefined) deleteProperty(holder, key);
      else defineProperty(holder, key, next);
    }
    if (owner !== undefined) changes.set(owner, kept);
    owner = vu;
  };

  const isWatched = p.isWatched;
  const noteDefinition = p.noteDefinition;
  const isKept = (target: object): boolean => known.has(target) || isWatched(target);

  /** From now on every change of the current virtual user is seen. */
  const watchTurns = (): void => {
    if (watching) return;
    watching = true;
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
    const flexible = (target: object, descriptor: PropertyDescriptor): PropertyDescriptor => {
      noteDefinition(target);
      return isKept(target) && typeof descriptor === 'object' ? { ...descriptor, configurable: true } : descriptor;
    };
    const patched = {
      defineProperty(target: object, key: PropertyKey, descriptor: PropertyDescriptor) {
        return nativeDefine(target, key, flexible(target, descriptor));
      },
      defineProperties(target: object, descriptors: PropertyDescriptorMap) {
        if (!isKept(target)) return nativeDefineAll(target, descriptors);
        const all: PropertyDescriptorMap = {};
        for (const key of ownKeys(descriptors))
          all[key as string] = flexible(target, descriptors[key as string] as PropertyDescriptor);
        return nativeDefineAll(target, all);
      },
    };
    const reflected = (target: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean =>
      defineProperty(target, key, flexible(target, descriptor));
    /** Nor could what is closed for good: these built-ins stay open. */
    const keepOpen = (native: (target: object) => unknown, result?: boolean) =>
      ({ [native.name]: (target: object) => (isKept(target) ? (result ?? target) : native(target)) })[native.name];
    for (const [holder, name, value] of [
      [Object, 'defineProperty', patched.defineProperty],
      [Object, 'defineProperties', patched.defineProperties],
      [Reflect, 'defineProperty', reflected],
      [Object, 'freeze', keepOpen(Object.freeze)],
      [Object, 'seal', keepOpen(Object.seal)],
      [Object, 'preventExtensions', keepOpen(Object.preventExtensions)],
      [Reflect, 'preventExtensions', keepOpen(Reflect.preventExtensions, true)],
    ] as const) {
      const made = p.native(value as AnyFunction);
      p.armBuiltIn(made);
      nativeDefine(holder, name, { value: made, writable: true, configurable: true });
    }
  };

  p.redefineBuiltIn = (holder, key, descriptor) => {
    findChanges?.();
    nativeDefine(holder, key, descriptor);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as Slot;
      if (slot.holder === holder && slot.key === key) slot.native = getOwnPropertyDescriptor(holder, key);
    }
    if (findChanges !== undefined) findChanges = createWatch(isKnown, addSlot);
  };

  p.watchBuiltIns = () => {
    if (findChanges !== undefined) return;
    watchTurns();
    findChanges = createWatch(isKnown, addSlot);
  };

  /** Told by a compiled module, once per worker: pairs of a path from the global object and a key (null: any). */
  p.patches = (list) => {
    watchTurns();
    for (const [path, key] of list) {
      if (path === '*') {
        p.watchBuiltIns();
        continue;
      }
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
