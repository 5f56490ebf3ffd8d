// Pictures of pages and elements: their bytes for the script, and a file where it names one.
import type { Call } from './bridge.ts';

interface ShotOptions {
  readonly path?: string;
  readonly format?: 'png' | 'jpeg';
  readonly type?: 'png' | 'jpeg';
}

/** @returns the bytes of the picture, once the file is written */
export async function takeScreenshot({ target, link }: Call, given: unknown): Promise<Uint8Array> {
  const { path, format, type, ...rest } = (given ?? {}) as ShotOptions;
  // As in k6, the file's name tells the form where nothing else does.
  const byName = path !== undefined && /\.jpe?g$/i.test(path) ? ('jpeg' as const) : undefined;
  const form = type ?? format ?? byName;
  const bytes = (await target.screenshot({ ...rest, ...(form !== undefined && { type: form }) })) as Uint8Array;
  if (path !== undefined) {
    try {
      await link.vu.environment.programs.browsers.save(path, Uint8Array.from(bytes));
    } catch (error) {
      throw new Error(`screenshot(): could not write "${path}": ${(error as Error).message}`);
    }
  }
  return bytes;
}
