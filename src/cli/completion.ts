// `sixfold completion`: scripts that let a shell complete commands, flags and files.
import { type Command, InvalidArgumentError } from 'commander';
import { addNotes } from './help-page.ts';

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly { readonly name: string; readonly description: string }[];
}

const SHELLS: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
  powershell: writePowershell,
};

/** Adds `sixfold completion <shell>` to the program, whose other commands are there already. */
export function registerCompletion(program: Command): void {
  const command = program
    .command('completion')
    .description('print a script that lets a shell complete commands and flags')
    .argument('<shell>', Object.keys(SHELLS).join(', '), (shell) => {
      if (!Object.hasOwn(SHELLS, shell)) throw new InvalidArgumentError(`there are ${Object.keys(SHELLS).join(', ')}`);
      return shell;
    })
    .action((shell: string) => {
      process.stdout.write((SHELLS[shell] as (commands: readonly Completed[]) => string)(listCommands(program)));
    });
  addNotes(command, {
    examples: [
      ['source <(sixfold completion bash)', 'for the present shell'],
      ['sixfold completion bash > ~/.local/share/bash-completion/completions/sixfold', 'for good'],
      ['sixfold completion fish > ~/.config/fish/completions/sixfold.fish', 'fish'],
      ['sixfold completion powershell | Out-String | Invoke-Expression', 'PowerShell'],
    ],
  });
}

function listCommands(program: Command): Completed[] {
  return program.commands
    .map((command) => ({
      name: command.name(),
      description: command.description(),
      flags: command.options
        .filter(({ hidden }) => !hidden)
        .flatMap(({ long, short, description }) =>
          [long, short].filter((name) => name !== undefined && name !== null).map((name) => ({ name, description })),
        ),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function writeBash(commands: readonly Completed[]): string {
  const cases = commands
    .map(({ name, flags }) => `    ${name}) words="${flags.map((flag) => flag.name).join(' ')}" ;;`)
    .join('\n');
  return `# bash completion for sixfold
_sixfold() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current") $(compgen -f -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _sixfold sixfold
`;
}

/** In single quotes, as shells other than PowerShell have them. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function writeZsh(commands: readonly Completed[]): string {
  const describe = (text: string): string => text.replaceAll(/[[\]:]/g, ' ').replaceAll('\n', ' ');
  const cases = commands
    .map(
      ({ name, flags }) =>
        `    ${name})\n      _arguments ${flags.map((flag) => quote(`${flag.name}[${describe(flag.description)}]`)).join(' ')} '*:file:_files' ;;`,
    )
    .join('\n');
  return `#compdef sixfold
# zsh completion for sixfold
_sixfold() {
  local -a commands
  commands=(${commands.map(({ name, description }) => quote(`${name}:${describe(description)}`)).join(' ')})
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    _files
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases}
  esac
}
compdef _sixfold sixfold
`;
}

function writeFish(commands: readonly Completed[]): string {
  const lines = ['# fish completion for sixfold'];
  for (const { name, description, flags } of commands) {
    lines.push(`complete -c sixfold -n __fish_use_subcommand -a ${name} -d ${quote(description)}`);
    for (const flag of flags) {
      const kind = flag.name.startsWith('--') ? `-l ${flag.name.slice(2)}` : `-s ${flag.name.slice(1)}`;
      lines.push(`complete -c sixfold -n '__fish_seen_subcommand_from ${name}' ${kind} -d ${quote(flag.description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function writePowershell(commands: readonly Completed[]): string {
  const table = commands
    .map(({ name, flags }) => `    '${name}' = @(${flags.map((flag) => `'${flag.name}'`).join(', ')})`)
    .join('\n');
  return `# PowerShell completion for sixfold
Register-ArgumentCompleter -Native -CommandName sixfold -ScriptBlock {
  param($word, $ast, $position)
  $commands = [ordered]@{
${table}
  }
  $given = @($ast.CommandElements | ForEach-Object { $_.ToString() })
  $offered = if ($given.Count -gt 1 -and $commands.Contains($given[1]) -and $word -like '-*') { $commands[$given[1]] } else { $commands.Keys }
  $offered | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
