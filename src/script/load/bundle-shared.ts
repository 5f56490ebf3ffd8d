// Joins the packages that a worker loads once for all its virtual users.
import { type Bundle, bundle, SHARED_GLOBAL, type SharedImport } from './bundle.ts';
import type { ImportedName } from './imported-names.ts';
import type { RemoteModules } from './remote/remote-modules.ts';
import { nameOf, type SharedPackages } from './shared-packages.ts';

/**
 * Joins the packages that a script's bundle left out.
 * @param names what the script imports of them by name
 * @throws ScriptError also where a package has no such export
 */
export async function bundleShared(
  imports: readonly SharedImport[],
  names: readonly ImportedName[],
  folder: string,
  remote: RemoteModules,
  root: string | null,
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
  return bundle({ file: null, source: source.join('\n'), folder, loader: 'js', remote, root }, () => false, 'iife');
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
