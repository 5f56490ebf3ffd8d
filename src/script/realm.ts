import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import vm from 'node:vm';
import { builtName } from '../node/built-name.ts';
import { compileKept } from '../node/kept-code.ts';
import { beforeTurnEnds, recoverTurnEnd } from '../node/turn-end.ts';
import type { TextOptions } from './late-compiler.ts';
import type {
  ErrorName,
  HostClass,
  HostClassSpec,
  HostImpl,
  HostMember,
  Intrinsics,
  Realm,
  RealmFunction,
  Refusal,
  Rejection,
  ScriptVu,
  VuLoop,
} from './realm-interface.ts';
import { createHostClass } from './runtime/host-class.ts';
import { type HostFunctions, installHostFunctions } from './runtime/host-function.ts';
import { HostScope } from './runtime/host-steps.ts';
import { INSTALLERS } from './runtime/installers.ts';
import { installPrimordials } from './runtime/primordials.ts';
import type { Protocol } from './runtime/protocol.ts';
import { installProtocol } from './runtime/protocol-core.ts';
import type { ProtocolHost, StartSteps, VuHandle } from './runtime/protocol-host.ts';
import { recoverResumptions } from './runtime/resume-in-turn.ts';
import { Box, Suspension, unbox } from './runtime/suspension.ts';
import { ScriptLoop } from './runtime/vu-loop.ts';

/** Stack frames that V8 keeps per error: blocking calls add a runtime frame or two per level. */
const STACK_FRAMES = 60;

/** The parts of the runtime, all of them functions that are complete in themselves. */
const RUNTIME = [installPrimordials, installProtocol, installHostFunctions, ...INSTALLERS] as const;
type Runtime = typeof RUNTIME;

/** Null in the sources, whose text may change and be as long as before. */
const BUILT = builtName(import.meta.url);

/** The realm with what only the script layer may touch. */
export class ScriptRealm implements Realm {
  readonly globalThis: object;
  readonly intrinsics: Intrinsics;
  readonly protocol: Protocol;
  readonly #context: vm.Context;
  readonly #functions: HostFunctions;
  /** How many programs made from strings there have been. */
  #texts = 0;
  /** Script realm errors made from host errors, for those who want the cause. */
  readonly #causes = new WeakMap<object, unknown>();

  /** Told of rejections that belong to no known VU. */
  onStrayRejection: (reason: unknown) => void = () => {};

