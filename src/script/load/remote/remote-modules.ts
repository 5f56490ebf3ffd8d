// Modules imported by an https address: from an archive, as `sixfold.lock` has them, or from their servers.
import { type Credentials, takeCredentials } from '../../../addresses/credentials.ts';
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

/**
 * Those of one script. Each address is asked for once. A module is known by its address without the name and password that it may hold,
 * which its server alone is told: messages, stack traces, the record, the cache and archives have none.
 */
export class RemoteModules {
  readonly #options: RemoteOptions;
  readonly #cache: ModuleCache | null;
  #lock: ModuleLock | null = null;
  readonly #asked = new Map<string, Promise<FetchedModule>>();
  readonly #loaded = new Map<string, FetchedModule>();
  /** What the servers of modules are told, by address. */
  readonly #credentials = new Map<string, Credentials>();

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#cache = options.cache === null ? null : new ModuleCache(options.cache);
  }

  /**
   * Keeps the name and password of an address for its server.
   * @param given an address that can be read
   * @returns the address without them, by which the module is known
   */
  nameOf(given: string): string {
    const url = new URL(given);
    const credentials = takeCredentials(url);
    if (credentials === null) return given;
    const address = url.href;
    if (!this.#credentials.has(address) && !this.#loaded.has(address)) {
      this.#credentials.set(address, credentials);
      // It may have been asked for without them, in vain.
      this.#asked.delete(address);
    }
    return address;
  }

  /**
   * @param address as {@link nameOf} gives it
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

  /** What the relative imports of a module that has been loaded start from: with its name and password, as long as the server is the same. */
  baseOf(address: string): string {
    const base = this.#loaded.get(address)?.resolved ?? address;
    const isSame = URL.parse(base)?.origin === URL.parse(address)?.origin;
    return withCredentials(base, this.#credentials.get(base) ?? (isSame ? this.#credentials.get(address) : undefined));
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
    const asked = withCredentials(address, this.#credentials.get(address));
    if (packed) {
      // Archives of earlier versions have addresses as they were written.
      const body = findPacked(packed.bodies, address) ?? findPacked(packed.bodies, asked);
      const resolved = packed.redirects[address] ?? packed.redirects[asked] ?? address;
      if (body !== null) return { text: body.toString('utf8'), resolved: this.nameOf(resolved) };
    }
    this.#lock ??= lockFile === null ? null : new ModuleLock(lockFile);
    const locked = this.#lock?.find(address) ?? null;
    const known = locked === null ? null : this.#cache?.read(locked.integrity);
    if (locked !== null && typeof known === 'string') return { text: known, resolved: locked.resolved ?? address };
    if (offline) return this.#findOffline(address, locked?.integrity ?? null);
    // It brings Node's HTTP, whose loading takes longer than that of all our own code for a script without modules of the web.
    const { fetchModule } = await import('./fetch-module.ts');
    const { text, ...fetched } = await fetchModule(asked).catch((error: Error) => {
      throw unavailable(address, `could not be fetched: ${error.message}`, this.#hasCopy(address));
    });
    const resolved = this.nameOf(fetched.resolved);
    const integrity = integrityOf(text);
    if (locked !== null && locked.integrity !== integrity)
      throw new ScriptError(
        'import',
        `the module ${address} is not what it was: ${lockFile} has ${locked.integrity}, and the server now gives ${integrity}. ` +
          'If the change is meant, delete its entry there, and it is written anew',
      );
    this.#cache?.keep({ address, resolved, integrity }, text);
    this.#lock?.add(address, { integrity, ...(resolved !== address && { resolved }) });
    return { text, resolved };
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

function withCredentials(address: string, credentials: Credentials | undefined): string {
  if (credentials === undefined) return address;
  const url = new URL(address);
  url.username = encodeURIComponent(credentials.user);
  url.password = encodeURIComponent(credentials.password);
  return url.href;
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
