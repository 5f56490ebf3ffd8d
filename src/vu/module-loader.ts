// What a virtual user's `import` and `require` give: host modules, and packages that the worker shares.
import path from 'node:path';
import type { Script } from 'node:vm';
import { evaluateFurther } from '../script/instantiate.ts';
import { DEFINE_SPECIFIER, findRunTimeModule, namesPackage, refuseOnWeb } from '../script/load/find-run-time-module.ts';
import { importMetaOwner, makeResolve } from '../script/load/import-meta.ts';
import type { RunTimeModule } from '../script/load/run-time-module.ts';
import { evaluateShared } from '../script/load/shared-packages.ts';
import { isK6Specifier, refuseK6Specifier } from '../script/load/specifiers.ts';
import { SCOPE_SPECIFIER, UNSET_EXPORT } from '../script/module-scope.ts';
import { createObjectMaker } from '../script/object-maker.ts';
import type { Program } from '../script/program.ts';
import type { Realm, RealmFunction } from '../script/realm-interface.ts';
import { addProgram } from '../script/runtime/stack.ts';
import type { HostModule, ModuleExports, VuEnvironment } from './environment.ts';
import { type Asker, type BundledModules, enterModule, initModulesOf } from './init-modules.ts';
import type { VirtualUser } from './virtual-user.ts';

export type Namespace = Readonly<Record<string, unknown>>;

export type ModuleCompiler = typeof import('../script/load/run-time-module.ts');

type Make = ReturnType<typeof createObjectMaker>;

/** What of a program is the loader's. */
export type LoadedProgram = Pick<Program, 'shared' | 'codeCaches' | 'asksForCode'>;

/** One of it per worker. */
export class ModuleLoader {
  readonly #environment: VuEnvironment;
  readonly #factories = new Map<string, (vu: VirtualUser) => ModuleExports>();
  readonly #makers = new Map<string, Make>();
  /** By what is copied: most modules have the same for all virtual users. */
  readonly #copiers = new WeakMap<object, Copy>();
  readonly #compiled = new Map<string, RunTimeModule>();
  readonly #compiler: ModuleCompiler | null;
  #scopeModule: Namespace | null = null;
  readonly #program: LoadedProgram;
  /** Evaluated when the first virtual user asks: they may read the current one's globals. */
  #shared: ((specifier: string) => unknown) | null = null;
  #sharedScript: Script | null = null;

  /** @param compiler for scripts that ask for modules by names that only running them tells: it takes long to load */
  constructor(
    environment: VuEnvironment,
    modules: readonly HostModule[],
    program: LoadedProgram,
    compiler: ModuleCompiler | null = null,
  ) {
    this.#compiler = compiler;
    this.#environment = environment;
    this.#program = program;
    for (const module of modules) this.#factories.set(module.specifier, module.create(environment));
    loaders.set(environment, this);
  }

