// Brings a command line into the form that commander reads, where k6's (Go's pflag) is wider.
import { type Command, Option } from 'commander';
import { parseBoolean } from '../options/option-fields.ts';

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

/** Flags without a value, which Go also takes as `--flag=true` and `--flag=false`. */
const BOOLEAN_FLAGS = [
  'verbose',
  'quiet',
  'no-color',
  'profiling-enabled',
  'paused',
  'no-setup',
  'no-teardown',
  'insecure-skip-tls-verify',
  'no-connection-reuse',
  'no-vu-connection-reuse',
  'throw',
  'discard-response-bodies',
  'include-system-env-vars',
  'no-thresholds',
  'new-machine-readable-summary',
  'linger',
  'no-usage-report',
  'json',
  'force',
  'exclude-env-vars',
  'execution-requirements',
  'strict',
];
/** Those that are on by default, so that `=false` has to say something. */
const ON_BY_DEFAULT = ['include-system-env-vars'];
/** Those whose `=false` overrides what the script, a file or the environment says. */
const OVERRIDING = [
  'paused',
  'no-setup',
  'no-teardown',
  'insecure-skip-tls-verify',
  'no-connection-reuse',
  'no-vu-connection-reuse',
  'throw',
  'discard-response-bodies',
  'no-thresholds',
  'new-machine-readable-summary',
  'linger',
  'profiling-enabled',
  'strict',
];
/** Short flags without a value, and their long forms. */
const SHORT_BOOLEANS: Readonly<Record<string, string>> = {
  q: 'quiet',
  v: 'verbose',
  p: 'paused',
  w: 'throw',
  l: 'linger',
};
/** Flags that may stand without their value, and the value that this means. */
const IMPLIED_VALUES: Readonly<Record<string, string>> = { 'http-debug': 'headers' };

/**
 * @param words the command line behind the program's name
 * @returns the same, with `--flag=true` as `--flag`, without `--flag=false` (or with a hidden flag that says so), and with `--http-debug` as `--http-debug=headers`
 */
export function normaliseFlags(words: readonly string[]): string[] {
  const out: string[] = [];
  for (const [i, word] of words.entries()) {
    if (word === '--') return [...out, ...words.slice(i)];
    // `-u=2` and `-qu=2`: the letters before the last one have no value.
    const short = /^-([a-zA-Z]*)([a-zA-Z])=(.*)$/s.exec(word);
    if (short && [...short[1]].every((letter) => Object.hasOwn(SHORT_BOOLEANS, letter))) {
      const [, letters, letter, text] = short;
      out.push(...[...letters].map((one) => `--${SHORT_BOOLEANS[one]}`));
      if (!Object.hasOwn(SHORT_BOOLEANS, letter)) out.push(`-${letter}`, text);
      else out.push(...normaliseFlags([`--${SHORT_BOOLEANS[letter]}=${text}`]));
      continue;
    }
    const [, name, , value] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined && value === undefined && Object.hasOwn(IMPLIED_VALUES, name))
      out.push(`${word}=${IMPLIED_VALUES[name]}`);
    else if (name !== undefined && value !== undefined && BOOLEAN_FLAGS.includes(name)) {
      const on = readBoolean(value);
      // What is no truth value stays, for commander to refuse.
      if (on === null) out.push(word);
      else if (on) out.push(`--${name}`);
      else if (ON_BY_DEFAULT.includes(name)) out.push(`--no-${name}`);
      else if (OVERRIDING.includes(name)) out.push(`--${SWITCHED_OFF}=${name}`);
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
