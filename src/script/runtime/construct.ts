import type { Protocol } from './protocol.ts';
import type { AnyFunction, Steps } from './twin-call.ts';

/** Construction and classes under the twin protocol; evaluated in the realm (self-contained). */
export function installConstruction(p: Protocol): void {
  const { apply, tw } = p;
  const construct = Reflect.construct;
  const { getPrototypeOf, setPrototypeOf, defineProperty, getOwnPropertyDescriptor } = Object;
  const NativeProxy = Proxy;
  const NativePromise = p.NativePromise;
  const NativeTypeError = TypeError;
  const PLAIN_TRAPS = [
    'get',
    'set',
    'has',
    'deleteProperty',
    'getOwnPropertyDescriptor',
    'getPrototypeOf',
    'setPrototypeOf',
    'isExtensible',
    'preventExtensions',
    'ownKeys',
  ];
  const FIELDS = ['value', 'writable', 'get', 'set', 'enumerable', 'configurable'];
  type Constructor = new (...args: unknown[]) => object;

  /** Classes whose construction may block: they take part in the protocol. */
  const blockingClasses = new p.WeakSet<object>();
  /** Proxies and bound functions, which hand on to their target what their own parent has built. */
  const deputies = new p.WeakSet<object>();
  const pendingStatics = new p.WeakMap<object, () => unknown>();
  const wrappers = new p.WeakMap<object, unknown>();
  const RET = { toString: () => 'construct' };

  const isObject = (v: unknown): v is object => (typeof v === 'object' && v !== null) || typeof v === 'function';

  /**
   * The parent that a class without one gets when its construction may block: hands its second argument through. As a proxy it
   * does not look at the `prototype` of `new.target`, which takes microseconds, and may be a trap.
   */
  const Root = function (this: unknown): void {};
  Root.prototype = Object.prototype;
  defineProperty(Root, 'name', { value: '' });
  const Base = new NativeProxy(Root, {
    __proto__: null,
    construct: (_target: unknown, args: unknown[]) => args[1],
  } as ProxyHandler<typeof Root>);

  /** What `newTarget` would make of an ordinary object. */
  const make = (newTarget: unknown): object => construct(Object, [], newTarget as Constructor) as object;

  const makeSteps = (newTarget: unknown): Steps => p.again(() => make(newTarget));
  p.mks = (newTarget) => p.replay(() => make(newTarget));

  /** Twins that read `new.target` as soon as they are called: told here, just before the call. */
  const asking = new p.WeakSet<object>();
  let announced: unknown;
  const announce = (twin: object, newTarget: unknown): void => {
    if (asking.has(twin)) announced = newTarget;
  };
  p.wt = (twin) => {
    asking.add(twin);
    return twin;
  };
  p.nt = () => {
    const newTarget = announced;
    announced = undefined;
    return newTarget;
  };

  function* constructSteps(C: unknown, args: unknown[], newTarget: unknown = C): Steps {
    if (blockingClasses.has(C as object)) {
      return yield* p.again(() => construct(C as Constructor, args, newTarget as Constructor));
    }
    if (C === NativePromise && executes(args)) return yield* newPromise(args[0] as AnyFunction, newTarget);
    const alternative = constructTwins.get(C as object);
    if (alternative !== undefined) return yield* alternative(args, newTarget);
    const twin = tw(C);
    if (twin !== undefined && getOwnPropertyDescriptor(C as object, 'prototype') !== undefined && !isClass(C)) {
      return yield* ordinarySteps(twin, args, newTarget);
    }
    if (p.armed) return yield* p.again(() => construct(C as Constructor, args, newTarget as Constructor));
    return construct(C as Constructor, args, newTarget as Constructor);
  }

  p.noObject = () => {
    throw new TypeError('Derived constructors may only return object or undefined');
  };

  /** Whom a class really inherits from whose parent's `prototype` had to be waited for. */
  const benefactors = new p.WeakMap<object, object>();
  /** A handler under which a constructor constructs without a look at its `prototype`. */
  const probing = { construct: () => ({}) };
  /**
   * The parent of a class that is about to be made: in place of one whose `prototype` is found by code of the script, which may
   * block, a function that has it already.
   */
  function* heritage(parent: unknown): Steps {
    if (typeof parent !== 'function' || !findsPrototype(parent)) return parent;
    try {
      new (new NativeProxy(parent, probing) as unknown as Constructor)();
    } catch {
      return parent;
    }
    const prototype = yield* p.read(parent, 'prototype');
    if (!isObject(prototype) && prototype !== null)
      throw new NativeTypeError(`Class extends value does not have valid prototype property ${String(prototype)}`);
    const standIn = function (this: unknown): void {};
    standIn.prototype = prototype;
    benefactors.set(standIn, parent);
    return standIn;
  }
  const findsPrototype = (f: object): boolean => {
    if (p.host.isProxy(f)) return true;
    const own = getOwnPropertyDescriptor(f, 'prototype');
    // What is inherited may be found by anything.
    return own === undefined || !('value' in own);
  };
  p.heir = (parent) => p.drive(heritage(parent));
  p.inherit = (C) => {
    const parent = benefactors.get(getPrototypeOf(C) as object);
    if (parent !== undefined) setPrototypeOf(C, parent);
  };

  /** An ordinary function as constructor. */
  function* ordinarySteps(twin: AnyFunction, args: ArrayLike<unknown>, newTarget: unknown): Steps {
    const self = p.armed ? yield* makeSteps(newTarget) : make(newTarget);
    announce(twin, newTarget);
    const promise = apply(twin, self, args);
    const result = p.d !== 0 ? p.take() : p.un(yield promise);
    return isObject(result) ? result : self;
  }

  const isClass = (C: unknown): boolean => getOwnPropertyDescriptor(C as object, 'prototype')?.writable === false;

  /** Constructors of built-ins whose callbacks may block: own steps. */
  const constructTwins = new p.WeakMap<object, (args: unknown[], newTarget: unknown) => Steps>();
  p.defineConstruct = (C, steps) => {
    constructTwins.set(C, steps);
  };

  p.boundConstructor = (bound, target, before) => {
    // What stands for a constructor, a bound one or a proxy, may have no prototype of its own.
    const isDeputy = deputies.has(target) && constructTwins.has(target);
    if (tw(target) === undefined && !blockingClasses.has(target) && !isDeputy) return;
    if (getOwnPropertyDescriptor(target, 'prototype') === undefined && !isDeputy) return;
    deputies.add(bound);
    constructTwins.set(bound, (args, newTarget) =>
      constructSteps(target, p.concat(before, args), newTarget === bound ? target : newTarget),
    );
  };

  function* newPromise(executor: AnyFunction, newTarget: unknown): Steps {
    let resolve: unknown;
    let reject: unknown;
    const promise = construct(
      NativePromise,
      [
        (a: unknown, b: unknown) => {
          resolve = a;
          reject = b;
        },
      ],
      newTarget as Constructor,
    );
    yield* execute(executor, resolve as AnyFunction, reject as AnyFunction);
    return promise;
  }
  /** Whether the executor may block, or what it resolves the promise with. */
  const executes = (args: readonly unknown[]): boolean =>
    typeof args[0] === 'function' && (tw(args[0]) !== undefined || p.resolvesThenables());
  function* execute(executor: AnyFunction, resolve: AnyFunction, reject: AnyFunction): Steps {
    const [done, fail] = p.resolvers(resolve, reject);
    try {
      yield* p.call(executor, undefined, [done, fail]);
    } catch (error) {
      fail(error);
    }
    return undefined;
  }

  p.new = (C, args, text) => {
    if (typeof C !== 'function') return p.thr(new TypeError(`${text} is not a constructor`));
    if (!blockingClasses.has(C) && tw(C) === undefined && C !== NativePromise && !constructTwins.has(C)) {
      try {
        return p.ret(construct(C as unknown as Constructor, args));
      } catch (error) {
        return p.thr(error);
      }
    }
    return p.drive(constructSteps(C, args, C));
  };
  (p as { construct: unknown }).construct = constructSteps;

  p.sup = (parent, args, newTarget) => p.drive(superSteps(parent, args, newTarget));
  function* superSteps(parent: unknown, args: unknown[], newTarget: unknown): Steps {
    if (!blockingClasses.has(parent as object)) {
      if (parent === NativePromise && executes(args)) return executeLater(args[0] as AnyFunction);
      const fill = p.armed ? p.fillerOf(parent) : undefined;
      if (fill !== undefined) return leave((made) => fill(made, args[0]));
      // An ordinary function as parent is treated alike: its twin fills the object, its wrapper only hands it through.
      const isOrdinary =
        tw(parent) !== undefined && getOwnPropertyDescriptor(parent as object, 'prototype') !== undefined;
      const isForeign = !isOrdinary || isClass(parent) || constructTwins.has(parent as object);
      if (isForeign && !deputies.has(parent as object)) return args;
    }
    return [RET, yield* constructSteps(parent, args, newTarget)];
  }

  /** What is left to do of a built-in constructor once `super(…)` has brought `this`, by the arguments that `super` got. */
  const unfinished = new p.WeakMap<object, (made: object) => Steps>();
  const leave = (rest: (made: object) => Steps, args: unknown[] = []): unknown[] => {
    unfinished.set(args, rest);
    return args;
  };
  const executeLater = (executor: AnyFunction): unknown[] => {
    let resolve: AnyFunction;
    let reject: AnyFunction;
    const capture = (a: AnyFunction, b: AnyFunction): void => {
      resolve = a;
      reject = b;
    };
    return leave(() => execute(executor, resolve, reject), [capture]);
  };
  p.born = (args, made) => {
    const rest = unfinished.get(args);
    return rest === undefined ? p.ret(undefined) : p.drive(rest(made));
  };

  p.cons = (twin, newTarget, args) => {
    if (args[args.length - 2] === RET) return args[args.length - 1] as object;
    if (p.r !== undefined) return p.sync(() => p.drive(ordinarySteps(twin, args, newTarget)), undefined, args);
    const self = make(newTarget);
    announce(twin, newTarget);
    const result = p.sync(twin, self, args);
    return isObject(result) ? result : self;
  };

  p.RET = RET;
  p.UNNAMED = Symbol('unnamed');
  p.Base = Base;
  p.mk = make;
  p.isObject = isObject;
  p.gp = getPrototypeOf;
  p.mc = (C) => {
    blockingClasses.add(C);
  };
  p.named = (C, name) => {
    defineProperty(C, 'name', { value: name, configurable: true });
  };
  p.property = (key, f) => {
    const property = typeof key === 'symbol' ? key : `${key as string}`;
    nameByKey(f, property);
    return { [property]: f };
  };
  const nameByKey = (f: object, key: PropertyKey): void => {
    if (getOwnPropertyDescriptor(f, 'name')?.value !== '') return;
    const shown = typeof key === 'symbol' ? (key.description ? `[${key.description}]` : '') : String(key);
    defineProperty(f, 'name', { value: shown, configurable: true });
  };
  p.name = (key) => (typeof key === 'symbol' ? key : `${key as string}`);
  p.def = (target, key, value, isNamed = false) => {
    if (isNamed) nameByKey(value as object, key);
    defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  };
  p.m = (target, key, factory, isNamed, mark) => {
    // An accessor of that name may have taken its place, too.
    const twin = getOwnPropertyDescriptor(target, key);
    if (twin === undefined || !('value' in twin)) return;
    if (mark !== undefined && !p.isMarked(twin.value, mark)) return;
    const holder = target as Record<PropertyKey, unknown>;
    const wrapper = factory(twin.value);
    if (isNamed) {
      const name = typeof key === 'symbol' ? `[${key.description ?? ''}]` : String(key);
      defineProperty(wrapper, 'name', { value: name, configurable: true });
    }
    // Assigned, it stays not enumerable; defined anew, the prototype would become a hash table, at twice the memory.
    holder[key] = wrapper;
  };
  p.pm = (twin, factory) => {
    let wrapper = wrappers.get(twin);
    if (wrapper === undefined) {
      wrapper = factory(twin);
      wrappers.set(twin, wrapper);
    }
    return wrapper;
  };
  p.ob = (object, fix) => {
    fix(object);
    return object;
  };
  p.reg = (C, run) => {
    pendingStatics.set(C, run);
  };
  p.statics = (C) => {
    const run = pendingStatics.get(C) as () => unknown;
    pendingStatics.delete(C);
    return run();
  };

  // A class that had to get a parent still shows none.
  const hideBase = (native: AnyFunction): AnyFunction => {
    const name = native.name;
    return p.native(
      {
        [name](this: unknown, object: unknown) {
          const parent = apply(native, this, [object]);
          return parent === Base ? Function.prototype : parent;
        },
      }[name] as AnyFunction,
    );
  };
  Object.getPrototypeOf = hideBase(Object.getPrototypeOf as AnyFunction);
  Reflect.getPrototypeOf = hideBase(Reflect.getPrototypeOf as AnyFunction) as typeof Reflect.getPrototypeOf;

  /**
   * The engine makes the lists of arguments that `apply` and `construct` are given, and the descriptors of `defineProperty`, in the
   * realm of whoever caused the call, which may be the host (a getter that is a proxy, read by a host function). So proxies of
   * functions get a handler of ours, which asks the script's on the same terms and hands it objects of this realm.
   */
  const reflect = Object.create(null, Object.getOwnPropertyDescriptors(Reflect)) as typeof Reflect;
  const { hasOwn } = Object;
  const toList = (...items: unknown[]): unknown[] => items;
  const shadowOf = (handler: object): object => {
    const trapOf = (name: string): unknown => {
      const trap = (handler as Record<string, unknown>)[name];
      if (trap === undefined || trap === null) return undefined;
      if (typeof trap !== 'function') throw new NativeTypeError(`${typeof trap} is not a function (trap '${name}')`);
      return trap;
    };
    const shadow: Record<string, unknown> = { __proto__: null } as never;
    const forward = (name: keyof typeof Reflect, own: (args: unknown[]) => unknown[]): void => {
      const native = reflect[name] as unknown as AnyFunction;
      shadow[name] = (...args: unknown[]): unknown => {
        const list = own(args);
        const trap = trapOf(name);
        return trap === undefined ? apply(native, undefined, list) : apply(trap as AnyFunction, handler, list);
      };
    };
    const same = (args: unknown[]): unknown[] => args;
    for (let i = 0; i < PLAIN_TRAPS.length; i++) forward(PLAIN_TRAPS[i] as keyof typeof Reflect, same);
    forward('apply', (args) => [args[0], args[1], apply(toList, undefined, args[2] as unknown[])]);
    forward('construct', (args) => [args[0], apply(toList, undefined, args[1] as unknown[]), args[2]]);
    // What the parent of a class has built is only bound.
    const { construct: constructing } = shadow as { construct: AnyFunction };
    shadow['construct'] = (target: unknown, args: unknown[], newTarget: unknown): unknown =>
      args[args.length - 2] === RET ? args[args.length - 1] : constructing(target, args, newTarget);
    forward('defineProperty', (args) => {
      const given = args[2];
      const descriptor: Record<string, unknown> = {};
      for (let i = 0; i < FIELDS.length; i++) {
        const field = FIELDS[i] as string;
        if (hasOwn(given as object, field)) p.put(descriptor, field, (given as Record<string, unknown>)[field]);
      }
      return [args[0], args[1], descriptor];
    });
    return shadow;
  };

  const { isArray } = Array;
  const refuseRevoked = (proxy: object, operation: string): void => {
    try {
      isArray(proxy);
    } catch {
      throw new NativeTypeError(`Cannot perform '${operation}' on a proxy that has been revoked`);
    }
  };

  // A proxy of a function that may block may block too; so may its traps, which the engine calls.
  const withTwins = (proxy: object, target: AnyFunction, handler: unknown): object => {
    const steps = function* (self: unknown, args: ArrayLike<unknown>): Steps {
      refuseRevoked(proxy, 'apply');
      const trap = yield* p.read(handler, 'apply');
      if (trap === undefined || trap === null) return yield* p.call(target, self, args);
      return yield* p.call(trap, handler, [target, self, apply(toList, undefined, args)]);
    };
    p.define(proxy, steps);
    // The engine refuses to construct what stands for no constructor.
    if (!p.spec.isConstructor(target)) return proxy;
    deputies.add(proxy);
    constructTwins.set(proxy, function* (args, newTarget) {
      refuseRevoked(proxy, 'construct');
      const trap = yield* p.read(handler, 'construct');
      if (trap === undefined || trap === null) return yield* constructSteps(target, args, newTarget);
      const made = yield* p.call(trap, handler, [target, args, newTarget]);
      if (!isObject(made)) throw new NativeTypeError('proxy [[Construct]] must return an object');
      return made;
    });
    return proxy;
  };
  const proxyOf = (target: unknown, handler: unknown): object => {
    if (typeof target !== 'function' || !isObject(handler)) return construct(NativeProxy, [target, handler]) as object;
    return withTwins(construct(NativeProxy, [target, shadowOf(handler)]) as object, target as AnyFunction, handler);
  };
  const nativeRevocable = NativeProxy.revocable as (target: unknown, handler: unknown) => { proxy: object };
  const PatchedProxy = {
    Proxy: function (target: unknown, handler: unknown) {
      if (!new.target) throw new NativeTypeError("Constructor Proxy requires 'new'");
      return proxyOf(target, handler);
    },
  }.Proxy as unknown as ProxyConstructor;
  const { revocable } = {
    revocable(target: unknown, handler: unknown): object {
      if (typeof target !== 'function' || !isObject(handler)) return nativeRevocable(target, handler);
      const made = nativeRevocable(target, shadowOf(handler));
      withTwins(made.proxy, target as AnyFunction, handler);
      return made;
    },
  };
  p.NativeProxy = NativeProxy;
  defineProperty(PatchedProxy, 'prototype', { value: undefined, writable: false });
  defineProperty(PatchedProxy, 'revocable', { value: p.native(revocable), writable: true, configurable: true });
  defineProperty(globalThis, 'Proxy', { value: p.native(PatchedProxy), writable: true, configurable: true });
}