  /**
   * The module as `import` sees it: the same object however often a virtual user asks.
   * @throws for what cannot be loaded
   */
  import(specifier: string, vu: VirtualUser): Namespace {
    if (specifier === SCOPE_SPECIFIER) return this.#scope();
    return vu.state(specifier, () => this.#load(specifier, vu));
  }

  /**
   * The module as `require` sees it: of k6's own the default export, the object that `import http` gives too, so that
   * libraries can replace its functions.
   * @param base the file that asks, absolute
   * @param bundled files that are part of the script
   * @throws for what cannot be loaded
   */
  require(specifier: string, vu: VirtualUser, base: string, bundled: BundledModules = {}): unknown {
    if (this.#factories.has(specifier)) return this.import(specifier, vu)['default'];
    const { realm } = this.#environment;
    const isPackage = namesPackage(specifier) && !base.startsWith('https:');
    const file = this.#orRealmError(() =>
      isPackage ? `${path.dirname(base)} ${specifier}` : findRunTimeModule(specifier, base),
    );
    if (bundled[file]) return bundled[file]();
    this.#orRealmError(() => {
      refuseOnWeb(file);
      if (isPackage && !this.#compiled.has(file))
        this.#add(file, this.#compile().compileRunTimePackage(specifier, base));
    });
    const state = initModulesOf(vu);
    const loaded = (state.loaded ??= new Map());
    const before = loaded.get(file);
    if (before) return before.exports;
    let compiled = this.#compiled.get(file);
    if (!compiled) {
      try {
        compiled = this.#add(file, this.#compile().compileRunTimeModule(file));
      } catch (error) {
        const { message } = error as Error;
        throw realm.error(
          /^SyntaxError: /.test(message) ? 'SyntaxError' : 'Error',
          message.replace(/^SyntaxError: /, ''),
        );
      }
    }
    if (compiled.kind === 'json') {
      const exports = realm.parseJson(compiled.text);
      loaded.set(file, { exports });
      return exports;
    }
    const module = realm.evaluate('({ exports: {} })') as { exports: unknown };
    loaded.set(file, module);
    const { program, isEsm } = compiled;
    const own = isPackage ? base : file;
    let body: unknown;
    let require: unknown;
    const define = realm.hostFunction('define', 2, (given: unknown, makeRequire: unknown) => {
      body = given;
      const scope: Asker = { base: own, literal: {}, bundled };
      // What was an ES module imports by it; a CommonJS module has the function that a script may have replaced.
      require = isEsm
        ? this.#importer(vu, own, bundled)
        : Reflect.apply(makeRequire as RealmFunction, undefined, [scope]);
    });
    const outer = enterModule(vu, isPackage ? base : file);
    try {
      evaluateFurther(realm, program, vu, (name) =>
        name === DEFINE_SPECIFIER ? { define, ask: this.#scope()['ask'] } : this.import(name, vu),
      );
      // Not by the function's own `call`, which the script may have replaced.
      Reflect.apply(body as RealmFunction, module.exports, [module, module.exports, require]);
    } catch (error) {
      loaded.delete(file);
      throw error;
    } finally {
      enterModule(vu, outer);
    }
    return module.exports;
  }

  /** @returns what the engine has compiled so far of the shared packages, if the program asks for it */
  takeSharedCode(): Uint8Array | null {
    const code = this.#sharedScript?.createCachedData() ?? null;
    this.#sharedScript = null;
    return code;
  }

  /** What the imports of an ES module, which has become a function, are calls of. */
  #importer(vu: VirtualUser, base: string, bundled: BundledModules): RealmFunction {
    return this.#environment.realm.hostFunction('require', 1, (wanted: unknown) => {
      const name = String(wanted);
      return this.#factories.has(name) ? this.import(name, vu) : this.require(name, vu, base, bundled);
    });
  }

  #orRealmError<T>(find: () => T): T {
    try {
      return find();
    } catch (error) {
      throw this.#environment.realm.error('Error', (error as Error).message);
    }
  }

  #compile(): ModuleCompiler {
    if (this.#compiler) return this.#compiler;
    throw new Error('require() is hidden from the loader here: call it by its name, so that modules can be compiled');
  }

  #add(file: string, compiled: RunTimeModule): RunTimeModule {
    this.#compiled.set(file, compiled);
    if (compiled.kind === 'code') addProgram(compiled.program);
    return compiled;
  }

  /** What joined modules use of the module system. */
  #scope(): Namespace {
    const { realm } = this.#environment;
    const current = (): VirtualUser => realm.vu as VirtualUser;
    this.#scopeModule ??= {
      enter: realm.hostFunction('enter', 1, (name: string | null) => enterModule(current(), name)),
      ask: realm.hostFunction('ask', 1, (asker: unknown) => {
        const state = initModulesOf(current());
        const before = state.asker;
        state.asker = asker as Asker | null;
        return before;
      }),
      load: realm.hostFunction('load', 1, (name: unknown) =>
        typeof name === 'string' && name.startsWith('sixfold:') ? this.import(name, current()) : undefined,
      ),
      [UNSET_EXPORT]: Symbol('unset'),
    };
    return this.#scopeModule;
  }

  /**
   * A default export alone offers its properties as named ones too; named ones alone get a default that holds them all
   * (k6's rule for its own modules).
   */
  #toNamespace({ default: whole, named }: ModuleExports): Namespace {
    const { realm } = this.#environment;
    const source = named ?? (typeof whole === 'object' && whole !== null ? whole : {});
    let copy = this.#copiers.get(source);
    if (!copy) this.#copiers.set(source, (copy = createNamespaceCopier(realm, this.#makers, source)));
    // There for `import http`, and not among the names that `import * as http` lists, as in k6.
    const namespace = copy();
    realm.intrinsics.Object.defineProperty(namespace, 'default', {
      value: whole ?? copy(),
      writable: true,
      configurable: true,
      enumerable: false,
    });
    return namespace;
  }

  #load(specifier: string, vu: VirtualUser): Namespace {
    const { realm } = this.#environment;
    const create = this.#factories.get(specifier);
    if (create) return this.#toNamespace(create(vu));
    const { shared: packages, codeCaches } = this.#program;
    if (packages) {
      const keep = (script: Script): void => {
        if (this.#program.asksForCode || script.cachedDataRejected === true) this.#sharedScript = script;
      };
      this.#shared ??= realm.sharing(() => evaluateShared(packages, realm.globalThis, codeCaches?.shared, keep));
      const shared = this.#shared(specifier);
      if (shared !== undefined) return shared as Namespace;
    }
    const owner = importMetaOwner(specifier);
    if (owner !== null) {
      const meta = realm.evaluate('({ __proto__: null })') as Record<string, unknown>;
      const resolve = makeResolve(owner);
      meta['resolve'] = realm.hostFunction('resolve', 1, (wanted: unknown) => resolve(String(wanted)));
      return { default: meta };
    }
    const refusal = isK6Specifier(specifier) ? refuseK6Specifier(specifier, this.#environment.script.folder) : null;
    throw realm.error('Error', refusal ?? `unknown module: ${specifier}`);
  }
}

const loaders = new WeakMap<VuEnvironment, ModuleLoader>();

/** The worker's loader, if one has been made. */
export function moduleLoaderOf(environment: VuEnvironment): ModuleLoader | undefined {
  return loaders.get(environment);
}

/** Makes a copy of the exports of a module, which its virtual user may change. */
type Copy = () => Record<string, unknown>;

/** @returns what makes copies of an object: its properties that can be listed, in the realm */
function createNamespaceCopier(realm: Realm, makers: Map<string, Make>, source: object): Copy {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(source)).filter(([, d]) => d.enumerable);
  const keys = descriptors.map(([key]) => key);
  const values = descriptors.map(([, { value }]) => value as unknown);
  const accessors = descriptors.filter(([, { get }]) => get !== undefined);
  const shape = keys.join();
  let make = makers.get(shape);
  if (!make) makers.set(shape, (make = createObjectMaker(realm, keys)));
  const create = make;
  return () => {
    const object = create(values);
    for (const [key, descriptor] of accessors)
      Object.defineProperty(object, key, { ...descriptor, configurable: true });
    return object;
  };
}
