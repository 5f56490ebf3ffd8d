// Flags of runs over agents that say how long something may take.
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { parseDuration } from '../../options/duration.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { FLAGS, type FlagKey } from '../flags/flag-table.ts';

/** @returns ms @throws ExitError 255 for what is no duration */
export function readDuration(flags: FlagReader, key: FlagKey, byDefault: number): number {
  const text = flags.text(key);
  if (text === null) return byDefault;
  try {
    return parseDuration(text);
  } catch (error) {
    throw new ExitError(EXIT.other, `${FLAGS[key].flag.split(' ', 1)[0]} ${text}: ${(error as Error).message}`);
  }
}
