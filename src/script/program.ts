import type { ExtensionPlace } from '../extension/find-extension.ts';
import type { CodeOrigin } from './load/code-origin.ts';
import type { ImportedName } from './load/imported-names.ts';
import type { SharedPackages } from './load/shared-packages.ts';

/**
 * A compiled script: plain, structured-cloneable data that the main thread makes once and sends to every load worker.
 * The compiler owns `code`, `segments`, `hostImports` and `exportNames`; the loader owns the rest.
 */
export interface Program extends CompiledModule {
  /** What stack traces call the compiled code; unique among the programs of a realm. */
  readonly name: string;
  /** The script is a CommonJS module: the default export is its `module.exports`. */
  readonly isCommonJs: boolean;
  /** Leads from the compiled module's source text to the user's files. */
  readonly origin: CodeOrigin;
  /** Offsets at which the lines of the source text begin. */
  readonly lineStarts: Int32Array;
  /** Packages that a worker loads once for all its virtual users. */
  readonly shared: SharedPackages | null;
  /** What the script takes by name from k6's modules. */
  readonly k6Names?: readonly ImportedName[];
  /** Modules that packages give, of those that the script imports. */
  readonly extensions?: readonly ExtensionPlace[];
  /** The script may ask for modules that are not part of it, by names that only running it tells. */
  readonly requiresAtRunTime?: boolean;
  /** The script knows its global object as `globalThis` only. */
  readonly hidesGlobal?: boolean;
  /** Packages of which each virtual user has its own, compiled for blocking calls. */
  readonly packages: readonly string[];
  /** All modules in its text: absolute paths, and addresses of https. The map names only those that have left code there. */
  readonly modules?: readonly string[];
  /** What the engine made of it in an earlier run. */
  readonly codeCaches?: CodeCaches;
  /** A worker is to hand over what the engine makes of it, for the next run. */
  readonly asksForCode?: boolean;
}

/** What the engine has compiled, in its own form: it takes it only if it is of the same version and flags. */
export interface CodeCaches {
  readonly program: Uint8Array | null;
  /** Of the packages that a worker loads once. */
  readonly shared: Uint8Array | null;
}

/** What the compiler makes of one ES module whose only imports are the host's. */
export interface CompiledModule {
  /** Source text of an expression: a function of the runtime protocol that returns the factory of instances. */
  readonly code: string;
  /**
   * Exact positions of user text: triples (offset in `code`, offset in the source, length), sorted by the first. Offsets
   * are UTF-16 code units.
   */
  readonly segments: Int32Array;
  /** Specifiers that the module imports from the host, in order of first appearance. */
  readonly hostImports: readonly string[];
  readonly exportNames: readonly string[];
}
