/** What the class needs of the host. */
export interface SharedArrayHost {
  /** The number of elements under a name, -1 if there is none. Throws outside of the init code. */
  find(name: unknown): number;
  /** An array is built from now on. */
  begin(): void;
  /** Takes JSON text of its next element. */
  add(text: string): void;
  /** It is complete; null: it could not be built. */
  end(name: string | null): void;
  /** JSON text. */
  element(name: string, index: number): string | undefined;
}

/**
 * Makes the class; evaluated in the script's realm from its own source text (self-contained), so that reading an element
 * takes no detour over the host's realm.
 */
export function installSharedArray(host: SharedArrayHost): new (name: string, fn: () => unknown[]) => unknown[] {
  const { parse, stringify } = JSON;
  const { isArray, prototype } = Array;
  const { freeze } = Object;
  const arrays = new Map<string, unknown[]>();

  function freezeDeep(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    for (const key in value) freezeDeep((value as Record<string, unknown>)[key]);
    return freeze(value);
  }

  function refuse(): never {
    throw new TypeError('SharedArray is immutable');
  }

  /** The position that a property key names, -1 for any other key. */
  function indexOf(key: PropertyKey, length: number): number {
    if (typeof key !== 'string') return -1;
    const index = +key;
    return index >= 0 && index < length && index % 1 === 0 && `${index}` === key ? index : -1;
  }

  function present(name: string, length: number): unknown[] {
    // The target only lends its being an array: one as long would take eight octets an element in every worker. Each access gives a
    // frozen copy of its own.
    const target: unknown[] = [];
    const read = (index: number): unknown => freezeDeep(parse(host.element(name, index) as string));
    return new Proxy(target, {
      get(_target, key) {
        const index = indexOf(key, length);
        if (index >= 0) return read(index);
        if (key === 'length') return length;
        return (prototype as unknown as Record<PropertyKey, unknown>)[key];
      },
      has(_target, key) {
        return key === 'length' || indexOf(key, length) >= 0 || key in prototype;
      },
      ownKeys() {
        const keys: (string | symbol)[] = [];
        for (let i = 0; i < length; i++) keys[i] = `${i}`;
        keys[length] = 'length';
        return keys;
      },
      getOwnPropertyDescriptor(_target, key) {
        if (key === 'length') return { value: length, writable: true, enumerable: false, configurable: false };
        const index = indexOf(key, length);
        if (index < 0) return undefined;
        return { value: read(index), writable: true, enumerable: true, configurable: true };
      },
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
      setPrototypeOf: refuse,
      preventExtensions: refuse,
    });
  }

  return class SharedArray {
    constructor(name: string, fn: () => unknown[]) {
      let length = host.find(name);
      if (length < 0) {
        if (typeof fn !== 'function')
          throw new TypeError("SharedArray's constructor requires a function as its second argument");
        let complete: string | null = null;
        host.begin();
        try {
          const built: unknown = fn();
          if (built instanceof Promise)
            throw new TypeError('SharedArray constructor does not support async functions as second argument');
          if (!isArray(built)) throw new TypeError('only arrays can be made into SharedArray');
          length = built.length;
          for (let i = 0; i < length; i++) host.add(stringify(built[i]) ?? 'null');
          complete = name;
        } finally {
          host.end(complete);
        }
      }
      const known = arrays.get(name) ?? present(name, length);
      arrays.set(name, known);
      // biome-ignore lint/correctness/noConstructorReturn: k6's constructor gives an array, too
      return known as unknown as SharedArray;
    }
  } as unknown as new (
    name: string,
    fn: () => unknown[],
  ) => unknown[];
}
