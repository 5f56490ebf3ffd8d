import type { HostSteps } from './runtime/host-steps.ts';
import type { StartSteps } from './runtime/protocol-host.ts';
import type { Box, Suspension } from './runtime/suspension.ts';

/** The part of a virtual user that the script layer needs; `src/vu`'s VirtualUser implements it. */
export interface ScriptVu {
  readonly loop: VuLoop;
}

/** Hears how an iteration goes; one serves all iterations of a virtual user, so that none needs a promise or a closure. */
export interface IterationEnd {
  /** The job threw, or its promise was rejected; `onIdle` follows. */
  onFailed(error: unknown): void;
  /**
   * The job is over, and so is all that it left behind: timers, requests, promises. Never called from within `begin`.
   * @param sinceMs since when (`performance.now()`); NaN: just now
   */
  onIdle(sinceMs: number): void;
}

/** The task queue and the lock of one virtual user: at most one job of it runs, blocked or not, at any time. */
export interface VuLoop {
  /**
   * Runs a main job (iteration, setup). A promise that the function returns is awaited; if nothing is left that could
   * settle it, the job ends with undefined. Rejects with what the script threw.
   */
  run(fn: unknown, thisArg: unknown, args: unknown[]): Promise<Box>;
  /** As `run`, but tells the listener, and also when all is done; tells it nothing once the iteration is abandoned. */
  begin(fn: unknown, thisArg: unknown, args: unknown[], listener: IterationEnd): void;
  /** Queues an event handler or timer callback: runs when the VU is free, one at a time, in order. */
  post(fn: unknown, thisArg: unknown, args: unknown[], onError?: (error: unknown) => void, onDone?: () => void): void;
  /** The iteration in progress has failed, by what runs beside its function, such as a timer; elsewhere as a rejection. */
  failIteration(error: unknown): void;
  /** Outstanding asynchronous work keeps the iteration alive until the returned function is called. */
  hold(): () => void;
  /** As `hold`, but only for as long as a promise that the iteration's function has returned is not settled: events may do that. */
  watch(): () => void;
  /** Resolves once there is no job, no queued work and no hold. */
  idle(): Promise<void>;
  /** Suspended until something outside of the script happens, which has not yet; or its job is over, and it waits for its turn to say so. */
  readonly isWaiting: boolean;
  /** Interrupts: what is suspended never resumes (catch and finally do not run), the queue is cleared. */
  abandon(): void;
  /** Called with the reason of a promise of this VU that was rejected and not handled. */
  onUnhandledRejection: (reason: unknown) => void;
  /**
   * A promise of this VU was rejected, and has not been handled so far. To a script a blocking call takes no turn: while one is in progress,
   * what comes behind it may still handle the promise.
   */
  reject(rejection: Rejection): void;
}

/** Of a promise that nobody has handled when the engine looked. */
export interface Rejection {
  readonly reason: unknown;
  /** Somebody has, later. */
  isHandled: boolean;
}

/** What runs in the host; `this` and the arguments are the script's, unchecked. */
// biome-ignore lint/suspicious/noExplicitAny: implementations declare the `this` and the arguments that they check
export type HostImpl = (this: any, ...args: any[]) => unknown;

/** When a blocking host function refuses to be called from code that was not compiled for blocking. */
export type Refusal = 'always' | 'callbacks';

export interface HostMember {
  readonly length: number;
  readonly impl: HostImpl;
  /** `plain` (default) returns at once, `blocking` may return a Suspension, `async` returns a promise. */
  readonly kind?: 'plain' | 'blocking' | 'async';
  readonly refuse?: Refusal;
}

export interface HostClassSpec {
  readonly name: string;
  readonly length?: number;
  construct(self: object, args: unknown[], newTarget: unknown): void;
  readonly methods?: Readonly<Record<string, HostMember>>;
  readonly getters?: Readonly<Record<string, HostImpl>>;
  readonly setters?: Readonly<Record<string, HostImpl>>;
  readonly statics?: Readonly<Record<string, HostMember>>;
  /** A constructor of the realm to inherit from. */
  readonly extend?: unknown;
}

export interface HostClass {
  readonly constructor: RealmFunction;
  readonly prototype: object;
  /** An instance without running `construct`. */
  create(): object;
}

/** A function of the realm: callable, but what it does to the current VU is the realm's business. */
export type RealmFunction = (this: unknown, ...args: unknown[]) => unknown;

export type ErrorName =
  | 'Error'
  | 'TypeError'
  | 'RangeError'
  | 'SyntaxError'
  | 'ReferenceError'
  | 'URIError'
  | 'EvalError';

