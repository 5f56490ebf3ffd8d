// The `console` of scripts: lines in the log, marked as the script's own.

import { formatConsole } from './console-format.ts';
import type { LogLevel, VuEnvironment } from './environment.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  log: 'info',
  info: 'info',
  debug: 'debug',
  warn: 'warning',
  error: 'error',
};

const FIELDS = { source: 'console' };

/** The functions of `console`, of the realm, to be shared by all virtual users. */
export function createConsoleFunctions({ realm, logger }: VuEnvironment): Record<string, unknown> {
  const functions: Record<string, unknown> = {};
  for (const [name, level] of Object.entries(LEVELS)) {
    functions[name] = realm.hostFunction(name, 0, (...values: unknown[]) => {
      logger.log(level, formatConsole(values, realm.apply), FIELDS);
    });
  }
  return functions;
}
