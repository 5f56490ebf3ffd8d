// The flags of `run`, `archive` and `inspect` that set options (docs/reference/options.md), read as strictly as k6 reads them.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeDefault } from '../options/describe-option.ts';
import { type AnyOptionRow, OPTION_GROUPS } from '../options/option-row.ts';
import { OPTION_KEYS, OPTION_ROWS, type OptionKey, type OptionSettings } from '../options/option-table.ts';
import { switchedOff } from './flag-values.ts';

interface OptionFlag {
  readonly key: OptionKey;
  readonly option: Option;
}

/** Makes a bad value an error that commander reports with the flag's name. */
export function refusing(
  parse: (text: string, before: unknown) => unknown,
): (text: string, before: unknown) => unknown {
  return (text, before) => {
    try {
      return parse(text, before);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

function makeFlag(flag: string, { form, means, group, impliedText, ...row }: AnyOptionRow): Option {
  const byDefault = describeDefault({ form, ...row });
  const notes = [byDefault && `default ${byDefault}`, form.join && 'repeatable'].filter((note) => note);
  const option = new Option(flag, notes.length > 0 ? `${means} (${notes.join('; ')})` : means);
  option.helpGroup(`${OPTION_GROUPS[group]}:`);
  if (!option.required && !option.optional) return option;
  if (impliedText !== undefined) option.preset(impliedText);
  return option.argParser(
    refusing((text, before) => {
      const value = (form.fromFlag ?? form.fromText).call(form, text);
      return before === undefined || form.join === undefined ? value : form.join(before, value);
    }),
  );
}

const OPTION_FLAGS: readonly OptionFlag[] = OPTION_KEYS.flatMap((key) => {
  const row = OPTION_ROWS[key];
  return row.flag === null ? [] : [{ key, option: makeFlag(row.flag, row) }];
});

/** Adds the flags that set options. */
export function addOptionFlags(command: Command): Command {
  for (const { option } of OPTION_FLAGS) command.addOption(option);
  return command;
}

/** @returns the options that were given on the command line, and no others */
export function readOptionFlags(command: Command): OptionSettings {
  const settings: Partial<Record<OptionKey, unknown>> = {};
  const off = switchedOff(command);
  for (const { key, option } of OPTION_FLAGS) {
    const attribute = option.attributeName();
    if (command.getOptionValueSource(attribute) === 'cli') {
      const value: unknown = command.getOptionValue(attribute);
      // `--no-setup` reaches us as setup: false.
      settings[key] = value === false ? true : value;
    }
    if (off.some((flag) => option.long === `--${flag}`)) settings[key] = false;
  }
  return settings as OptionSettings;
}