/** Built-ins of the realm, as the script sees them. */
export interface Intrinsics {
  readonly Object: ObjectConstructor;
  readonly Function: FunctionConstructor;
  readonly Array: ArrayConstructor;
  readonly Error: ErrorConstructor;
  readonly TypeError: TypeErrorConstructor;
  readonly RangeError: RangeErrorConstructor;
  readonly SyntaxError: SyntaxErrorConstructor;
  readonly ReferenceError: ReferenceErrorConstructor;
  readonly URIError: URIErrorConstructor;
  readonly EvalError: EvalErrorConstructor;
  readonly Promise: PromiseConstructor;
  readonly ArrayBuffer: ArrayBufferConstructor;
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly Int8Array: Int8ArrayConstructor;
  readonly Uint8ClampedArray: Uint8ClampedArrayConstructor;
  readonly Int16Array: Int16ArrayConstructor;
  readonly Uint16Array: Uint16ArrayConstructor;
  readonly Int32Array: Int32ArrayConstructor;
  readonly Uint32Array: Uint32ArrayConstructor;
  readonly Float32Array: Float32ArrayConstructor;
  readonly Float64Array: Float64ArrayConstructor;
  readonly BigInt64Array: BigInt64ArrayConstructor;
  readonly BigUint64Array: BigUint64ArrayConstructor;
  readonly DataView: DataViewConstructor;
  readonly JSON: JSON;
  readonly Map: MapConstructor;
  readonly Set: SetConstructor;
  readonly WeakMap: WeakMapConstructor;
  readonly Date: DateConstructor;
  readonly RegExp: RegExpConstructor;
  readonly Symbol: SymbolConstructor;
  readonly Proxy: ProxyConstructor;
  readonly Reflect: typeof Reflect;
  readonly Math: Math;
}

/** The JavaScript realm that all virtual users of a worker share: scripts run in it, host objects are made in it. */
export interface Realm {
  readonly globalThis: object;
  readonly intrinsics: Intrinsics;
  /** The VU whose script code is running now; throws if none. A host impl that waits must read it before it does. */
  readonly vu: ScriptVu;
  /** A function of the realm; main-realm errors thrown by `impl` come out as realm errors of the same name and message. */
  hostFunction(name: string, length: number, impl: HostImpl): RealmFunction;
  /**
   * A function whose `impl` may return a Suspension: the calling VU alone waits. With `refuse: 'always'` (the default),
   * called from code that was not compiled for blocking it refuses before `impl` runs, with an error that fails the
   * iteration even if caught; with 'callbacks' only a Suspension is refused.
   */
  blockingFunction(name: string, length: number, impl: HostImpl, options?: { refuse?: Refusal }): RealmFunction;
  /** A function that returns a promise of the realm; keeps the iteration alive until it is settled. */
  asyncFunction(name: string, length: number, impl: HostImpl): RealmFunction;
  hostClass(spec: HostClassSpec): HostClass;
  /**
   * A blocking function that calls back into the script (check, group, timers): `start` gives a generator that yields
   * `{ fn, self, args }` for each call, and Suspensions to wait for. Refused only where something really has to wait.
   * A HostScope instead calls one function. What is neither is the result of the call: most calls are spared a generator.
   */
  steppedFunction(name: string, length: number, start: StartSteps): RealmFunction;
  /**
   * Calls a script's function that is not to block. Always this, never a plain call or a built-in that calls back: a function may be
   * a proxy, whose trap is given what the caller's realm makes.
   */
  readonly apply: (fn: (...args: unknown[]) => unknown, self: unknown, args: unknown[]) => unknown;
  /** Calls a script function that may block, from a blocking host function's impl; a Suspension's promise resolves to a Box. */
  call(fn: unknown, thisArg: unknown, args: unknown[]): unknown;
  /** A realm error, to throw. */
  error(type: ErrorName, message: string, props?: Readonly<Record<string, unknown>>): Error;
  /** Deep copy of plain main-realm data into realm objects (byte arrays become Uint8Arrays of the realm). */
  fromHost(value: unknown): unknown;
  parseJson(text: string): unknown;
  stringify(value: unknown): string | undefined;
  /** A promise of the realm with its resolving functions, for host code that settles later. */
  deferred(): { readonly promise: Promise<unknown>; resolve(value: unknown): void; reject(error: unknown): void };
  /** The task queue of a new VU. */
  createLoop(vu: ScriptVu): VuLoop;
  /** Runs what all virtual users share: code that it makes from strings belongs to none of them. */
  sharing<T>(evaluate: () => T): T;
  /** Evaluates source text in the realm (trusted code only: factories, not the user's). */
  evaluate(source: string, fileName?: string): unknown;
}

export type { Box, HostSteps, Suspension };
