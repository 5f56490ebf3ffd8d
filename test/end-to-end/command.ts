// The command as its user has it: a process of its own, with what it prints and how it ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { LONGEST_MS } from './until.ts';

/** How a command ended. */
export interface Outcome {
  /** null: a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input; nothing unless given. */
  readonly input?: string | Buffer;
  /** The Node that the launcher runs on; this one unless given. */
  readonly node?: string;
  /** The network namespace that it runs in; this one unless given. */
  readonly namespace?: string;
  /** Makes it the head of a process group, which can be sent signals as a whole, as a terminal does. */
  readonly ownGroup?: boolean;
}

/** A running command. */
export class Command {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  stdout = '';
  stderr = '';
  #closed = false;
  readonly #onText = new Set<() => void>();

  constructor(words: readonly string[], options: CommandOptions) {
    const { cwd, env, input, node = process.execPath, namespace, ownGroup = false } = options;
    const line = [
      ...(namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace]),
      node,
      launcherPath(),
      ...words,
    ];
    const [program, ...rest] = line as [string, ...string[]];
    this.child = spawn(program, rest, { cwd, env: commandEnvironment(cwd, env), detached: ownGroup });
    this.child.stdin!.on('error', () => {}).end(input ?? '');
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]!.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
        for (const look of this.#onText) look();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (exit) => {
        this.#closed = true;
        for (const look of this.#onText) look();
        resolve({ exit, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits until it has printed what `pattern` describes. @throws Error when it ends without, or takes too long */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#onText.delete(look);
        clearTimeout(limit);
      };
      const fail = (why: string): void => {
        leave();
        reject(new Error(`${why} ${pattern}:\n${this.stdout}\n${this.stderr}`));
      };
      const look = (): void => {
        const found = pattern.exec(`${this.stdout}\n${this.stderr}`);
        if (found) {
          leave();
          resolve(found);
        } else if (this.#closed) fail('it ended without printing');
      };
      const limit = setTimeout(() => fail(`in ${LONGEST_MS / 1000} s it did not print`), LONGEST_MS);
      this.#onText.add(look);
      look();
    });
  }
}

/** Runs a command to its end. */
export function runCommand(words: readonly string[], options: CommandOptions): Promise<Outcome> {
  return new Command(words, options).ended;
}

/** The test's environment without what would change how the command behaves, such as the user's own config file; what is compiled is kept. */
export function commandEnvironment(cwd: string, env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(?:K6_|NO_COLOR$|FORCE_COLOR$|NODE_(?!COMPILE_CACHE$))/.test(name),
  );
  return {
    ...Object.fromEntries(clean),
    XDG_CONFIG_HOME: path.join(cwd, 'no-config'),
    SIXFOLD_HISTORY: 'off',
    ...env,
  };
}

/** A folder of a test's own, with files in it. */
export class Scratch {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-e2e-'));

  /** @param name may name folders, which are made @returns the file's absolute path */
  write(name: string, content: string): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @returns the path of a Node too old to run the program, which the launcher has to get along with; null without one */
export function findOlderNode(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'];
  for (const folder of folders) {
    const node = path.join(folder, 'node');
    try {
      const major = Number(/^v(\d+)\./.exec(execFileSync(node, ['--version'], { encoding: 'utf8', env: {} }))?.[1]);
      if (major >= 18 && major < 26) return node;
    } catch {
      // Not there, or no program: the next one.
    }
  }
  return null;
}
