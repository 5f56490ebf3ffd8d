// Brings a command line into the form that commander reads, where k6's (Go's pflag) is wider.
import { parseBoolean } from '../execution/options/option-fields.ts';

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
];
/** Those that are on by default, so that `=false` has to say something. */
const ON_BY_DEFAULT = ['include-system-env-vars'];
/** Flags that may stand without their value, and the value that this means. */
const IMPLIED_VALUES: Readonly<Record<string, string>> = { 'http-debug': 'headers' };

/**
 * @param words the command line behind the program's name
 * @returns the same, with `--flag=true` as `--flag`, without `--flag=false`, and with `--http-debug` as `--http-debug=headers`
 */
export function normaliseFlags(words: readonly string[]): string[] {
  const out: string[] = [];
  for (const [i, word] of words.entries()) {
    if (word === '--') return [...out, ...words.slice(i)];
    const [, name, , value] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined && value === undefined && Object.hasOwn(IMPLIED_VALUES, name))
      out.push(`${word}=${IMPLIED_VALUES[name]}`);
    else if (name !== undefined && value !== undefined && BOOLEAN_FLAGS.includes(name)) {
      const on = readBoolean(value);
      // What is no truth value stays, for commander to refuse.
      if (on === null) out.push(word);
      else if (on) out.push(`--${name}`);
      else if (ON_BY_DEFAULT.includes(name)) out.push(`--no-${name}`);
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
