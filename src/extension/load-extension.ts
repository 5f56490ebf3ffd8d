import { pathToFileURL } from 'node:url';
import { ExtensionError, type ExtensionPlace } from './find-extension.ts';

/**
 * Runs an extension's file.
 * @returns its default export, which has a function `create`
 * @throws ExtensionError that says why it cannot be used
 */
export async function loadExtension<T extends { create(...args: never[]): unknown }>(
  place: ExtensionPlace,
): Promise<T> {
  const { packageName, version, name, file } = place;
  const what = `the extension ${packageName} ${version}, which gives ${name},`;
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    throw new ExtensionError(`${what} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
  const made = loaded.default as Partial<T> | undefined;
  if (typeof made !== 'object' || made === null || typeof made.create !== 'function')
    throw new ExtensionError(`${what} has no default export with a function create (${file})`);
  return made as T;
}