  constructor() {
    // The host's realm may be denied code from strings (see load-worker.ts); this one has it, guarded.
    this.#context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { codeGeneration: { strings: true, wasm: false } });
    this.globalThis = this.evaluate('globalThis') as object;
    this.intrinsics = this.evaluate(
      '({Object,Function,Array,Error,TypeError,RangeError,SyntaxError,ReferenceError,URIError,EvalError,Promise,ArrayBuffer,' +
        'Uint8Array,Int8Array,Uint8ClampedArray,Int16Array,Uint16Array,Int32Array,Uint32Array,Float32Array,Float64Array,' +
        'BigInt64Array,BigUint64Array,DataView,JSON:{parse:JSON.parse,stringify:JSON.stringify},Map,Set,WeakMap,Date,RegExp,' +
        'Symbol,Proxy,Reflect,Math})',
    ) as Intrinsics;
    this.intrinsics.Error.stackTraceLimit = STACK_FRAMES;
    const [makePrimordials, makeProtocol, makeFunctions, ...installers] = this.#runtime();
    const primordials = makePrimordials();
    this.protocol = makeProtocol(this.#protocolHost(), primordials);
    this.#functions = makeFunctions(this.protocol);
    for (const install of installers) install(this.protocol);
    watchRejections(this);
  }

  get apply(): Realm['apply'] {
    return this.protocol.apply as Realm['apply'];
  }

  get vu(): ScriptVu {
    const current = this.protocol.vu;
    if (current === undefined) throw new Error('no virtual user is running script code now');
    return current.host as ScriptVu;
  }

  hostFunction(name: string, length: number, impl: HostImpl): RealmFunction {
    return this.protocol.native(this.#functions.plain(name, length, impl));
  }

  blockingFunction(name: string, length: number, impl: HostImpl, options: { refuse?: Refusal } = {}): RealmFunction {
    return this.protocol.native(this.#functions.blocking(name, length, impl, options.refuse !== 'callbacks'));
  }

  steppedFunction(name: string, length: number, start: StartSteps): RealmFunction {
    const make = this.protocol.hostSteps;
    return this.protocol.native(make(name, length, start));
  }

  asyncFunction(name: string, length: number, impl: HostImpl): RealmFunction {
    const made = this.#functions.promising(name, length, impl, (promise, done, fail) => {
      const vu = this.protocol.vu;
      const release = (vu?.host as ScriptVu | undefined)?.loop.hold() ?? (() => {});
      const epoch = vu?.epoch;
      const settle = (act: () => void): void => {
        if (vu?.epoch !== epoch) return;
        act();
        release();
      };
      Promise.resolve(promise).then(
        (value) => settle(() => done(unbox(value))),
        (error: unknown) => settle(() => fail(error)),
      );
    });
    return this.protocol.native(made);
  }

  member(name: string, member: HostMember): RealmFunction {
    if (member.kind === 'blocking') {
      return this.blockingFunction(name, member.length, member.impl, { refuse: member.refuse ?? 'always' });
    }
    if (member.kind === 'async') return this.asyncFunction(name, member.length, member.impl);
    return this.hostFunction(name, member.length, member.impl);
  }

  hostClass(spec: HostClassSpec): HostClass {
    const made = createHostClass(this, this.#functions, spec);
    this.protocol.native(made.constructor);
    return made;
  }

  call(fn: unknown, thisArg: unknown, args: unknown[]): unknown {
    const p = this.protocol;
    const twin = p.tw(fn);
    if (twin === undefined) return p.apply(fn as RealmFunction, thisArg, args);
    const promise = p.apply(twin, thisArg, args) as Promise<unknown>;
    if (p.d !== 0) return p.take();
    const vu = p.vu;
    return new Suspension(
      new Promise((resolve, reject) => {
        p.apply(p.nativeThen, promise, [
          (x: unknown) => {
            try {
              resolve(new Box(vu === undefined ? p.un(x) : vu.un(x)));
            } catch (error) {
              reject(error);
            }
          },
        ]);
      }),
    );
  }

  error(type: ErrorName, message: string, props?: Readonly<Record<string, unknown>>): Error {
    const error = new this.intrinsics[type](message);
    // Defined, not assigned: a script may have put a setter on Error.prototype.
    for (const [key, value] of Object.entries(props ?? {}))
      Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: true });
    return error;
  }

  fromHost(value: unknown): unknown {
    return this.#functions.copy(value);
  }

  parseJson(text: string): unknown {
    return this.intrinsics.JSON.parse(text);
  }

  stringify(value: unknown): string | undefined {
    return this.intrinsics.JSON.stringify(value);
  }

  deferred(): { readonly promise: Promise<unknown>; resolve(value: unknown): void; reject(error: unknown): void } {
    let resolve!: (value: unknown) => void;
    let reject!: (reason: unknown) => void;
    const promise = new this.intrinsics.Promise<unknown>((res, rej) => {
      resolve = res;
      reject = rej;
    });
    return { promise, resolve, reject };
  }

  createLoop(vu: ScriptVu): VuLoop {
    return new ScriptLoop(this.protocol, vu);
  }

  sharing<T>(evaluate: () => T): T {
    const p = this.protocol;
    const before = p.isShared;
    p.isShared = true;
    try {
      return evaluate();
    } finally {
      p.isShared = before;
    }
  }

