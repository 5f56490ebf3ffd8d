// What a flag of the table says: the command line, else the environment.
import type { Command } from 'commander';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { type Environment, findVariable, type Variable } from '../../options/environment.ts';
import { splitList } from '../../options/value-forms.ts';
import { readEnvBoolean } from './env-switch.ts';
import { Flag } from './flag.ts';
import { type Choice, type ChoiceKey, FLAGS, type FlagKey } from './flag-table.ts';
import { switchedOff } from './flag-values.ts';

/** Adds flags of the table to a command. */
export function addFlags(command: Command, ...keys: FlagKey[]): Command {
  for (const key of keys) command.addOption(new Flag(FLAGS[key]));
  return command;
}

export class FlagReader {
  readonly #command: Command;
  readonly #env: Environment;

  constructor(command: Command, env: Environment) {
    this.#command = command;
    this.#env = env;
  }

  /** @returns what the command line says, undefined for nothing */
  given<T>(key: FlagKey): T | undefined {
    const long = /--[\w-]+/.exec(FLAGS[key].flag)?.[0];
    const attribute = this.#command.options.find((option) => option.long === long)?.attributeName();
    if (attribute === undefined || this.#command.getOptionValueSource(attribute) !== 'cli') return undefined;
    return this.#command.getOptionValue(attribute) as T;
  }

  /** @returns the variable of a flag, null where it is not set or set to nothing */
  variable(key: FlagKey): Variable | null {
    const { variable } = FLAGS[key];
    return variable === null ? null : findVariable(variable, this.#env);
  }

  /** @returns null where nothing says anything */
  text(key: FlagKey): string | null {
    return this.given<string>(key) ?? this.variable(key)?.text ?? null;
  }

  /** @returns what was given, each time, or the parts of the variable between commas; null where nothing says anything */
  list(key: FlagKey): readonly string[] | null {
    const variable = this.variable(key);
    return this.given<string[]>(key) ?? (variable && splitList(variable.text));
  }

  /** @throws ExitError 255 for a variable that holds no truth value */
  isOn(key: FlagKey, byDefault?: boolean): boolean;
  isOn(key: FlagKey, byDefault: null): boolean | null;
  isOn(key: FlagKey, byDefault: boolean | null = false): boolean | null {
    const { flag } = FLAGS[key];
    const given = this.given<boolean>(key);
    // `--no-thresholds` reaches us as thresholds: false.
    if (given !== undefined) return /--no-/.test(flag) ? !given : given;
    if (switchedOff(this.#command).some((name) => flag.endsWith(`--${name}`))) return false;
    const variable = this.variable(key);
    return variable === null ? byDefault : readEnvBoolean(variable.name, variable.text);
  }

  /** @throws ExitError 255 that says where the value stands */
  choice<Key extends ChoiceKey>(key: Key, what: string, alias: (text: string) => string = String): Choice<Key> | null {
    const text = this.text(key);
    if (text === null || text === '') return null;
    const choices = FLAGS[key].choices as readonly Choice<Key>[];
    const found = choices.find((choice) => choice === alias(text));
    if (found !== undefined) return found;
    const variable = this.given(key) === undefined ? ` of ${this.variable(key)?.name}` : '';
    throw new ExitError(EXIT.other, `invalid ${what} "${text}"${variable}: it is one of ${choices.join(', ')}`);
  }
}
