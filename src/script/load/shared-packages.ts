// Packages that a worker loads once for all its virtual users: joined by bundle-shared.ts, which no worker loads.
import { Script } from 'node:vm';

/** Sent to the workers as part of the program. */
export interface SharedPackages {
  /** An expression statement whose value is an object: specifier → module. */
  readonly code: string;
  readonly map: string;
  /** Lines of `code` before the bundle's first. */
  readonly lineOffset: number;
  /** What the source paths of the map start from. */
  readonly folder: string;
}

/** How modules of the worker's shared packages are named in a bundle. */
export const SHARED_PREFIX = 'sixfold:package/';

/** The file name that stack traces show for the code of shared packages before they are traced back to their files. */
export const SHARED_FILE = 'sixfold:packages';

/**
 * Evaluates shared packages in a realm.
 * @param context the global object of the realm
 * @param code what the engine made of them in an earlier run
 * @param onScript is given what can be asked for the engine's code
 * @returns the module for a specifier of the program's bundle, undefined for any other
 */
export function evaluateShared(
  packages: SharedPackages,
  context: object,
  code: Uint8Array | null = null,
  onScript: (script: Script) => void = () => {},
): (specifier: string) => unknown {
  const script = new Script(packages.code, { filename: SHARED_FILE, ...(code !== null && { cachedData: code }) });
  onScript(script);
  const modules = script.runInContext(context) as Record<string, unknown>;
  return (specifier) => (specifier.startsWith(SHARED_PREFIX) ? modules[nameOf(specifier)] : undefined);
}

/** The name of such a module among the exports of the shared packages. */
export function nameOf(specifier: string): string {
  return `p${specifier.slice(SHARED_PREFIX.length)}`;
}
