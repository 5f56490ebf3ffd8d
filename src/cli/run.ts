// `sixfold run`: runs a test on this machine.
import { type Command, InvalidArgumentError } from 'commander';
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
  addGlobalFlags(addRunFlags(addRuntimeFlags(addOptionFlags(command), true)));
  command.action(async (script: string) => {
    const { watch, workers } = command.opts<{ watch?: boolean; workers?: number }>();
    const read = (): TestCommand => readTestCommand(command, script, workers);
    if (watch !== true) {
      process.exitCode = await runTest(read());
      return;
    }
    const { checkWatchable, watchTest } = await import('./watch/watch-test.ts');
    checkWatchable(script, read().run.linger);
    process.exitCode = await watchTest(read);
  });
}

/** @throws ExitError 255 for flags and variables that cannot be read */
function readTestCommand(command: Command, script: string, workers: number | undefined): TestCommand {
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
    workers,
    filesRead: [...files, ...(global.config === null ? [] : [global.config])],
  };
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 1024) {
    throw new InvalidArgumentError('it must be a whole number from 1 to 1024');
  }
  return workers;
}
