import type { Completed, CompletedFlag } from './completed.ts';
import { quote } from './quote.ts';

/** @returns a script for zsh: to be sourced, or as `_sixfold` on its `fpath` */
export function writeZsh(all: readonly Completed[]): string {
  return `#compdef sixfold
# zsh completion for sixfold

${all.map(writeFunction).join('\n')}
if [ "$funcstack[1]" = "_sixfold" ]; then _sixfold "$@"; else compdef _sixfold sixfold; fi
`;
}

const nameOf = (at: string): string => (at === '' ? '_sixfold' : `_sixfold__${at.replaceAll(/[ -]/g, '_')}`);

function writeFunction({ at, commands, flags, words }: Completed): string {
  const specs = flags.map(writeFlag);
  if (commands.length === 0) {
    const rest = words.length > 0 ? `'1:word:(${words.join(' ')})'` : "'*:file:_files'";
    return `${nameOf(at)}() {\n  _arguments -s -S ${[...specs, rest].join(' \\\n    ')}\n}\n`;
  }
  const list = commands.map(({ name, description }) => quote(`${name}:${plain(description)}`));
  const cases = commands
    .filter(({ name }) => name !== 'help' || at === '')
    .map(({ name }) => `        ${name}) ${nameOf(at === '' ? name : `${at} ${name}`)} ;;`);
  // A script may stand where a command does.
  const files = at === '' ? '\n      _files' : '';
  if (at === '') cases.push('        # It is run.', '        *) _sixfold__run ;;');
  return `${nameOf(at)}() {
  local context state line
  typeset -A opt_args
  local -a commands
  commands=(
    ${list.join('\n    ')}
  )
  _arguments -s -S -C ${[...specs, "'1:command:->command'", "'*::argument:->argument'"].join(' \\\n    ')} && return
  case $state in
    command)
      _describe command commands${files} ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}
`;
}

function writeFlag({ names, description, takesValue, values }: CompletedFlag): string {
  const value = !takesValue ? '' : `:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}`;
  return names
    .map((name) => {
      const others = `(${names.join(' ')})`;
      const form = !takesValue ? name : name.startsWith('--') ? `${name}=` : `${name}+`;
      // One that may come again is not known here; offering it again does no harm.
      return quote(`${takesValue ? '*' : others}${form}[${plain(description)}]${value}`);
    })
    .join(' ');
}

/** Without what means something within a specification. */
function plain(text: string): string {
  return text.replaceAll(/[[\]:\\\n]/g, ' ');
}
