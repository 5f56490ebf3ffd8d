import type { Completed } from './completed.ts';
import { quote } from './quote.ts';

/** @returns a script for fish, from version 3 on */
export function writeFish(all: readonly Completed[]): string {
  const lines = [HEAD(all)];
  for (const { at, commands, flags, words } of all) {
    const here = `complete -c sixfold -n ${quote(`__sixfold_at ${at}`.trim())}`;
    // A script may stand where a command does; below a command that has commands nothing else may.
    const noFiles = at !== '' && (commands.length > 0 || words.length > 0) ? ' -f' : '';
    for (const { name, description } of commands) lines.push(`${here}${noFiles} -a ${name} -d ${quote(description)}`);
    if (words.length > 0) lines.push(`${here}${noFiles} -a ${quote(words.join(' '))}`);
    for (const { names, description, takesValue, values } of flags) {
      const forms = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
      const value = !takesValue ? '' : values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : ' -r';
      lines.push(`${here} ${forms.join(' ')}${value} -d ${quote(description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Which command a line has come to, since a name such as `status` may stand in more than one place. */
const HEAD = (all: readonly Completed[]): string => {
  const valued = all.flatMap(({ at, flags }) =>
    flags.filter((flag) => flag.takesValue).flatMap(({ names }) => names.map((name) => quote(`${at} ${name}`.trim()))),
  );
  const places = all.filter(({ at }) => at !== '').map(({ at }) => quote(at));
  return `# fish completion for sixfold
function __sixfold_at
  set -l words (commandline -opc)
  set -l at
  set -l skip 0
  for word in $words[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    set -l next (string trim -- "$at $word")
    switch $next
      case ${places.join(' ')}
        set at $next
      case ${valued.join(' ')}
        set skip 1
      case '-*'
      case '*'
        # A script in the place of a command is run.
        if test -z "$at"
          set at run
        end
    end
  end
  test "$at" = "$argv"
end`;
};
