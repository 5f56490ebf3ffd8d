// For tests: scripts of `k6/browser` run as their users run them, with Debian's Chromium, in a temporary folder of their own.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, type CommandOptions, type Outcome, Scratch } from './command.ts';

/** One sample, as the JSON output has it. */
export interface Point {
  readonly metric: string;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
}

export const UI = `{ executor: 'shared-iterations', vus: 1, iterations: 1, options: { browser: { type: 'chromium' } } }`;

export class BrowserLab {
  readonly scratch = new Scratch();
  /** Where profiles of browsers are, as long as there are any. */
  readonly temporary: string;
  #scripts = 0;

  constructor() {
    this.temporary = path.join(this.scratch.folder, 't');
    mkdirSync(this.temporary);
  }

  /**
   * Starts a script.
   * @param source without the import of the module
   * @param env variables of the process @param flags of `run`
   */
  start(source: string, env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []): Command {
    const name = `script-${this.#scripts++}.js`;
    const module = `import { browser, chromium, devices, networkProfiles } from 'k6/browser';\n`;
    this.scratch.write(name, module + source);
    const options: CommandOptions = {
      cwd: this.scratch.folder,
      env: { K6_BROWSER_ARGS: 'no-sandbox,disable-gpu', TMPDIR: this.temporary, ...env },
    };
    return new Command(['run', '-q', '--log-format', 'raw', ...flags, name], options);
  }

  run(...args: Parameters<BrowserLab['start']>): Promise<Outcome> {
    return this.start(...args).ended;
  }

  /** Runs the body of one iteration. @returns what it logged, line by line, and its samples */
  async iterate(
    body: string,
    env: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
    scenario = UI,
  ): Promise<Outcome & { readonly lines: string[]; readonly points: Point[] }> {
    const samples = path.join(this.scratch.folder, `samples-${this.#scripts}.json`);
    const outcome = await this.run(
      `import { check, sleep } from 'k6';
       import exec from 'k6/execution';
       export const options = { scenarios: { ui: ${scenario} } };
       export default async function () { ${body} }`,
      env,
      ['--out', `json=${samples}`, ...flags],
    );
    return { ...outcome, lines: outcome.stderr.split('\n').filter((line) => line !== ''), points: readPoints(samples) };
  }

  /** Profiles of browsers that are still there. */
  get profiles(): string[] {
    return readdirSync(this.temporary).filter((name) => name.startsWith('sixfold-browser-'));
  }

  /** Numbers of the processes whose command line names a profile of this lab. */
  get processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => commandLineOf(pid).includes(this.temporary));
  }

  remove(): void {
    this.scratch.remove();
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has just ended.
    return '';
  }
}

function readPoints(file: string): Point[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"Point"'))
    .map((line) => JSON.parse(line) as { metric: string; data: { value: number; tags: Record<string, string> } })
    .map(({ metric, data }) => ({ metric, value: data.value, tags: data.tags }));
}
