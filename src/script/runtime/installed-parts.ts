import type { Activation } from './compiled-protocol.ts';
import type { Spec } from './natives/abstract-operations.ts';
import type { StartSteps } from './protocol-host.ts';
import type { AnyFunction, Iteration, Replay, Steps } from './twin-call.ts';

/** What an installer of the runtime puts into the protocol for those that come after it, or for the host; no compiled code uses it. */
export interface InstalledParts extends OfHostFunctions, OfBuiltIns, OfPromises, OfIteration, OfReplay {
  /** Of the natives: abstract operations of ECMA-262. */
  spec: Spec;
  /** ToPrimitive */
  primitiveSteps(value: unknown, hint: 'default' | 'number' | 'string'): Steps;
  /** A stable sort; see natives/sort.ts. */
  sortSteps(values: unknown[], comparator: unknown, countsRun: boolean): Steps<void>;
}

interface OfHostFunctions {
  /** The realm's own copy of a value of the host. */
  fromHost(value: unknown): unknown;
  /** Told once it is known whether the program has implicit calls that may block. */
  programIsKnown(): void;
  /** Makes a function of the realm out of a generator of the host. */
  hostSteps(name: string, length: number, start: StartSteps): AnyFunction;
  /** Set while a module of the program is being made: what the author wrote where its text begins at `start`. */
  originalText: OriginalText | undefined;
  /** Whether a value is a function whose comment (see source-text.ts) says so. */
  isMarked(f: unknown, mark: string): boolean;
  /** Shows the text of another function for `f`. */
  bodyOf(f: object, body: object): void;
}

/** @param start where the text of a function begins in the program's */
export type OriginalText = (text: string, start: number) => string | undefined;

/** Changes of built-ins, and how those construct. */
interface OfBuiltIns {
  /** `Proxy` as the engine made it. */
  NativeProxy: ProxyConstructor;
  /** Gives a built-in constructor steps of its own. */
  defineConstruct(C: object, steps: (args: unknown[], newTarget: unknown) => Steps): void;
  /** What `bind` made of a constructor that may block constructs the same way. */
  boundConstructor(bound: object, target: object, before: readonly unknown[]): void;
  /** How `super(iterable)` fills the collection that it has made empty; undefined for other parents. */
  fillerOf(C: unknown): ((made: object, iterable: unknown) => Steps) | undefined;
  /** Stands for the prototype of a built-in, where a key is asked for. */
  prototypeSlot: symbol;
  /** What compares the built-ins with what they are now. */
  createWatch(isKnown: KnownSlot, changed: ChangeListener): () => void;
  noteDefinition(holder: object): void;
  isWatched(value: object): boolean;
  /** From now on every change of any built-in is kept apart, however it is made. */
  watchBuiltIns(): void;
  /** Changes a built-in for good and for all virtual users: what the runtime itself puts in place is no change of a script. */
  redefineBuiltIn(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void;
  /** A function that takes the place of a built-in later on has to wait as that did. */
  armBuiltIn(f: AnyFunction): void;
  /** A subclass of RegExp, or a patch, may have replaced `exec`: then replacing goes by way of it. */
  overridesExec(value: unknown): boolean;
  replaceByExec(rx: object, args: ArrayLike<unknown>): Steps;
}

/** Whether a property is exchanged already. */
export type KnownSlot = (holder: object, key: PropertyKey) => boolean;
/** Told of a property that has changed, and what it was. */
export type ChangeListener = (holder: object, key: PropertyKey, native: PropertyDescriptor | undefined) => void;

interface OfPromises {
  /** The program has objects whose `then` may block. */
  awaitThenables(): void;
  resolvesThenables(): boolean;
  /** The promise's `then` waits, too. */
  armPromises(): void;
  /** What an executor gets in place of the engine's own functions, where those could not wait. */
  resolvers(resolve: AnyFunction, reject: AnyFunction): readonly [AnyFunction, AnyFunction];
  /** What stands for a value that is to be awaited. */
  awaitable(value: unknown): Steps;
  /** PromiseResolve */
  resolveIn(C: unknown, value: unknown): Steps;
  /** What `yield*` asks for the values of an asynchronous iterator of which each call may block: what is to be done then. */
  relay(
    activation: Activation,
    asked: Readonly<Record<'next' | 'return' | 'throw', (value: unknown) => Steps>>,
  ): object;
  /** The ScriptVu that a promise belongs to, as far as anybody knows. */
  ownerOf(promise: object): unknown;
}

interface OfIteration {
  /** Iteration in steps: `known` is the iterable's method, if it has been read; `step` brings whether there was another value. */
  iteration: IterationSteps;
  /** All values of an iterable, or as many as `limit` if that is not negative. */
  drainSteps(iterable: unknown, limit: number): Steps<unknown[]>;
}

export interface IterationSteps {
  /** An iteration that is about to begin: of a list, by its index, or of an iterator, whose `next` is asked. */
  begin(list: unknown[] | null, iterator: unknown, next: unknown, sync?: boolean): Iteration;
  open(iterable: unknown, known?: unknown): Steps<Iteration>;
  step(i: Iteration): Steps<boolean>;
  close(i: Iteration): Steps;
  /** An array that is walked through as the engine would, by its indices alone. */
  isPlainArray(value: unknown): value is unknown[];
}

interface OfReplay {
  /** What an operation brings, and what it takes to perform it once more without calling anything: see `under`. */
  foresee(operation: () => unknown): Steps<{ readonly value: unknown; readonly replay: Replay }>;
  /** Performs what repeats calls that have been made. @throws a refusal if it makes further ones, which wait */
  under(replay: Replay, operation: () => unknown): void;
}
