import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/** Twins of call, apply, bind and of Reflect's functions (ECMA-262 §20.2.3, §28.1); evaluated in the realm (self-contained). */
export function installFunctionNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply, tw } = p;
  const { slice } = Array.prototype;
  const tail = (args: ArrayLike<unknown>, from: number): unknown[] =>
    apply(slice as AnyFunction, args, [from]) as unknown[];
  const nativeBind = Function.prototype.bind as unknown as AnyFunction;

  /** Hands over to the callee's own twin, which answers for itself. */
  const forward = (
    native: AnyFunction,
    takesList: boolean,
    pick: (self: unknown, args: ArrayLike<unknown>) => readonly [unknown, unknown, ArrayLike<unknown>],
  ): void => {
    p.st(native, function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
      const args = arguments;
      // By index: what iterates over an array is a script's to replace.
      const picked = pick(this, args);
      const fn = picked[0];
      const self = picked[1];
      const list = picked[2];
      const twin = tw(fn);
      if (list !== undefined) {
        // What the list is read from may block, whatever is called.
        if (p.armed && takesList && typeof fn === 'function' && !isQuiet(list)) return p.drive(applyTo(fn, self, list));
        if (twin !== undefined) return apply(twin, self, list);
      }
      let value: unknown;
      try {
        value = apply(native, this, args);
      } catch (error) {
        return p.thr(error);
      }
      return p.ret(value);
    });
  };
  function* applyTo(fn: unknown, self: unknown, list: ArrayLike<unknown>): Steps {
    return yield* p.call(fn, self, yield* listOf(list));
  }
  /** CreateListFromArrayLike; what is no object is left to the native, which throws. */
  const toList = (value: unknown, orEmpty: boolean): ArrayLike<unknown> =>
    spec.isObject(value)
      ? (value as unknown as ArrayLike<unknown>)
      : orEmpty && (value === undefined || value === null)
        ? []
        : (undefined as never);

  forward(Function.prototype.call as AnyFunction, false, (self, args) => [self, args[0], tail(args, 1)]);
  forward(Function.prototype.apply as AnyFunction, true, (self, args) => [self, args[0], toList(args[1], true)]);
  forward(Reflect.apply as AnyFunction, true, (_self, args) => [args[0], args[1], toList(args[2], false)]);

  const bind = {
    bind(this: unknown, ...args: unknown[]) {
      const bound = apply(nativeBind, this, args) as AnyFunction;
      const before = tail(args, 1);
      p.boundConstructor(bound, this as object, before);
      const twin = tw(this);
      if (twin === undefined) return bound;
      return p.st(bound, (...rest: unknown[]) => apply(twin, args[0], p.concat(before, rest)));
    },
  }.bind;
  Object.defineProperty(bind, 'length', { value: 1, configurable: true });
  Object.defineProperty(Function.prototype, 'bind', {
    value: p.native(bind),
    writable: true,
    configurable: true,
    enumerable: false,
  });

  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const { getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { get: viewLength } = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype) as object, 'length')!;
  /** Nothing that blocks is called by reading it: an array, `arguments`, or a typed array whose length is the engine's. */
  const isQuiet = (list: object): list is ArrayLike<unknown> => {
    if (p.exotic) return false;
    if (isArray(list) || p.host.isArguments(list)) return true;
    if (!isView(list)) return false;
    for (let object: object | null = list; object !== null; object = getPrototypeOf(object)) {
      const length = getOwnPropertyDescriptor(object, 'length');
      if (length !== undefined) return length.get === viewLength;
    }
    return false;
  };
  function* listOf(list: object): Generator<unknown, unknown[], unknown> {
    const values: unknown[] = [];
    // Element by element in steps takes fifty times as long.
    if (isQuiet(list)) {
      const { length } = list;
      for (let i = 0; i < length; i++) values[i] = list[i];
      return values;
    }
    const length = yield* spec.lengthOf(list);
    for (let i = 0; i < length; i++) values[i] = yield* spec.get(list, i);
    return values;
  }
  const always = (): boolean => true;
  spec.define(
    Reflect,
    'construct',
    function* (self, args, native) {
      const list = args[1];
      if (typeof args[0] !== 'function' || !spec.isObject(list)) return yield* p.invoke(native, self, args);
      const values = yield* listOf(list);
      return args.length > 2 ? yield* p.construct(args[0], values, args[2]) : yield* p.construct(args[0], values);
    },
    always,
  );
  // A write through a setter happens once, whatever it calls.
  for (const key of [
    'get',
    'set',
    'defineProperty',
    'deleteProperty',
    'has',
    'getOwnPropertyDescriptor',
    'ownKeys',
  ] as const)
    spec.define(Reflect, key, (self, args, native) => p.invoke(native, self, args), always);
}