  evaluate(source: string, fileName = 'sixfold:runtime'): unknown {
    return new vm.Script(source, { filename: fileName }).runInContext(this.#context);
  }

  /** Compiles once, so that instances share code; `fileName` is what stack traces show. */
  compile(source: string, fileName: string): unknown {
    return this.evaluate(source, fileName);
  }

  /** As {@link compile}, but what the engine makes of it can be handed on. */
  compileKept(source: string, fileName: string, code: Uint8Array | null): { value: unknown; script: vm.Script } {
    const script = new vm.Script(source, { filename: fileName, ...(code !== null && { cachedData: code }) });
    return { value: script.runInContext(this.#context), script };
  }

  /** Makes the runtime ready for the next job after the engine has ended code in the middle: no `finally` of ours has run. */
  recover(): void {
    const p = this.protocol;
    p.vu = undefined;
    p.n = 0;
    p.isShared = false;
    p.d = 0;
    p.v = undefined;
    p.a = 0;
    p.pend = undefined;
    const left = due.slice(0, dueCount);
    due = [];
    dueCount = 0;
    // What was to call them may have been dropped with the code that was ended.
    isTickPlanned = false;
    for (const vu of left) if (vu !== undefined) ticking[tickingCount++] = vu;
    if (tickingCount > 0) planTick();
    recoverTurnEnd();
    recoverResumptions();
  }

  /** The main-realm error that a realm error was made from. */
  hostCause(error: unknown): unknown {
    return typeof error === 'object' && error !== null ? this.#causes.get(error) : undefined;
  }

  /** Turns a main-realm error into one of the realm: same name, message and own fields. */
  adopt(error: unknown): unknown {
    if (((typeof error !== 'object' || error === null) && typeof error !== 'function') || types.isProxy(error))
      return error;
    if (!(error instanceof Object)) return error;
    const { name, message } = error as Partial<Error>;
    const type = STANDARD_ERRORS.has(String(name)) ? (name as ErrorName) : 'Error';
    const made = new this.intrinsics[type](String(message ?? ''));
    if (name !== undefined && name !== type) {
      Object.defineProperty(made, 'name', {
        value: String(name),
        writable: true,
        configurable: true,
        enumerable: false,
      });
    }
    this.#causes.set(made, error);
    return made;
  }

  /** The parts of the runtime, each made anew in this realm from its own source text. */
  #runtime(): Runtime {
    const text = `'use strict';[${RUNTIME.map((part) => `(${String(part)})`).join(',\n')}]`;
    const options = { filename: 'sixfold:runtime' };
    const script = BUILT === null ? new vm.Script(text, options) : compileKept(`runtime-of-${BUILT}`, text, options);
    return script.runInContext(this.#context) as Runtime;
  }

  #protocolHost(): ProtocolHost {
    const host: ProtocolHost = {
      adopt: (error) => this.adopt(error),
      lacksPlace: (error) => {
        if (!types.isNativeError(error)) return false;
        const stack: unknown = error.stack;
        return typeof stack === 'string' && !SCRIPT_FRAME.test(stack);
      },
      isSuspension: (value) => value instanceof Suspension,
      isSteps: types.isGeneratorObject,
      isScope: (value) => value instanceof HostScope,
      attach: (suspension, waiter) => (suspension as Suspension).attach(waiter),
      afterMicrotasks,
      afterJob,
      isArray: (value) => Array.isArray(value),
      isProxy: types.isProxy,
      isArguments: types.isArgumentsObject,
      isPlain: (value) => {
        const prototype: unknown = Object.getPrototypeOf(value);
        return prototype === Object.prototype || prototype === null;
      },
      convert: (value) => this.#convert(value),
      isForeign: (value) => value instanceof Object,
      compileText: (kind, text, names, overridden, isArmed) =>
        this.#compileText({ kind, text, names: list(names), overridden: list(overridden), isArmed }),
    };
    return host;
  }

  #compileText(options: TextOptions): unknown {
    // The engine knows better than a parser what is wrong; a text that sees names around it is not one by itself.
    if (options.kind === 'eval') new vm.Script(options.text);
    const code = loadCompiler().compileText(options);
    return code === null ? null : this.compile(code, `sixfold:text/${this.#texts++}`);
  }

  #convert(value: object): unknown {
    if (value instanceof Date) return new this.intrinsics.Date(value.getTime());
    if (value instanceof Error) return this.adopt(value);
    if (value instanceof ArrayBuffer) {
      const buffer = new this.intrinsics.ArrayBuffer(value.byteLength);
      new Uint8Array(buffer).set(new Uint8Array(value));
      return buffer;
    }
    if (value instanceof Map) {
      const map = new this.intrinsics.Map<unknown, unknown>();
      for (const [key, item] of value) map.set(this.fromHost(key), this.fromHost(item));
      return map;
    }
    return value;
  }
}

