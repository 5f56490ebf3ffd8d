// When a schedule is due: cron patterns in a time zone (https://croner.56k.guru/usage/pattern/).
import { Cron } from 'croner';
import { Problem } from '../rest/problem.ts';

/** Runs that come closer together are no schedule, in ms. */
const CLOSEST_MS = 60_000;

/**
 * @param after ms since the epoch
 * @returns ms since the epoch; null: never again
 * @throws Error for a pattern or a time zone that there is not
 */
export function nextTime(cron: string, timeZone: string, after: number): number | null {
  return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(after))?.getTime() ?? null;
}

/** @returns when it is due first @throws Problem that says what is wrong with it */
export function checkSchedule(cron: string, timeZone: string, now: number): number {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new Problem('unusable', `there is no time zone "${timeZone}": use a name such as Europe/Berlin or UTC`);
  }
  let first: number | null;
  let second: number | null;
  try {
    first = nextTime(cron, timeZone, now);
    second = first === null ? null : nextTime(cron, timeZone, first);
  } catch (error) {
    const reason = (error as Error).message.replace(/^Cron\w+: /, '');
    throw new Problem('unusable', `"${cron}" is no schedule: ${reason}. Use five fields, such as "30 2 * * 1-5"`);
  }
  if (first === null) throw new Problem('unusable', `"${cron}" is never due`);
  if (second !== null && second - first < CLOSEST_MS)
    throw new Problem('unusable', `"${cron}" is due more than once a minute`);
  return first;
}
