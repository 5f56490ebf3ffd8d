// `--log-output`: where the log goes (k6 page "Options reference", "Log output").
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { findSeverity, KNOWN_LEVELS, SEVERITY } from './log-levels.ts';
import { type LokiSettings, readLokiSettings } from './loki-settings.ts';

export type LogOutput =
  | { readonly kind: 'stderr' | 'stdout' | 'none' }
  | { readonly kind: 'file'; readonly path: string; readonly limit: number }
  | { readonly kind: 'loki'; readonly settings: LokiSettings };

/**
 * @param text `stderr`, `stdout`, `none`, `file=PATH[,level=LEVEL]` or `loki[=URL][,KEY=VALUE…]`
 * @throws ExitError 255 that says what cannot be read; it shows no credentials
 */
export function parseLogOutput(text: string): LogOutput {
  const equals = text.indexOf('=');
  // `loki,limit=10` has no address.
  const [, kind, rest] = /^([^=,]*)[=,]?(.*)$/s.exec(text) ?? ['', text, ''];
  switch (kind) {
    case 'stderr':
    case 'stdout':
    case 'none':
      if (rest === '') return { kind };
      break;
    case 'file':
      return readFileOutput(equals < 0 ? '' : text.slice(equals + 1));
    case 'loki':
      return { kind, settings: readLokiSettings(text[4] === ',' ? `,${rest}` : rest) };
  }
  throw new ExitError(
    EXIT.other,
    `unsupported log output "${kind}": use stderr, stdout, none, file=PATH or loki=URL (--log-output or K6_LOG_OUTPUT)`,
  );
}

function readFileOutput(details: string): LogOutput {
  const [path = '', ...options] = details.split(',');
  if (path === '') throw new ExitError(EXIT.other, 'invalid log output: file needs a path, as in file=k6.log');
  let limit = SEVERITY.debug;
  for (const option of options) {
    const [key, value = ''] = option.split('=');
    const severity = key === 'level' ? findSeverity(value) : null;
    if (severity === null)
      throw new ExitError(
        EXIT.other,
        `invalid log output "file=${details}": "${option}" is not level= with one of ${KNOWN_LEVELS}`,
      );
    limit = Math.min(limit, severity);
  }
  return { kind: 'file', path, limit };
}
