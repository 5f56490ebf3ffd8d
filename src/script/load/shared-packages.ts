// Packages that a worker loads once for all its virtual users: joined here, evaluated in the worker's realm.
import { Script } from 'node:vm';
import { type Bundle, bundle, SHARED_GLOBAL, SHARED_PREFIX, type SharedImport } from './bundle.ts';

import type { ImportedName } from './imported-names.ts';

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

/** The file name that stack traces show for the code of shared packages before they are traced back to their files. */
export const SHARED_FILE = 'sixfold:packages';

/**
 * Joins the packages that a script's bundle left out.
 * @param names what the script imports of them by name
 * @throws ScriptError also where a package has no such export
 */
export async function bundleShared(
  imports: readonly SharedImport[],
  names: readonly ImportedName[],
  folder: string,
): Promise<Bundle> {
  const source = imports.map(({ specifier, file, byRequire }) => {
    const own = nameOf(specifier);
    const from = JSON.stringify(file);
    return byRequire ? `export const ${own} = require(${from});` : `export * as ${own} from ${from};`;
  });
  // The bundler looks only for what is asked for by name; a name of ours, so that it renames nothing of the package's.
  for (const [i, { specifier, name }] of names.entries()) {
    const from = imports.find((item) => item.specifier === specifier);
    if (from === undefined) continue;
    source.push(`import { ${JSON.stringify(name)} as sixfoldName${i} } from ${JSON.stringify(from.file)};`);
    source.push(`export { sixfoldName${i} };`);
  }
  return bundle({ file: null, source: source.join('\n'), folder, loader: 'js' }, () => false, 'iife');
}

/** What to send to the workers for a bundle of `bundleShared`. */
export function packShared(bundled: Bundle, folder: string): SharedPackages {
  return {
    code: `(function () {\n${bundled.code}\nreturn ${SHARED_GLOBAL}; })()`,
    map: bundled.map,
    lineOffset: 1,
    folder,
  };
}

/**
 * Evaluates shared packages in a realm.
 * @param context the global object of the realm
 * @returns the module for a specifier of the program's bundle, undefined for any other
 */
export function evaluateShared(packages: SharedPackages, context: object): (specifier: string) => unknown {
  const script = new Script(packages.code, { filename: SHARED_FILE });
  const modules = script.runInContext(context) as Record<string, unknown>;
  return (specifier) => (specifier.startsWith(SHARED_PREFIX) ? modules[nameOf(specifier)] : undefined);
}

function nameOf(specifier: string): string {
  return `p${specifier.slice(SHARED_PREFIX.length)}`;
}
