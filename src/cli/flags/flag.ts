// A flag with all that help and reference say of it.
import { Option } from 'commander';
import { OPTION_GROUPS } from '../../options/option-row.ts';

/** Where a flag stands in help and in the reference, in that order. */
export const FLAG_GROUPS = {
  load: OPTION_GROUPS.load,
  script: 'The script and what it sees',
  requests: OPTION_GROUPS.requests,
  cluster: 'Load from many machines',
  results: OPTION_GROUPS.results,
  watching: 'Watching and steering',
  signIn: 'How people sign in',
  program: 'Log, terminal and configuration',
} as const;

export type FlagGroup = keyof typeof FLAG_GROUPS;

export interface FlagRow {
  readonly group: FlagGroup;
  /** As a command line has it: `-c, --config <file>`; without `<` or `[` it is a switch. */
  readonly flag: string;
  /** A line for help and reference: what it is for, without its default. */
  readonly means: string;
  /** Its environment variable, null for none; what begins with `K6_` is also known with `SIXFOLD_`. */
  readonly variable: string | null;
  /** What its value is one of, where it is; else it is free. */
  readonly choices?: readonly string[];
  /** Its default in words. */
  readonly defaultText?: string;
  /** It may be given several times. */
  readonly isRepeatable?: true;
  /** k6 does not have it. */
  readonly isOwn?: true;
  /** What it says without a value, where that is optional. */
  readonly impliedText?: string;
  /** @throws InvalidArgumentError */
  parse?(text: string, before: unknown): unknown;
}

/** commander's option, with what else there is to say. */
export class Flag extends Option {
  readonly row: FlagRow;

  constructor(row: FlagRow) {
    super(row.flag, row.means);
    this.row = row;
    if (row.impliedText !== undefined) this.preset(row.impliedText);
    if (row.parse) this.argParser(row.parse);
    else if (row.isRepeatable) this.argParser(append);
  }
}

function append(text: string, before: unknown): string[] {
  return [...((before as string[] | undefined) ?? []), text];
}
