// What a command line asks for: `sixfold run script.js`, k6's flags before the command, and the script alone.
import { existsSync } from 'node:fs';

/** Flags of every command that have a value: they may stand before the command, as in k6. */
const WITH_VALUE = new Set(['-c', '--config', '--log-output', '--log-format', '-a', '--address', '--secret-source']);
const WITHOUT_VALUE = new Set(['-v', '--verbose', '-q', '--quiet', '--no-color', '--profiling-enabled']);
/** What looks like a script or an archive although there is no such file. */
const SCRIPT_NAME = /\.(?:[cm]?[jt]sx?|tar)$|[/\\]|^-$/;

export interface CommandWords {
  /** null: what stands there names none. */
  readonly command: string | null;
  /** The command line, the command first where there is one. */
  readonly words: readonly string[];
}

/**
 * Finds the command in a command line. A word that is a command means that, whatever files there are; what is no command but a script
 * is run.
 * @param commands names of commands
 */
export function findCommand(words: readonly string[], commands: ReadonlySet<string>): CommandWords {
  const at = skipGlobalFlags(words);
  const word = words[at];
  if (word === undefined) return { command: null, words };
  if (commands.has(word)) return { command: word, words: [word, ...words.slice(0, at), ...words.slice(at + 1)] };
  if (isScript(word) || (word.startsWith('-') && words.slice(at).some(isScriptName)))
    return { command: 'run', words: ['run', ...words] };
  return { command: null, words };
}

/** @returns the index of the first word that is no flag of every command */
function skipGlobalFlags(words: readonly string[]): number {
  let at = 0;
  for (; at < words.length; at++) {
    const [name = ''] = words[at].split('=');
    if (WITH_VALUE.has(words[at])) at++;
    else if (!WITH_VALUE.has(name) && !WITHOUT_VALUE.has(name)) break;
  }
  return at;
}

function isScript(word: string): boolean {
  return isScriptName(word) || (!word.startsWith('-') && existsSync(word));
}

function isScriptName(word: string): boolean {
  return SCRIPT_NAME.test(word) && (word === '-' || !word.startsWith('-'));
}
