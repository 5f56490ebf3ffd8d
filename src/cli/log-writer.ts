// Log lines as k6 writes them: text, JSON or the bare message, to the terminal, a file or nowhere.
import path from 'node:path';
import { Redactor } from '../execution/secrets/redactor.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { openTarget, type WriteTarget } from '../outputs/write-target.ts';
import type { LogLevel } from '../vu/environment.ts';
import { type LogLine, RepeatedLines } from './repeated-lines.ts';

export type LogFormat = 'text' | 'json' | 'raw';

const SEVERITY: Readonly<Record<LogLevel, number>> = { error: 0, warning: 1, info: 2, debug: 3 };
/** Names that `level=` of a log file takes, with those of ours that they let through. */
const LEVEL_NAMES: Readonly<Record<string, number>> = {
  panic: -1,
  fatal: -1,
  error: 0,
  warn: 1,
  warning: 1,
  info: 2,
  debug: 3,
  trace: 3,
};
const COLOURS: Readonly<Record<LogLevel, number>> = { error: 31, warning: 33, info: 36, debug: 37 };
const MESSAGE_WIDTH = 44;

type Fields = Readonly<Record<string, string>>;
type Write = (text: string) => void;

export interface LogSettings {
  readonly format: LogFormat;
  /** `stderr`, `stdout`, `none` or `file=PATH[,level=LEVEL]` (docs/reference/command-line.md). */
  readonly output: string;
  /** Shows debug lines too, and each line however often it comes. */
  readonly verbose: boolean;
  readonly colour: boolean;
  /** A file for what scripts print with `console`, instead of the log. */
  readonly consoleOutput: string | null;
}

export class LogWriter {
  readonly #format: LogFormat;
  readonly #colour: boolean;
  readonly #start = performance.now();
  readonly #write: Write;
  readonly #limit: number;
  readonly #files: { target: WriteTarget; name: string; failed: boolean }[] = [];
  #console: Write | null = null;
  readonly #repeats: RepeatedLines | null;
  readonly #complain: (text: string) => void;
  readonly #redactor: Redactor;

  /**
   * @param terminal writes to standard error or output without disturbing what is drawn there
   * @param redactor knows what no line may show
   * @throws ExitError when the settings cannot be read, or the file cannot be written
   */
  constructor(settings: LogSettings, terminal: { stderr: Write; stdout: Write }, redactor = new Redactor()) {
    this.#redactor = redactor;
    this.#format = settings.format;
    this.#repeats = settings.verbose ? null : new RepeatedLines();
    this.#complain = (text) => terminal.stderr(formatText('error', text, {}, new Date()));
    let limit = settings.verbose ? SEVERITY.debug : SEVERITY.info;
    let colour = false;
    const [kind, ...rest] = settings.output.split('=');
    const details = rest.join('=');
    if (kind === 'stderr' || kind === 'stdout') {
      this.#write = terminal[kind];
      colour = settings.colour && settings.format === 'text';
    } else if (kind === 'none') this.#write = () => {};
    else if (kind === 'file') {
      const [file, ...options] = details.split(',');
      for (const option of options) {
        const [key, value] = option.split('=');
        if (key !== 'level' || !Object.hasOwn(LEVEL_NAMES, value)) {
          throw new ExitError(
            EXIT.other,
            `invalid log output "${settings.output}": "${option}" is not level=error|warning|info|debug`,
          );
        }
        limit = Math.min(limit, LEVEL_NAMES[value]);
      }
      this.#write = this.#openFile(file, '--log-output', 0o600);
    } else {
      throw new ExitError(
        EXIT.other,
        `unsupported log output "${settings.output}": use stderr, stdout, none or file=PATH`,
      );
    }
    this.#limit = limit;
    this.#colour = colour;
    if (settings.consoleOutput !== null) this.sendConsoleTo(settings.consoleOutput);
  }

