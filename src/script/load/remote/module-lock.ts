// `sixfold.lock` beside a script: what the modules of the web were that it was tried with.
import { readFileSync, writeFileSync } from 'node:fs';
import { withoutCredentials } from '../../../addresses/credentials.ts';
import { ScriptError } from '../script-error.ts';

export interface LockedModule {
  readonly integrity: string;
  /** Where redirects led, where that is another address. */
  readonly resolved?: string;
}

export const LOCK_NAME = 'sixfold.lock';
const VERSION = 1;

/** The record of one folder. Names and passwords of addresses are no part of it: it is kept with the script, and shown to others. */
export class ModuleLock {
  readonly file: string;
  readonly #modules = new Map<string, LockedModule>();
  #isChanged = false;
  #holdsCredentials = false;

  /**
   * @param file absolute; it need not be there
   * @throws ScriptError for a file that is there and is no such record
   */
  constructor(file: string) {
    this.file = file;
    for (const [address, module] of this.#read()) this.#modules.set(address, module);
    // Earlier versions wrote them: it is written anew without.
    this.#isChanged = this.#holdsCredentials;
  }

  find(address: string): LockedModule | null {
    return this.#modules.get(address) ?? null;
  }

  add(address: string, module: LockedModule): void {
    if (this.#modules.has(address)) return;
    this.#modules.set(address, module);
    this.#isChanged = true;
  }

  /** Writes what has been added. A folder that cannot be written to has no record, as with k6. */
  save(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    // Another script of the folder may have added to it.
    const modules = Object.fromEntries([...this.#read(), ...this.#modules].sort(([a], [b]) => (a < b ? -1 : 1)));
    try {
      writeFileSync(this.file, `${JSON.stringify({ version: VERSION, modules }, null, 2)}\n`);
    } catch {
      // The next run fetches and compares with nothing.
    }
  }

  #read(): [address: string, module: LockedModule][] {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch {
      return [];
    }
    const fail = (why: string): never => {
      throw new ScriptError(
        'import',
        `${this.file} cannot be used: ${why}. Mend it, or delete it to have it written anew`,
      );
    };
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch (error) {
      return fail(`it is no JSON (${(error as Error).message})`);
    }
    const { version, modules } = (record ?? {}) as { version?: unknown; modules?: unknown };
    if (version !== VERSION) return fail(`its "version" is ${JSON.stringify(version)}, this program writes ${VERSION}`);
    if (typeof modules !== 'object' || modules === null) return fail('it has no "modules"');
    return Object.entries(modules).map(([written, module]: [string, unknown]) => {
      const given = (module ?? {}) as { integrity?: unknown; resolved?: unknown };
      const { integrity } = given;
      const address = withoutCredentials(written);
      const resolved = typeof given.resolved === 'string' ? withoutCredentials(given.resolved) : undefined;
      if (address !== written || resolved !== given.resolved) this.#holdsCredentials = true;
      if (typeof integrity !== 'string' || !/^sha256-[A-Za-z0-9+/]{43}=$/.test(integrity))
        return fail(`the "integrity" of ${address} is no sha256`);
      return [address, { integrity, ...(resolved !== undefined && { resolved }) }];
    });
  }
}
