// What a virtual user's `import` and `require` give: host modules, and packages that the worker shares.
import { makeResolve, RESOLVE_SPECIFIER } from '../script/load/import-meta.ts';
import { evaluateShared, type SharedPackages } from '../script/load/shared-packages.ts';
import { isK6Specifier, refuseK6Specifier } from '../script/load/specifiers.ts';
import { createObjectMaker } from '../script/object-maker.ts';
import type { Realm } from '../script/realm-interface.ts';
import type { HostModule, ModuleExports, VuEnvironment } from './environment.ts';
import type { VirtualUser } from './virtual-user.ts';

export type Namespace = Readonly<Record<string, unknown>>;

type Make = ReturnType<typeof createObjectMaker>;

const LOADED = Symbol('modules');

/** One of it per worker. */
export class ModuleLoader {
  readonly #environment: VuEnvironment;
  readonly #factories = new Map<string, (vu: VirtualUser) => ModuleExports>();
  readonly #makers = new Map<string, Make>();
  readonly #sharedPackages: SharedPackages | null;
  /** Evaluated when the first virtual user asks: they may read the current one's globals. */
  #shared: ((specifier: string) => unknown) | null = null;

  constructor(environment: VuEnvironment, modules: readonly HostModule[], sharedPackages: SharedPackages | null) {
    this.#environment = environment;
    this.#sharedPackages = sharedPackages;
    for (const module of modules) this.#factories.set(module.specifier, module.create(environment));
    loaders.set(environment, this);
  }

  /**
   * The module as `import` sees it: the same object however often a virtual user asks.
   * @throws for what cannot be loaded
   */
  import(specifier: string, vu: VirtualUser): Namespace {
    const loaded = vu.state<Map<string, Namespace>>(LOADED, () => new Map());
    let namespace = loaded.get(specifier);
    if (!namespace) loaded.set(specifier, (namespace = this.#load(specifier, vu)));
    return namespace;
  }

  #load(specifier: string, vu: VirtualUser): Namespace {
    const { realm } = this.#environment;
    const create = this.#factories.get(specifier);
    if (create) return toNamespace(realm, this.#makers, create(vu));
    if (this.#sharedPackages) {
      this.#shared ??= evaluateShared(this.#sharedPackages, realm.globalThis);
      const shared = this.#shared(specifier);
      if (shared !== undefined) return shared as Namespace;
    }
    if (specifier === RESOLVE_SPECIFIER) {
      const make = realm.hostFunction('resolve', 1, (url: string) => {
        const resolve = makeResolve(url);
        return realm.hostFunction('resolve', 1, (wanted: unknown) => resolve(String(wanted)));
      });
      return make as unknown as Namespace;
    }
    const refusal = isK6Specifier(specifier) ? refuseK6Specifier(specifier) : null;
    throw realm.error(
      'Error',
      refusal ?? `require() can only load what its argument names as plain text in the script: ${specifier}`,
    );
  }
}

const loaders = new WeakMap<VuEnvironment, ModuleLoader>();

/** The worker's loader, if one has been made. */
export function moduleLoaderOf(environment: VuEnvironment): ModuleLoader | undefined {
  return loaders.get(environment);
}

/**
 * A default export alone offers its properties as named ones too; named ones alone get a default that holds them all
 * (k6's rule for its own modules).
 */
function toNamespace(realm: Realm, makers: Map<string, Make>, { default: whole, named }: ModuleExports): Namespace {
  const source = named ?? (typeof whole === 'object' && whole !== null ? whole : {});
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(source)).filter(([, d]) => d.enumerable);
  const copy = (extra: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const keys = [...descriptors.map(([key]) => key), ...Object.keys(extra)];
    const shape = keys.join();
    let make = makers.get(shape);
    if (!make) makers.set(shape, (make = createObjectMaker(realm, keys)));
    const object = make([...descriptors.map(([, { value }]) => value as unknown), ...Object.values(extra)]);
    for (const [key, descriptor] of descriptors) {
      if (descriptor.get) Object.defineProperty(object, key, { ...descriptor, configurable: true });
    }
    return object;
  };
  return copy({ default: whole ?? copy({}) });
}
