import type { CompiledProtocol, TwinCalls } from './compiled-protocol.ts';
import type { InstalledParts } from './installed-parts.ts';
import type { Primordials } from './primordials.ts';
import type { JobEnd, ProtocolHost, VuHandle } from './protocol-host.ts';
import type { Answer, AnyFunction, Boxed, Replay, Steps } from './twin-call.ts';

/**
 * The protocol between compiled code, twins of built-ins and host functions. Its core (protocol-core.ts) and the other parts
 * (installers.ts) are functions that are evaluated INSIDE the script's realm from their own source text (`fn.toString()`), so they and
 * everything they make belong to that realm; such a function must refer to nothing outside its own body.
 *
 * How calls work. A function that may block is a pair: the wrapper, an ordinary function that everybody sees, and its
 * *twin*, known through `p.tw(wrapper)`. Calling a twin either completes at once, and then `p.d` is 1 (value) or
 * 2 (error) and the result MUST be fetched with `p.take()` (returns or throws), or it suspends, and then `p.d` is 0 and
 * the call returned a promise that never rejects; `p.un(await promise)` returns or throws once it is resumed.
 *
 * How to write a twin of a built-in (see `natives/`): write a generator function that yields only what suspended, and
 * give it to `p.define(native, function* (self, args) {…})`. In its body
 *     yield* p.call(fn, self, args)   calls a function that may block,
 *     yield* p.read(object, key)      reads a property whose getter may block,
 *     yield* p.write(object, key, v)  writes one whose setter may block,
 *     yield* p.construct(C, args)     constructs,
 * `p.anyTwin(args)` tells whether any argument is a function that may block (else delegate to the native at once).
 *
 * Implicit calls. Where compiled code reads or writes a property whose accessor may block, it sets `p.a = 1` ("armed"),
 * performs the operation and clears it. A wrapper that is called while armed may suspend: it leaves the promise in `p.pend`
 * and returns a carrier that the operation's result is then replaced by. Whatever else calls the script implicitly –
 * built-ins, proxies, operators with several calls – runs under a replay (replay.ts).
 */
export interface Protocol extends ProtocolCore, CompiledProtocol, InstalledParts {}

/** What protocol-core.ts makes. */
export interface ProtocolCore extends Primordials, TwinCalls {
  /** The value or error of the side channel. */
  v: unknown;
  /** The replay of the built-in that runs: a wrapper that it calls may suspend. */
  r: Replay | undefined;
  /** The program has implicit calls that may block: built-ins wait for them. */
  armed: boolean;
  /** Elements of arrays may be accessors that block, any object a proxy with traps that do. */
  exotic: boolean;
  /** Code runs that all virtual users share: what it makes from strings belongs to none of them. */
  isShared: boolean;
  /** Depth of un-instrumented calls: blocking host functions refuse while it is not 0. */
  n: number;
  /** The VU whose code ran last: a rejection that nobody handles is told of when none runs. */
  last: VuHandle | undefined;
  readonly host: ProtocolHost;
  readonly Box: new (value: unknown, failed: boolean) => Boxed;
  /** The realm's native functions as they were before any patch. */
  readonly apply: typeof Reflect.apply;
  readonly nativeThen: AnyFunction;
  readonly NativePromise: PromiseConstructor;
  /** Turns what host code threw into something of the realm, also where the stack is nearly used up. */
  adopt(error: unknown): unknown;
  /** What host code gives to a script: an object of the main realm is replaced by a copy of the realm. */
  own(value: unknown): unknown;
  /** Like VuHandle.un, for code that does not know its VU: it must restore `p.vu` itself. */
  un(x: unknown): unknown;
  /** Makes a refusal: an error that fails the job even if the script catches it. */
  refuse(what: string): Error;
  /** Runs steps under the twin protocol: result in the side channel, or a promise. */
  drive(steps: Steps): Answer;
  call(fn: unknown, self: unknown, args: ArrayLike<unknown>): Steps;
  read(object: unknown, key: PropertyKey): Steps;
  write(object: unknown, key: PropertyKey, value: unknown): Steps;
  construct(C: unknown, args: unknown[], newTarget?: unknown): Steps;
  anyTwin(args: ArrayLike<unknown>): boolean;
  /** What a wrapper does that is called under a replay. */
  replayed(replay: Replay, twin: AnyFunction, self: unknown, args: ArrayLike<unknown>): unknown;
  /** Performs an operation that may call the script implicitly; it may run several times. */
  again(operation: () => unknown): Steps;
  /** Calls a built-in that may call the script implicitly. */
  invoke(native: unknown, self: unknown, args: ArrayLike<unknown>): Steps;
  /** Gives a built-in a twin made of steps. */
  define(native: unknown, steps: (self: unknown, args: ArrayLike<unknown>) => Steps): void;
  /** Lets a function of the runtime look like one of the engine's. */
  native<T>(f: T): T;
  /** A promise (of the realm) for a host suspension; locks the VU. */
  block(suspension: unknown): Promise<unknown>;
  createVu(host: unknown): VuHandle;
  /** Runs one job now: `done`/`fail` are called when it ends, then the VU is released. */
  job(
    vu: VuHandle,
    fn: unknown,
    self: unknown,
    args: ArrayLike<unknown>,
    done: (v: unknown) => void,
    fail: (e: unknown) => void,
  ): void;
  /** The same, telling an object. */
  start(vu: VuHandle, fn: unknown, self: unknown, args: ArrayLike<unknown>, job: JobEnd): void;
}
