// Files that a script's handleSummary hands over: kept with the run, as many and as large as there is room for.
import type { SummaryFiles } from '../../execution/load-plane/summary-files.ts';
import type { Reader } from '../storage/database.ts';

export const MOST_FILES = 20;
/** Of all files of one run, in octets. */
export const MOST_FILE_OCTETS = 10 * 1024 * 1024;
const LONGEST_NAME = 200;

export interface RunFile {
  /** A path without a beginning, with `/` between its parts: `results/summary.html`. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** @returns what is wrong with a name; null: nothing */
function objectTo(name: string): string | null {
  if (name.length > LONGEST_NAME) return `its name has more than ${LONGEST_NAME} characters`;
  if (/[\0-\x1f\x7f]/.test(name)) return 'its name has characters that cannot be shown';
  if (name.startsWith('/') || /^[a-z]:/i.test(name))
    return 'its name must be a path without a beginning, such as results/a.html';
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return 'its name must not lead elsewhere';
  return null;
}

/**
 * @param say hears of each that is not kept
 * @returns what is kept, with names as the run shows them
 */
export function filesWithin(files: readonly RunFile[], say: (message: string) => void): RunFile[] {
  const kept = new Map<string, RunFile>();
  let octets = 0;
  for (const { name: given, data } of files) {
    const name = given.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
    const objection =
      objectTo(name) ??
      (kept.size >= MOST_FILES && !kept.has(name) ? `of each run ${MOST_FILES} files are kept` : null) ??
      (octets + data.length > MOST_FILE_OCTETS
        ? `it has ${data.length} octets, and the files of a run may have ${MOST_FILE_OCTETS} in all`
        : null);
    if (objection !== null) {
      say(`handleSummary: "${given.slice(0, LONGEST_NAME)}" is not kept: ${objection}`);
      continue;
    }
    octets += data.length - (kept.get(name)?.data.length ?? 0);
    kept.set(name, { name, data });
  }
  return [...kept.values()];
}

/** @param hide takes out of texts what nobody is to see @returns what handleSummary wants to be written */
export function filesOfSummary(files: SummaryFiles, hide: (text: string) => string): RunFile[] {
  return Object.entries(files).flatMap(([name, content]) => {
    if (name === 'stdout' || name === 'stderr') return [];
    return [{ name, data: typeof content === 'string' ? Buffer.from(hide(content)) : content }];
  });
}

/** Keeps the files of a run in place of those that it had. */
export async function keepFiles(database: Reader, run: string, files: readonly RunFile[]): Promise<void> {
  await database.deleteFrom('run_file').where('run_id', '=', run).execute();
  for (const { name, data } of files)
    await database
      .insertInto('run_file')
      .values({ run_id: run, name, size: data.length, data: Buffer.from(data) })
      .execute();
}
