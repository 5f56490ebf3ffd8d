import path from 'node:path';

/**
 * By what a built file is known: it has a digest of its content in its name.
 * @param url of the module that asks
 * @returns null in the sources, which nothing tells apart
 */
export function builtName(url: string): string | null {
  const name = path.basename(url, '.js');
  return /-[\w-]{8}$/.test(name) && url.endsWith('.js') ? name : null;
}
