// How values are written: in JSON, in an environment variable, behind a flag.
import { formatDuration, parseDuration, parseGoDuration } from './duration.ts';
import { JsonReader, snippet } from './json-reader.ts';

/** A kind of value with its notations. What cannot be read is an Error that shows it. */
export interface ValueForm<T> {
  /** @throws OptionValueError for another type, Error for a value that makes no sense */
  fromJson(reader: JsonReader): T;
  /** Reads an environment variable. @throws Error */
  fromText(text: string): T;
  /** Reads the text behind a flag where that is not written like the variable. @throws Error */
  fromFlag?(text: string): T;
  /** For flags that may be repeated: what two of them say together. */
  join?(before: T, next: T): T;
  /**
   * Leaves out what nobody knows of a value that was read from text.
   * @param ignore hears of each: `has an unknown "x"; it is ignored`
   */
  sift?(value: T, ignore: (what: string) => void): T;
  /** The value in the options' JSON. */
  show(value: T): unknown;
}

const asIs = (value: unknown): unknown => value;

export const TRUTH: ValueForm<boolean> = { fromJson: (r) => r.readBoolean(), fromText: parseBoolean, show: asIs };
export const INTEGER: ValueForm<number> = { fromJson: (r) => r.readInteger(), fromText: parseInteger, show: asIs };
/** In milliseconds. Behind a flag it needs a unit, as in k6. */
export const DURATION: ValueForm<number> = {
  fromJson: (r) => r.readDuration(),
  fromText: parseDuration,
  fromFlag: parseGoDuration,
  show: (ms) => formatDuration(ms),
};
export const TEXT: ValueForm<string> = textThat(() => {});
export const TEXTS: ValueForm<Readonly<Record<string, string>>> = inJson((r) => r.readStringMap());
export const OBJECT: ValueForm<Readonly<Record<string, unknown>>> = inJson((r) => r.readObject());

/** @param check throws for a text that makes no sense */
export function textThat(check: (text: string) => unknown): ValueForm<string> {
  const checked = (text: string): string => {
    check(text);
    return text;
  };
  return { fromJson: (r) => checked(r.readString()), fromText: checked, show: asIs };
}

/** @returns the form with a check that only a flag makes at once: other sources are judged when all are laid over each other */
export function checkedAsFlag<T>(form: ValueForm<T>, check: (value: T) => unknown): ValueForm<T> {
  return {
    ...form,
    fromFlag: (text) => {
      const value = form.fromText(text);
      check(value);
      return value;
    },
  };
}

/** Texts, between commas outside of JSON. @param check throws for an item that makes no sense */
export function listThat(check: (item: string) => unknown = () => {}): ValueForm<readonly string[]> {
  const checked = (items: string[]): string[] => {
    for (const item of items) check(item);
    return items;
  };
  return {
    fromJson: (r) => checked(r.readStringList()),
    fromText: (text) => checked(splitList(text)),
    join: (before, next) => [...before, ...next],
    show: asIs,
  };
}

/** What is written as JSON everywhere. */
export function inJson<T>(fromJson: (reader: JsonReader) => T, show: (value: T) => unknown = asIs): ValueForm<T> {
  return { fromJson, fromText: (text) => fromJson(new JsonReader(parseJson(text), [])), show };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${snippet(text)} is not valid JSON: ${(error as Error).message}`);
  }
}

/** As Go reads a flag's truth value. @throws Error */
export function parseBoolean(text: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new Error(`"${text}" is neither true nor false`);
}

/** @throws Error */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`"${text}" is not a whole number`);
  return value;
}

/** @returns the parts between commas, without those that are blank */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
