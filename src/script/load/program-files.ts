// Which files a compiled script is made of.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Program } from '../program.ts';

/** Endings that an import may leave out. */
const ENDINGS = ['', '.js', '.ts', '.mjs', '.cjs', '.jsx', '.tsx', '.json', '/index.js', '/index.ts'];
/** Files of one script, at most: what is no script may look as if it imported much. */
const MOST_FILES = 1000;

/** @returns absolute paths of the script and the modules in it; those of the web are not among them */
export function listProgramFiles({ origin, modules = [] }: Pick<Program, 'origin' | 'modules'>): string[] {
  const files = new Set<string>();
  if (origin.file !== '-') files.add(path.resolve(origin.folder, origin.file));
  for (const module of modules) if (!module.startsWith('https:')) files.add(module);
  for (const source of sourcesOf(origin.map)) {
    if (typeof source !== 'string' || source.includes('https:')) continue;
    const file = path.resolve(origin.folder, source.replace(/^file:\/\//, ''));
    if (existsSync(file)) files.add(file);
  }
  return [...files];
}

function sourcesOf(map: string | null): unknown[] {
  try {
    const { sources } = (map === null ? {} : JSON.parse(map)) as { sources?: unknown };
    return Array.isArray(sources) ? sources : [];
  } catch {
    // A map of another tool's that cannot be read.
    return [];
  }
}

/**
 * What a script that cannot be compiled seems to be made of: the files beside it that it imports by a relative name, and those that
 * these import.
 * @param file absolute
 */
export function guessProgramFiles(file: string): string[] {
  const found = new Set([file]);
  for (const one of found) {
    if (found.size > MOST_FILES) break;
    for (const specifier of relativeImports(one)) {
      const base = path.resolve(path.dirname(one), specifier);
      const target = ENDINGS.map((ending) => base + ending).find(
        (name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true,
      );
      // One that is missing may come.
      found.add(target ?? base);
    }
  }
  return [...found];
}

function relativeImports(file: string): string[] {
  try {
    return [
      ...readFileSync(file, 'utf8').matchAll(
        /\b(?:from|import|require\s*\(|import\s*\()\s*(["'`])(\.{1,2}\/[^"'`\n]+)\1/g,
      ),
    ].map(([, , specifier]) => specifier as string);
  } catch {
    return [];
  }
}
