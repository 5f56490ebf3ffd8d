// Flags that say how long something may take.
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { parseDuration } from '../../options/duration.ts';
import type { FlagReader } from './flag-reader.ts';
import { FLAGS, type FlagKey } from './flag-table.ts';

/** A timer that is set for longer than 2³¹ ms goes off at once. */
const LONGEST_DAYS = 24;

/** @returns ms @throws ExitError 255 for what is no time to wait, which names the flag or the variable that says so */
export function readDuration(flags: FlagReader, key: FlagKey, byDefault: number): number {
  const text = flags.text(key);
  if (text === null) return byDefault;
  const variable = flags.given(key) === undefined ? flags.variable(key)?.name : undefined;
  return parseDurationFlag(variable ?? FLAGS[key].flag.split(' ', 1)[0]!, text);
}

/**
 * @param where the flag or variable that says it, for the message
 * @returns ms
 * @throws ExitError 255 for what is no time to wait
 */
export function parseDurationFlag(where: string, text: string): number {
  const refuse = (why: string): ExitError => new ExitError(EXIT.other, `${where} ${text}: ${why}`);
  let ms: number;
  try {
    ms = parseDuration(text);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (ms < 0) throw refuse('a time to wait cannot be negative');
  if (ms > LONGEST_DAYS * 86_400_000) throw refuse(`${LONGEST_DAYS} days are the longest`);
  return ms;
}
