import type { CompiledModule } from './program.ts';
import type { ScriptRealm } from './realm.ts';
import type { ScriptVu } from './realm-interface.ts';
import type { AnyFunction, Protocol, VuHandle } from './runtime/protocol.ts';
import type { ScriptLoop } from './runtime/vu-loop.ts';

/** What the host gives one instance. */
export interface InstanceHost {
  /** Free identifiers of this VU: __ENV, __VU, console, open, require, setTimeout … */
  readonly globals: Readonly<Record<string, unknown>>;
  /** The exports of a module of the host, per VU. */
  import(specifier: string): Readonly<Record<string, unknown>>;
}

export interface Instance {
  /** Live: reading a property reads the module's binding. */
  readonly exports: Record<string, unknown>;
  /** The global object as this VU's script sees it. */
  readonly global: Record<string, unknown>;
}

type Factory = (vu: VuHandle, globals: object, importModule: (specifier: string) => unknown) => AnyFunction;

const factories = new WeakMap<ScriptRealm, Map<string, Factory>>();

/** The program's factory in this realm: compiled once per worker, so that all VUs share code. */
function factoryOf(realm: ScriptRealm, program: CompiledModule & { readonly name: string }): Factory {
  let known = factories.get(realm);
  if (known === undefined) factories.set(realm, (known = new Map()));
  let factory = known.get(program.name);
  if (factory === undefined) {
    // JSON.stringify looks for methods that block only where a script may have one.
    if (program.code.includes('toJSON')) realm.protocol['jsonMayBlock'] = true;
    const make = realm.compile(program.code, program.name) as (p: Protocol) => Factory;
    factory = make(realm.protocol);
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
  program: CompiledModule & { readonly name: string },
  vu: ScriptVu,
  host: InstanceHost,
): Promise<Instance> {
  const loop = vu.loop as ScriptLoop;
  const global = createGlobal(realm, host.globals);
  const instance = factoryOf(realm, program)(loop.handle, global, (specifier) => host.import(specifier));
  const result = await loop.run(instance, undefined, []);
  return { exports: result.value as Record<string, unknown>, global };
}

/** Per VU: own properties shadow the shared global object, and what the script defines stays its own. */
function createGlobal(realm: ScriptRealm, globals: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { Object: RealmObject } = realm.intrinsics;
  const global = RealmObject.create(realm.globalThis) as Record<string, unknown>;
  const define = (key: string, value: unknown): void => {
    RealmObject.defineProperty(global, key, { value, writable: true, configurable: true, enumerable: false });
  };
  define('globalThis', global);
  define('global', global);
  // V8 gives every context a console of its own, for the inspector; names the host does not give are not there.
  define('console', undefined);
  for (const key of RealmObject.getOwnPropertyNames(globals)) {
    const descriptor = RealmObject.getOwnPropertyDescriptor(globals, key) as PropertyDescriptor;
    if (descriptor.get === undefined) define(key, descriptor.value);
    else RealmObject.defineProperty(global, key, { ...descriptor, configurable: true });
  }
  return global;
}
