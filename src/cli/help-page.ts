// How `--help` looks: flags by what they are for, as wide as the terminal, examples at the end.
import { type Command, Help, type HelpConfiguration, type Option } from 'commander';
import { FLAG_GROUPS, Flag } from './flags/flag.ts';

/** A command line, and what it does. */
export type Example = readonly [words: string, does: string];

/** What help and reference say of a command beside its flags. */
interface CommandNotes {
  readonly examples: readonly Example[];
  /** What is to be known besides, a paragraph. */
  readonly remark?: string;
  /** What the first argument is one of, for shells to complete it. */
  readonly words?: readonly string[];
}

/** Beyond this, lines are hard to read. */
const WIDEST = 110;
/** Descriptions begin no further to the right; longer terms have theirs below. */
const TERM_WIDTH = 30;
/** Narrower columns of text are hard to read: then all descriptions stand below. */
const NARROWEST = 32;
const BELOW = 8;
/** So many flags need no headings. */
const FEW = 10;

const notes = new WeakMap<Command, CommandNotes>();

/** Gives a command what its help ends with. */
export function addNotes(command: Command, given: CommandNotes): void {
  notes.set(command, given);
}

export function notesOf(command: Command): CommandNotes {
  return notes.get(command) ?? { examples: [] };
}

/** @returns what there is to know of a flag beside what it is for: `default 1` */
function flagNotes(option: Option): string[] {
  const notes: string[] = [];
  const byDefault = defaultOf(option);
  if (byDefault !== '') notes.push(`default ${byDefault}`);
  if (option.argChoices) notes.push(option.argChoices.join(', '));
  if (option instanceof Flag) {
    if (option.row.isRepeatable) notes.push('repeatable');
    if (option.row.variable !== null) notes.push(option.row.variable);
  }
  return notes;
}

/** @returns the default of a flag as text, '' for none */
export function defaultOf(option: Option): string {
  if (option instanceof Flag) return option.row.defaultText ?? '';
  const { defaultValue } = option as { defaultValue?: unknown };
  // What is switched off by a flag is on; an empty text is nothing.
  return (
    option.defaultValueDescription ??
    (defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : String(defaultValue))
  );
}

/** @returns the flags of a command by the headings of their groups, in the order of help; few flags are one group, `Flags` */
export function flagsByGroup(command: Command): Map<string, readonly Option[]> {
  const flags = new Help().visibleOptions(command);
  if (flags.length <= FEW) return new Map([['Flags', flags]]);
  const groups = new Map<string, Option[]>(Object.values(FLAG_GROUPS).map((heading) => [heading, []]));
  for (const flag of flags) {
    const heading = flag instanceof Flag ? FLAG_GROUPS[flag.row.group] : FLAG_GROUPS.program;
    groups.get(heading)?.push(flag);
  }
  return new Map([...groups].filter(([, list]) => list.length > 0));
}

function describeWithNotes(option: Option): string {
  const notes = flagNotes(option);
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`;
}

const bold = (text: string): string => `\x1b[1m${text}\x1b[22m`;

/** For commander; commands that are added later take it over. */
export const HELP_PAGE: HelpConfiguration & ThisType<Help> = {
  minWidthToWrap: 1,

  prepareContext({ helpWidth }) {
    this.helpWidth = Math.min(helpWidth ?? 80, WIDEST);
  },

  subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', '),

  formatHelp(command, helper) {
    const width = helper.helpWidth ?? 80;
    const terms = Math.min(TERM_WIDTH, helper.padWidth(command, helper));
    const section = (title: string, rows: readonly (readonly [string, string])[]): string =>
      rows.length === 0
        ? ''
        : `\n${bold(`${title}:`)}\n${rows.map(([term, text]) => helper.formatItem(term, terms, text, helper)).join('\n')}\n`;
    const commands = new Map<string, Command[]>();
    for (const one of helper.visibleCommands(command)) {
      const group = one.helpGroup().replace(/:$/, '') || 'Commands';
      commands.set(group, [...(commands.get(group) ?? []), one]);
    }
    return [
      `${bold('Usage:')} ${helper.commandUsage(command).replace('[options]', '[flags]')}\n`,
      `\n${helper.boxWrap(helper.commandDescription(command), width)}\n`,
      section(
        'Arguments',
        helper.visibleArguments(command).map((one) => [helper.argumentTerm(one), helper.argumentDescription(one)]),
      ),
      ...[...commands].map(([group, list]) =>
        section(
          group,
          list.map((one) => [helper.subcommandTerm(one), helper.subcommandDescription(one)]),
        ),
      ),
      ...[...flagsByGroup(command)].map(([group, flags]) =>
        section(
          group,
          flags.map((flag) => [helper.optionTerm(flag), describeWithNotes(flag)]),
        ),
      ),
      ...remarksOn(command).map((text) => `\n${helper.boxWrap(text, width)}\n`),
      formatExamples(notesOf(command).examples, width),
    ].join('');
  },

  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? 80;
    const column = termWidth + 4;
    const isNarrow = width - column < NARROWEST;
    const indent = ' '.repeat(isNarrow ? BELOW : column);
    const text = helper.boxWrap(description, width - indent.length).replaceAll('\n', `\n${indent}`);
    if (isNarrow || term.length > termWidth) return `  ${term}\n${indent}${text}`;
    return `  ${term.padEnd(termWidth)}  ${text}`;
  },
};

function remarksOn(command: Command): string[] {
  const { remark } = notesOf(command);
  const hasVariables = command.options.some((one) => one instanceof Flag && one.row.variable?.startsWith('K6_'));
  const twins = 'Each variable K6_… is also known as SIXFOLD_…, which goes first. A flag goes before both.';
  return [...(remark === undefined ? [] : [remark]), ...(hasVariables ? [twins] : [])];
}

function formatExamples(list: readonly Example[], width: number): string {
  if (list.length === 0) return '';
  const longest = Math.max(...list.map(([words]) => words.length));
  const isNarrow = list.some(([, does]) => longest + does.length + 6 > width);
  const lines = list.map(([words, does]) =>
    isNarrow ? `  # ${does}\n  ${words}` : `  ${words.padEnd(longest)}  # ${does}`,
  );
  return `\n${bold('Examples:')}\n${lines.join('\n')}\n`;
}
