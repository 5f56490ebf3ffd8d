import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { parse } from 'acorn';
import { ROOT } from '../../scripts/root.ts';

/** One import of one file by another, or of a package. */
export interface Import {
  /** Path from the repository's folder, with slashes. */
  readonly from: string;
  /** Likewise, or the name of a package, or `node:…`. */
  readonly to: string;
}

const SPECIFIERS = [
  // import … from 'x'; export … from 'x'; import 'x' – at the beginning of a line, the braces perhaps over several.
  /^(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  // Workers and the like.
  /new URL\(\s*['"](\.{1,2}\/[^'"]+\.ts)['"]/g,
];

/** All TypeScript sources below `folder`, from the repository's folder, with slashes. */
export function listSources(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: ROOT })
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/** What a file imports, types included. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const specifiers = SPECIFIERS.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!));
  return specifiers.map((to) => ({
    from: file,
    to: to.startsWith('.') ? path.posix.join(path.posix.dirname(file), to) : to,
  }));
}

/** The packages that a file needs when it runs: what its syntax tree says, so that imports in a text do not count. */
export function packagesOf(file: string): string[] {
  const code = stripTypeScriptTypes(readFileSync(path.join(ROOT, file), 'utf8'));
  const { body } = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const sources = body
    .map((node) => ('source' in node ? node.source?.value : undefined))
    .filter((source) => typeof source === 'string');
  const loadedLate = [...code.matchAll(/\bawait import\('([^'.]+)'\)/g)].map((match) => match[1]!);
  return [...sources, ...loadedLate]
    .filter((source) => !/^(?:\.|node:)/.test(source))
    .map((source) =>
      source
        .split('/')
        .slice(0, source.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

/**
 * The circles among imports, one of each group of files that reach each other.
 * @returns the files on the way, the first again at the end
 */
export function findCircles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const circles: string[][] = [];
  const settled = new Set<string>();
  /** @param path the files that led here */
  const visit = (file: string, path: readonly string[]): void => {
    if (settled.has(file)) return;
    const way = [...path, file];
    for (const next of targets.get(file) ?? []) {
      const at = way.indexOf(next);
      if (at < 0) visit(next, way);
      else if (!circles.some((circle) => circle.includes(next))) circles.push([...way.slice(at), next]);
    }
    settled.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return circles;
}
