import { readDuration } from '../../vu/script-duration.ts';
import type { DatabaseLimits } from './database.ts';
import type { SqlRendering } from './sql-driver.ts';

const TIMES = ['connMaxLifetime', 'connMaxIdleTime'];
/** A virtual user has one connection to a database, whatever these say. */
const COUNTS = ['maxOpenConns', 'maxIdleConns'];
const SWITCH = 'textAsStrings';

/**
 * @param given the third argument of `sql.open`
 * @throws TypeError that says which of the options cannot be used
 */
export function readOpenOptions(given: unknown): { limits: DatabaseLimits; rendering: SqlRendering } {
  const times = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let textAsStrings = false;
  if (given !== undefined && given !== null) {
    if (typeof given !== 'object') throw new TypeError(`the options of open() must be an object, not ${typeof given}`);
    for (const key of Object.keys(given)) {
      const value = (given as Record<string, unknown>)[key];
      if (value === undefined || value === null || COUNTS.includes(key)) continue;
      if (key === SWITCH) {
        if (typeof value !== 'boolean') throw new TypeError(`${SWITCH} must be true or false, not ${typeof value}`);
        textAsStrings = value;
        continue;
      }
      if (!TIMES.includes(key))
        throw new TypeError(
          `unknown option ${JSON.stringify(key)} of open(): there are ${[...TIMES, ...COUNTS, SWITCH].join(', ')}`,
        );
      const time = readDuration(value);
      if (Number.isNaN(time)) throw new TypeError(`${key} must be a time, as in "30s"`);
      if (time > 0) times[TIMES.indexOf(key)] = time;
    }
  }
  const [lifetimeMs, idleMs] = times as [number, number];
  return { limits: { lifetimeMs, idleMs }, rendering: { textAsStrings } };
}
