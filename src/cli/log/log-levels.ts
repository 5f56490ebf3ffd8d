// How urgent a line of the log is, and the names by which a user asks for it.
import type { LogLevel } from '../../vu/environment.ts';

export const SEVERITY: Readonly<Record<LogLevel, number>> = { error: 0, warning: 1, info: 2, debug: 3 };

/** Names that `level=` of a log takes, with those of ours that they let through. */
const LEVEL_NAMES: Readonly<Record<string, number>> = {
  panic: -1,
  fatal: -1,
  error: SEVERITY.error,
  warn: SEVERITY.warning,
  warning: SEVERITY.warning,
  info: SEVERITY.info,
  debug: SEVERITY.debug,
  trace: SEVERITY.debug,
};

/** For messages: what `level=` takes. */
export const KNOWN_LEVELS = 'error, warning, info, debug';

/** @returns the least urgent severity that a name lets through, or null for a name that there is not */
export function findSeverity(name: string): number | null {
  return Object.hasOwn(LEVEL_NAMES, name) ? LEVEL_NAMES[name] : null;
}
