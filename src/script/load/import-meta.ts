// `import.meta.resolve(…)`: the one thing of import.meta that k6 has.

const RESOLVE = /\bimport\s*\.\s*meta\s*\.\s*resolve\b/g;

/** What the module `sixfold:resolve` is asked for by, in place of `import.meta.resolve`. */
export const RESOLVE_SPECIFIER = 'sixfold:resolve';

/**
 * Puts a function that knows the module's own address in place of `import.meta.resolve`: in a bundle, `import.meta`
 * would be that of the bundle.
 */
export function replaceImportMeta(source: string, url: string): string {
  return source.replace(RESOLVE, () => `require(${JSON.stringify(RESOLVE_SPECIFIER)})(${JSON.stringify(url)})`);
}

/**
 * The function behind `import.meta.resolve` of the module at `url`.
 * @returns the address of what an import of `specifier` would load
 */
export function makeResolve(url: string): (specifier: string) => string {
  return (specifier) => (/^\.{0,2}\//.test(specifier) ? new URL(specifier, url).href : specifier);
}
