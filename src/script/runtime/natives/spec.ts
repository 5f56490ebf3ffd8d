import type { AnyFunction, Protocol, Steps } from '../protocol.ts';

/** A built-in's algorithm in steps; `native` is the built-in itself, for what the steps leave to it. */
export type NativeSteps = (self: unknown, args: ArrayLike<unknown>, native: AnyFunction) => Steps;

/** Abstract operations of ECMA-262 that several built-ins need; in the realm, at `p.spec`. */
export interface Spec {
  /** Gives `holder[key]` a twin: the steps where an argument may block, the built-in itself otherwise. */
  define(
    holder: object,
    key: PropertyKey,
    steps: NativeSteps,
    needs?: (self: unknown, args: ArrayLike<unknown>) => boolean,
  ): void;
  /** A function of the realm whose twin is the steps; without suspension it is called as any other. */
  make(name: string, length: number, steps: (self: unknown, args: ArrayLike<unknown>) => Steps): AnyFunction;
  toObject(value: unknown): Record<PropertyKey, unknown>;
  /** LengthOfArrayLike */
  lengthOf(object: object): Generator<unknown, number, unknown>;
  /** ToPrimitive with hint number, then ToNumber */
  toNumber(value: unknown): Generator<unknown, number, unknown>;
  toText(value: unknown): Generator<unknown, string, unknown>;
  /** ToIntegerOrInfinity */
  toInteger(value: unknown): Generator<unknown, number, unknown>;
  /** Where a relative index points to; `missing` if it was not given. */
  toIndex(value: unknown, length: number, missing: number): Generator<unknown, number, unknown>;
  /** ArraySpeciesCreate */
  createLike(original: unknown, length: number): Generator<unknown, unknown[], unknown>;
  /** CreateDataPropertyOrThrow */
  put(object: object, key: PropertyKey, value: unknown): Steps;
  /** Get, Set that throws, HasProperty and DeletePropertyOrThrow: at once where nothing implicit may block. */
  get(object: object, key: PropertyKey): Steps;
  set(object: object, key: PropertyKey, value: unknown): Steps;
  has(object: object, key: PropertyKey): Steps;
  remove(object: object, key: PropertyKey): Steps;
  isObject(value: unknown): value is object;
  /** GetIterator and its `next`, in steps; `known` is the iterable's method, if it has been read. */
  open(iterable: unknown, known?: unknown): Generator<unknown, OpenIterator, unknown>;
  /** The next result, undefined at the end. */
  next(iterator: OpenIterator): Generator<unknown, { value: unknown } | undefined, unknown>;
  /** IteratorClose after a normal completion. */
  close(iterator: OpenIterator): Steps;
  /** IteratorClose after a throw: what closing throws is dropped. */
  closeQuietly(iterator: OpenIterator): Steps;
  /** How messages name a value. */
  show(value: unknown): string;
  /** ArrayCreate */
  toArray(length: number): unknown[];
  /** Whether iterating over the value may block. */
  iteratesBlocking(value: unknown): boolean;
}

export interface OpenIterator {
  readonly value: unknown;
  done: boolean;
  /** Closing is to keep silent: something has been thrown already. */
  err: boolean;
  /** The array that is walked by index, if nothing could notice. */
  readonly list: unknown[] | null;
  readonly index: number;
  readonly iterator: unknown;
  readonly next: unknown;
  readonly up: undefined;
}

/** Of iteration.ts: the protocol of iteration in steps. */
export interface IterationSteps {
  open(iterable: unknown, known?: unknown): Generator<unknown, OpenIterator, unknown>;
  step(i: OpenIterator): Generator<unknown, boolean, unknown>;
  close(i: OpenIterator): Steps;
}

/** Installs `p.spec`; evaluated in the realm (self-contained). */
export function installSpec(p: Protocol): void {
  const { apply, tw } = p;
  const { isArray } = Array;
  const { defineProperty } = Object;
  const { species, iterator: iteratorSymbol } = Symbol;
  const { min, max, trunc } = Math;
  const isNotANumber = Number.isNaN;
  const MAX_LENGTH = Number.MAX_SAFE_INTEGER;
  const primitive = p['primitiveSteps'] as (value: unknown, hint: string) => Steps;

  const iteration = p['iteration'] as IterationSteps;

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
      const { next, [iteratorSymbol]: method } = value as Record<PropertyKey, unknown>;
      return tw(next) !== undefined || tw(method) !== undefined;
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
  p['spec'] = spec;
}
