// `sixfold new`: a script to start from.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { fillTemplate, TEMPLATES } from './script-templates.ts';

interface NewFlags {
  readonly force?: boolean;
  readonly template: string;
  readonly projectId: string;
}

/** Adds `sixfold new [file]` to the program. */
export function registerNew(program: Command): void {
  program
    .command('new')
    .alias('init')
    .description('write a script to start from')
    .argument('[file]', 'the script to write', 'script.js')
    .option('-f, --force', 'writes over a file that is there')
    .option(
      '--template <name>',
      `${Object.keys(TEMPLATES).join(', ')}, or the path of a template of your own`,
      'minimal',
    )
    .option('--project-id <id>', 'a project for the template', '')
    .action((file: string, flags: NewFlags) => {
      writeScript(file, flags);
      process.stdout.write(`New script created: ${file}\nRun it with: sixfold run ${file}\n`);
    });
}

/** @throws ExitError 255 */
function writeScript(file: string, { force, template, projectId }: NewFlags): void {
  try {
    const text = fillTemplate(readTemplate(template), { scriptName: path.basename(file), projectId });
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof ExitError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ExitError(
      EXIT.other,
      code === 'EEXIST' ? `${file} already exists: choose another name, or write over it with --force` : message,
    );
  }
}

function readTemplate(name: string): string {
  if (name === 'browser') {
    throw new ExitError(
      EXIT.other,
      `the template "browser" needs k6/browser, which is not in this version of sixfold: use ${Object.keys(TEMPLATES).join(', ')}, or the path of a file`,
    );
  }
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
