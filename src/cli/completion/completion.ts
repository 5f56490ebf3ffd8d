// `sixfold completion`: scripts that let a shell complete commands, flags, their values and files.
import { type Command, InvalidArgumentError } from 'commander';
import { addNotes } from '../help-page.ts';
import { writeBash } from './bash.ts';
import { type Completed, listCompleted } from './completed.ts';
import { writeFish } from './fish.ts';
import { writePowershell } from './powershell.ts';
import { writeZsh } from './zsh.ts';

const WRITERS: Readonly<Record<string, (all: readonly Completed[]) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
  powershell: writePowershell,
};
const SHELLS = Object.keys(WRITERS);

/** Adds `sixfold completion <shell>` to the program, whose other commands are there already. */
export function registerCompletion(program: Command): void {
  const command = program
    .command('completion')
    .description('print a script that lets a shell complete commands and flags')
    .argument('<shell>', SHELLS.join(', '), (shell) => {
      if (!Object.hasOwn(WRITERS, shell)) throw new InvalidArgumentError(`there are ${SHELLS.join(', ')}`);
      return shell;
    })
    .action((shell: string) => {
      process.stdout.write((WRITERS[shell] as (all: readonly Completed[]) => string)(listCompleted(program)));
    });
  addNotes(command, {
    words: SHELLS,
    examples: [
      ['source <(sixfold completion bash)', 'for the present shell'],
      ['sixfold completion bash > ~/.local/share/bash-completion/completions/sixfold', 'for good'],
      ['source <(sixfold completion zsh)', 'zsh, behind compinit'],
      ['sixfold completion fish > ~/.config/fish/completions/sixfold.fish', 'fish'],
      ['sixfold completion powershell | Out-String | Invoke-Expression', 'PowerShell'],
    ],
  });
}
