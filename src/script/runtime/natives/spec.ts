import type { Protocol } from '../protocol.ts';
import type { AnyFunction } from '../twin-call.ts';
import type { Spec } from './abstract-operations.ts';

/** Installs `p.spec`; evaluated in the realm (self-contained). */
export function installSpec(p: Protocol): void {
  const { apply, tw } = p;
  const { isArray } = Array;
  const { defineProperty } = Object;
  const { species, iterator: iteratorSymbol } = Symbol;
  const { min, max, trunc } = Math;
  const isNotANumber = Number.isNaN;
  const MAX_LENGTH = Number.MAX_SAFE_INTEGER;
  const primitive = p.primitiveSteps;

  const iteration = p.iteration;
  const { NativeProxy } = p;
  /** A handler under which a constructor constructs without being called. */
  const probing = { __proto__: null, construct: () => ({}) } as ProxyHandler<AnyFunction>;

  const someBlock: WeakMap<AnyFunction, (self: object) => boolean> = new p.WeakMap();

  const spec: Spec = {
    define(holder, key, steps, needs) {
      const native = (holder as Record<PropertyKey, unknown>)[key] as AnyFunction | undefined;
      if (typeof native !== 'function') return;
      p.st(native, function (this: unknown) {
        // biome-ignore lint/complexity/noArguments: a rest array per call would be a second copy of the arguments
        const args = arguments;
        if (!p.anyTwin(args) && (needs === undefined || !needs(this, args))) {
          if (p.armed) return p.replay(() => apply(native, this, args));
          let value: unknown;
          try {
            value = apply(native, this, args);
          } catch (error) {
            return p.thr(error);
          }
          return p.ret(value);
        }
        return p.drive(steps(this, args, native));
      });
    },
    make(name, length, steps) {
      const twin = function (this: unknown): unknown {
        // biome-ignore lint/complexity/noArguments: as above
        return p.drive(steps(this, arguments));
      };
      const f = {
        [name](this: unknown) {
          // biome-ignore lint/complexity/noArguments: as above
          return p.sync(twin, this, arguments);
        },
      }[name] as AnyFunction;
      defineProperty(f, 'length', { value: length, configurable: true });
      return p.st(f, twin) as AnyFunction;
    },
    toObject(value) {
      if (value === undefined || value === null) throw new TypeError('Cannot convert undefined or null to object');
      return Object(value) as Record<PropertyKey, unknown>;
    },
    *lengthOf(object) {
      const length = yield* spec.toInteger(yield* spec.get(object, 'length'));
      return length <= 0 ? 0 : min(length, MAX_LENGTH);
    },
    *toNumber(value) {
      return +((spec.isObject(value) ? yield* primitive(value, 'number') : value) as number);
    },
    *toText(value) {
      return `${(spec.isObject(value) ? yield* primitive(value, 'string') : value) as string}`;
    },
    *toInteger(value) {
      const number = trunc(yield* spec.toNumber(value));
      return isNotANumber(number) ? 0 : number + 0;
    },
    *toIndex(value, length, missing) {
      if (value === undefined) return missing;
      const index = yield* spec.toInteger(value);
      return index < 0 ? max(length + index, 0) : min(index, length);
    },
    *createLike(original, length) {
      if (!isArray(original)) return spec.toArray(length);
      let C: unknown = yield* spec.get(original, 'constructor');
      if (spec.isObject(C)) {
        C = yield* spec.get(C, species);
        if (C === null) C = undefined;
      }
      if (C === undefined || C === Array) return spec.toArray(length);
      return (yield* p.construct(C, [length])) as unknown[];
    },
    *put(object, key, value) {
      const descriptor = { value, writable: true, enumerable: true, configurable: true };
      if (p.armed) yield* p.again(() => defineProperty(object, key, descriptor));
      else defineProperty(object, key, descriptor);
      return undefined;
    },
    *get(object, key) {
      return p.armed ? yield* p.read(object, key) : (object as Record<PropertyKey, unknown>)[key];
    },
    *set(object, key, value) {
      if (p.armed) yield* p.write(object, key, value);
      else (object as Record<PropertyKey, unknown>)[key] = value;
      return undefined;
    },
    *has(object, key) {
      return p.armed ? yield* p.again(() => key in object) : key in object;
    },
    *remove(object, key) {
      const act = (): boolean => delete (object as Record<PropertyKey, unknown>)[key];
      return p.armed ? yield* p.again(act) : act();
    },
    isObject(value): value is object {
      return (typeof value === 'object' && value !== null) || typeof value === 'function';
    },
    isConstructor(value): value is object {
      if (typeof value !== 'function') return false;
      try {
        new (new NativeProxy(value, probing) as unknown as new () => object)();
        return true;
      } catch {
        return false;
      }
    },
    open: (iterable, known) => iteration.open(iterable, known),
    *next(open) {
      return (yield* iteration.step(open)) ? { value: open.value } : undefined;
    },
    close: (open) => iteration.close(open),
    *closeQuietly(open) {
      open.err = true;
      return yield* iteration.close(open);
    },
    iteratesBlocking(value) {
      if (p.armed) return true;
      if (typeof value !== 'object' || value === null || isArray(value)) return false;
      const { [iteratorSymbol]: method } = value as Record<PropertyKey, unknown>;
      return spec.stepBlocks(value) || tw(method) !== undefined;
    },
    stepBlocks(iterator) {
      const { next } = iterator as { readonly next?: unknown };
      if (tw(next) === undefined) return false;
      const isSuch = someBlock.get(next as AnyFunction);
      return isSuch === undefined || isSuch(iterator);
    },
    blocksFor(method, isSuch) {
      someBlock.set(method, isSuch);
    },
    show(value) {
      return typeof value === 'object' || typeof value === 'function'
        ? Object.prototype.toString.call(value)
        : String(value);
    },
    toArray(length) {
      if (length > 2 ** 32 - 1) throw new RangeError('Invalid array length');
      return new Array(length) as unknown[];
    },
  };
  p.spec = spec;
}
