// Where this program lies, with what it needs of other packages: in one folder where npm has put all side by side, in many where links lead
// from each package to what it asks for (pnpm, `npm install --install-strategy=linked`, workspaces).
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The fields of a package.json that name what may be imported. */
const FIELDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** @returns the folders of this program, absolute: as it was started and as they are */
export function programFolders(): string[] {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!['src', 'dist'].includes(path.basename(folder)) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return listProgramFolders(path.dirname(folder));
}

/** @param root the folder of a package @returns where it and all that it was installed with lie, whatever links lead there */
export function listProgramFolders(root: string): string[] {
  const folders = new Set<string>();
  const add = (folder: string): void => {
    if (![...folders].some((one) => isWithin(folder, one))) folders.add(folder);
  };
  const seen = new Set<string>();
  const open = [root];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const real = realpathSync(one);
    // What is asked for by one name and lies at another is read by both.
    for (const place of [one, real]) add(placeOf(place));
    if (seen.has(real)) continue;
    seen.add(real);
    open.push(...neededBy(real).flatMap((name) => findPackage(name, real) ?? []));
  }
  return [...folders];
}

/**
 * Packages lie side by side, and the links to those that they ask for beside them. One by one they cannot be granted: of two names that begin
 * alike Node lets only one be read.
 */
function placeOf(folder: string): string {
  const name = path.basename(path.dirname(folder)).startsWith('@') ? path.dirname(folder) : folder;
  const beside = path.dirname(name);
  return path.basename(beside) === 'node_modules' ? beside : folder;
}

/** @returns whether a file is a folder or lies in it */
export function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}

/** What a package may import; nothing where it does not say. */
function neededBy(folder: string): string[] {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return FIELDS.flatMap((field) => Object.keys((manifest as Record<string, object | undefined>)[field] ?? {}));
  } catch {
    return [];
  }
}

/** @returns where Node finds a package that one in `folder` asks for; null: it is not installed */
function findPackage(name: string, folder: string): string | null {
  for (let above = folder; ; above = path.dirname(above)) {
    const place = path.join(above, 'node_modules', name);
    if (path.basename(above) !== 'node_modules' && existsSync(place)) return place;
    if (path.dirname(above) === above) return null;
  }
}
