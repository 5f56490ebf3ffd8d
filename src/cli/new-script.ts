// `sixfold new`: a script to start from, by itself or in a folder of its own.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { addNotes } from './help-page.ts';
import { writeFolder } from './new-folder.ts';
import { fillTemplate, TEMPLATES, writeInTypeScript } from './script-templates.ts';

interface NewFlags {
  readonly force?: boolean;
  readonly template: string;
  readonly projectId: string;
  readonly ts?: boolean;
}

/** Adds `sixfold new [file|folder]` to the program. */
export function registerNew(program: Command): void {
  const command = program
    .command('new')
    .alias('init')
    .description('write a script to start from, or a folder with one in which an editor completes')
    .argument(
      '[file|folder]',
      'the script to write, or a folder (a name that ends in /, or any with --ts)',
      'script.js',
    )
    .option('-f, --force', 'writes over files that are there')
    .option('--ts', 'a folder with a script in TypeScript')
    .option(
      '--template <name>',
      `${Object.keys(TEMPLATES).join(', ')}, or the path of a template of your own`,
      'minimal',
    )
    .option('--project-id <id>', 'a project for the template', '')
    .action((given: string, flags: NewFlags) => {
      const file = given === 'script.js' && flags.ts ? './' : given;
      const folder = findFolder(file, flags);
      const script = folder === null ? path.basename(file) : flags.ts ? 'script.ts' : 'script.js';
      const shown = folder === null ? file : path.join(folder, script);
      refusingToOverwrite(shown, () => {
        const text = fillTemplate(readTemplate(flags.template), { scriptName: script, projectId: flags.projectId });
        if (folder === null) writeFileSync(file, text, { flag: flags.force ? 'w' : 'wx' });
        else
          writeFolder({ folder, script, text: flags.ts ? writeInTypeScript(text) : text, force: flags.force === true });
      });
      process.stdout.write(`New script created: ${shown}\nRun it with: sixfold run ${shown}\n`);
    });
  addNotes(command, {
    examples: [
      ['sixfold new', 'writes script.js'],
      ['sixfold new --template protocol api.js', 'with requests, checks and thresholds'],
      ['sixfold new --ts load-tests', 'a folder for TypeScript'],
    ],
  });
}

/** @returns null where a file alone is meant */
function findFolder(given: string, { ts }: NewFlags): string | null {
  if (/[/\\]$/.test(given) || statSync(given, { throwIfNoEntry: false })?.isDirectory()) return given;
  return ts && path.extname(given) === '' ? given : null;
}

/** @throws ExitError 255 */
function refusingToOverwrite(shown: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof ExitError) throw error;
    const { code, message, path: taken } = error as NodeJS.ErrnoException;
    throw new ExitError(
      EXIT.other,
      code === 'EEXIST'
        ? `${taken ?? shown} already exists: choose another name, or write over it with --force`
        : `${shown} cannot be written: ${code === 'ENOENT' ? 'its folder does not exist' : message}`,
    );
  }
}

function readTemplate(name: string): string {
  if (Object.hasOwn(TEMPLATES, name)) return TEMPLATES[name];
  try {
    return readFileSync(name, 'utf8');
  } catch {
    throw new ExitError(
      EXIT.other,
      `there is no template "${name}": use ${Object.keys(TEMPLATES).join(', ')}, or the path of a file`,
    );
  }
}
