// Settings of an output from the config file (`collectors`), the environment and the argument of `--out`, each over the one before.
import { readFileSync } from 'node:fs';
import { parseProxy } from '../addresses/proxy-address.ts';
import { isSameKey, suggestName } from '../options/closest-name.ts';
import { parseDuration } from '../options/duration.ts';
import { type Environment, findVariable, variableNames } from '../options/environment.ts';
import { parseBoolean } from '../options/value-forms.ts';
import { OutputError } from './output-error.ts';

/** Where settings come from besides the argument. */
export interface SettingsContext {
  readonly env: Environment;
  /** `collectors` of the config file, by type of output. */
  readonly collectors?: Readonly<Record<string, unknown>>;
  /** Hears of what has no effect. */
  readonly warn?: (message: string) => void;
}

export interface SettingsSource {
  /** What `--out` and messages call the output. */
  readonly output: string;
  /** Its key in `collectors` of the config file. */
  readonly collector: string;
  /** What its variables begin with: `K6_INFLUXDB_`; with SIXFOLD_ in place of K6_ they go before. */
  readonly prefix: string;
  readonly context: SettingsContext;
  /** What stands in the argument of `--out`, by key in camel case. */
  readonly argument?: Readonly<Record<string, string>>;
}

/** Node's timers know no longer time, and take one for none. */
export const MOST_INTERVAL_MS = 24 * 86_400_000;
export const MOST_INTERVAL_TEXT = '24 days';

interface Found {
  readonly text: string;
  /** For messages. */
  readonly where: string;
}

/** `pushInterval` → `PUSH_INTERVAL`. */
function toVariable(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** `push_interval` → `pushInterval`: either may stand in the argument of `--out`. */
export function toCamelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export class SettingsReader {
  readonly #source: SettingsSource;
  readonly #collector: Readonly<Record<string, unknown>>;
  /** Keys that somebody asked for. */
  readonly #known = new Set<string>();

  constructor(source: SettingsSource) {
    this.#source = source;
    const collector = source.context.collectors?.[source.collector];
    this.#collector =
      typeof collector === 'object' && collector !== null ? (collector as Readonly<Record<string, unknown>>) : {};
  }

  /** @param variable the end of the variable's name, where it is not that of the key */
  text(key: string, fallback: string, variable = toVariable(key)): string {
    return this.#find(key, variable)?.text ?? fallback;
  }

  /** @returns milliseconds @throws OutputError */
  duration(key: string, fallbackMs: number): number {
    return this.#parse(key, fallbackMs, (text) => {
      const ms = parseDuration(text);
      if (ms <= 0) throw new Error(`"${text}" is not greater than 0`);
      if (ms > MOST_INTERVAL_MS) throw new Error(`"${text}" is more than ${MOST_INTERVAL_TEXT}`);
      return ms;
    });
  }

  /** @throws OutputError */
  boolean(key: string, fallback: boolean, variable = toVariable(key)): boolean {
    return this.#parse(key, fallback, parseBoolean, variable);
  }

  /** A whole number from 1 on. @throws OutputError */
  count(key: string, fallback: number): number {
    return this.#parse(key, fallback, (text) => {
      const count = Number(text);
      if (!Number.isSafeInteger(count) || count < 1) throw new Error(`"${text}" is no whole number from 1 on`);
      return count;
    });
  }

  /** @throws OutputError for what is none of the values */
  choice<T extends string>(key: string, values: readonly T[], fallback: T): T {
    return this.#parse(key, fallback, (text) => {
      const value = values.find((one) => one === text);
      if (value === undefined) throw new Error(`"${text}" is none of ${values.join(', ')}`);
      return value;
    });
  }

  /** Words between commas; an array in the config file. */
  list(key: string, fallback: readonly string[]): readonly string[] {
    return this.#parse(key, fallback, (text) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    );
  }

  /** The text of the file that a setting names; '' without one. @throws OutputError where it cannot be read */
  file(key: string, variable = toVariable(key)): string {
    return this.#parse(key, '', (name) => readFileSync(name, 'utf8'), variable);
  }

  /** An address. @throws OutputError for what is none of http or https */
  url(key: string, fallback: string, variable = toVariable(key)): URL {
    return this.#parse(
      key,
      new URL(fallback),
      (text) => {
        const url = URL.parse(text);
        // The address may hold a password: it is not repeated.
        if (url === null || !/^https?:$/.test(url.protocol)) throw new Error('it is no address of http:// or https://');
        return url;
      },
      variable,
    );
  }

  /** A proxy as an address; '' without one. @throws OutputError for what is none, which shows no password */
  proxy(key: string): string {
    return this.#parse(key, '', (text) => {
      if (text !== '') parseProxy(text);
      return text;
    });
  }

  /** Variables whose names go on behind a beginning, in the order of their names. */
  variables(beginning: string): string[] {
    const k6 = `${this.#source.prefix}${beginning}`;
    const found = Object.keys(this.#source.context.env).flatMap((name) => {
      const start = variableNames(k6).find((one) => name.startsWith(one));
      return start === undefined ? [] : [name.slice(start.length)];
    });
    return [...new Set(found)].sort().flatMap((end) => findVariable(k6 + end, this.#source.context.env)?.text ?? []);
  }

  /**
   * To be called when all has been read: nothing that somebody has set is passed over in silence.
   * @param others keys that have their meaning, or had it in k6, and were not asked for now
   * @throws OutputError for a key in the argument that there is not; of one in the config file, where k6 ignores it, it warns
   */
  refuseUnknown(...others: string[]): void {
    const known = [...this.#known, ...others];
    const { output, collector, argument = {}, context } = this.#source;
    const isUnknown = (key: string): boolean => !known.some((one) => isSameKey(one, key));
    for (const key of Object.keys(argument).filter(isUnknown))
      throw new OutputError(
        `the output ${output}: there is no setting "${key}"${suggestName(key, known)}; there are ${known.join(', ')}`,
      );
    for (const key of Object.keys(this.#collector).filter(isUnknown))
      context.warn?.(
        `collectors.${collector}.${key} in the config file has no effect: the output ${output} has no such setting${suggestName(key, known)}`,
      );
  }

  #parse<T>(key: string, fallback: T, parse: (text: string) => T, variable = toVariable(key)): T {
    const found = this.#find(key, variable);
    if (found === null) return fallback;
    try {
      return parse(found.text);
    } catch (error) {
      throw new OutputError(`the output ${this.#source.output}: ${found.where}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  #find(key: string, variable: string): Found | null {
    this.#known.add(key);
    const { argument = {}, context, prefix, collector } = this.#source;
    if (argument[key] !== undefined) return { text: argument[key], where: key };
    const set = findVariable(`${prefix}${variable}`, context.env);
    if (set !== null) return { text: set.text, where: `the environment variable ${set.name}` };
    // As k6 reads JSON.
    const written = Object.keys(this.#collector).find((one) => isSameKey(one, key));
    const value = written === undefined ? undefined : this.#collector[written];
    if (value === undefined || value === null) return null;
    const text = Array.isArray(value) ? value.map(String).join(',') : String(value);
    return { text, where: `collectors.${collector}.${key} in the config file` };
  }
}
