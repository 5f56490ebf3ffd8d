import type { VuHandle } from './protocol-host.ts';
import type { Answer, AnyFunction, Iteration } from './twin-call.ts';

/**
 * What compiled code uses of the runtime: one row per operation. The emitters write the names of this table and no others
 * (compiler/emit/runtime-names.ts), the installers of the runtime put an implementation under each; the compiler of
 * TypeScript holds both to it.
 *
 * An operation that answers `Answer` may wait, and is called as a twin is (protocol.ts).
 */
export interface CompiledProtocol
  extends TwinCalls,
    Callees,
    Iterating,
    Disposing,
    Constructing,
    Operators,
    Suspending,
    ModuleFrame {}

/** Calling what may block, and fetching what it brings: the core's part. */
export interface TwinCalls {
  /** State of the side channel: 0 empty, 1 value, 2 error. */
  d: 0 | 1 | 2;
  /** 1: the next wrapper called may suspend into `pend`. */
  a: 0 | 1;
  /** The promise that an armed wrapper left. */
  pend: unknown;
  /** The VU whose code runs. */
  vu: VuHandle | undefined;
  /** The twin of a function, undefined if it has none. Never triggers proxies or getters. */
  tw(f: unknown): AnyFunction | undefined;
  /** Stamps `f` with a twin (once); returns f. */
  st<T>(f: T, twin: unknown): T;
  /** Fetches what is in the side channel: returns or throws. */
  take(): unknown;
  /** An error that was thrown, before the script sees it: the engine's must not quote compiled code. */
  seen(error: unknown): void;
  /** Leaves a value in the side channel. */
  ret(value: unknown): undefined;
  /** Leaves an error in the side channel. */
  thr(error: unknown): undefined;
  /** A value as a promise of the protocol brings it. */
  box(value: unknown): unknown;
  /** An error as a promise of the protocol brings it. */
  ebox(error: unknown): unknown;
  /** Runs a twin for a caller that cannot wait (unless armed). */
  sync(twin: AnyFunction, self: unknown, args: ArrayLike<unknown>): unknown;
  /** What to call for a callee without a twin; for a non-function, something that throws "<text> is not a function". */
  fn(f: unknown, text: string): AnyFunction;
  /** The promise that an armed operation left. */
  takePend(): unknown;
  /**
   * The same after an operation that brought `seen`. If that is not what the wrapper gave, code that is not compiled stood
   * between them (a package's getter that calls back) and has gone on with a value that is none: a refusal.
   */
  takeRead(seen: unknown): unknown;
  /** Performs an operation that may call the script implicitly, and may have to run several times. */
  replay(operation: () => unknown): Answer;
  /** The global object of the virtual user whose code runs. */
  global(): object;
}

/** What is called, and with what. */
interface Callees {
  /** `fn` for a callee without a receiver. */
  f0(f: unknown, text: string): AnyFunction;
  /** The same for the tag of a template, bound to its receiver. */
  tag(f: unknown, self: unknown, text: string): AnyFunction;
  /** The arguments from an index on. */
  rest(args: ArrayLike<unknown>, from: number): unknown[];
}

/** Loops, patterns, spreads. */
interface Iterating {
  /** Begins to walk through an iterable: brings an Iteration. */
  iter(iterable: unknown): Answer;
  /** Goes on: brings true if there was another value. */
  step(i: Iteration): Answer;
  close(i: Iteration): Answer;
  /** The next element of a pattern, undefined at the end. */
  next(i: Iteration): Answer;
  /** All that are left. */
  rests(i: Iteration): Answer;
  /** Closes what a throw has left open, from the innermost pattern on. */
  unwind(innermost: Iteration): Answer;
  /** All values of an iterable, as a list. */
  drain(iterable: unknown): Answer;
  /** What can be destructured; throws for undefined and null. */
  dst(value: unknown): unknown;
  /** The names that `for (… in value)` walks through. */
  names(value: unknown): Answer;
  /** `{ ...source }`, but for some keys. */
  copy(source: unknown, without?: readonly PropertyKey[]): Answer;
  /** `yield* iterable` in a generator that may block. */
  deleg(iterable: unknown): Iterable<unknown>;
  /** `for await`: begins, asks for a result, takes it in (true if there was another value), closes, checks what that brought. */
  aiter(iterable: unknown): Answer;
  anext(i: Iteration): Answer;
  astep(i: Iteration, result: IteratorResult<unknown>): Answer;
  aclose(i: Iteration): Answer;
  aclosed(result: unknown): void;
  /** `yield* iterable` in an async generator: what may block is asked by way of an object of ours. */
  adeleg(activation: Activation, iterable: unknown): Answer;
}

