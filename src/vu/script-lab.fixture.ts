// For tests: a script run as any is, and what it said.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunRequest } from '../run/run-request.ts';
import { RunSession } from '../run/run-session.ts';

export interface ScriptOutcome {
  /** What it printed, line by line. */
  readonly said: readonly string[];
  /** Warnings and errors. */
  readonly complaints: readonly string[];
  readonly failed: number;
  readonly completed: number;
}

/** Runs a script that lies in a folder with other files. @param files by their names in that folder, `main.js` among them */
export async function runFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  request: Partial<RunRequest> = {},
): Promise<ScriptOutcome & { readonly folder: string }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'script-lab-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const said: string[] = [];
    const complaints: string[] = [];
    const session = new RunSession({ script: path.join(folder, 'main.js'), workers: 1, ...request }, [
      {
        onLog: (level, message, { source }) => {
          if (source === 'console') said.push(message);
          else if (level === 'warning' || level === 'error') complaints.push(message);
        },
      },
    ]);
    const { iterations } = await session.run();
    return { folder, said, complaints, failed: iterations.failed, completed: iterations.completed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An expression of the script, or the body of a function that may wait, and what it comes to in JSON. */
export type ScriptCase = readonly [expression: string, expected: unknown];

/**
 * Evaluates expressions one after the other in an iteration of a script.
 * @param init stands before, at the script's top level
 * @returns what each came to by its name; an exception is `Name: message`
 */
export async function evaluateInScript(
  cases: Readonly<Record<string, ScriptCase>>,
  init = '',
  files: Readonly<Record<string, string | Uint8Array>> = {},
  request: Partial<RunRequest> = {},
): Promise<Record<string, unknown>> {
  const functions = Object.entries(cases).map(([name, [expression]]) => {
    const body = /\breturn\b/.test(expression) ? expression : `return (${expression});`;
    return `${JSON.stringify(name)}: async () => { ${body} }`;
  });
  const main = `${init}
    const cases = { ${functions.join(',\n')} };
    export default async function () {
      for (const [name, evaluate] of Object.entries(cases)) {
        let result;
        try { result = await evaluate(); } catch (error) { result = error.name + ': ' + error.message; }
        console.log(JSON.stringify([name, result === undefined ? 'undefined' : result]));
      }
    }`;
  const { said, complaints, folder } = await runFiles({ 'main.js': main, ...files }, request);
  const results = said.map((line) => JSON.parse(line.replaceAll(folder, '')) as [string, unknown]);
  if (results.length !== functions.length) throw new Error(`it said ${said.length} lines: ${complaints.join('\n')}`);
  return Object.fromEntries(results);
}

/** @returns what the cases should come to, by their names */
export function expectedOf(cases: Readonly<Record<string, ScriptCase>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(cases).map(([name, [, expected]]) => [name, expected]));
}
