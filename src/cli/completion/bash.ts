import type { Completed } from './completed.ts';

/** @returns a script for bash, from version 3.2 on */
export function writeBash(all: readonly Completed[]): string {
  return `# bash completion for sixfold

# Sets what may stand behind a command.
_sixfold_at() {
  case "$1" in
${all.map(writeCase).join('\n')}
  esac
}

# Sets what the value of a flag is one of.
_sixfold_values() {
  values=""
  case "$1 $2" in
${writeValues(all).join('\n')}
  esac
}

_sixfold() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="" command="" commands="" flags="" valued="" words="" values="" word i
  _sixfold_at ""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    previous=""
    case " $valued " in
      *" $word "*)
        previous="$word"
        # --flag=value are three words here.
        if [ "\${COMP_WORDS[i+1]}" = "=" ] && ((i + 1 < COMP_CWORD)); then ((i++)); fi
        ((i++))
        if ((i < COMP_CWORD)); then previous=""; fi
        continue
        ;;
    esac
    case " $commands " in
      *" $word "*) command="\${command:+$command }$word"; _sixfold_at "$command" ;;
      # A script in the place of a command is run.
      *) case "$command$word" in "$command"-*) ;; *) if [ -z "$command" ]; then command=run; _sixfold_at run; fi ;; esac ;;
    esac
  done
  COMPREPLY=()
  if [ -n "$previous" ]; then
    if [ "$current" = "=" ]; then current=""; fi
    _sixfold_values "$command" "$previous"
    if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current"))
    else local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); fi
    return
  fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *)
      COMPREPLY=($(compgen -W "$commands $words" -- "$current"))
      # A script may stand where a command does.
      if [ -z "$command" ] || [ -z "$commands$words" ]; then local IFS=$'\\n'; COMPREPLY+=($(compgen -f -- "$current")); fi
      ;;
  esac
}
complete -o filenames -F _sixfold sixfold
`;
}

function writeCase({ at, commands, flags, words }: Completed): string {
  const names = flags.flatMap((flag) => flag.names);
  const valued = flags.filter((flag) => flag.takesValue).flatMap((flag) => flag.names);
  return `    "${at}") commands="${commands.map(({ name }) => name).join(' ')}" flags="${names.join(' ')}" valued="${valued.join(' ')}" words="${words.join(' ')}" ;;`;
}

function writeValues(all: readonly Completed[]): string[] {
  return all.flatMap(({ at, flags }) =>
    flags.flatMap(({ names, values }) =>
      values.length === 0
        ? []
        : [`    ${names.map((name) => `"${at} ${name}"`).join('|')}) values="${values.join(' ')}" ;;`],
    ),
  );
}
