// Reads values of the script's options or a config file; what has the wrong type is named with the snippet around it.
import { isSameKey, suggestName } from './closest-name.ts';
import { isDuration, parseDuration } from './duration.ts';

/** A value that is not what its option takes. */
class OptionValueError extends Error {
  /** Keys that lead to it: `['scenarios', 'main', 'vus']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly expected: string;

  /** @param expected what it should be: 'a whole number' */
  constructor(path: readonly string[], value: unknown, expected: string) {
    super(`"${showPath(path)}" must be ${expected}, but it is ${snippet(value)}`);
    this.name = 'OptionValueError';
    this.path = path;
    this.value = value;
    this.expected = expected;
  }
}

/** `scenarios.main.stages[0]` */
function showPath(path: readonly string[]): string {
  return path.map((key, i) => (/^\d+$/.test(key) ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

/** @returns the JSON of a value, cut to what a line can show */
export function snippet(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A JSON value and where it stands. Its `read…` methods throw {@link OptionValueError}. */
export class JsonReader {
  readonly value: unknown;
  readonly path: readonly string[];
  readonly #ineffective: string[];

  /** @param ineffective is added to: what is read all the same, but has no effect */
  constructor(value: unknown, path: readonly string[], ineffective: string[] = []) {
    this.value = value;
    this.path = path;
    this.#ineffective = ineffective;
  }

  fail(expected: string): never {
    throw new OptionValueError(this.path, this.value, expected);
  }

  /** Whether nothing was set. */
  get missing(): boolean {
    return this.value === null || this.value === undefined;
  }

  /** What stands under a key as it is written. */
  at(key: string): JsonReader {
    const value = (this.value as Record<string, unknown>)[key];
    return new JsonReader(value, [...this.path, key], this.#ineffective);
  }

  /** What stands under the name of a field, whose case does not matter. */
  field(name: string): JsonReader {
    const written = Object.keys(this.readObject()).findLast((key) => isSameKey(key, name));
    return this.at(written ?? name);
  }

  /** Warns of each key that is none of the fields. */
  ignoreOthers(fields: readonly string[]): void {
    for (const key of Object.keys(this.readObject())) {
      if (fields.some((field) => isSameKey(key, field))) continue;
      this.#ineffective.push(
        `"${showPath(this.path)}" has an unknown field "${key}"${suggestName(key, fields)}; it is ignored`,
      );
    }
  }

  /** @returns the texts of the list that are known; warns of the others */
  readKnownStrings(known: readonly string[]): string[] {
    return this.readStringList().filter((text) => {
      if (known.includes(text)) return true;
      this.#ineffective.push(
        `"${showPath(this.path)}" has an unknown "${text}"${suggestName(text, known)}; it is ignored`,
      );
      return false;
    });
  }

  readString(): string {
    return typeof this.value === 'string' ? this.value : this.fail('text');
  }

  readBoolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  /** Takes the text of a number too, as environment variables are often handed on. */
  readInteger(): number {
    const value = typeof this.value === 'string' && /^[+-]?\d+$/.test(this.value) ? Number(this.value) : this.value;
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : this.fail('a whole number');
  }

  /** @returns milliseconds */
  readDuration(): number {
    if (typeof this.value === 'number' && isDuration(this.value)) return this.value;
    if (typeof this.value !== 'string')
      return this.fail('a duration: text such as "1m30s", or a number of milliseconds');
    try {
      return parseDuration(this.value);
    } catch {
      return this.fail('a duration such as "30s", "1m30s" or "250ms"');
    }
  }

  readChoice<T extends string>(choices: readonly T[]): T {
    return choices.includes(this.value as T)
      ? (this.value as T)
      : this.fail(`one of ${choices.map((c) => `"${c}"`).join(', ')}`);
  }

  readList<T>(readItem: (item: JsonReader) => T): T[] {
    if (!Array.isArray(this.value)) return this.fail('a list');
    return this.value.map((_, i) => readItem(this.at(String(i))));
  }

  readStringList(): string[] {
    return this.readList((item) => item.readString());
  }

  /** @returns the entries of an object, by key */
  readMap<T>(readItem: (item: JsonReader, key: string) => T): Record<string, T> {
    const out: Record<string, T> = {};
    for (const key of Object.keys(this.readObject())) {
      Object.defineProperty(out, key, {
        value: readItem(this.at(key), key),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return out;
  }

  readStringMap(): Record<string, string> {
    return this.readMap((item) => item.readString());
  }

  readObject(): Record<string, unknown> {
    const { value } = this;
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : this.fail('an object');
  }
}
