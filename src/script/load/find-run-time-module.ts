// Which file a script means by a name that only running it tells.
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutCredentials } from '../../addresses/credentials.ts';
import { isBareSpecifier } from './package-name.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

/** What a module compiled at run time imports the function from that it hands its body to. */
export const DEFINE_SPECIFIER = 'sixfold:define';

const ENDINGS = ['', '.js', '.cjs', '.mjs', '.ts', '.json', '/index.js', '/index.ts'];

/** Whether a specifier names a package, to be looked for in node_modules folders. */
export function namesPackage(specifier: string): boolean {
  return isBareSpecifier(specifier) && !isK6Specifier(specifier);
}

/**
 * The file (or, of a module of the web, the address) that a specifier of a module at `base` names.
 * @param base absolute path of a file, or an https address
 * @throws Error in k6's words
 */
export function findRunTimeModule(specifier: string, base: string): string {
  if (base.startsWith('https://')) return findOnWeb(specifier, base);
  const unknown = `The moduleSpecifier "${specifier}" couldn't be recognised as something k6 supports`;
  if (isK6Specifier(specifier)) throw new Error(refuseK6Specifier(specifier, path.dirname(base)) ?? unknown);
  // A module of the web is known without the name and password of its address.
  if (/^https?:/.test(specifier)) return withoutCredentials(specifier);
  if (/^[a-z][a-z0-9+.-]+:/.test(specifier) && !specifier.startsWith('file:')) throw new Error(unknown);
  const wanted = specifier.startsWith('file:') ? fileURLToPath(specifier) : path.resolve(path.dirname(base), specifier);
  for (const ending of ENDINGS) {
    if (statSync(wanted + ending, { throwIfNoEntry: false })?.isFile()) return wanted + ending;
  }
  throw new Error(
    `The moduleSpecifier "${specifier}" couldn't be found on local disk. Make sure that you've specified the right path to the file (${wanted})`,
  );
}

function findOnWeb(specifier: string, base: string): string {
  if (namesPackage(specifier)) {
    throw new Error(
      `The moduleSpecifier "${specifier}" couldn't be recognised as something k6 supports: ${base} is a module on the web, which can only load others by their address`,
    );
  }
  return withoutCredentials(new URL(specifier, base).href);
}

/** @throws Error for an address: what is not part of the script cannot be fetched while it runs */
export function refuseOnWeb(found: string): void {
  if (!/^https?:/.test(found)) return;
  throw new Error(
    `The moduleSpecifier "${found}" cannot be fetched while the script runs: write the address as plain text in require('…') or import`,
  );
}
