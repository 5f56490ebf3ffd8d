// A line of the log as text: the forms of `--log-format`.
import type { LogLevel } from '../../vu/environment.ts';
import type { LogLine } from './repeated-lines.ts';

/** What `--log-format` takes. */
export const LOG_FORMATS = ['text', 'raw', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const COLOURS: Readonly<Record<LogLevel, number>> = { error: 31, warning: 33, info: 36, debug: 37 };
const MESSAGE_WIDTH = 44;

export type LogCodeLink = (text: string, code: string) => string;

/** What a line looks like for a person at a terminal with colours. */
export interface TerminalLook {
  /** A time of `performance.now()`. */
  readonly started: number;
  /** Makes a link of a code; null: the terminal shows none. */
  readonly codeLink: LogCodeLink | null;
}

/** @param look of a terminal; null: the line goes elsewhere */
export function formatLine(line: LogLine, format: LogFormat, look: TerminalLook | null = null): string {
  switch (format) {
    case 'raw':
      return `${line.message}\n`;
    case 'json':
      return formatJson(line);
    case 'text':
      return look === null ? formatText(line) : formatInColour(line, look);
  }
}

function formatInColour({ level, message, fields }: LogLine, { started, codeLink }: TerminalLook): string {
  const seconds = String(Math.floor((performance.now() - started) / 1000)).padStart(4, '0');
  const paint = (text: string): string => `\x1b[${COLOURS[level]}m${text}\x1b[0m`;
  const shown = (key: string): string => {
    const text = quoteValue(fields[key]!);
    return key === 'code' && codeLink !== null ? codeLink(text, fields[key]!) : text;
  };
  const tail = Object.keys(fields)
    .sort()
    .map((key) => ` ${paint(key)}=${shown(key)}`)
    .join('');
  return `${paint(level.slice(0, 4).toUpperCase())}[${seconds}] ${tail ? message.padEnd(MESSAGE_WIDTH) : message}${tail}\n`;
}

function formatJson({ level, message, fields, time }: LogLine): string {
  return `${JSON.stringify({ ...fields, level, msg: message, time: formatTime(time) })}\n`;
}

/** The `key=value` form of a log line. */
function formatText({ level, message, fields, time }: LogLine): string {
  let line = `time="${formatTime(time)}" level=${level} msg=${quoteValue(message)}`;
  for (const key of Object.keys(fields).sort()) line += ` ${key}=${quoteValue(fields[key])}`;
  return `${line}\n`;
}

/** As the value of `key=value`: in quotes where it has to be. */
export function quoteValue(text: string): string {
  return /^[\w.\-/@^+]+$/.test(text) ? text : JSON.stringify(text);
}

/** RFC 3339 to the second, in local time. */
function formatTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  const offset = -time.getTimezoneOffset();
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
