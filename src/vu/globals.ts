// The free identifiers of a script that are k6's: what one virtual user's global object holds besides the language.
import { createConsoleFunctions } from './console.ts';
import { createCrypto } from './crypto-global.ts';
import type { VuEnvironment } from './environment.ts';
import { moduleLoaderOf } from './module-loader.ts';
import { createOpen } from './open-files.ts';
import { createTextCoding } from './text-coding.ts';
import { timerFunctions } from './timers.ts';
import type { VirtualUser } from './virtual-user.ts';

/** Functions and classes that all virtual users of a worker share. */
interface SharedGlobals {
  readonly plain: Readonly<Record<string, unknown>>;
  readonly consoleFunctions: Readonly<Record<string, unknown>>;
}

const shared = new WeakMap<VuEnvironment, SharedGlobals>();

/**
 * The globals of one virtual user; a script may assign to them without another virtual user's noticing.
 * `__ITER` comes with the iterations, see {@link exposeIteration}.
 */
export function createGlobals(environment: VuEnvironment, vu: VirtualUser): Record<string, unknown> {
  let common = shared.get(environment);
  if (!common) shared.set(environment, (common = createShared(environment)));
  const globals: Record<string, unknown> = {
    ...common.plain,
    console: Object.assign(new environment.realm.intrinsics.Object(), common.consoleFunctions),
    __ENV: vu.env,
    __VU: vu.idInInstance,
  };
  return globals;
}

/**
 * Keeps `__ITER` on a virtual user's global object up to date; without an iteration there is no such name.
 * @param global of its instance of the script
 */
export function exposeIteration(vu: VirtualUser, global: Record<string, unknown>): void {
  vu.onIterationStart(() => {
    global['__ITER'] = vu.iteration.inVu;
  });
}

function createShared(environment: VuEnvironment): SharedGlobals {
  const { realm } = environment;
  const consoleFunctions = createConsoleFunctions(environment);
  const requireModule = realm.hostFunction('require', 1, (specifier: unknown) => {
    const vu = realm.vu as VirtualUser;
    if (vu.phase !== 'init') {
      throw realm.error('Error', 'the "require" function is only available in the init stage (i.e. the global scope)');
    }
    if (typeof specifier !== 'string' || specifier === '')
      throw realm.error('TypeError', 'require() needs the name of a module');
    return moduleLoaderOf(environment)!.import(specifier, vu);
  });
  const plain = {
    ...timerFunctions(environment),
    ...createTextCoding(realm),
    crypto: createCrypto(environment),
    open: createOpen(environment),
    require: requireModule,
  };
  hideEngineGlobals(environment, { ...plain, console: Object.assign(new realm.intrinsics.Object(), consoleFunctions) });
  return { plain, consoleFunctions };
}

/** Names that V8 offers and k6 does not: libraries would take them for a sign of a browser or of Node.js. */
const NOT_OFFERED = ['WebAssembly'];

/** Packages that a worker shares see the realm's own global object: give it what scripts have. */
function hideEngineGlobals({ realm }: VuEnvironment, offered: Readonly<Record<string, unknown>>): void {
  const { Object: RealmObject } = realm.intrinsics;
  for (const name of NOT_OFFERED) Reflect.deleteProperty(realm.globalThis, name);
  for (const [name, value] of Object.entries(offered)) {
    if (name === 'open' || name === 'require') continue; // modules of a package have their own
    RealmObject.defineProperty(realm.globalThis, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
