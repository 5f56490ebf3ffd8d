// The free identifiers of a script that are k6's: what one virtual user's global object holds besides the language.
import { fileURLToPath } from 'node:url';
import { isK6Specifier } from '../script/load/specifiers.ts';
import { createCopier } from '../script/object-maker.ts';
import { createConsoleFunctions } from './console.ts';
import { createCrypto } from './crypto-global.ts';
import type { VuEnvironment } from './environment.ts';
import { currentFile, initModulesOf } from './init-modules.ts';
import { createLazyGlobals, type LazyGlobals } from './lazy-globals.ts';
import { moduleLoaderOf } from './module-loader.ts';
import { createOpen } from './open-files.ts';
import { createTextCoding } from './text-coding.ts';
import { timerFunctions } from './timers.ts';
import type { VirtualUser } from './virtual-user.ts';

/** What the virtual users of a worker share, and how one gets what is its own. */
interface WorkerGlobals {
  readonly shared: Readonly<Record<string, unknown>>;
  readonly createConsole: () => object;
}

const workers = new WeakMap<VuEnvironment, WorkerGlobals>();

export interface VuGlobals {
  /** The virtual user's own. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** The same object for all of the worker; a script that assigns to one of the names changes only its own view. */
  readonly sharedGlobals: Readonly<Record<string, unknown>>;
  /** The same for all of the worker, as accessors. */
  readonly lazyGlobals: PropertyDescriptorMap;
}

/**
 * The globals of one virtual user. `__ITER` comes with the iterations.
 * @param lazy those that are made when a script reaches for them
 */
export function createGlobals(environment: VuEnvironment, vu: VirtualUser, lazy: LazyGlobals): VuGlobals {
  const { shared, createConsole } = workerGlobals(environment);
  return {
    globals: { console: createConsole(), __ENV: vu.env, __VU: vu.idInInstance },
    sharedGlobals: shared,
    lazyGlobals: lazyGlobalsOf(environment, lazy),
  };
}

function workerGlobals(environment: VuEnvironment): WorkerGlobals {
  let globals = workers.get(environment);
  if (!globals) workers.set(environment, (globals = createWorkerGlobals(environment)));
  return globals;
}

function createWorkerGlobals(environment: VuEnvironment): WorkerGlobals {
  const { realm } = environment;
  const consoleFunctions = createConsoleFunctions(environment);
  const requireModule = realm.hostFunction('require', 1, (specifier: unknown) => {
    const vu = realm.vu as VirtualUser;
    if (vu.phase !== 'init') {
      throw realm.error('Error', 'the "require" function is only available in the init stage (i.e. the global scope)');
    }
    if (typeof specifier !== 'string' || specifier === '')
      throw realm.error('TypeError', 'require() needs the name of a module');
    const loader = moduleLoaderOf(environment)!;
    const state = initModulesOf(vu);
    const { asker } = state;
    if (asker === null) return loader.require(specifier, vu, currentFile(vu));
    state.asker = null; // what is loaded now asks for itself
    try {
      if (asker.literal[specifier] && !isK6Specifier(specifier)) return asker.literal[specifier]();
      return loader.require(specifier, vu, asker.base.replace(/^file:.*$/, fileURLToPath), asker.bundled);
    } finally {
      state.asker = asker;
    }
  });
  const shared = {
    ...timerFunctions(environment),
    ...createTextCoding(realm),
    crypto: createCrypto(environment),
    open: createOpen(environment),
    require: requireModule,
  };
  const createConsole = createCopier(realm, consoleFunctions);
  hideEngineGlobals(environment, { ...shared, console: createConsole() });
  return { shared, createConsole };
}

/** Names that V8 offers and k6 does not: libraries would take them for a sign of a browser or of Node.js. */
const NOT_OFFERED = ['WebAssembly'];

const lazies = new WeakMap<VuEnvironment, PropertyDescriptorMap>();

function lazyGlobalsOf(environment: VuEnvironment, lazy: LazyGlobals): PropertyDescriptorMap {
  let globals = lazies.get(environment);
  if (globals === undefined) {
    lazies.set(environment, (globals = createLazyGlobals(environment, lazy)));
    Object.defineProperties(environment.realm.globalThis, globals);
  }
  return globals;
}

/** Packages that a worker shares see the realm's own global object: give it what scripts have. */
function hideEngineGlobals({ realm }: VuEnvironment, offered: Readonly<Record<string, unknown>>): void {
  for (const name of NOT_OFFERED) Reflect.deleteProperty(realm.globalThis, name);
  for (const [name, value] of Object.entries(offered)) {
    if (name === 'open' || name === 'require') continue; // modules of a package have their own
    Object.defineProperty(realm.globalThis, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
