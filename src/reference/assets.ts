import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILES = ['site.css', 'icon.svg', 'start.js'] as const;

/** What the pages need beside themselves, by its path in the site. */
export const ASSET_PATHS: readonly string[] = [...FILES, 'search.js'].map((name) => `assets/${name}`);

/** A package holds the search as one file; from its sources it is put together when it is asked for. */
const BUILT_SEARCH = new URL('./assets/search.js', import.meta.url);
const SEARCH_SOURCE = new URL('./browser/search.ts', import.meta.url);
let search: Promise<string> | undefined;

/** @returns the text of a file of `ASSET_PATHS`; null for others */
export async function readAsset(assetPath: string): Promise<string | null> {
  if (!ASSET_PATHS.includes(assetPath)) return null;
  if (assetPath === 'assets/search.js') return (search ??= buildSearch());
  return readFileSync(new URL(`./${assetPath}`, import.meta.url), 'utf8');
}

async function buildSearch(): Promise<string> {
  if (existsSync(BUILT_SEARCH)) return readFileSync(BUILT_SEARCH, 'utf8');
  const { bundleSearch } = await import('./bundle-search.ts');
  return bundleSearch(fileURLToPath(SEARCH_SOURCE));
}
