// The program's log: what it lets through, and where its lines go: the terminal, a file, Loki or nowhere.
import path from 'node:path';
import { Redactor } from '../../execution/secrets/redactor.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { openTarget, type WriteTarget } from '../../outputs/write-target.ts';
import type { LogLevel } from '../../vu/environment.ts';
import { formatLine, type LogCodeLink, type LogFormat } from './line-text.ts';
import { SEVERITY } from './log-levels.ts';
import { parseLogOutput } from './log-output.ts';
import { LokiLog } from './loki-log.ts';
import { type LogLine, RepeatedLines } from './repeated-lines.ts';

type Fields = Readonly<Record<string, string>>;
type Write = (text: string) => void;

export interface LogSettings {
  readonly format: LogFormat;
  /** `stderr`, `stdout`, `none`, `file=PATH` or `loki=URL` with their settings (docs/commands/run.md). */
  readonly output: string;
  /** Shows debug lines too, and each line however often it comes. */
  readonly verbose: boolean;
  readonly colour: boolean;
  /** Makes links of codes, for a terminal that shows them. */
  readonly codeLink?: LogCodeLink | null;
  /** A file for what scripts print with `console`, instead of the log. */
  readonly consoleOutput: string | null;
}

export class LogWriter {
  readonly #format: LogFormat;
  readonly #started = performance.now();
  readonly #take: (line: LogLine) => void;
  /** The least urgent lines that are let through, as in {@link SEVERITY}. */
  readonly #limit: number;
  readonly #files: { target: WriteTarget; name: string; failed: boolean }[] = [];
  #loki: LokiLog | null = null;
  #console: Write | null = null;
  readonly #repeats: RepeatedLines | null;
  /** Says something at the terminal although the log goes elsewhere. */
  readonly #complain: (level: LogLevel, message: string) => void;
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
    this.#complain = (level, message) =>
      terminal.stderr(formatLine({ level, message, fields: {}, time: new Date() }, 'text'));
    const output = parseLogOutput(settings.output);
    const limit = settings.verbose ? SEVERITY.debug : SEVERITY.info;
    this.#limit = output.kind === 'file' ? Math.min(limit, output.limit) : limit;
    switch (output.kind) {
      case 'none':
        this.#take = () => {};
        break;
      case 'stderr':
      case 'stdout': {
        const look = settings.colour ? { started: this.#started, codeLink: settings.codeLink ?? null } : null;
        const write = terminal[output.kind];
        this.#take = (line) => write(formatLine(line, this.#format, look));
        break;
      }
      case 'file': {
        const write = this.#openFile(output.path, '--log-output', 0o600);
        this.#take = (line) => write(formatLine(line, this.#format));
        break;
      }
      case 'loki': {
        const loki = new LokiLog(output.settings, this.#complain);
        this.#loki = loki;
        this.#take = (line) => loki.take(line);
      }
    }
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
      const format = this.#format === 'json' ? 'json' : 'text';
      this.#console(formatLine({ level, message, fields: others, time }, format));
      return;
    }
    const line: LogLine = { level, message, fields, time };
    // What the script prints is its own affair, however often.
    if (this.#repeats === null || fields['source'] === 'console') this.#take(line);
    else for (const shown of this.#repeats.take(line)) this.#take(shown);
  }

  /** Says how many lines were left out since they were like others. */
  settleRepeats(): void {
    for (const line of this.#repeats?.settle() ?? []) this.#take(line);
  }

  /** Closes the files. Resolves when what they hold is written, and Loki has what it takes; what is not there is said. */
  async close(): Promise<void> {
    this.settleRepeats();
    await this.#loki?.close();
    for (const file of this.#files.splice(0)) {
      await file.target.close().catch((error: unknown) => {
        if (!file.failed) this.#loseFile(file.name, error);
      });
    }
  }

  /** A full disk costs lines of the log, not the test; but a log with holes in it is no success. */
  #loseFile(name: string, error: unknown): void {
    this.#complain('error', `could not write to ${name}: ${(error as Error).message}`);
    process.once('exit', () => {
      process.exitCode ||= EXIT.other;
    });
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