type LateCompiler = typeof import('./late-compiler.ts');

let compiler: LateCompiler | null = null;

/** Only few scripts need it while they run, and they wait for no promise there. */
export function loadCompiler(): LateCompiler {
  compiler ??= createRequire(import.meta.url)(
    fileURLToPath(new URL('./late-compiler.ts', import.meta.url)),
  ) as LateCompiler;
  return compiler;
}

/** Names with commas, of which one may be too many. */
function list(names: string): string[] {
  return names.split(',').filter((name) => name !== '');
}

/** The VUs that go on in the next tick, or at the end of the turn, and how many they are; one round serves all that ask meanwhile. */
let ticking: (VuHandle | undefined)[] = [];
let tickingCount = 0;

/** Those of the present round; what is left of it is put off when one fails. The two lists take turns: a new one for each round adds up. */
let due: (VuHandle | undefined)[] = [];
let dueCount = 0;
let isTickPlanned = false;

function goOn(): void {
  isTickPlanned = false;
  const own = ticking;
  const count = tickingCount;
  // Not empty where the engine has ended a tick in the middle.
  ticking = dueCount === 0 ? due : [];
  tickingCount = 0;
  due = own;
  dueCount = count;
  let at = 0;
  try {
    for (; at < count; at++) {
      const vu = own[at] as VuHandle;
      own[at] = undefined;
      vu.goOn();
    }
  } finally {
    // A bug of ours in one VU must not stop the others.
    for (; at < count; at++) {
      const vu = own[at];
      own[at] = undefined;
      if (vu !== undefined) nextTick(vu);
    }
    dueCount = 0;
  }
}

function nextTick(vu: VuHandle): void {
  ticking[tickingCount++] = vu;
  planTick();
}

function planTick(): void {
  if (isTickPlanned) return;
  isTickPlanned = true;
  process.nextTick(goOn);
}

/** Ticks run when the microtasks are done – those that a tick has left, after the other ticks. */
function afterMicrotasks(vu: VuHandle): void {
  queueMicrotask(() => nextTick(vu));
}

/** Its job is over, and has waited, so there is no hurry unless it has another one. */
function afterJob(vu: VuHandle): void {
  if (!vu.tasks.isEmpty) {
    nextTick(vu);
    return;
  }
  vu.freeSince = performance.now();
  ticking[tickingCount++] = vu;
  beforeTurnEnds(goOn, tickingCount);
}

/** A line of a stack that stands for a script's code: as shown to scripts (stack.ts), or as V8 writes it. */
const SCRIPT_FRAME = /\n\tat |\(?sixfold:script\//;

const STANDARD_ERRORS: ReadonlySet<string> = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'URIError',
  'EvalError',
]);

/** Every realm of this thread, for the one process-wide listener of unhandled rejections. */
const realms = new Set<WeakRef<ScriptRealm>>();
let watching = false;

function watchRejections(realm: ScriptRealm): void {
  realms.add(new WeakRef(realm));
  if (watching) return;
  watching = true;
  const late = new WeakMap<object, Rejection>();
  // Where it was told of, that was in our words; without this listener Node warns in its own.
  process.on('rejectionHandled', (promise) => {
    const rejection = late.get(promise);
    if (rejection !== undefined) rejection.isHandled = true;
  });
  process.on('unhandledRejection', (reason, promise) => {
    for (const entry of realms) {
      const owner = entry.deref();
      if (owner === undefined) {
        realms.delete(entry);
        continue;
      }
      if (!types.isPromise(promise) || !(promise instanceof owner.intrinsics.Promise)) continue;
      const vu = owner.protocol.ownerOf(promise) as ScriptVu | undefined;
      if (vu === undefined) owner.onStrayRejection(reason);
      else {
        const rejection = { reason, isHandled: false };
        late.set(promise, rejection);
        vu.loop.reject(rejection);
      }
      return;
    }
    // A rejection of the host's own is a bug of ours: as Node would without this listener.
    throw reason;
  });
}

/** Makes the realm that all VUs of this worker share. */
export function createRealm(): ScriptRealm {
  return new ScriptRealm();
}
