import type { Script } from 'node:vm';
import { findOriginalText } from './load/original-text.ts';
import type { CompiledModule, Program } from './program.ts';
import { loadCompiler, type ScriptRealm } from './realm.ts';
import type { Realm, ScriptVu } from './realm-interface.ts';
import type { Protocol } from './runtime/protocol.ts';
import type { VuHandle } from './runtime/protocol-host.ts';
import type { AnyFunction } from './runtime/twin-call.ts';
import type { ScriptLoop } from './runtime/vu-loop.ts';

/** What the host gives one instance. */
export interface InstanceHost {
  /** Free identifiers of this VU alone: __ENV, __VU, console … */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Those that all VUs of the worker share: open, require, setTimeout … The same object for each of them. */
  readonly sharedGlobals?: Readonly<Record<string, unknown>>;
  /** Shared too, and made when a script reaches for them: accessors of the realm. */
  readonly lazyGlobals?: PropertyDescriptorMap;
  /** The exports of a module of the host, per VU. */
  readonly import: (specifier: string) => Readonly<Record<string, unknown>>;
  /** Its global object is there, and nothing of the script has run. */
  onReady?(): void;
}

type NamedModule = CompiledModule &
  Pick<Program, 'name' | 'hidesGlobal'> &
  Partial<Pick<Program, 'origin' | 'lineStarts' | 'codeCaches' | 'asksForCode'>>;

export interface Instance {
  /** Live: reading a property reads the module's binding. */
  readonly exports: Record<string, unknown>;
  /** The global object as this VU's script sees it. */
  readonly global: Record<string, unknown>;
}

type Factory = (vu: VuHandle, globals: object, importModule: (specifier: string) => unknown) => AnyFunction;

const factories = new WeakMap<ScriptRealm, Map<string, Factory>>();

/** Programs of which somebody wants to keep what the engine makes of them: it has nothing of an earlier run, or has refused it. */
const scripts = new WeakMap<ScriptRealm, Script>();

/**
 * @returns what the engine has compiled so far of the program that asked for it, or whose code of an earlier run it has refused: what has
 * run is in it, too
 */
export function takeProgramCode(realm: ScriptRealm): Uint8Array | null {
  const code = scripts.get(realm)?.createCachedData() ?? null;
  scripts.delete(realm);
  return code;
}

/** Code that makes code from strings, as far as its text tells. */
const MAKES_CODE = /\b(?:eval|Function)\s*\(/;

/** The program's factory in this realm: compiled once per worker, so that all VUs share code. */
function factoryOf(realm: ScriptRealm, program: NamedModule): Factory {
  let known = factories.get(realm);
  if (known === undefined) factories.set(realm, (known = new Map()));
  let factory = known.get(program.name);
  if (factory === undefined) {
    const { value, script } = realm.compileKept(program.code, program.name, program.codeCaches?.program ?? null);
    const make = value as (p: Protocol) => Factory;
    if (program.asksForCode || script.cachedDataRejected === true) scripts.set(realm, script);
    // It takes its time, which is better spent before the test begins.
    if (MAKES_CODE.test(program.code)) loadCompiler();
    const { origin, lineStarts } = program;
    realm.protocol.originalText =
      origin && lineStarts
        ? (text: string, start: number) =>
            findOriginalText({ origin, lineStarts }, text, start, loadCompiler().findFunctions)
        : undefined;
    factory = make(realm.protocol);
    realm.protocol.originalText = undefined;
    realm.protocol.programIsKnown();
    known.set(program.name, factory);
  }
  return factory;
}

/**
 * Makes a virtual user's own instance of the script and runs its top level (which may await). Rejects with what the
 * script threw.
 */
export async function instantiate(
  realm: ScriptRealm,
  program: NamedModule,
  vu: ScriptVu,
  host: InstanceHost,
): Promise<Instance> {
  const loop = vu.loop as ScriptLoop;
  const global = createGlobal(realm, program, host);
  loop.handle.global = global;
  host.onReady?.();
  const instance = factoryOf(realm, program)(loop.handle, global, host.import);
  const result = await loop.run(instance, undefined, []);
  return { exports: result.value as Record<string, unknown>, global };
}

/** Runs the top level of a further program in the instance that a virtual user has. */
export function evaluateFurther(
  realm: Realm,
  further: NamedModule,
  vu: ScriptVu,
  importModule: (specifier: string) => unknown,
): void {
  // There is no other kind of realm; what it can do besides is the script layer's own business.
  const own = realm as ScriptRealm;
  const { protocol } = own;
  const { handle } = vu.loop as ScriptLoop;
  const outer = protocol.vu;
  // The script's own imports are made before any of its code runs.
  protocol.vu = handle;
  try {
    factoryOf(own, further)(handle, handle.global!, importModule)();
  } finally {
    protocol.vu = outer;
  }
}

/** What the VUs of a realm have in common lies on one object that theirs inherit from: a VU's own stays small. */
const bases = new WeakMap<object, WeakMap<ScriptRealm, object>>();
const NO_GLOBALS = {};

function baseGlobal(realm: ScriptRealm, host: InstanceHost): object {
  const shared = host.sharedGlobals ?? NO_GLOBALS;
  let ofRealms = bases.get(shared);
  if (ofRealms === undefined) bases.set(shared, (ofRealms = new WeakMap()));
  let base = ofRealms.get(realm);
  if (base === undefined) {
    base = Object.create(realm.globalThis) as object;
    Object.defineProperties(base, host.lazyGlobals ?? {});
    for (const [name, value] of Object.entries(shared)) defineHidden(base, name, value);
    ofRealms.set(realm, base);
  }
  return base;
}

function defineHidden(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

const askers = new WeakMap<NamedModule, boolean>();

/**
 * The language's own names are inherited, which keeps a VU small; only where code asks whether an object itself has a name
 * can that be told.
 */
function asksForOwnNames(program: NamedModule): boolean {
  let asks = askers.get(program);
  if (asks === undefined) askers.set(program, (asks = /getOwnProperty|hasOwn|ownKeys/.test(program.code)));
  return asks;
}

/** Per VU: own properties shadow the shared global object, and what the script defines stays its own. */
function createGlobal(realm: ScriptRealm, program: NamedModule, host: InstanceHost): Record<string, unknown> {
  const base = baseGlobal(realm, host);
  const global = Object.create(base) as Record<string, unknown>;
  if (asksForOwnNames(program)) {
    for (const holder of [realm.globalThis, base]) {
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        Object.defineProperty(global, name, descriptor);
      }
    }
  }
  defineHidden(global, 'globalThis', global);
  if (!program.hidesGlobal) defineHidden(global, 'global', global);
  // V8 gives every context a console of its own, for the inspector; names the host does not give are not there.
  if (!('console' in host.globals)) defineHidden(global, 'console', undefined);
  for (const [name, value] of Object.entries(host.globals)) defineHidden(global, name, value);
  return global;
}
