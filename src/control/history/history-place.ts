// Where the runs are kept: one file of the user's, unless a variable says otherwise.
import path from 'node:path';
import { homeFolder } from '../../options/system-folders.ts';

export type HistoryPlace =
  | { readonly kind: 'file'; readonly file: string }
  /** Switched off. */
  | { readonly kind: 'off' };

/** @param env SIXFOLD_HISTORY: `off`, or a file; else the place where the system keeps data of programs (XDG base directories) */
export function findHistory(env: Readonly<Record<string, string | undefined>>): HistoryPlace {
  const named = env['SIXFOLD_HISTORY'] ?? '';
  if (/^(?:off|0|false|no)$/i.test(named)) return { kind: 'off' };
  if (named !== '' && !/^(?:on|1|true|yes)$/i.test(named)) return { kind: 'file', file: path.resolve(named) };
  const home = homeFolder();
  const base =
    process.platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'))
      : env['XDG_DATA_HOME'] || path.join(home, '.local', 'share');
  return { kind: 'file', file: path.join(base, 'sixfold', 'runs.db') };
}