/** `using`: what a block holds until its end. */
interface Disposing {
  uses(): Resources;
  /** Takes a resource in, and brings it back. */
  use(held: Resources, value: unknown, isAsync: boolean): Answer;
  /** Whether there is another resource to dispose of: 0 no, 1 yes, 2 one that is to be awaited. */
  holds(held: Resources): 0 | 1 | 2;
  /** Disposes of the last one. */
  dispose(held: Resources): Answer;
  /** The block, or a disposal, has thrown. */
  spoil(held: Resources, error: unknown): void;
  /** All are disposed of: throws what has been thrown. */
  disposed(held: Resources): void;
}

export interface Resources {
  readonly list: Disposal[];
  failure: { readonly error: unknown } | undefined;
}

/** How something is disposed of. */
export interface Disposal {
  /** Undefined: there is nothing to do, as for null. */
  readonly method: unknown;
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** What is awaited: what the method brings, or – of one that is not made for that – nothing, but for a turn of the event loop. */
  readonly awaits: 'result' | 'turn' | 'nothing';
}

/** `new`, classes, methods. */
interface Constructing {
  /** `new C(…args)`; `text` is what a message calls C. */
  new: (C: unknown, args: unknown[], text: string) => Answer;
  /** `new f()` by un-instrumented code, of a function that may block. */
  cons(twin: AnyFunction, newTarget: unknown, args: ArrayLike<unknown>): unknown;
  /** First argument of a constructor that is only to hand its second one through. */
  RET: object;
  /** The parent of classes without one whose construction may block: hands its second argument through. */
  Base: { prototype: object };
  /** What `newTarget` makes of an ordinary object; `mks` where asking for its prototype may block. */
  mk(newTarget: unknown): object;
  mks(newTarget: unknown): Answer;
  /** Marks a class whose construction may block. */
  mc(C: object): void;
  /** Arguments for `super(…)`: if the parent may block, it builds first and the product is only bound. */
  sup(parent: unknown, args: unknown[], newTarget: unknown): Answer;
  /** `super(…)` has brought `this`, given those arguments: does what a built-in constructor has left to do. */
  born(args: unknown[], made: object): Answer;
  /** What a derived constructor's `return` of a primitive value comes to. */
  noObject(): never;
  isObject(value: unknown): value is object;
  /** Object.getPrototypeOf, of the class itself: its parent. */
  gp(C: object): unknown;
  /** The parent of a class whose `prototype` may have to be waited for; `inherit` puts the real one in place. */
  heir(parent: unknown): Answer;
  inherit(C: object): void;
  /** A twin that reads `new.target` as soon as it is called, by `nt`. */
  wt(twin: object): object;
  nt(): unknown;
  /** Gives a class the name that it has in the author's text. */
  named(C: object, name: string): void;
  /** Keeps the static part of a class, which may block, and runs it once the class is there. */
  reg(C: object, run: () => unknown): void;
  statics(C: object): unknown;
  /** The key of a static method that exists only so that a computed key is evaluated in its place. */
  UNNAMED: symbol;
  /** A computed key, as a name or symbol. */
  name(key: unknown): PropertyKey;
  /** `{ [key]: f }`, where the key names the function or class, unless that has a member called `name`. */
  property(key: unknown, f: object): object;
  /** Defines a field, whose key names its function or class if `isNamed`. */
  def(target: object, key: PropertyKey, value: unknown, isNamed?: boolean): void;
  /**
   * Replaces a method, in place, by the wrapper of which it is the twin.
   * @param mark tells the twin from what may have taken its place
   */
  m(target: object, key: PropertyKey, factory: WrapperFactory, isNamed?: boolean, mark?: string): void;
  /** The wrapper of a private method; one per twin. */
  pm(twin: object, factory: WrapperFactory): unknown;
  /** An object literal whose methods are to be replaced by `fix`. */
  ob(object: object, fix: (object: object) => void): object;
}

type WrapperFactory = (twin: unknown) => object;

/** Operators and conversions that may call the script. */
interface Operators {
  /** `a operator b` */
  bin(operator: string, a: unknown, b: unknown): Answer;
  /** `+a`, `-a`, `~a` */
  unary(operator: string, a: unknown): Answer;
  /** `${value}` */
  str(value: unknown): Answer;
  /** A key in brackets: what it is converted to must be a name or a symbol. */
  key(value: unknown): Answer;
  /** The same of a member: reading it of null or undefined fails before its key is converted. */
  keyOf(value: unknown, owner: unknown): Answer;
  /** What `++` and `--` add to: ToNumeric; `num` of what converts without a call. */
  numeric(value: unknown): Answer;
  num(value: unknown): unknown;
  /** `value++` or `value--` by the operator's first character. */
  up(value: number | bigint, operator: string): unknown;
}

