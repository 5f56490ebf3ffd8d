// `sixfold completion`: scripts that let a shell complete commands, flags and files.
import { type Command, Help, InvalidArgumentError } from 'commander';
import { addNotes } from './help-page.ts';

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly { readonly name: string; readonly description: string }[];
  /** What may stand behind it; empty: files. */
  readonly words: readonly string[];
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
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    words: command.name() === 'completion' ? Object.keys(SHELLS) : [],
    flags: new Help()
      .visibleOptions(command)
      .flatMap(({ long, short, description }) =>
        [long, short].filter((name) => name !== undefined && name !== null).map((name) => ({ name, description })),
      ),
  }));
  const help = {
    name: 'help',
    description: 'show what a command takes',
    words: commands.map(({ name }) => name),
    flags: [],
  };
  return [...commands, help].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function writeBash(commands: readonly Completed[]): string {
  const names = commands.map(({ name }) => name);
  const cases = commands
    .map(
      ({ name, flags, words }) =>
        `    ${name}) flags="${flags.map((flag) => flag.name).join(' ')}"${words.length > 0 ? ` words="${words.join(' ')}"` : ''} ;;`,
    )
    .join('\n');
  return `# bash completion for sixfold
_sixfold() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" flags="--help --version" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${names.join('|')}) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
    "") words="${names.join(' ')}" ;;
${cases}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *)
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      if [ -z "$command" ] || [ -z "$words" ]; then COMPREPLY+=($(compgen -f -- "$current")); fi
      ;;
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
      ({ name, flags, words }) =>
        `    ${name})\n      _arguments ${flags.map((flag) => quote(`${flag.name}[${describe(flag.description)}]`)).join(' ')} ${words.length > 0 ? `'1:word:(${words.join(' ')})'` : "'*:file:_files'"} ;;`,
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
  for (const { name, description, flags, words } of commands) {
    lines.push(`complete -c sixfold -n __fish_use_subcommand -a ${name} -d ${quote(description)}`);
    if (words.length > 0)
      lines.push(`complete -c sixfold -f -n '__fish_seen_subcommand_from ${name}' -a ${quote(words.join(' '))}`);
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
