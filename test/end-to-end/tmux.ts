// A real terminal to run a command in: tmux keeps its screen, which can be read, and types for us.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { LONGEST_MS } from './until.ts';

/** Whether there is a tmux on this machine. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export class TmuxTerminal {
  /** A server of our own: what else runs in tmux is left alone. */
  readonly #socket = `sixfold-${randomUUID()}`;

  /** Starts the command there; behind it stands `ended N`, its exit code. */
  constructor(
    words: readonly string[],
    size: TerminalSize,
    { cwd, node = process.execPath, env = {} }: { cwd: string; node?: string; env?: Readonly<Record<string, string>> },
  ) {
    const quoted = [node, launcherPath(), ...words].map((word) => `'${word}'`).join(' ');
    const variables = Object.entries(env)
      .map(([name, value]) => `${name}='${value}' `)
      .join('');
    const shell = `trap : INT; ${variables}XDG_CONFIG_HOME=none ${quoted}; echo "ended $?"; trap '' INT; exec cat`;
    const width = ['-x', String(size.columns), '-y', String(size.rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...width, '-c', cwd, shell);
  }

  /** @returns the lines of the screen and of what has scrolled out of it */
  read(): string[] {
    return this.#tmux('capture-pane', '-p', '-S', '-1000').trimEnd().split('\n');
  }

  /** @returns what {@link read} does, with the escape sequences of its colours */
  readColoured(): string[] {
    return this.#tmux('capture-pane', '-e', '-p', '-S', '-1000').trimEnd().split('\n');
  }

  /** Types keys by tmux's names, such as `C-c`. */
  type(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize(size: TerminalSize): void {
    this.#tmux('resize-window', '-x', String(size.columns), '-y', String(size.rows));
  }

  /** Waits until the screen is as wanted. @returns its lines @throws Error with what it shows, where that takes too long */
  shows(wanted: (lines: readonly string[]) => boolean): Promise<string[]> {
    return this.#readUntil(() => this.read(), wanted);
  }

  /** Waits as {@link shows} does. @returns the very screen that is as wanted, with the escape sequences of its colours */
  showsColoured(wanted: (lines: readonly string[]) => boolean): Promise<string[]> {
    return this.#readUntil(
      () => this.readColoured(),
      (lines) => wanted(lines.map(stripVTControlCharacters)),
    );
  }

  close(): void {
    this.#tmux('kill-server');
  }

  async #readUntil(read: () => string[], wanted: (lines: readonly string[]) => boolean): Promise<string[]> {
    const deadline = performance.now() + LONGEST_MS;
    for (;;) {
      const lines = read();
      if (wanted(lines)) return lines;
      if (performance.now() > deadline) throw new Error(`the terminal shows:\n${lines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #tmux(...words: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...words], { encoding: 'utf8' });
  }
}
