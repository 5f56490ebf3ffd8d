import type { Protocol } from './protocol.ts';

/**
 * Finds what a script has changed in the realm's built-ins by comparing them with what they were; evaluated in the realm
 * (self-contained). Compared are the constructors, prototypes and namespaces; not what hangs on single functions (`[].push.x`).
 */
export function installWatch(p: Protocol): void {
  const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { is, keys: namesOf } = Object;
  const nan = Number.NaN;
  const NativeFunction = Function;
  const stringify = JSON.stringify;
  const realmGlobal = globalThis as object;
  const { put } = p;

  type Comparison = (holder: object, values: readonly unknown[], keys: readonly PropertyKey[]) => boolean;

  interface Watched {
    readonly holder: Record<PropertyKey, unknown>;
    readonly prototype: object | null;
    readonly keys: readonly PropertyKey[];
    readonly natives: readonly PropertyDescriptor[];
    /** Of the accessors, the getters: reading one by name would call it. */
    readonly accessors: readonly number[];
    readonly dataKeys: readonly PropertyKey[];
    readonly values: readonly unknown[];
    /** How many properties can be enumerated: counting those is much faster than listing all. */
    readonly names: number;
    readonly differs: Comparison;
    /** Something was defined on it: all of its properties are looked at, by their descriptors. */
    exact: boolean;
  }

  /** Stands for the prototype of a built-in, where a key is asked for. */
  const prototypeSlot = Symbol('[[Prototype]]');
  p.prototypeSlot = prototypeSlot;

  const isObject = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  /** Most built-in functions carry a length and a name, and no more. */
  const hasMembers = (value: object): boolean => typeof value !== 'function' || ownKeys(value).length > 2;

  /** A function that reads each property where it is, by name: several times as fast as a loop. */
  function compileComparison(keys: readonly PropertyKey[]): Comparison {
    let code = 'return false';
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const name = typeof key === 'string' ? stringify(key) : `k[${i}]`;
      code += `||h[${name}]!==v[${i}]`;
    }
    return new NativeFunction('h', 'v', 'k', code) as Comparison;
  }

  let members: Set<object> | undefined;
  const byHolder: Map<object, Watched> = new p.Map();
  p.noteDefinition = (holder) => {
    const watched = byHolder.get(holder);
    if (watched !== undefined) watched.exact = true;
  };
  p.isWatched = (value) => members?.has(value) === true;

  /** Built-ins that no name leads to. */
  const hidden: readonly unknown[] = [
    function* () {},
    async () => {},
    async function* () {},
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map().entries(),
    new Set().entries(),
    /a/[Symbol.matchAll]('a'),
  ];

  function collect(): Watched[] {
    const seen: Set<object> = new p.Set();
    const found: Watched[] = [];
    const visit = (value: unknown, isSample: boolean): void => {
      if (!isObject(value) || seen.has(value)) return;
      seen.add(value);
      visit(getPrototypeOf(value), false);
      if (isSample || !hasMembers(value)) return;
      const keys = ownKeys(value);
      const natives: PropertyDescriptor[] = [];
      const accessors: number[] = [];
      const dataKeys: PropertyKey[] = [];
      const values: unknown[] = [];
      for (let i = 0; i < keys.length; i++) {
        const native = getOwnPropertyDescriptor(value, keys[i] as PropertyKey) as PropertyDescriptor;
        put(natives, i, native);
        // NaN differs from itself; where it is a property, it is so for good.
        if ('value' in native && !is(native.value, nan)) {
          put(dataKeys, dataKeys.length, keys[i]);
          put(values, values.length, native.value);
        } else if (!('value' in native)) put(accessors, accessors.length, i);
      }
      const holder = value as Record<PropertyKey, unknown>;
      put(found, found.length, {
        holder,
        prototype: getPrototypeOf(value),
        keys,
        natives,
        accessors,
        dataKeys,
        values,
        names: namesOf(value).length,
        differs: compileComparison(dataKeys),
        exact: false,
      });
      for (let i = 0; i < natives.length; i++) visit((natives[i] as PropertyDescriptor).value, false);
    };
    visit(realmGlobal, false);
    for (let i = 0; i < hidden.length; i++) visit(hidden[i], true);
    members = seen;
    return found;
  }

  /**
   * @param isKnown whether a property is exchanged already
   * @param changed told of each other that has changed, and what it was
   * @returns what compares
   */
  p.createWatch = (isKnown, changed) => {
    const all = collect();
    const examine = (watched: Watched): void => {
      const { holder, keys, natives } = watched;
      const added: Set<PropertyKey> = new p.Set();
      const present = ownKeys(holder);
      for (let i = 0; i < present.length; i++) added.add(present[i] as PropertyKey);
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] as PropertyKey;
        added.delete(key);
        const native = natives[i] as PropertyDescriptor;
        const now = getOwnPropertyDescriptor(holder, key);
        if (now !== undefined && 'value' in native && !('value' in now)) watched.exact = true;
        const isSame =
          now !== undefined &&
          is(now.value, native.value) &&
          now.get === native.get &&
          now.set === native.set &&
          now.enumerable === native.enumerable &&
          now.writable === native.writable;
        if (!isSame && !isKnown(holder, key)) changed(holder, key, native);
      }
      for (let i = 0; i < present.length; i++) {
        const key = present[i] as PropertyKey;
        if (added.has(key) && !isKnown(holder, key)) changed(holder, key, undefined);
      }
    };
    const looksChanged = (watched: Watched): boolean => {
      if (watched.exact) return true;
      try {
        return compare(watched);
      } catch {
        // An accessor, new there, that throws.
        return true;
      }
    };
    const compare = ({ holder, keys, natives, accessors, dataKeys, values, names, differs }: Watched): boolean => {
      if (namesOf(holder).length !== names || differs(holder, values, dataKeys)) return true;
      for (let i = 0; i < accessors.length; i++) {
        const at = accessors[i] as number;
        const now = getOwnPropertyDescriptor(holder, keys[at] as PropertyKey);
        const native = natives[at] as PropertyDescriptor;
        if (now === undefined || now.get !== native.get || now.set !== native.set) return true;
      }
      return false;
    };
    for (let i = 0; i < all.length; i++) byHolder.set((all[i] as Watched).holder, all[i] as Watched);
    return () => {
      for (let i = 0; i < all.length; i++) {
        const each = all[i] as Watched;
        if (looksChanged(each)) examine(each);
        if (getPrototypeOf(each.holder) !== each.prototype && !isKnown(each.holder, prototypeSlot))
          changed(each.holder, prototypeSlot, { value: each.prototype });
      }
    };
  };
}
