// Modules imported by an https address: from an archive, as `sixfold.lock` has them, or from their servers.
import { ScriptError } from '../script-error.ts';
import { findCounterpart } from './counterparts.ts';
import type { FetchedModule } from './fetch-module.ts';
import { integrityOf, ModuleCache } from './module-cache.ts';
import { ModuleLock } from './module-lock.ts';

export interface RemoteOptions {
  /** The folder of the cache; null: none. */
  readonly cache: string | null;
  /** Where the record is; null: there is none. */
  readonly lockFile: string | null;
  /** Nothing is fetched. */
  readonly offline: boolean;
  /** Those of an archive, which come first. */
  readonly packed?: PackedModules | null;
}

/** Modules that an archive holds. */
export interface PackedModules {
  /** By address without its scheme. */
  readonly bodies: ReadonlyMap<string, Buffer>;
  /** Where redirects led, by address. */
  readonly redirects: Readonly<Record<string, string>>;
}

/** Those of one script. Each address is asked for once. */
export class RemoteModules {
  readonly #options: RemoteOptions;
  readonly #cache: ModuleCache | null;
  #lock: ModuleLock | null = null;
  readonly #asked = new Map<string, Promise<FetchedModule>>();
  readonly #loaded = new Map<string, FetchedModule>();

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#cache = options.cache === null ? null : new ModuleCache(options.cache);
  }

  /**
   * @throws ScriptError of kind 'import'
   */
  load(address: string): Promise<FetchedModule> {
    let asked = this.#asked.get(address);
    if (asked === undefined) {
      asked = this.#find(address).then((module) => {
        this.#loaded.set(address, module);
        return module;
      });
      this.#asked.set(address, asked);
    }
    return asked;
  }

  /** What the relative imports of a module that has been loaded start from. */
  baseOf(address: string): string {
    return this.#loaded.get(address)?.resolved ?? address;
  }

  /** All that have been loaded, by address. */
  get loaded(): ReadonlyMap<string, FetchedModule> {
    return this.#loaded;
  }

  /** Writes the record, once the script has been joined. */
  save(): void {
    this.#lock?.save();
  }

  async #find(address: string): Promise<FetchedModule> {
    const { packed, offline, lockFile } = this.#options;
    if (packed) {
      const body = findPacked(packed.bodies, address);
      if (body !== null) return { text: body.toString('utf8'), resolved: packed.redirects[address] ?? address };
    }
    this.#lock ??= lockFile === null ? null : new ModuleLock(lockFile);
    const locked = this.#lock?.find(address) ?? null;
    const known = locked === null ? null : this.#cache?.read(locked.integrity);
    if (locked !== null && typeof known === 'string') return { text: known, resolved: locked.resolved ?? address };
    if (offline) return this.#findOffline(address, locked?.integrity ?? null);
    // It brings Node's HTTP, whose loading takes longer than that of all our own code for a script without modules of the web.
    const { fetchModule } = await import('./fetch-module.ts');
    const fetched = await fetchModule(address).catch((error: Error) => {
      throw unavailable(address, `could not be fetched: ${error.message}`, this.#hasCopy(address));
    });
    const integrity = integrityOf(fetched.text);
    if (locked !== null && locked.integrity !== integrity)
      throw new ScriptError(
        'import',
        `the module ${address} is not what it was: ${lockFile} has ${locked.integrity}, and the server now gives ${integrity}. ` +
          'If the change is meant, delete its entry there, and it is written anew',
      );
    const { resolved } = fetched;
    this.#cache?.keep({ address, resolved, integrity }, fetched.text);
    this.#lock?.add(address, { integrity, ...(resolved !== address && { resolved }) });
    return fetched;
  }

  /** Without a network: the copy of when it was fetched last, unless the record has another one. */
  #findOffline(address: string, wanted: string | null): FetchedModule {
    const last = this.#cache?.find(address) ?? null;
    const text =
      last === null || (wanted !== null && last.integrity !== wanted) ? null : this.#cache!.read(last.integrity);
    if (last === null || text === null || text === undefined)
      throw unavailable(
        address,
        'is not in the cache, and --offline forbids to fetch it: run once without the flag',
        false,
      );
    this.#lock?.add(address, {
      integrity: last.integrity,
      ...(last.resolved !== address && { resolved: last.resolved }),
    });
    return { text, resolved: last.resolved };
  }

  #hasCopy(address: string): boolean {
    const last = this.#cache?.find(address) ?? null;
    return last !== null && this.#cache?.read(last.integrity) !== null;
  }
}

function findPacked(packed: ReadonlyMap<string, Buffer>, address: string): Buffer | null {
  const name = address.replace(/^https:\/\//, '');
  return packed.get(name) ?? packed.get(name.replace(/[?#].*$/s, '')) ?? null;
}

function unavailable(address: string, why: string, hasCopy: boolean): ScriptError {
  const counterpart = findCounterpart(address);
  const ways = [
    hasCopy ? '--offline uses the copy that was fetched before' : null,
    counterpart === null ? "save it beside the script and import './…'" : `instead of it, ${counterpart}`,
  ].filter((way) => way !== null);
  return new ScriptError('import', `the module ${address} ${why}. What you can do: ${ways.join('; or ')}`);
}
