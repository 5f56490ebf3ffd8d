import { build } from 'esbuild';

/**
 * Puts the browser's part of the search into one script, with minisearch.
 * @param source its entry file
 */
export async function bundleSearch(source: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
