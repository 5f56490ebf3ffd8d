// Packages that a module of ours stands on and that users install themselves.
import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The majors that our modules are written for; package.json says the same of its optional peers. */
export const OPTIONAL_PACKAGES = { '@platformatic/kafka': 2, mysql2: 3, pg: 8, 'playwright-core': 1, ssh2: 1 } as const;

export type OptionalPackage = keyof typeof OPTIONAL_PACKAGES;

/**
 * Looks in the script's own `node_modules` and above, then in the folder that the program runs in, then beside Sixfold.
 * @param folder that of the script
 * @param wanted who needs it, for messages
 * @returns what the package exports
 * @throws Error that says what to install
 */
export async function importOptional(name: OptionalPackage, folder: string, wanted: string): Promise<unknown> {
  const major = OPTIONAL_PACKAGES[name];
  for (const base of [path.join(folder, '_.js'), path.join(process.cwd(), '_.js'), import.meta.filename]) {
    const file = resolveFrom(base, name);
    if (file === null) continue;
    const version = readVersion(name, base);
    if (Number.parseInt(version, 10) !== major)
      throw new Error(
        `${wanted} needs the package ${name} in version ${major}, and the one in ${path.dirname(file)} is ${version}: npm install ${name}@${major}`,
      );
    return import(pathToFileURL(file).href);
  }
  throw new Error(`${wanted} needs the package ${name}, which is not installed: npm install ${name}`);
}

function resolveFrom(base: string, name: string): string | null {
  try {
    return createRequire(base).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function readVersion(name: string, base: string): string {
  const manifest = findPackageJSON(name, pathToFileURL(base));
  if (manifest === undefined) return 'of no known version';
  try {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown };
    if (typeof version === 'string') return version;
  } catch {
    // It is no package.json, or holds no object.
  }
  return 'of no known version';
}
