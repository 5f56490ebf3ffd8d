// `sixfold archive`: a script with all that it needs in one file (k6 page "Archive command").

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { addOptionFlags } from './flags/option-flags.ts';
import { addGlobalFlags, addRuntimeFlags } from './flags/runtime-flags.ts';
import { addNotes } from './help-page.ts';
import { packScriptOf } from './pack-script-of.ts';

/** Adds `sixfold archive <script>` to the program. */
export function registerArchive(program: Command): void {
  const command = program
    .command('archive')
    .description('pack a script with its modules, files and options into one file, which run takes')
    .argument('<script>', 'a file: a script, or an archive to be packed anew with other options')
    .option('-O, --archive-out <file>', 'where to write it; - for standard output', 'archive.tar')
    .option('--exclude-env-vars', 'leaves the variables of --env out of it');
  addGlobalFlags(addRuntimeFlags(addOptionFlags(command)));
  addNotes(command, {
    examples: [
      ['sixfold archive script.js', 'writes archive.tar'],
      ['sixfold archive -O - script.js | sixfold run -', 'packs and runs it'],
      ['sixfold run archive.tar', 'runs it, on whatever machine'],
    ],
  });
  command.action(async (name: string, flags: { archiveOut: string; excludeEnvVars?: boolean }) => {
    const { bytes } = await packScriptOf(command, name, flags.excludeEnvVars === true);
    write(flags.archiveOut, bytes);
  });
}

/** @throws ExitError 255 */
function write(target: string, bytes: Buffer): void {
  if (target === '-') {
    process.stdout.write(bytes);
    return;
  }
  try {
    writeFileSync(target, bytes);
  } catch (error) {
    throw new ExitError(
      EXIT.other,
      `the archive could not be written to ${path.resolve(target)}: ${(error as Error).message}`,
    );
  }
}
