// What there is to say of an option.
import type { ExitCode } from '../exit/exit-error.ts';
import type { ValueForm } from './value-forms.ts';

/** Where an option stands in help and in the reference. */
export type OptionGroup = 'load' | 'requests' | 'results';

export const OPTION_GROUPS: Readonly<Record<OptionGroup, string>> = {
  load: 'Load',
  requests: 'Requests and connections',
  results: 'Results',
};

interface RowBase<Setting> {
  readonly group: OptionGroup;
  /** A line for help and reference: what it is for, without its default. */
  readonly means: string;
  /** Its notations. */
  readonly form: ValueForm<Setting>;
  /** k6's environment variable, null for none; the same with `SIXFOLD_` in front goes before it. */
  readonly env: string | null;
  /** Whether the variable set to nothing says something; else that is as if it were not set. */
  readonly emptyTextCounts?: true;
  /** As a command line has it, null for none: `-d, --duration <duration>`; without `<` or `[` it is a switch. */
  readonly flag: string | null;
  /** What a flag whose value is optional says without one. */
  readonly impliedText?: string;
  /** The default as text where the value would not show it well. */
  readonly defaultText?: string;
  /** Refuses what makes no sense once all sources are laid over each other; the message names the option. @throws Error */
  check?(setting: Setting): void;
  /** How the program ends after that: 104 unless k6 has another code here. */
  readonly refusedWith?: ExitCode;
  /** What a source sets over what a lower one did, where that does not go as a whole. */
  layOver?(lower: Setting, higher: Setting): Setting;
  /** What scripts see where nobody set it; else null. */
  readonly shownUnset?: Setting;
  /** k6 does not have it: it shows only where it is set, so that scripts see k6's list. */
  readonly isOwn?: true;
  /** Only flags, the environment and config files set it. */
  readonly notForScripts?: true;
}

/** An option of which `Setting` is what a source sets, and `Resolved` what a run works with, under the name `As`. */
export interface OptionRow<Setting, Resolved, As extends string | null> extends RowBase<Setting> {
  /** Its name among the resolved options, '' for the key itself; null where it becomes something else, such as a scenario. */
  readonly as: As;
  readonly default: Resolved;
  resolve(setting: Setting): Resolved;
}

/** An option of any kind. */
export type AnyOptionRow = OptionRow<unknown, unknown, string | null>;

/** @returns a row whose settings are used as they are */
export function option<Setting>(
  row: RowBase<Setting> & { readonly default: Setting },
): OptionRow<Setting, Setting, ''> {
  return { as: '', resolve: (setting) => setting, ...row };
}

/** @returns a row whose settings are used as they are, under another name or not by themselves */
export function renamed<Setting, const As extends string | null>(
  row: RowBase<Setting> & { readonly default: Setting; readonly as: As },
): OptionRow<Setting, Setting, As> {
  return { resolve: (setting) => setting, ...row };
}

/** @returns a row whose settings become something else, under the option's own name */
export function converted<Setting, Resolved>(
  row: RowBase<Setting> & { readonly default: Resolved; readonly resolve: (setting: Setting) => Resolved },
): OptionRow<Setting, Resolved, ''> {
  return { as: '', ...row };
}

/** @returns a row of what decides over scenarios and is none of the resolved options */
export function shortcut<Setting>(row: RowBase<Setting>): OptionRow<Setting, null, null> {
  return { ...row, as: null, default: null, resolve: () => null };
}
