// Brings a command line into the form that commander reads, where k6's (Go's pflag) is wider.
import { type Command, Option } from 'commander';
import { parseBoolean } from '../../options/value-forms.ts';

/** A hidden flag: names a flag that was given as `=false`. */
const SWITCHED_OFF = 'switched-off';

/** Lets a command hear of flags that were given as `=false`. */
export function hearOfSwitchedOff(command: Command): Command {
  const collect = (text: string, before: unknown): string[] => [...((before as string[] | undefined) ?? []), text];
  return command.addOption(new Option(`--${SWITCHED_OFF} <flag>`).argParser(collect).hideHelp());
}

/** @returns the flags that were given as `=false`, without dashes */
export function switchedOff(command: Command): readonly string[] {
  return (command.opts()['switchedOff'] as string[] | undefined) ?? [];
}

/** What is to be known of a command's flags to read words as Go does. */
class FlagForms {
  readonly #options: readonly Option[];

  constructor(options: readonly Option[]) {
    this.#options = options;
  }

  /** Whether a flag has no value, so that Go also takes it as `--flag=true` and `--flag=false`. @param name without dashes */
  isSwitch(name: string): boolean {
    const option = this.#options.find(({ long }) => long === `--${name}`);
    return option !== undefined && !option.required && !option.optional;
  }

  /** @returns the long name of a switch that has a letter */
  switchOf(letter: string): string | null {
    const option = this.#options.find(({ short }) => short === `-${letter}`);
    const name = option?.long?.slice(2);
    return name !== undefined && this.isSwitch(name) ? name : null;
  }

  /** @returns the value that a flag stands for without one, null where it needs one */
  impliedText(name: string): string | null {
    const option = this.#options.find(({ long, optional }) => optional && long === `--${name}`);
    return typeof option?.presetArg === 'string' ? option.presetArg : null;
  }

  /** @returns what a command line says in place of `--name=false` */
  switchOff(name: string): string[] {
    if (this.isSwitch(`no-${name}`)) return [`--no-${name}`];
    return this.#options.some(({ long }) => long === `--${SWITCHED_OFF}`) ? [`--${SWITCHED_OFF}=${name}`] : [];
  }
}

/**
 * @param words the command line behind the program's name
 * @param options the flags that the command has
 * @returns the same, with `--flag=true` as `--flag`, without `--flag=false` (or with a hidden flag that says so), and with `--http-debug` as `--http-debug=headers`
 */
export function normaliseFlags(words: readonly string[], options: readonly Option[]): string[] {
  const forms = new FlagForms(options);
  const out: string[] = [];
  for (const [i, word] of words.entries()) {
    if (word === '--') return [...out, ...words.slice(i)];
    // `-u=2` and `-qu=2`: the letters before the last one have no value.
    const short = /^-([a-zA-Z]*)([a-zA-Z])=(.*)$/s.exec(word);
    const switches = short && [...short[1]].map((letter) => forms.switchOf(letter));
    if (short && switches?.every((name) => name !== null)) {
      const [, , letter, text] = short;
      out.push(...switches.map((name) => `--${name}`));
      const last = forms.switchOf(letter);
      if (last === null) out.push(`-${letter}`, text);
      else out.push(...normaliseFlags([`--${last}=${text}`], options));
      continue;
    }
    const [, name, , value] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
    const implied = name === undefined || value !== undefined ? null : forms.impliedText(name);
    if (implied !== null) out.push(`${word}=${implied}`);
    else if (name !== undefined && value !== undefined && forms.isSwitch(name)) {
      const on = readBoolean(value);
      // What is no truth value stays, for commander to refuse.
      if (on === null) out.push(word);
      else out.push(...(on ? [`--${name}`] : forms.switchOff(name)));
    } else out.push(word);
  }
  return out;
}

function readBoolean(text: string): boolean | null {
  try {
    return parseBoolean(text);
  } catch {
    return null;
  }
}
