// Libraries for scripts that come with the program: `sixfold/jslib/NAME`, in place of those that k6's users have from the web.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageOf } from './load/package-name.ts';

const FOLDER = fileURLToPath(new URL('../../jslib/', import.meta.url));
const PREFIX = 'sixfold/jslib/';

/** @returns the file of a library of ours, also where no package is installed; null for every other specifier */
export function findOwnLibrary(specifier: string): string | null {
  const name = specifier.startsWith(PREFIX) ? specifier.slice(PREFIX.length) : '';
  const file = `${FOLDER}${name}.ts`;
  return /^[a-z0-9-]+$/.test(name) && existsSync(file) ? file : null;
}

function listNames(): string[] {
  return readdirSync(FOLDER).flatMap((file) => (file.endsWith('.ts') ? file.slice(0, -'.ts'.length) : []));
}

/** The file of each specifier. */
export function ownLibraries(): Readonly<Record<string, string>> {
  return Object.fromEntries(listNames().map((name) => [PREFIX + name, `${FOLDER}${name}.ts`]));
}

/** @returns why there is none of that name; null where the specifier asks for something else */
export function refuseOwnLibrary(specifier: string): string | null {
  if (!specifier.startsWith(PREFIX)) return null;
  return `there is no library ${specifier}; there are ${Object.keys(ownLibraries()).join(', ')}`;
}

/** Whether a file is one of them: what it imports is looked for beside the script. */
export function isOwnLibrary(file: string): boolean {
  return file.startsWith(FOLDER);
}

/** The package that a file belongs to, or null: libraries of ours are part of the script, wherever the program is installed. */
export function ownerOf(file: string): string | null {
  return isOwnLibrary(file) ? null : packageOf(file);
}
