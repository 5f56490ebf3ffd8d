// The flags of `run`, `archive` and `inspect` that set options (docs/reference/options.md), read as strictly as k6 reads them.
import type { Command } from 'commander';
import { describeDefault } from '../../options/describe-option.ts';
import type { AnyOptionRow } from '../../options/option-row.ts';
import { OPTION_KEYS, OPTION_ROWS, type OptionKey, type OptionSettings } from '../../options/option-table.ts';
import { Flag } from './flag.ts';
import { switchedOff } from './flag-values.ts';
import { refusing } from './refusing.ts';

interface OptionFlag {
  readonly key: OptionKey;
  readonly option: Flag;
}

function makeFlag(flag: string, row: AnyOptionRow): Flag {
  const { form, means, group, impliedText, env, isOwn } = row;
  const takesValue = /[<[]/.test(flag);
  return new Flag({
    group,
    flag,
    means,
    variable: env,
    defaultText: describeDefault(row),
    ...(isOwn && { isOwn }),
    ...(form.join && { isRepeatable: true }),
    ...(impliedText !== undefined && { impliedText }),
    ...(takesValue && {
      parse: refusing((text, before) => {
        const value = (form.fromFlag ?? form.fromText).call(form, text);
        return before === undefined || form.join === undefined ? value : form.join(before, value);
      }),
    }),
  });
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
