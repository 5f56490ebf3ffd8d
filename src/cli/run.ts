// `sixfold run`: runs a test on this machine.
import { type Command, InvalidArgumentError } from 'commander';
import { addOptionFlags, readOptionFlags } from './option-flags.ts';
import { runTest } from './run-test.ts';
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
    );
  addGlobalFlags(addRunFlags(addRuntimeFlags(addOptionFlags(command), true)));
  command.action(async (script: string) => {
    const { env } = process;
    process.exitCode = await runTest({
      script,
      settings: readOptionFlags(command),
      global: readGlobalFlags(command, env),
      runtime: readRuntimeFlags(command, env, true),
      run: readRunFlags(command, env),
      env,
      workers: command.opts<{ workers?: number }>().workers,
    });
  });
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 1024) {
    throw new InvalidArgumentError('it must be a whole number from 1 to 1024');
  }
  return workers;
}
