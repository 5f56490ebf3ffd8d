// Which package gives a module, an output or a source of secrets that is not built in.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { EXTENSION_API, type ExtensionManifest } from './api.ts';

/** What a package can give, as its manifest calls it. */
export type ExtensionKind = 'modules' | 'outputs' | 'secretSources';

/** Plain data: load workers are sent it. */
export interface ExtensionPlace {
  readonly kind: ExtensionKind;
  /** `k6/x/queue`, or the type that a flag names. */
  readonly name: string;
  readonly packageName: string;
  readonly version: string;
  /** Absolute. */
  readonly file: string;
}

/** A package that is meant but cannot be used; the message says why. */
export class ExtensionError extends Error {
  override readonly name = 'ExtensionError';
}

/**
 * @param folder where looking begins, upwards: that of the script; then comes the folder that the program runs in
 * @returns null where no package gives it
 * @throws ExtensionError for one that is made for another version of Sixfold, or broken
 */
export function findExtension(kind: ExtensionKind, name: string, folder: string): ExtensionPlace | null {
  return findAbove(kind, name, folder) ?? findAbove(kind, name, process.cwd());
}

function findAbove(kind: ExtensionKind, name: string, folder: string): ExtensionPlace | null {
  const parents: string[] = [];
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    parents.push(at);
    if (at === path.dirname(at)) break;
  }
  for (const [depth, parent] of parents.entries()) {
    const own = readPackage(parent);
    // The package itself, for the scripts that try it.
    const itself = own === null ? null : placeIn(own, parent, kind, name);
    if (itself !== null) return itself;
    for (const candidate of new Set([conventionalName(kind, name), ...dependenciesOf(own)])) {
      for (const above of parents.slice(depth)) {
        const root = path.join(above, 'node_modules', candidate);
        const found = readPackage(root);
        if (found === null) continue;
        const place = placeIn(found, root, kind, name);
        if (place !== null) return place;
        break;
      }
    }
  }
  return null;
}

/** The package that is looked for although nothing names it: `sixfold-x-queue`. */
export function conventionalName(kind: ExtensionKind, name: string): string {
  const short = name.replace(/^k6\/x\//, '').replaceAll('/', '-');
  return {
    modules: `sixfold-x-${short}`,
    outputs: `sixfold-output-${short}`,
    secretSources: `sixfold-secrets-${short}`,
  }[kind];
}

interface Package {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly sixfold?: unknown;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
  readonly optionalDependencies?: unknown;
}

function readPackage(root: string): Package | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function dependenciesOf(own: Package | null): string[] {
  return [own?.dependencies, own?.devDependencies, own?.optionalDependencies].flatMap((all) =>
    typeof all === 'object' && all !== null ? Object.keys(all) : [],
  );
}

function placeIn(found: Package, root: string, kind: ExtensionKind, name: string): ExtensionPlace | null {
  const manifest = found.sixfold as Partial<ExtensionManifest> | undefined;
  if (typeof manifest !== 'object' || manifest === null) return null;
  const files: unknown = manifest[kind];
  if (typeof files !== 'object' || files === null || !Object.hasOwn(files, name)) return null;
  const packageName = String(found.name ?? path.basename(root));
  const version = String(found.version ?? '0.0.0');
  const what = `the extension ${packageName} ${version}, which gives ${name},`;
  const api: unknown = manifest.api;
  if (api !== EXTENSION_API) {
    const hint =
      typeof api !== 'number'
        ? `has no number of the version in "sixfold": { "api": … } of its package.json (this Sixfold has version ${EXTENSION_API})`
        : api > EXTENSION_API
          ? `is made for version ${api} of the extension API and this Sixfold has version ${EXTENSION_API}: update sixfold, or install an older version of the package`
          : `is made for version ${api} of the extension API, which this Sixfold (version ${EXTENSION_API}) has no more: update the package`;
    throw new ExtensionError(`${what} ${hint}`);
  }
  const given: unknown = (files as Record<string, unknown>)[name];
  const file = path.resolve(root, String(given));
  if (typeof given !== 'string' || !file.startsWith(root + path.sep))
    throw new ExtensionError(`${what} names a file outside of its package: ${JSON.stringify(given)}`);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new ExtensionError(`${what} names a file that is not there: ${file}`);
  return { kind, name, packageName, version, file };
}
