import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/** Twins of the methods of typed arrays that call back (ECMA-262 §23.2); evaluated in the realm (self-contained). */
export function installTypedArrayNatives(p: Protocol): void {
  const spec = p.spec;
  const sortSteps = p.sortSteps;
  const { apply } = p;
  const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };
  const { prototype } = TypedArray;
  const lengthOf = Object.getOwnPropertyDescriptor(prototype, 'length')!.get as AnyFunction;
  const nativeMap = (prototype as Record<string, unknown>)['map'] as AnyFunction;
  const nativeFilter = (prototype as Record<string, unknown>)['filter'] as AnyFunction;
  const nativeToSorted = (prototype as Record<string, unknown>)['toSorted'] as AnyFunction;

  const nativeKeys = (prototype as Record<string, unknown>)['keys'] as AnyFunction;
  const nameOf = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)!.get as AnyFunction;
  const { defineProperty } = Object;
  const drain = p.drainSteps;
  const constructors: Map<string, new (length: number) => Values> = new p.Map();
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const C = (globalThis as unknown as Record<string, unknown>)[name];
    if (typeof C === 'function' && Object.getPrototypeOf(C) === TypedArray)
      constructors.set(name, C as unknown as new (length: number) => Values);
  }

  /** An element is converted when it is written. */
  function* put(result: Values, k: number, value: unknown): Steps {
    result[k] = spec.isObject(value) ? yield* primitive(value, 'number') : value;
    return undefined;
  }
  const primitive = p.primitiveSteps;

  type Values = Record<PropertyKey, unknown>;

  const define = (
    key: string,
    body: (o: Values, length: number, fn: unknown, args: ArrayLike<unknown>) => Steps,
  ): void => {
    spec.define(prototype, key, function* (self, args, native) {
      if (!ArrayBuffer.isView(self) || self instanceof DataView || typeof args[0] !== 'function')
        return yield* p.invoke(native, self, args);
      const length = apply(lengthOf, self, []) as number;
      // One whose buffer is gone has no length either: the engine refuses it.
      if (length === 0) apply(nativeKeys, self, []);
      return yield* body(self as unknown as Values, length, args[0], args);
    });
  };

  define('forEach', function* (o, length, fn, args) {
    for (let k = 0; k < length; k++) yield* p.call(fn, args[1], [o[k], k, o]);
    return undefined;
  });
  define('map', function* (o, length, fn, args) {
    // The native makes the species' array; what it maps to comes afterwards.
    const result = (yield* p.invoke(nativeMap, o, [(value: unknown) => value])) as Values;
    for (let k = 0; k < length; k++) yield* put(result, k, yield* p.call(fn, args[1], [o[k], k, o]));
    return result;
  });
  define('filter', function* (o, length, fn, args) {
    const kept: unknown[] = [];
    for (let k = 0; k < length; k++) {
      const value = o[k];
      if (yield* p.call(fn, args[1], [value, k, o])) kept[kept.length] = value;
    }
    // The native makes the species' array, from one of the same kind that holds what is kept.
    const list = new (constructors.get(apply(nameOf, o, []) as string) as new (length: number) => Values)(kept.length);
    for (let k = 0; k < kept.length; k++) list[k] = kept[k];
    defineProperty(list, 'constructor', { value: yield* spec.get(o, 'constructor') });
    return yield* p.invoke(nativeFilter, list, [() => true]);
  });
  const defineFind = (
    key: string,
    fromEnd: boolean,
    found: (value: unknown, k: number) => unknown,
    none: unknown,
  ): void =>
    define(key, function* (o, length, fn, args) {
      for (let i = 0; i < length; i++) {
        const k = fromEnd ? length - 1 - i : i;
        const value = o[k];
        if (yield* p.call(fn, args[1], [value, k, o])) return found(value, k);
      }
      return none;
    });
  const value = (v: unknown): unknown => v;
  const index = (_v: unknown, k: number): unknown => k;
  defineFind('find', false, value, undefined);
  defineFind('findIndex', false, index, -1);
  defineFind('findLast', true, value, undefined);
  defineFind('findLastIndex', true, index, -1);
  defineFind('some', false, () => true, false);
  define('every', function* (o, length, fn, args) {
    for (let k = 0; k < length; k++) if (!(yield* p.call(fn, args[1], [o[k], k, o]))) return false;
    return true;
  });
  const defineReduce = (key: string, fromEnd: boolean): void =>
    define(key, function* (o, length, fn, args) {
      let i = 0;
      const at = (): number => (fromEnd ? length - 1 - i : i);
      let result: unknown;
      if (args.length > 1) result = args[1];
      else {
        if (length === 0) throw new TypeError('Reduce of empty array with no initial value');
        result = o[at()];
        i++;
      }
      for (; i < length; i++) result = yield* p.call(fn, undefined, [result, o[at()], at(), o]);
      return result;
    });
  defineReduce('reduce', false);
  defineReduce('reduceRight', true);

  function* sorted(o: Values, length: number, fn: unknown): Generator<unknown, unknown[], unknown> {
    const values: unknown[] = [];
    for (let k = 0; k < length; k++) values[k] = o[k];
    yield* sortSteps(values, fn, true);
    return values;
  }
  define('sort', function* (o, length, fn) {
    const values = yield* sorted(o, length, fn);
    for (let k = 0; k < length; k++) o[k] = values[k];
    return o;
  });
  define('toSorted', function* (o, length, fn) {
    const values = yield* sorted(o, length, fn);
    const result = apply(nativeToSorted, o, []) as Values;
    for (let k = 0; k < length; k++) result[k] = values[k];
    return result;
  });

  spec.define(
    TypedArray,
    'from',
    function* (self, args, native) {
      const [source, map] = [args[0], args[1]];
      if (!spec.isConstructor(self) || (map !== undefined && typeof map !== 'function') || source == null)
        return yield* p.invoke(native, self, args);
      const method = yield* spec.get(source as object, Symbol.iterator);
      const isIterable = method !== undefined && method !== null;
      const list = isIterable ? yield* drain(source, -1) : spec.toObject(source);
      const length = yield* spec.lengthOf(list);
      const result = (yield* p.construct(self, [length])) as Values;
      if (!ArrayBuffer.isView(result) || result instanceof DataView) throw new TypeError('this is not a typed array.');
      if ((apply(lengthOf, result, []) as number) < length)
        throw new TypeError('Derived TypedArray constructor created an array which was too small');
      for (let k = 0; k < length; k++) {
        const value = isIterable ? (list as unknown[])[k] : yield* spec.get(list, k);
        yield* put(result, k, map === undefined ? value : yield* p.call(map, args[2], [value, k]));
      }
      return result;
    },
    (_self, args) => spec.iteratesBlocking(args[0]),
  );

  // The constructors iterate, or copy an array-like, before they make anything; the elements are converted one by one.
  const reflectConstruct = Reflect.construct as (C: unknown, args: unknown[], newTarget: unknown) => unknown;
  const { isView } = ArrayBuffer;
  const defineConstruct = p.defineConstruct;
  for (const C of constructors.values()) {
    defineConstruct(C, function* (args, newTarget) {
      const source = args[0];
      if (!p.armed || !spec.isObject(source) || isView(source) || isBuffer(source))
        return p.armed
          ? yield* p.again(() => reflectConstruct(C, args, newTarget))
          : reflectConstruct(C, args, newTarget);
      const method = yield* spec.get(source, Symbol.iterator);
      let values: ArrayLike<unknown> = source as unknown as ArrayLike<unknown>;
      let length: number;
      if (method !== undefined && method !== null) {
        values = yield* drain(source, -1);
        length = values.length;
      } else length = yield* spec.lengthOf(source);
      const result = reflectConstruct(C, [length], newTarget) as Values;
      for (let k = 0; k < length; k++) yield* put(result, k, yield* spec.get(values, k));
      return result;
    });
  }
  function isBuffer(value: object): boolean {
    return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
  }
}
