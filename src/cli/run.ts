// `sixfold run`: runs a test on this machine.
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode, ExitError } from '../exit/exit-error.ts';
import { addDebuggerFlags, readDebuggerFlags } from './debugger-flags.ts';
import { readEnvironment } from './env-file.ts';
import { addOptionFlags, readOptionFlags } from './option-flags.ts';
import { runTest, type TestCommand } from './run-test.ts';
import {
  addGlobalFlags,
  addRunFlags,
  addRuntimeFlags,
  readGlobalFlags,
  readRunFlags,
  readRuntimeFlags,
} from './runtime-flags.ts';

/** Adds `sixfold run <script>` to the program. */
export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('run a test: a k6 script in JavaScript or TypeScript')
    .argument('<script>', 'a file, or - to read the script from standard input')
    .option(
      '--workers <number>',
      'threads that make load (default: one per core, or one where the test is too small to gain from more)',
      parseWorkers,
    )
    .option('--watch', 'runs the test again when the script, its imports or the files that it opens have changed');
  addDebuggerFlags(command);
  addGlobalFlags(addRunFlags(addRuntimeFlags(addOptionFlags(command), true)));
  command.action(async (script: string) => {
    const read = (): TestCommand => readTestCommand(command, script);
    const first = read();
    const isWatched = command.opts<{ watch?: boolean }>().watch === true;
    if (isWatched) checkWatchable(script, first.run.linger);
    const closeDebugger = await openDebuggerFor(first);
    try {
      process.exitCode = isWatched ? await watchFiles(read) : await runTest(first);
    } finally {
      closeDebugger();
    }
  });
}

/** @throws ExitError 255 for flags and variables that cannot be read */
function readTestCommand(command: Command, script: string): TestCommand {
  const { workers } = command.opts<{ workers?: number }>();
  const debug = readDebuggerFlags(command);
  if (debug !== null && (workers ?? 1) > 1)
    throw new ExitError(EXIT.other, '--inspect debugs a test with one worker: leave --workers out');
  const { env, variables, files } = readEnvironment(command, process.env);
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

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 1024) {
    throw new InvalidArgumentError('it must be a whole number from 1 to 1024');
  }
  return workers;
}
