import type { Protocol } from './protocol.ts';
import type { AnyFunction, Steps } from './twin-call.ts';

/** Makes host functions that are functions of the realm; see {@link installHostFunctions}. */
export interface HostFunctions {
  plain(name: string, length: number, impl: unknown): AnyFunction;
  blocking(name: string, length: number, impl: unknown, refuseAlways: boolean): AnyFunction;
  promising(name: string, length: number, impl: unknown, attach: AttachResult): AnyFunction;
  constructible(name: string, length: number, construct: unknown, parent: unknown): AnyFunction;
  member(target: object, key: string, value: AnyFunction): void;
  accessor(target: object, key: string, get: AnyFunction | undefined, set: AnyFunction | undefined): void;
  copy(value: unknown): unknown;
}

/** Waits for the main-realm promise of an asynchronous host function. */
export type AttachResult = (promise: unknown, done: (value: unknown) => void, fail: (error: unknown) => void) => void;

/** Evaluated in the realm (self-contained): the factories of host functions, so that `.constructor` leads to the realm's. */
export function installHostFunctions(p: Protocol): HostFunctions {
  const { apply } = p;
  const host = p.host;
  const { defineProperty, keys: keysOf } = Object;
  const { isView } = ArrayBuffer;
  const NativeUint8Array = Uint8Array;
  const setBytes = Uint8Array.prototype.set as AnyFunction;
  /** For `defineProperty`: nothing that a script puts on Object.prototype is part of it. */
  const hidden = (value: unknown): PropertyDescriptor =>
    ({ __proto__: null, value, writable: true, configurable: true, enumerable: false }) as PropertyDescriptor;
  const { put } = p;
  const isPrimitive = (v: unknown): boolean => (typeof v !== 'object' || v === null) && typeof v !== 'function';
  const named = (f: AnyFunction, length: number): AnyFunction => {
    if (f.length !== length)
      defineProperty(f, 'length', { __proto__: null, value: length, configurable: true } as PropertyDescriptor);
    return f;
  };
  const allPrimitive = (args: readonly unknown[]): boolean => {
    for (let i = 0; i < args.length; i++) if (!isPrimitive(args[i])) return false;
    return true;
  };
  /** The host reads what it is given – getters, conversions – before it does anything: it can begin again. */
  function* begin(impl: unknown, self: unknown, args: readonly unknown[]): Steps {
    try {
      return yield* p.again(() => apply(impl as AnyFunction, self, args));
    } catch (error) {
      throw p.adopt(error);
    }
  }
  function* callPlain(impl: unknown, self: unknown, args: readonly unknown[]): Steps {
    const result = yield* begin(impl, self, args);
    return isPrimitive(result) ? result : p.own(result);
  }
  function* callBlocking(name: string, impl: unknown, self: unknown, args: readonly unknown[]): Steps {
    const { vu } = p;
    const result = yield* begin(impl, self, args);
    if (!host.isSuspension(result)) return isPrimitive(result) ? result : p.own(result);
    if (p.n > 0) throw p.refuse(`${name}()`);
    p.vu = vu;
    return p.un(yield p.block(result));
  }
  /** Functions made before it is known whether the program has implicit calls that may block. */
  let early: (() => void)[] | undefined = [];
  p.programIsKnown = () => {
    if (p.armed && early !== undefined) for (let i = 0; i < early.length; i++) (early[i] as () => void)();
    early = undefined;
  };
  return {
    plain(name, length, impl) {
      const f = {
        [name](this: unknown, ...args: unknown[]) {
          try {
            const result = apply(impl as AnyFunction, this, args);
            return isPrimitive(result) ? result : p.own(result);
          } catch (error) {
            throw p.adopt(error);
          }
        },
      }[name] as AnyFunction;
      const letWait = (): void => {
        p.st(f, function (this: unknown, ...args: unknown[]) {
          return p.drive(callPlain(impl, this, args));
        });
      };
      if (p.armed) letWait();
      else if (early !== undefined) early[early.length] = letWait;
      return named(f, length);
    },
    blocking(name, length, impl, refuseAlways) {
      const twin = function (this: unknown, ...args: unknown[]): unknown {
        if (refuseAlways && p.n > 0) return p.thr(p.refuse(`${name}()`));
        if (p.armed && !allPrimitive(args)) return p.drive(callBlocking(name, impl, this, args));
        const vu = p.vu;
        let result: unknown;
        try {
          result = apply(impl as AnyFunction, this, args);
        } catch (error) {
          p.d = 0;
          return p.thr(p.adopt(error));
        }
        if (!host.isSuspension(result)) return p.ret(isPrimitive(result) ? result : p.own(result));
        if (p.n > 0) return p.thr(p.refuse(`${name}()`));
        p.vu = vu;
        return p.block(result);
      };
      const f = {
        [name](this: unknown, ...args: unknown[]) {
          return p.sync(twin, this, args);
        },
      }[name] as AnyFunction;
      return named(p.st(f, twin), length);
    },
    promising(name, length, impl, attach) {
      const f = {
        [name](this: unknown, ...args: unknown[]) {
          let result: unknown;
          try {
            result = apply(impl as AnyFunction, this, args);
          } catch (error) {
            throw p.adopt(error);
          }
          return new p.NativePromise((resolve, reject) => {
            attach(
              result,
              (value) => resolve(p.own(value)),
              (error) => reject(p.adopt(error)),
            );
          });
        },
      }[name] as AnyFunction;
      return named(f, length);
    },
    constructible(name, length, construct, parent) {
      const run = (self: object, args: unknown[], newTarget: unknown): void => {
        try {
          apply(construct as AnyFunction, undefined, [self, args, newTarget]);
        } catch (error) {
          throw p.adopt(error);
        }
      };
      const C =
        parent === undefined
          ? {
              [name]: class {
                constructor(...args: unknown[]) {
                  run(this, args, new.target);
                }
              },
            }[name]
          : {
              [name]: class extends (parent as new () => object) {
                constructor(...args: unknown[]) {
                  super();
                  run(this, args, new.target);
                }
              },
            }[name];
      return named(C as unknown as AnyFunction, length);
    },
    member(target, key, value) {
      defineProperty(target, key, hidden(value));
    },
    accessor(target, key, get, set) {
      defineProperty(target, key, {
        __proto__: null,
        get: get as () => unknown,
        set: set as (v: unknown) => void,
        configurable: true,
        enumerable: false,
      } as PropertyDescriptor);
    },
    copy: (p.fromHost = (value) => {
      const copyOf = (v: unknown): unknown => {
        if (typeof v !== 'object' || v === null) return v;
        if (isView(v)) {
          const bytes = new NativeUint8Array(v.byteLength);
          apply(setBytes, bytes, [new NativeUint8Array(v.buffer, v.byteOffset, v.byteLength)]);
          return bytes;
        }
        if (host.isArray(v)) {
          const source = v as unknown[];
          const list: unknown[] = [];
          for (let i = 0; i < source.length; i++) put(list, i, copyOf(source[i]));
          return list;
        }
        if (host.isPlain(v)) {
          const object: Record<string, unknown> = {};
          const keys = keysOf(v);
          for (let i = 0; i < keys.length; i++) {
            const key = keys[i] as string;
            put(object, key, copyOf((v as Record<string, unknown>)[key]));
          }
          return object;
        }
        return host.convert(v);
      };
      return copyOf(value);
    }),
  };
}
