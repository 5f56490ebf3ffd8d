// What host modules are made of, and what they are made from.
import type { VirtualUser } from './virtual-user.ts';
import type { VuEnvironment } from './worker-environment.ts';

export type {
  InstanceCounts,
  Logger,
  LogLevel,
  ScriptLocation,
  Secrets,
  TestControl,
  VuEnvironment,
} from './worker-environment.ts';

/** What a script gets from `import`: a default export, named ones, or both. */
export interface ModuleExports {
  default?: unknown;
  named?: Record<string, unknown>;
}

/** A module that scripts import by a `k6…` name. */
export interface HostModule {
  readonly specifier: string;
  /**
   * Runs once per worker: make the functions and classes of the realm here; all virtual users share them and find
   * themselves in `environment.realm.vu`.
   * @returns what makes one virtual user's export objects – shallow ones, since a script may assign to `http.get`
   */
  create(environment: VuEnvironment): (vu: VirtualUser) => ModuleExports;
}
