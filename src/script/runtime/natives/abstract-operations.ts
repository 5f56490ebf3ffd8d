import type { AnyFunction, Iteration, Steps } from '../twin-call.ts';

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
  lengthOf(object: object): Steps<number>;
  /** ToPrimitive with hint number, then ToNumber */
  toNumber(value: unknown): Steps<number>;
  toText(value: unknown): Steps<string>;
  /** ToIntegerOrInfinity */
  toInteger(value: unknown): Steps<number>;
  /** Where a relative index points to; `missing` if it was not given. */
  toIndex(value: unknown, length: number, missing: number): Steps<number>;
  /** ArraySpeciesCreate */
  createLike(original: unknown, length: number): Steps<unknown[]>;
  /** CreateDataPropertyOrThrow */
  put(object: object, key: PropertyKey, value: unknown): Steps;
  /** Get, Set that throws, HasProperty and DeletePropertyOrThrow: at once where nothing implicit may block. */
  get(object: object, key: PropertyKey): Steps;
  set(object: object, key: PropertyKey, value: unknown): Steps;
  has(object: object, key: PropertyKey): Steps;
  remove(object: object, key: PropertyKey): Steps;
  isObject(value: unknown): value is object;
  /** Runs none of the script's code. */
  isConstructor(value: unknown): value is object;
  /** GetIterator and its `next`, in steps; `known` is the iterable's method, if it has been read. */
  open(iterable: unknown, known?: unknown): Steps<Iteration>;
  /** The next result, undefined at the end. */
  next(iterator: Iteration): Steps<{ value: unknown } | undefined>;
  /** IteratorClose after a normal completion. */
  close(iterator: Iteration): Steps;
  /** IteratorClose after a throw: what closing throws is dropped. */
  closeQuietly(iterator: Iteration): Steps;
  /** How messages name a value. */
  show(value: unknown): string;
  /** ArrayCreate */
  toArray(length: number): unknown[];
  /** Whether iterating over the value may block. */
  iteratesBlocking(value: unknown): boolean;
  /** Whether asking an iterator for its next value may block. */
  stepBlocks(iterator: object): boolean;
  /** Says that a method with a twin, which many objects share, blocks for some of them only. */
  blocksFor(method: AnyFunction, isSuch: (self: object) => boolean): void;
}