  /** Sends what scripts print with `console` to a file from now on. */
  sendConsoleTo(file: string): void {
    this.#console ??= this.#openFile(file, 'consoleOutput');
  }

  log(level: LogLevel, text: string, given: Fields = {}, time = new Date()): void {
    if (SEVERITY[level] > this.#limit) return;
    const message = this.#redactor.redact(text);
    const fields = this.#redactor.redactData(given);
    if (this.#console && fields['source'] === 'console') {
      // The file is read by programs, and k6 leaves the source out of it: all of it is the console's.
      const { source: _, ...others } = fields;
      this.#console(
        this.#format === 'json' ? formatJson(level, message, others, time) : formatText(level, message, others, time),
      );
      return;
    }
    const line: LogLine = { level, message, fields, time };
    // What the script prints is its own affair, however often.
    if (this.#repeats === null || fields['source'] === 'console') this.#writeLine(line);
    else for (const shown of this.#repeats.take(line)) this.#writeLine(shown);
  }

  /** Says how many lines were left out since they were like others. */
  settleRepeats(): void {
    for (const line of this.#repeats?.settle() ?? []) this.#writeLine(line);
  }

  #writeLine({ level, message, fields, time }: LogLine): void {
    this.#write(this.#formatLine(level, message, fields, time));
  }

  /** Closes the files. Resolves when what they hold is written; what is not is said. */
  async close(): Promise<void> {
    this.settleRepeats();
    for (const file of this.#files.splice(0)) {
      await file.target.close().catch((error: unknown) => {
        if (!file.failed) this.#loseFile(file.name, error);
      });
    }
  }

  /** A full disk costs lines of the log, not the test; but a log with holes in it is no success. */
  #loseFile(name: string, error: unknown): void {
    this.#complain(`could not write to ${name}: ${(error as Error).message}`);
    process.once('exit', () => {
      process.exitCode ||= EXIT.other;
    });
  }

  #formatLine(level: LogLevel, message: string, fields: Fields, time: Date): string {
    switch (this.#format) {
      case 'raw':
        return `${message}\n`;
      case 'json':
        return formatJson(level, message, fields, time);
      case 'text': {
        if (!this.#colour) return formatText(level, message, fields, time);
        const seconds = String(Math.floor((performance.now() - this.#start) / 1000)).padStart(4, '0');
        const paint = (text: string): string => `\x1b[${COLOURS[level]}m${text}\x1b[0m`;
        const tail = Object.keys(fields)
          .sort()
          .map((key) => ` ${paint(key)}=${quote(fields[key])}`)
          .join('');
        return `${paint(level.slice(0, 4).toUpperCase())}[${seconds}] ${tail ? message.padEnd(MESSAGE_WIDTH) : message}${tail}\n`;
      }
    }
  }

  #openFile(file: string, option: string, mode = 0o644): Write {
    try {
      const target = openTarget(path.resolve(file), 'a', mode);
      const opened = { target, name: `"${file}"`, failed: false };
      this.#files.push(opened);
      return (text) => {
        if (opened.failed) return;
        try {
          target.write(Buffer.from(text));
        } catch (error) {
          opened.failed = true;
          this.#loseFile(opened.name, error);
        }
      };
    } catch (error) {
      throw new ExitError(EXIT.other, `${option}: cannot write to "${file}": ${(error as Error).message}`);
    }
  }
}

function formatJson(level: LogLevel, message: string, fields: Fields, time: Date): string {
  return `${JSON.stringify({ ...fields, level, msg: message, time: formatTime(time) })}\n`;
}

/** The `key=value` form of a log line. */
function formatText(level: LogLevel, message: string, fields: Fields, time: Date): string {
  let line = `time="${formatTime(time)}" level=${level} msg=${quote(message)}`;
  for (const key of Object.keys(fields).sort()) line += ` ${key}=${quote(fields[key])}`;
  return `${line}\n`;
}

function quote(text: string): string {
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
