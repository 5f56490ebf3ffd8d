// What a shell can complete: the program's commands, those below them too, their flags and the words that may stand behind.
import { type Command, Help, type Option } from 'commander';
import { Flag } from '../flags/flag.ts';
import { notesOf } from '../help-page.ts';

export interface CompletedFlag {
  /** Short and long: `-o`, `--out`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Whether the next word belongs to it. */
  readonly takesValue: boolean;
  /** What its value is one of; empty: any, or a file. */
  readonly values: readonly string[];
}

export interface Completed {
  /** How it is called behind the program's name: `runs list`; empty for the program itself. */
  readonly at: string;
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly CompletedFlag[];
  /** What its first argument is one of; empty: any, or a file. */
  readonly words: readonly string[];
}

/** @returns the program itself, then each command, those below a command behind it */
export function listCompleted(program: Command): readonly Completed[] {
  return visit(program, []);
}

/** @param beside the commands that it stands among, which `help` can be asked about */
function visit(command: Command, path: readonly string[], beside: readonly string[] = []): Completed[] {
  const below = new Help().visibleCommands(command);
  const commands = below
    .flatMap((one) => [one.name(), ...one.aliases()].map((name) => ({ name, description: one.description() })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = commands.map(({ name }) => name);
  const isHelp = path.length === 1 && path[0] === 'help';
  return [
    {
      at: path.join(' '),
      description: command.description(),
      commands,
      flags: isHelp ? [] : new Help().visibleOptions(command).map(toFlag),
      words: isHelp ? beside : [...(notesOf(command).words ?? [])],
    },
    // Help on help says nothing that could be completed.
    ...below
      .filter((one) => one.name() !== 'help' || path.length === 0)
      .flatMap((one) => [one.name(), ...one.aliases()].flatMap((name) => visit(one, [...path, name], names))),
  ];
}

function toFlag(option: Option): CompletedFlag {
  const choices = option.argChoices ?? (option instanceof Flag ? (option.row.choices ?? []) : []);
  return {
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    description: option.description,
    takesValue: option.required,
    values: choices,
  };
}