/** Functions that wait in the way of the language: generators, async functions, both at once. */
interface Suspending {
  /** What a generator's body yields in place of a value when it is blocked. */
  blk(promise: unknown): unknown;
  /** Finishes the wrapper of a generator function, whose calls `gst` begins. */
  genw(f: object, body: object): object;
  gst(twin: AnyFunction, f: { prototype: unknown }, self: unknown, args: ArrayLike<unknown>): object;
  /** The twin of a generator function whose call evaluates parameters: its body yields once when it has. */
  gbeg(body: AnyFunction, f: { prototype: unknown }): AnyFunction;
  /** The wrapper of an async function, which can be told from other functions. */
  asyncw(f: object, twin: unknown): object;
  /** Calls the body of an async function: brings its promise once the call phase is over. */
  acall(body: (activation: Activation, ...args: unknown[]) => void, args: ArrayLike<unknown>): Answer;
  /** The activation of an async generator whose body begins. */
  agen(): Activation;
  /** Finishes the wrapper of an async generator function whose call evaluates parameters. */
  agenw(f: object, body: object): object;
  /** The twin of such a function, of one that evaluates the parameters and brings the generator. */
  agbeg(twin: AnyFunction, f: { prototype: unknown }): AnyFunction;
  /** A parent for the object that such a method is made in: what `super` asks of it is asked of the method's own. */
  asks(get: (key: PropertyKey) => unknown, set: (key: PropertyKey, value: unknown) => void): object;
  readonly apply: typeof Reflect.apply;
}

/** One activation of an async function or async generator of the script, or of the module's top level. */
export interface Activation {
  readonly vu: VuHandle;
  /** At an `await`: the VU may be another job's. */
  readonly awaiting: boolean;
  /** About to await `value`: ends the call phase, or this job. Brings what is to be awaited. */
  a(value: unknown): unknown;
  /** Resumed: true if the VU is not free, then wait for the turn (`t`) and take it (`s`). */
  r(): boolean;
  t(): Promise<unknown>;
  s(turn?: unknown): void;
  done(value: unknown): void;
  fail(error: unknown): void;
  /** The end of an async generator's body. */
  end(): void;
}

/** The module around it all, and code made from strings. */
interface ModuleFrame {
  /** The module's top level as something a loop can run. */
  entry(twin: AnyFunction): AnyFunction;
  /** How to get at the source text of a program, by the name that comments in it give. */
  source(program: string, text: () => string): void;
  /** What the names begin with that the compiler has made up in the program. */
  hide(prefix: string): void;
  /** What the program changes in built-ins: pairs of a path from the global object and a key (null: any). */
  patches(list: readonly (readonly [path: string, key: string | null])[]): void;
  /** Names of the language that the program assigns. */
  overrides(names: string[]): void;
  /**
   * The program has implicit calls that may block: from now on every built-in of the realm can wait for them.
   * @param exotic elements of arrays may be accessors that block, any object a proxy with traps that do
   * @param thenables the `then` of objects may block
   */
  arm(exotic: boolean, thenables: boolean): void;
  /** An import: the value of that name. */
  im(module: Record<string, unknown>, name: string, specifier: string): unknown;
  /** `import(…)` */
  imp(specifier: unknown): unknown;
  /** `import.meta` */
  meta(global: Record<string, unknown>): unknown;
  /** The module's exports: live, from its own bindings; `export *` of host modules comes last. */
  exports(own: object, stars: object[]): object;
  /** A free identifier that the VU's global object does not answer for with a value. */
  chk(global: object, name: string): unknown;
  /** A name whose declaration has not run yet. */
  early(name: string): never;
  /** The key of a free name that is written: of one that nobody knows, what fails when the value is stored, and not before. */
  gs(global: object, name: string): unknown;
  /** `this` in a function that is not strict. */
  self(self: unknown): unknown;
  /** Variables of a script for the global `eval` become properties of the global object, which keep their values. */
  globals(table: Record<string, unknown>, variables: string[]): void;
  /**
   * A direct call of `eval`.
   * @param table accessors of the names around it, inheriting from those of the module
   * @param names all of them, with commas
   * @param target `new.target` there
   */
  eval: (args: unknown[], table: object, names: string, self: () => unknown, target: unknown) => Answer;
}
