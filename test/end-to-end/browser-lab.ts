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

/** An expression of a script about `page`, and what it is to come to. */
export type PageCases = Readonly<Record<string, readonly [expression: string, expected: unknown]>>;

/** @returns what the cases should come to */
export function expectedOf(cases: PageCases): [string, unknown][] {
  return Object.entries(cases).map(([name, [, expected]]) => [name, expected]);
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

  /**
   * Runs expressions one after the other on a page. @param options of `newPage()`
   * @returns what each came to by its name, as JSON, or the first line of its error
   */
  async evaluate(
    site: string,
    cases: PageCases,
    options = '',
  ): Promise<{ results: [string, unknown][]; stderr: string }> {
    const list = Object.entries(cases).map(
      ([name, [expression]]) => `[${JSON.stringify(name)}, async () => (${expression})]`,
    );
    const { lines, stderr } = await this.iterate(`
      const SITE = '${site}';
      const page = await browser.newPage(${options});
      await page.goto(SITE + '/');
      for (const [name, run] of [${list.join(',\n')}]) {
        let result;
        try { result = await run(); } catch (error) { result = error.name + ': ' + error.message.split('\\n')[0]; }
        console.log('CASE ' + JSON.stringify([name, result === undefined ? 'undefined' : result]));
      }
      await page.close();`);
    const results = lines
      .filter((line) => line.startsWith('CASE '))
      .map((line) => JSON.parse(line.slice('CASE '.length)) as [string, unknown]);
    return { results, stderr };
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
