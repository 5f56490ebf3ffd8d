// `sixfold run`: runs a test on this machine.
import type { Command } from 'commander';
import { EXIT, type ExitCode, ExitError } from '../exit/exit-error.ts';
import { addClusterFlags, readClusterFlags } from './cluster/cluster-flags.ts';
import { readEnvironment } from './env-file.ts';
import { readDebuggerFlags } from './flags/debugger-flags.ts';
import { addFlags, FlagReader } from './flags/flag-reader.ts';
import { parseWorkers } from './flags/flag-table.ts';
import { addOptionFlags, readOptionFlags } from './flags/option-flags.ts';
import {
  addGlobalFlags,
  addRunFlags,
  addRuntimeFlags,
  readGlobalFlags,
  readRunFlags,
  readRuntimeFlags,
} from './flags/runtime-flags.ts';
import { addNotes } from './help-page.ts';
import { runTest } from './run-test.ts';
import type { TestCommand } from './test-command.ts';

/** Adds `sixfold run <script>` to the program. */
export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('run a test: a k6 script in JavaScript or TypeScript, or an archive of one')
    .argument('<script>', 'a file, or - to read the script from standard input');
  addClusterFlags(addFlags(addOptionFlags(command), 'workers'));
  addFlags(addRuntimeFlags(command), 'inspect', 'inspectBrk');
  addGlobalFlags(addFlags(addRunFlags(command), 'watch'));
  addNotes(command, {
    examples: [
      ['sixfold run script.js', 'as the script has it; "run" may be left out'],
      ['sixfold run -u 20 -d 30s script.js', '20 virtual users for half a minute'],
      ['sixfold run -e HOST=https://staging.example script.js', 'a variable for the script: __ENV.HOST'],
      ['sixfold run --web --report report.html script.js', 'watch it in a browser, and keep the result'],
      ['sixfold run --out json=samples.json.gz script.js', 'every sample into a file'],
      ['sixfold run --nats nats://host:4222 --agents 8 script.js', 'the load is made by eight agents'],
      ['sixfold run --watch script.js', 'again at each change of the script'],
    ],
  });
  command.action(async (script: string) => {
    const read = (): TestCommand => readTestCommand(command, script);
    const first = read();
    const isWatched = new FlagReader(command, process.env).isOn('watch');
    if (isWatched) checkWatchable(script, first.run.linger === true);
    const closeDebugger = await openDebuggerFor(first);
    try {
      process.exitCode = isWatched ? await watchFiles(read) : await runTest(first);
    } finally {
      closeDebugger();
    }
  });
}

/** @throws ExitError 255 for flags and variables that cannot be read */
export function readTestCommand(command: Command, script: string): TestCommand {
  const { env, variables, files } = readEnvironment(command, process.env);
  const flags = new FlagReader(command, env);
  const workers = readWorkers(flags);
  const debug = readDebuggerFlags(flags);
  if (debug !== null && (workers ?? 1) > 1)
    throw new ExitError(EXIT.other, '--inspect debugs a test with one worker: leave --workers out');
  const global = readGlobalFlags(command, env);
  return {
    script,
    settings: readOptionFlags(command),
    global,
    runtime: readRuntimeFlags(command, env, true),
    run: readRunFlags(command, env),
    env,
    variables,
    workers: debug === null ? workers : 1,
    debugger: debug,
    cluster: readClusterFlags(flags),
    filesRead: [...files, ...(global.config === null ? [] : [global.config])],
  };
}

async function watchFiles(read: () => TestCommand): Promise<ExitCode> {
  const { watchTest } = await import('./watch/watch-test.ts');
  return watchTest(read);
}

/** @throws ExitError 255 for what nobody can watch */
function checkWatchable(script: string, linger: boolean): void {
  if (script === '-')
    throw new ExitError(EXIT.other, '--watch needs a file: a script from standard input does not change');
  if (linger) throw new ExitError(EXIT.other, '--watch and --linger exclude each other: a watched test runs again');
}

/** @returns lets go of the debugger, if there is one */
async function openDebuggerFor({ debugger: request }: TestCommand): Promise<() => void> {
  if (request === null) return () => {};
  const { openDebugger } = await import('./script-debugger.ts');
  return openDebugger(request);
}

/** @throws ExitError 255 for a variable that is no number of threads */
function readWorkers(flags: FlagReader): number | undefined {
  const given = flags.given<number>('workers');
  const variable = flags.variable('workers');
  if (given !== undefined || variable === null) return given;
  try {
    return parseWorkers(variable.text);
  } catch (error) {
    throw new ExitError(EXIT.other, `the environment variable ${variable.name}: ${(error as Error).message}`);
  }
}
